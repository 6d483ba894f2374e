"""Page: how soon does pain ease, within each cause of fracture?"""

import streamlit as st

from dashboard.choices import choose_cause
from dashboard.components import page_heading
from dashboard.curves import show_waits
from dashboard.filters import BOUND

DEFINITIONS = (
    "relief",
    "relief_half",
    "relief_mild",
    "relief_two_points",
    "relief_sustained",
    "relief_no_new_opioid",
)


def show() -> None:
    """Show the page."""
    page_heading("Time to pain relief")
    cause = choose_cause()
    definition = st.selectbox(
        "Definition of relief",
        DEFINITIONS,
        format_func=_title_of,
        key="definition",
        bind=BOUND,
        width=320,
    )
    show_waits(definition, cause)


def _title_of(outcome: str) -> str:
    from analysis.outcomes import outcome_of

    return outcome_of(outcome).title
