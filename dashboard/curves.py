"""Cards of cumulative incidence, shared by the pages that wait for an event."""

from typing import Any

import streamlit as st

from analysis.results import IncidenceResult
from analysis.small_numbers import NO_CURVE
from charts.step_curves import causes_drawn, cumulative_incidence, interval_censored
from dashboard.components import card, show_behind, show_empty, show_figure
from dashboard.filters import current_cohort
from dashboard.loaders import load_figure, load_result
from warehouse.vocabulary import label_of

WITHIN_CAUSE = "Techniques are drawn within one cause of fracture, never over all causes together."


def show_waits(outcome: str, cause: str, *, in_full: bool = True) -> None:
    """Show the curves of one outcome; in full, each cause and what visits leave open too."""
    result = load_result(outcome, current_cohort(), IncidenceResult)
    if show_empty(result):
        return
    _show_curves(result, cause)
    if in_full:
        _show_by_cause(result)
        _show_interval_censored(result)


def _show_curves(result: IncidenceResult, cause: str) -> None:
    with card(f"{result.outcome}_curves", result.title, _subtitle(result, cause)):
        if cause not in set(result.at_risk["cause"]):
            st.info(f"No procedure of this cohort is counted here for {label_of(cause).lower()}.")
        elif cause not in set(result.curves["cause"]):
            st.info(NO_CURVE)
        else:
            figure = load_figure(
                cumulative_incidence, result.outcome, current_cohort(), cause=cause
            )
            show_figure(figure, f"{result.outcome}_curves_figure", result.summary)
            st.html(f'<p class="subtitle">{_reading(result, cause)}</p>')
        show_behind(result)


def _show_by_cause(result: IncidenceResult) -> None:
    causes = causes_drawn(result)
    if not causes:
        return
    with card(f"{result.outcome}_causes", "Within each cause", result.subtitle):
        _show_each(causes, result, "small", result.summary)


def _show_interval_censored(result: IncidenceResult) -> None:
    causes = causes_drawn(result)
    if result.bounds.empty or not causes:
        return
    title = "Between visits, the day of the event is not known"
    words = "Interval-censored: the area in which the visits alone leave the true curve"
    with card(f"{result.outcome}_bounds", title, words):
        _show_each(causes, result, "bounds", words)


def _show_each(causes: list[str], result: IncidenceResult, kind: str, alt: str) -> None:
    """Show one small figure a cause; side by side where there is room."""
    with st.grid(len(causes), min_column_width=250, gap="medium"):
        for cause in causes:
            with st.container():
                st.subheader(label_of(cause), anchor=False)
                figure = _small_figure(result, cause, kind)
                show_figure(figure, f"{result.outcome}_{kind}_{cause}", f"{label_of(cause)}. {alt}")


def _small_figure(result: IncidenceResult, cause: str, kind: str) -> Any:
    cohort = current_cohort()
    if kind == "bounds":
        return load_figure(interval_censored, result.outcome, cohort, cause=cause)
    return load_figure(cumulative_incidence, result.outcome, cohort, cause=cause, with_table=False)


def _subtitle(result: IncidenceResult, cause: str) -> str:
    drawn = f"fractures of cause {label_of(cause).lower()}" if cause else "all causes together"
    return f"{result.subtitle}. Drawn: {drawn}."


def _reading(result: IncidenceResult, cause: str) -> str:
    """Return how to read the table under the curves."""
    words = "Under the axis: at risk on that day; the other counts up to and including it. "
    if result.competing_name:
        words += f"Competing: {result.competing_name}. "
    return words + ("" if cause else WITHIN_CAUSE)
