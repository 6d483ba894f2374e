"""Page: kyphoplasty and vertebroplasty beside each other, within one cause, as observed."""

import streamlit as st

from analysis.results import CountsResult, Result
from charts.arms import arm_rows, arms_of_cause
from charts.volumes import technique_by_cause
from dashboard.choices import choose_one_cause
from dashboard.components import card, page_heading, show_behind, show_empty, show_figure
from dashboard.filters import current_cohort
from dashboard.loaders import load_figure, load_result
from warehouse.vocabulary import CAUSES, label_of

NOT_JUDGED = (
    "Whether the groups can be compared is not judged yet: the comparability gate (size, balance, "
    "overlap, follow-up, schedule) comes with adjusted estimates. Until then the techniques stand "
    "beside each other as they were observed, and no contrast is shown. Patients were not "
    "assigned by chance: differences may come from who was treated, how and when they were asked."
)
SHOWN: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("relief", "Pain relief first seen", (("relief_incidence", "Relieved"),)),
    ("activity", "Return to activity", (("activity_incidence", "Back at activity"),)),
    ("complications", "Any related complication", (("complication_any", "Any complication"),)),
    ("new_fractures", "New fractures", (("fracture_adjacent", "Adjacent fracture"),)),
    ("leaks", "Cement leaks per level", (("leak_any_per_level", "Any leak"),)),
)
"""Outcome, title of its card, and which of its measures are drawn under which words."""


def show() -> None:
    """Show the page."""
    page_heading("Kyphoplasty vs vertebroplasty")
    counts = load_result("procedures", current_cohort(), CountsResult)
    if show_empty(counts):
        return
    with card("matrix", counts.title, counts.subtitle):
        figure = load_figure(technique_by_cause, "procedures", current_cohort())
        show_figure(figure, "matrix_figure", counts.summary)
        show_behind(counts)
    with card("gate", "Not compared: comparability is not judged yet"):
        st.markdown(NOT_JUDGED)
    cause = choose_one_cause(_recorded_causes(counts))
    for outcome, title, measures in SHOWN:
        _show_arms(outcome, title, measures, cause)


def _recorded_causes(counts: CountsResult) -> list[str]:
    recorded = counts.counts.loc[counts.counts["procedures"] > 0, "cause"]
    return [cause for cause in CAUSES if cause in set(recorded)]


def _show_arms(outcome: str, title: str, measures: tuple[tuple[str, str], ...], cause: str) -> None:
    """Show one outcome's arms within a cause, or say that there is nothing to show."""
    result = load_result(outcome, current_cohort(), Result)
    words = f"{label_of(cause)}: as observed, not adjusted, with 95% intervals"
    with card(f"arms_{outcome}", title, words):
        if result.is_empty or arm_rows(result, cause, measures).empty:
            st.info(result.empty_reason or "No technique has a number for this cause.")
            return
        figure = load_figure(
            arms_of_cause, outcome, current_cohort(), cause=cause, measures=measures
        )
        show_figure(figure, f"arms_{outcome}", f"{title} within {cause}, by technique.")
