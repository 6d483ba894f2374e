"""Who is in: the filters of the sidebar, bound to the address in the grammar of analysis.cohort."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from analysis.cohort import OLDEST_AGE, Cohort, parse_cohort
from dashboard.loaders import load_choices
from warehouse.vocabulary import CAUSES, SETTINGS, SEXES, TECHNIQUES

LISTS = ("technique", "cause", "site", "surgeon", "sex", "setting", "levels")
YEARS = ("from", "to")
EVERY_AGE = (0, OLDEST_AGE)
BOUND: Literal["query-params"] = "query-params"
"""Binds a widget to the address, under its key."""


def current_cohort() -> Cohort:
    """Return the cohort that the sidebar asks for; everyone where no sidebar was shown."""
    return parse_cohort(_chosen())


def _chosen() -> dict[str, list[str]]:
    """Return what the widgets hold, as the pairs of an address."""
    state = st.session_state
    chosen = {key: [str(word) for word in state.get(key) or []] for key in LISTS}
    chosen |= {key: [str(state[key])] for key in YEARS if state.get(key)}
    ages = state.get("age") or EVERY_AGE
    if tuple(ages) != EVERY_AGE:
        chosen["age"] = [str(age) for age in ages]
    if state.get("unit"):
        chosen["unit"] = [state["unit"]]
    return chosen


def show_filters() -> None:
    """Show the filters in the sidebar; every one of them is part of the address."""
    _write_again_what_the_address_lost()
    _translate_recorded_words()
    choices = load_choices()
    with st.sidebar:
        with st.container(horizontal=True, vertical_alignment="center", key="filter_heading"):
            st.markdown("**Filters**")
            st.button("Reset", on_click=_reset, key="reset_filters", type="tertiary")
        _show_first_filters(choices.years, choices.sites)
        with st.expander("More filters"):
            _show_more_filters(choices.surgeons)


def _write_again_what_the_address_lost() -> None:
    """Set filters once more that hold a value while the address has none.

    A page chosen in the moment in which the last one was drawn leaves them out of its address.
    """
    for key in (*LISTS, *YEARS):
        if st.session_state.get(key) and key not in st.query_params:
            st.session_state[key] = st.session_state[key]


def _translate_recorded_words() -> None:
    """Take techniques that an address names as they are recorded.

    Permalinks of reports and of the command write `kyphoplasty_or_mechanical`, which the filter
    knows as it shows it.
    """
    asked = [
        word for words in st.query_params.get_all("technique") for word in words.split(",") if word
    ]
    if any(word in TECHNIQUES and _spoken(word) != word for word in asked):
        st.session_state["technique"] = list(parse_cohort({"technique": asked}).technique)


def _spoken(word: str) -> str:
    return word.replace("_", " ")


def _show_first_filters(years: Sequence[str], sites: Sequence[str]) -> None:
    st.pills(
        "Technique", TECHNIQUES,
        format_func=_spoken, selection_mode="multi", key="technique", bind=BOUND,
    )  # fmt: skip
    st.pills("Cause of fracture", CAUSES, selection_mode="multi", key="cause", bind=BOUND)
    first, last = st.columns(2)
    with first:
        st.selectbox("From", years, index=None, placeholder="First", key="from", bind=BOUND)
    with last:
        st.selectbox("To", years, index=None, placeholder="Latest", key="to", bind=BOUND)
    st.multiselect("Site", sites, placeholder="All sites", key="site", bind=BOUND)


def _show_more_filters(surgeons: Sequence[str]) -> None:
    st.slider("Age in years (90 = 90 and over)", 0, OLDEST_AGE, EVERY_AGE, key="age", bind=BOUND)
    st.pills("Sex", SEXES, selection_mode="multi", key="sex", bind=BOUND)
    st.pills("Setting", (*SETTINGS, "unknown"), selection_mode="multi", key="setting", bind=BOUND)
    st.pills(
        "Levels treated", ("single", "multi", "unknown"),
        selection_mode="multi", key="levels", bind=BOUND,
    )  # fmt: skip
    st.multiselect("Surgeon", surgeons, placeholder="All surgeons", key="surgeon", bind=BOUND)
    st.segmented_control(
        "Procedures of a patient",
        ("index", "all"),
        default="index",
        required=True,
        key="unit",
        bind=BOUND,
        help="index: the first completed procedure of each patient in the period. "
        "all: every completed procedure.",
    )


def _reset() -> None:
    """Put every filter back to its default; the address follows."""
    for key in LISTS:
        st.session_state[key] = []
    for key in YEARS:
        st.session_state[key] = None
    st.session_state["age"] = EVERY_AGE
    st.session_state["unit"] = "index"
