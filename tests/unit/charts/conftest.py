"""Small hand-made results, shaped as the outcomes hand them on."""

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.results import (
    AT_RISK_COLUMNS,
    BOUND_COLUMNS,
    CURVE_COLUMNS,
    ROW_COLUMNS,
    CountsResult,
    Explanation,
    IncidenceResult,
    IntervalsResult,
    empty_measures,
)

EXPLANATION = Explanation(
    definition="A fall of at least 2 points.",
    version="E1 v1",
    denominator="Everyone eligible.",
    method="Aalen-Johansen.",
    source="assessments.score",
)
WORDS = {
    "outcome": "relief",
    "title": "Most were relieved within a week",
    "subtitle": "Share relieved by each day",
    "summary": "Kyphoplasty 80% by day 14; vertebroplasty 78%.",
    "measures": empty_measures(),
    "explanation": EXPLANATION,
}


def curve(cause: str, technique: str, steps: list[tuple[float, float]]) -> list[tuple]:
    """Return CURVE_COLUMNS rows; the band lies 5 points around each step."""
    return [
        (cause, technique, day, share, max(share - 0.05, 0), min(share + 0.05, 1))
        for day, share in steps
    ]


def table(cause: str, technique: str, days: list[float]) -> list[tuple]:
    """Return AT_RISK_COLUMNS rows that lose 10 at risk a tick, 2 of them to competing events."""
    return [
        (cause, technique, day, 1100 - 10 * place, 8 * place, 2 * place, place)
        for place, day in enumerate(days)
    ]


@pytest.fixture
def incidence_of() -> Callable[..., IncidenceResult]:
    """Return a function that makes an incidence result of steps: {(cause, technique): steps}."""

    def make(steps, *, days=(0, 2, 14, 60, 135), bounds=(), horizon=135.0):
        curves = [row for key, value in steps.items() for row in curve(*key, value)]
        rows = [row for key in steps for row in table(*key, list(days))]
        return IncidenceResult(
            **WORDS,
            event_name="relieved",
            competing_name="died or treated again first",
            curves=pd.DataFrame(curves, columns=list(CURVE_COLUMNS)),
            at_risk=pd.DataFrame(rows, columns=list(AT_RISK_COLUMNS)),
            bounds=pd.DataFrame(list(bounds), columns=list(BOUND_COLUMNS)),
            horizon_days=horizon,
        )

    return make


@pytest.fixture
def intervals_of() -> Callable[..., IntervalsResult]:
    """Return a function that makes an intervals result of rows, each some ROW_COLUMNS."""

    def make(rows, *, unit="proportion"):
        plain = {"group": "", "cause": "", "technique": "", "note": ""}
        return IntervalsResult(
            **WORDS,
            rows=pd.DataFrame([plain | row for row in rows], columns=list(ROW_COLUMNS)),
            unit=unit,
            axis_title="Share with 95% interval",
        )

    return make


@pytest.fixture
def counts_of() -> Callable[..., CountsResult]:
    """Return a function that makes counts of {(cause, technique): procedures}."""

    def make(cells, years=()):
        rows = [(*key, number) for key, number in cells.items()]
        return CountsResult(
            **WORDS,
            counts=pd.DataFrame(rows, columns=["cause", "technique", "procedures"]),
            by_year=pd.DataFrame(list(years), columns=["year", "technique", "procedures"]),
        )

    return make
