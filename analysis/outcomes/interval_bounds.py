"""What visits alone can say of a curve: bounds from the interval-censored estimate."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimators.interval_censored import (
    IntervalEstimate,
    area_bounds,
    incidence_between,
    turnbull_competing,
)
from analysis.outcomes.incidence import labelled
from analysis.outcomes.strata import Stratum, strata_of

MOST_PATTERNS = 400
"""Distinct intervals that a stratum is estimated from; with more, days are binned wider."""

METHOD = "competing-risk NPMLE of interval-censored days"

_WINDOW_CLOSES = (0.5, 2.0, 14.0, 60.0, 135.0, 270.0, 540.0, 910.0, 20_000.0)
_GRIDS: tuple[tuple[float, ...], ...] = (
    (0.0, 0.083, *np.arange(0.5, 14, 0.5), *np.arange(14, 60, 2.0), *np.arange(60, 136, 5.0)),
    (0.0, 0.083, 0.5, *np.arange(1, 14, 1.0), *np.arange(14, 60, 7.0), *np.arange(60, 136, 15.0)),
    (0.0, 0.083, 0.5, 1.0, 2.0, 4.0, 7.0, 10.0, 14.0, 30.0, 42.0, 60.0, 90.0, 135.0),
    (0.0, *_WINDOW_CLOSES),
)
"""Ever wider bins; every grid holds the closing days of the visits, at which bounds are read."""


@dataclass(frozen=True)
class Patterns:
    """Distinct intervals of one stratum, and how many procedures have each; NaN where unknown."""

    left: np.ndarray
    right: np.ndarray
    competing: np.ndarray
    known_free: np.ndarray
    procedures: np.ndarray


@dataclass(frozen=True)
class Intervals:
    """The estimate of one stratum, competing events counted."""

    stratum: Stratum
    estimate: IntervalEstimate


def intervals_by_stratum(counts: pd.DataFrame) -> list[Intervals]:
    """Return the estimates of each stratum of `wait_intervals`."""
    return [
        Intervals(stratum, _with_competing(few_patterns(stratum.counts)))
        for stratum in strata_of(counts)
    ]


def few_patterns(counts: pd.DataFrame) -> Patterns:
    """Return the distinct intervals of a stratum, days binned outward until they are few.

    Bins widen only until MOST_PATTERNS are left. A lower end moves down and an upper end up, so
    that the bounds can only widen; the closing days of visits stay where they are.
    """
    left, right, competing, known = (counts[name].to_numpy(float) for name in _ENDS)
    procedures = counts["procedures"].to_numpy()
    recorded = np.unique(np.concatenate([left, right, competing, known]))
    for grid in (recorded[~np.isnan(recorded)], *map(_with_closes, _GRIDS)):
        lower = _down(left, grid)
        ends = [
            lower,
            _up(right, grid),
            _up(competing, grid),
            np.maximum(_down(known, grid), lower),
        ]
        patterns = _distinct(ends, procedures, grid)
        if len(patterns.procedures) <= MOST_PATTERNS:
            break
    return patterns


def bound_steps(intervals: list[Intervals], days: tuple[float, ...]) -> pd.DataFrame:
    """Return BOUND_COLUMNS at the days of a drawing grid."""
    between = [incidence_between(one.estimate, days) for one in intervals]
    columns = {
        "day": [np.asarray(days, dtype=float)] * len(intervals),
        "low_bound": [low for low, _ in between],
        "high_bound": [high for _, high in between],
    }
    return labelled([one.stratum for one in intervals], [len(days)] * len(intervals), columns)


def bound_rows(intervals: list[Intervals], measure: str, days: tuple[float, ...]) -> list[dict]:
    """Return the rows of the interval-censored incidence at chosen days."""
    return [
        {
            "measure": measure,
            **one.stratum.labels,
            "at": f"{day:g}",
            "N": int(one.estimate.total),
            "low_bound": low,
            "high_bound": high,
            "method": METHOD,
        }
        for one in intervals
        for between in [incidence_between(one.estimate, days)]
        for day, low, high in zip(days, *(part.tolist() for part in between), strict=True)
    ]


def add_area_bounds(rows: list[dict], intervals: list[Intervals], tau: float) -> None:
    """Write the NPMLE's bounds beside estimable rows of days gained of the same strata."""
    by_stratum = {(one.stratum.cause, one.stratum.technique): one for one in intervals}
    for row in rows:
        if "value" in row:
            low, high = area_bounds(by_stratum[row["cause"], row["technique"]].estimate, tau)
            row |= {"low_bound": low, "high_bound": high}


def _with_competing(patterns: Patterns) -> IntervalEstimate:
    # Where the competing event came first, the last visit without the event adds nothing.
    left = np.where(np.isnan(patterns.competing), patterns.left, 0)
    return turnbull_competing(
        left,
        patterns.right,
        patterns.competing,
        patterns.known_free,
        counts=patterns.procedures,
    )


_ENDS = ("left_days", "right_days", "competing_days", "known_free_days")


def _distinct(ends: list[np.ndarray], procedures: np.ndarray, grid: np.ndarray) -> Patterns:
    """Return the distinct rows of `ends`, whose values lie on `grid` or are NaN."""
    code = np.zeros(len(procedures), dtype=np.int64)
    for days in ends:
        # NaN sorts after every day of the grid and gets a place of its own.
        code = code * (len(grid) + 1) + np.searchsorted(grid, days)
    _, first, member = np.unique(code, return_index=True, return_inverse=True)
    total = np.bincount(member, weights=procedures)
    left, right, competing, known_free = (days[first] for days in ends)
    return Patterns(left, right, competing, known_free, total)


def _with_closes(grid: tuple[float, ...]) -> np.ndarray:
    return np.unique([*grid, *_WINDOW_CLOSES])


def _down(days: np.ndarray, grid: np.ndarray) -> np.ndarray:
    place = np.searchsorted(grid, days, side="right") - 1
    return np.where(np.isnan(days), np.nan, grid[place])


def _up(days: np.ndarray, grid: np.ndarray) -> np.ndarray:
    place = np.minimum(np.searchsorted(grid, days, side="left"), len(grid) - 1)
    return np.where(np.isnan(days), np.nan, grid[place])
