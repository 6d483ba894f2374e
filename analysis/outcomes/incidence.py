"""From counts of ended waits to curves, numbers at risk, bounds and rows of the measures table."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.estimators.competing import aalen_johansen, area_under_incidence, incidence_at
from analysis.estimators.survival import kaplan_meier
from analysis.outcomes.strata import Stratum, strata_of
from analysis.results import AT_RISK_COLUMNS, CURVE_COLUMNS

FEWEST_AT_RISK = 11
"""With fewer at risk at the horizon a mean gain of days is not estimable."""

CURVE_METHOD = "Aalen-Johansen, log-log interval"


@dataclass(frozen=True)
class Waiting:
    """How the waits of one stratum ended: rows of `wait_counts` with the same cause, technique."""

    stratum: Stratum

    @cached_property
    def curve(self) -> pd.DataFrame:
        """Return the frame of `aalen_johansen`."""
        counts = self.stratum.counts
        return aalen_johansen(counts["day"], counts["kind"], counts=counts["procedures"])

    @cached_property
    def curve_if_no_competing(self) -> pd.DataFrame:
        """Return the frame of `kaplan_meier`, competing events taken as censored."""
        counts = self.stratum.counts
        return kaplan_meier(counts["day"], counts["kind"] == 1, counts=counts["procedures"])

    @cached_property
    def total(self) -> int:
        """Return how many procedures there are."""
        return int(self.stratum.counts["procedures"].sum())

    @cached_property
    def _ended(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the distinct days, and a row of CENSORED, EVENT, COMPETING counts up to each."""
        counts = self.curve[["censored", "events", "competing"]].to_numpy()
        before_any = np.zeros((1, 3), dtype=np.int64)
        return self.curve["day"].to_numpy(), np.vstack([before_any, counts.cumsum(axis=0)])

    def ended_by(self, day: float) -> tuple[int, int, int]:
        """Return how many waits ended by `day`: censored, with the event, competing."""
        days, ended = self._ended
        censored, events, competing = ended[np.searchsorted(days, day, side="right")].tolist()
        return censored, events, competing


def waits_by_stratum(counts: pd.DataFrame) -> list[Waiting]:
    """Return the waits of each stratum of `wait_counts`."""
    return [Waiting(stratum) for stratum in strata_of(counts)]


def curve_steps(waits: list[Waiting], horizon: float) -> pd.DataFrame:
    """Return CURVE_COLUMNS: a row per event day to the horizon, and one where follow-up ends."""
    frames = []
    for waiting in waits:
        curve = waiting.curve
        within = curve[curve["day"] <= horizon]
        is_step = (within["events"] > 0) | (within.index == within.index.max())
        frames.append(within[is_step].assign(**waiting.stratum.labels)[list(CURVE_COLUMNS)])
    return _stacked(frames, CURVE_COLUMNS)


def numbers_at_risk(waits: list[Waiting], ticks: tuple[float, ...]) -> pd.DataFrame:
    """Return AT_RISK_COLUMNS at each tick; the four counts of a row sum to the stratum's total."""
    rows = []
    for waiting in waits:
        for day in ticks:
            censored, events, competing = waiting.ended_by(day)
            rows.append(
                {
                    **waiting.stratum.labels,
                    "day": float(day),
                    "at_risk": waiting.total - censored - events - competing,
                    "events": events,
                    "competing": competing,
                    "censored": censored,
                }
            )
    return pd.DataFrame(rows, columns=list(AT_RISK_COLUMNS))


def incidence_rows(waits: list[Waiting], measure: str, days: tuple[float, ...]) -> list[dict]:
    """Return the rows of a visit-dated incidence at chosen days."""
    rows = []
    for waiting in waits:
        for day, read in zip(days, incidence_at(waiting.curve, days).itertuples(), strict=True):
            censored, events, _ = waiting.ended_by(day)
            rows.append(
                {
                    "measure": measure,
                    **waiting.stratum.labels,
                    "at": _day(day),
                    "n": events,
                    "N": waiting.total,
                    "value": read.incidence,
                    "lower": read.lower,
                    "upper": read.upper,
                    "lost_before": censored,
                    "method": CURVE_METHOD,
                }
            )
    return rows


def if_nobody_died_rows(waits: list[Waiting], measure: str, days: tuple[float, ...]) -> list[dict]:
    """Return the rows of 1 - Kaplan-Meier: what would have been seen had nothing competed."""
    return [
        {
            "measure": measure,
            **waiting.stratum.labels,
            "at": _day(day),
            "n": waiting.ended_by(day)[1],
            "N": waiting.total,
            "value": 1 - free,
            "lower": 1 - upper,
            "upper": 1 - lower,
            "method": "1 - Kaplan-Meier, log-log interval",
        }
        for waiting in waits
        for day, (free, lower, upper) in zip(days, _event_free(waiting, days), strict=True)
    ]


def days_gained_rows(waits: list[Waiting], measure: str, tau: float) -> list[dict]:
    """Return the mean days spent after the event by `tau`, where enough are at risk there."""
    return [
        {
            "measure": measure,
            **waiting.stratum.labels,
            "at": _day(tau),
            "N": waiting.total,
            **_area(waiting, tau),
        }
        for waiting in waits
    ]


def _area(waiting: Waiting, tau: float) -> dict:
    at_risk = waiting.total - sum(waiting.ended_by(tau))
    if at_risk < FEWEST_AT_RISK:
        return {"method": f"not estimable: {at_risk} at risk at day {tau:g}"}
    counts = waiting.stratum.counts
    area = area_under_incidence(counts["day"], counts["kind"], tau, counts=counts["procedures"])
    return {
        "value": area.value,
        "lower": area.lower,
        "upper": area.upper,
        "method": "area under Aalen-Johansen, normal interval",
    }


def _event_free(waiting: Waiting, days: tuple[float, ...]) -> list[list[float]]:
    """Return the share event-free just after each day, with limits; NaN beyond what is known."""
    curve = waiting.curve_if_no_competing
    at_start = np.array([[1.0, np.nan, np.nan]])
    levels = np.vstack([at_start, curve[["event_free", "lower", "upper"]].to_numpy()])
    known_days = curve["day"].to_numpy()
    read = levels[np.searchsorted(known_days, days, side="right")]
    is_known = (np.asarray(days) <= known_days[-1]) | (levels[-1, 0] == 0)
    return np.where(is_known[:, None], read, np.nan).tolist()


def _day(day: float) -> str:
    return f"{day:g}"


def _stacked(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame(columns=list(columns))
    return pd.concat(frames, ignore_index=True)
