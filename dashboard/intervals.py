"""Cards of estimates with intervals, shared by the pages that count events and changes."""

from analysis.results import IntervalsResult
from charts.interval_dots import interval_dots
from dashboard.components import card, show_behind, show_empty, show_figure
from dashboard.filters import current_cohort
from dashboard.loaders import load_figure, load_result


def show_intervals(outcome: str, cause: str) -> None:
    """Show one outcome as dots with intervals, a figure for each of its groups."""
    cohort = current_cohort()
    result = load_result(outcome, cohort, IntervalsResult)
    if show_empty(result):
        return
    with card(outcome, result.title, result.subtitle):
        for place, group in enumerate(dict.fromkeys(result.rows["group"])):
            figure = load_figure(interval_dots, outcome, cohort, group=group, cause=cause)
            show_figure(figure, f"{outcome}_{place}", f"{group}. {result.summary}")
        show_behind(result)
