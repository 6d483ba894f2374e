"""Choices that pages share, kept in the address under one name."""

import streamlit as st

from dashboard.filters import BOUND
from warehouse.vocabulary import CAUSES

EVERY_CAUSE = "all"


def choose_cause() -> str:
    """Return the cause that a page draws; '' is all causes together."""
    chosen = st.segmented_control(
        "Draw fractures of this cause",
        (EVERY_CAUSE, *CAUSES),
        default=EVERY_CAUSE,
        required=True,
        key="show",
        bind=BOUND,
    )
    return "" if chosen == EVERY_CAUSE else str(chosen)


def choose_one_cause(causes: list[str]) -> str:
    """Return the one cause within which techniques stand beside each other."""
    chosen = st.segmented_control(
        "Within fractures of this cause",
        causes,
        default=causes[0],
        required=True,
        key="within",
        bind=BOUND,
    )
    return str(chosen)
