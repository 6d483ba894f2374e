"""Cards of estimates with intervals, shared by the pages that count events and changes."""

from analysis.results import IntervalsResult
from charts.interval_dots import interval_dots
from dashboard.components import card, show_behind, show_empty, show_figure
from dashboard.filters import current_cohort
from dashboard.loaders import load_figure, load_result

MOST_FIGURES = 3
"""Of an outcome; with more groups, such as visits, one figure on one axis holds them all."""


def show_intervals(outcome: str, cause: str) -> None:
    """Show one outcome as dots with intervals: a figure a group, or one of many groups."""
    cohort = current_cohort()
    result = load_result(outcome, cohort, IntervalsResult)
    if show_empty(result):
        return
    with card(outcome, result.title, result.subtitle):
        groups = list(dict.fromkeys(result.rows["group"]))
        if len(groups) > MOST_FIGURES:
            figure = load_figure(interval_dots, outcome, cohort, cause=cause)
            show_figure(figure, f"{outcome}_all", result.summary)
        else:
            for place, group in enumerate(groups):
                figure = load_figure(interval_dots, outcome, cohort, group=group, cause=cause)
                show_figure(figure, f"{outcome}_{place}", f"{group}. {result.summary}")
        show_behind(result)
