"""From counts of ended waits to curves, numbers at risk, bounds and rows of the measures table."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.estimators.competing import (
    competing_table,
    incidence_area,
    incidence_columns,
    read_incidence,
)
from analysis.estimators.risk_table import RiskTable
from analysis.outcomes.strata import Stratum, strata_of
from analysis.results import CURVE_COLUMNS

FEWEST_AT_RISK = 11
"""With fewer at risk at the horizon a mean gain of days is not estimable."""

CURVE_METHOD = "Aalen-Johansen, log-log interval"


@dataclass(frozen=True)
class Waiting:
    """How the waits of one stratum ended: rows of `wait_counts` with the same cause, technique."""

    stratum: Stratum

    @cached_property
    def table(self) -> RiskTable:
        """Return who was at risk on each day, and how waits ended."""
        day, kind, procedures = (
            self.stratum.counts[name].to_numpy() for name in ("day", "kind", "procedures")
        )
        return competing_table(day, kind, procedures)

    @cached_property
    def curve(self) -> dict[str, np.ndarray]:
        """Return the columns of `aalen_johansen`."""
        return incidence_columns(self.table)

    @cached_property
    def total(self) -> int:
        """Return how many procedures there are."""
        return self.table.total

    @cached_property
    def _ended(self) -> np.ndarray:
        """Return a row of CENSORED, EVENT, COMPETING counts before any day and up to each."""
        before_any = np.zeros((1, 3), dtype=np.int64)
        return np.vstack([before_any, self.table.leaving.cumsum(axis=0)])

    def ended_by(self, days: ArrayLike) -> np.ndarray:
        """Return how many waits ended by each day: censored, with the event, competing.

        The shape is (3,) for one day and (k, 3) for k days.
        """
        return self._ended[np.searchsorted(self.table.day, days, side="right")]


def waits_by_stratum(counts: pd.DataFrame) -> list[Waiting]:
    """Return the waits of each stratum of `wait_counts`."""
    return [Waiting(stratum) for stratum in strata_of(counts)]


def curve_steps(waits: list[Waiting], horizon: float) -> pd.DataFrame:
    """Return CURVE_COLUMNS: a row per event day to the horizon, and one where follow-up ends."""
    columns: dict[str, list[np.ndarray]] = {name: [] for name in CURVE_COLUMNS[2:]}
    sizes = []
    for waiting in waits:
        within = waiting.curve["day"] <= horizon
        is_step = within & (waiting.curve["events"] > 0)
        is_step[np.flatnonzero(within)[-1:]] = True
        for name, parts in columns.items():
            parts.append(waiting.curve[name][is_step])
        sizes.append(int(is_step.sum()))
    return labelled([waiting.stratum for waiting in waits], sizes, columns)


def labelled(
    strata: list[Stratum], sizes: list[int], columns: dict[str, list[np.ndarray]]
) -> pd.DataFrame:
    """Return one frame of the parts of each column, a part per stratum, labelled with it."""
    if not strata:
        return pd.DataFrame(columns=["cause", "technique", *columns])
    labels = {
        name: np.repeat(np.array([stratum.labels[name] for stratum in strata], object), sizes)
        for name in ("cause", "technique")
    }
    return pd.DataFrame(labels | {name: np.concatenate(own) for name, own in columns.items()})


def numbers_at_risk(waits: list[Waiting], ticks: tuple[float, ...]) -> pd.DataFrame:
    """Return AT_RISK_COLUMNS at each tick; the four counts of a row sum to the stratum's total."""
    ended = [waiting.ended_by(ticks) for waiting in waits]
    censored, events, competing = ([own[:, kind] for own in ended] for kind in range(3))
    totals = [waiting.total - own.sum(axis=1) for waiting, own in zip(waits, ended, strict=True)]
    columns = {
        "day": [np.asarray(ticks, dtype=float)] * len(waits),
        "at_risk": totals,
        "events": events,
        "competing": competing,
        "censored": censored,
    }
    return labelled([one.stratum for one in waits], [len(ticks)] * len(waits), columns)


def incidence_rows(waits: list[Waiting], measure: str, days: tuple[float, ...]) -> list[dict]:
    """Return the rows of a visit-dated incidence at chosen days."""
    rows = []
    for waiting in waits:
        read = read_incidence(waiting.curve, days)
        limits = zip(
            *(read[name].tolist() for name in ("incidence", "lower", "upper")), strict=True
        )
        ended = waiting.ended_by(days).tolist()
        for day, (value, lower, upper), (censored, events, _) in zip(
            days, limits, ended, strict=True
        ):
            rows.append(
                {
                    "measure": measure,
                    **waiting.stratum.labels,
                    "at": _day(day),
                    "n": events,
                    "N": waiting.total,
                    "value": value,
                    "lower": lower,
                    "upper": upper,
                    "lost_before": censored,
                    "method": CURVE_METHOD,
                }
            )
    return rows


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
    at_risk = waiting.total - int(waiting.ended_by(tau).sum())
    if at_risk < FEWEST_AT_RISK:
        return {"method": f"not estimable: {at_risk} at risk at day {tau:g}"}
    area = incidence_area(waiting.table, tau)
    return {
        "value": area.value,
        "lower": area.lower,
        "upper": area.upper,
        "method": "area under Aalen-Johansen, normal interval",
    }


def _day(day: float) -> str:
    return f"{day:g}"
