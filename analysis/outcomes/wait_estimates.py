"""Everything that is estimated of the wait for one event, in the shape of an IncidenceResult."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.incidence import (
    Waiting,
    curve_steps,
    incidence_rows,
    numbers_at_risk,
    waits_by_stratum,
)
from analysis.outcomes.interval_bounds import (
    Intervals,
    bound_rows,
    bound_steps,
    intervals_by_stratum,
)
from analysis.small_numbers import FEWEST_CASES
from analysis.wording import counted, percent, percent_interval, percent_range
from warehouse.vocabulary import label_of

HORIZON = 135.0
TICKS = (0.0, 2.0, 7.0, 14.0, 30.0, 42.0, 60.0, 90.0, 135.0)
WINDOW_CLOSES = (2.0, 14.0, 60.0, 135.0)
"""Closing days of the visits: where a visit-dated curve may be read."""

DRAWN_AT = tuple(np.unique([0.083, 0.5, 1.0, *np.arange(2.0, HORIZON + 1)]).tolist())

CONF_LEVEL = 0.95
COMPETING = "died or was treated again first"
EACH_ON_ITS_OWN = "Every procedure of a patient is counted; the intervals take them as independent."


@dataclass(frozen=True)
class WaitEstimates:
    """The waits of every stratum of a cohort, and what visits alone can say of them."""

    waits: list[Waiting]
    intervals: list[Intervals]

    @cached_property
    def curves(self) -> pd.DataFrame:
        """Return CURVE_COLUMNS to the horizon."""
        return curve_steps(self.waits, HORIZON)

    @cached_property
    def at_risk(self) -> pd.DataFrame:
        """Return AT_RISK_COLUMNS at the ticks of the axis."""
        return numbers_at_risk(self.waits, TICKS)

    @cached_property
    def bounds(self) -> pd.DataFrame:
        """Return BOUND_COLUMNS on the drawing grid."""
        return bound_steps(self.intervals, DRAWN_AT)

    def rows(self, measure: str, days: tuple[float, ...] = WINDOW_CLOSES) -> list[dict]:
        """Return measures <measure>_incidence and _incidence_npmle at `days`."""
        return [
            *incidence_rows(self.waits, f"{measure}_incidence", days),
            *bound_rows(self.intervals, f"{measure}_incidence_npmle", days),
        ]


def estimate_waits(reader: CountReader, definition: str) -> WaitEstimates:
    """Return the estimates of one definition of the marts `relief` and `recovery`.

    Without any answer after the procedure there are none: a curve at 0 would say nothing.
    """
    waits = waits_of(reader, definition)
    if not waits:
        return WaitEstimates([], [])
    patterns = reader.count("wait_intervals", definition=definition)
    return WaitEstimates(waits, intervals_by_stratum(patterns))


def waits_of(reader: CountReader, definition: str) -> list[Waiting]:
    """Return the waits of every stratum; none without any answer after the procedure."""
    counts = reader.count("wait_counts", definition=definition, horizon=HORIZON)
    answered = (counts["kind"] == 1) | ((counts["kind"] == 0) & (counts["day"] > 0))
    return waits_by_stratum(counts) if answered.any() else []


def title_of(rows: list[dict], measure: str, event: str, at: str) -> str:
    """Return the finding of the whole cohort, e.g. '82 % had relief by day 14 (80 to 84 %)'."""
    row = row_at(rows, measure, at)
    if not row or np.isnan(row["value"]):
        return f"Too few were followed to day {at} to say how many {event}"
    share = percent(row["value"])
    whole = percent_interval(row["value"], row["lower"], row["upper"])
    return f"{share} {event} by day {at}{whole.removeprefix(share)}"


def summary_of(rows: list[dict], measure: str, event: str, at: str) -> str:
    """Return the curves in words: the whole cohort by day, its bounds, then each cause."""
    shown = [
        row
        for row in rows
        if row["measure"] == measure
        and row.get("modality", "both") == "both"
        and not np.isnan(row["value"])
    ]
    whole = [row for row in shown if not row["cause"]]
    known = row_at(rows, f"{measure}_npmle", at)
    causes = [
        f"{label_of(row['cause'])}: {_by_day(row)} (n = {row['N']:,})."
        for row in shown
        if row["cause"] and not row["technique"] and row["at"] == at and row["N"] >= FEWEST_CASES
    ]
    total = row_at(rows, measure, at)["N"]
    parts = [
        f"Of {counted(total, 'procedure')}, this share {event}: "
        + "; ".join(_by_day(row) for row in whole)
        + ".",
        f"By day {at} visits alone leave it at {percent_range(*_bounds(known))}.",
    ]
    return " ".join([*parts, *causes])


def row_at(rows: list[dict], measure: str, at: str) -> dict:
    """Return the row of the whole cohort for a measure and day; empty when there is none.

    Where a measure has several modalities the first of them is found: `both`.
    """
    for row in rows:
        if row["measure"] == measure and row.get("at") == at and not row["cause"]:
            return row
    return {}


def _bounds(row: dict) -> tuple[float, float]:
    return row["low_bound"], row["high_bound"]


def _by_day(row: dict) -> str:
    share = percent_interval(row["value"], row["lower"], row["upper"])
    return f"{share} by day {row['at']}"
