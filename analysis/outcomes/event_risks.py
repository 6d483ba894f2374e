"""From counts of watched procedures and their events to risks by a day."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from analysis.estimators.competing import CENSORED, COMPETING, EVENT
from analysis.estimators.incidence_at_horizon import incidence_at_horizon
from analysis.estimators.proportions import upper_bound_zero, wilson
from analysis.measure import CountReader
from warehouse.vocabulary import CAUSES, COMPARED_TECHNIQUES

HORIZONS = (1, 30, 90, 365)
LAST_DAY_OF_SIMPLE_PROPORTIONS = 1
ELIGIBLE = ("died", "lost", "followed")
NOT_ELIGIBLE = ("not_observed", "not_reviewed", "not_imaged", "not_discharged")
RISK_METHOD = "Aalen-Johansen, death competing, log-log interval"
PROPORTION_METHOD = "proportion, Wilson interval"
ZERO_METHOD = "none seen: one-sided 95 % upper bound, 1 - 0.05^(1/N)"
KEY = ["cause", "technique", "year", "horizon"]


@dataclass(frozen=True)
class Watch:
    """Which kinds of first event to count, and how procedures must have been watched for them.

    Attributes
    ----------
    kinds : tuple of str
        Of the mart `first_events`.
    way : str
        Way of watching, as the macro `watched_for_events` names it.
    horizons : tuple of int
        Days by which risk is told.
    """

    kinds: tuple[str, ...]
    way: str = "reviewed"
    horizons: tuple[int, ...] = HORIZONS


def event_risks(reader: CountReader, watch: Watch) -> pd.DataFrame:
    """Return the risk of each kind of event by each horizon, in every stratum of the cohort.

    Returns
    -------
    pandas.DataFrame
        One row per kind, stratum (`cause`, `technique`; empty for all), `year` (0 for all) and
        `horizon`: `n`, `N`, `value`, `lower`, `upper`, `method`, `lost_before`, `day_unknown`, and
        the counts of NOT_ELIGIBLE. Where n is 0, `upper` is the one-sided bound.
    """
    asked = {"way": watch.way, "horizons": list(watch.horizons), "by_year": False}
    watched = reader.count("event_watch", **asked)
    events = reader.count("watched_events", kinds=list(watch.kinds), **asked)
    return risks_of_counts(in_strata(watched), in_strata(events), watch.kinds)


def yearly_risks(reader: CountReader, watch: Watch) -> pd.DataFrame:
    """Return the frame of `event_risks` for the whole cohort, and for each procedure year."""
    asked = {"way": watch.way, "horizons": list(watch.horizons), "by_year": True}
    watched = whole_and_years(reader.count("event_watch", **asked))
    events = reader.count("watched_events", kinds=list(watch.kinds), **asked)
    return risks_of_counts(watched, whole_and_years(events), watch.kinds)


def risks_of_counts(
    cells: pd.DataFrame, their_events: pd.DataFrame, kinds: tuple[str, ...]
) -> pd.DataFrame:
    """Return the frame of `event_risks` from the rows of the two queries, put into strata."""
    rows_of, event_rows_of = _rows_by_key(cells), _rows_by_key(their_events)
    parts = []
    for key, rows in rows_of.items():
        cell = _Cell(cells.iloc[rows], their_events.iloc[event_rows_of.get(key, [])], kinds)
        parts.append(cell.risks().assign(**dict(zip(KEY, key, strict=True))))
    if not parts:
        return pd.DataFrame(columns=["kind", *KEY, "n", "N", "value", "lower", "upper", "method"])
    return _in_stratum_order(pd.concat(parts, ignore_index=True))


def in_strata(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts once for all together, once for their cause and once for their technique.

    A technique outside COMPARED_TECHNIQUES stands in the totals only; none is pooled over causes.
    """
    by_technique = counts.assign(year=0)
    compared = by_technique[by_technique["technique"].isin(COMPARED_TECHNIQUES)]
    by_cause = by_technique.assign(technique="")
    return pd.concat([by_cause.assign(cause=""), by_cause, compared], ignore_index=True)


def _rows_by_key(counts: pd.DataFrame) -> dict[tuple, Any]:
    return cast("dict[tuple, Any]", counts.groupby(KEY, sort=False).indices)


def whole_and_years(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts once for the whole cohort, as year 0, and once for their procedure year."""
    whole = counts.assign(cause="", technique="", year=0)
    return pd.concat([whole, whole.assign(year=counts["procedure_year"])], ignore_index=True)


class _Cell:
    """The watched procedures of one stratum and horizon, and their events of every kind."""

    def __init__(self, watched: pd.DataFrame, events: pd.DataFrame, kinds: tuple[str, ...]) -> None:
        self.kinds = kinds
        self.horizon = float(watched["horizon"].iloc[0])
        ending = watched["ending"].to_numpy()
        procedures = watched["procedures"].to_numpy(float)
        self.not_eligible = {name: int(procedures[ending == name].sum()) for name in NOT_ELIGIBLE}
        eligible = np.isin(ending, ELIGIBLE)
        self.days = watched["ending_days"].to_numpy(float)[eligible]
        self.causes = _cause_of(ending[eligible])
        self.procedures = procedures[eligible]
        self.event_kind = pd.Index(kinds).get_indexer(pd.Index(events["kind"]))
        self.event_status = events["status"].to_numpy()
        self.event_days = events["status_days"].to_numpy(float)
        self.event_ending = _cause_of(events["ending"].to_numpy())
        self.event_ending_days = events["ending_days"].to_numpy(float)
        self.event_procedures = events["procedures"].to_numpy(float)

    def risks(self) -> pd.DataFrame:
        """Return a row per kind."""
        leaving = self._leaving()
        estimates = incidence_at_horizon(leaving)
        n, N = estimates["events"], estimates["total"]
        risks = estimates.rename(columns={"incidence": "value"})[["value", "lower", "upper"]]
        risks = risks.assign(kind=self.kinds, n=n, N=N, method=RISK_METHOD)
        if self.horizon <= LAST_DAY_OF_SIMPLE_PROPORTIONS:
            simple = wilson(n, N)
            risks = risks.assign(
                value=simple["proportion"],
                lower=simple["lower"],
                upper=simple["upper"],
                method=PROPORTION_METHOD,
            )
        is_zero = (n == 0) & (N > 0) & risks["value"].notna()
        risks.loc[is_zero, "lower"] = 0.0
        risks.loc[is_zero, "upper"] = upper_bound_zero(N)[is_zero]
        risks.loc[is_zero, "method"] = ZERO_METHOD
        followed_to_horizon = leaving[:, -1, CENSORED]
        lost = leaving[:, :, CENSORED].sum(axis=1) - followed_to_horizon
        unknown = self._day_unknown()
        return risks.assign(
            lost_before=lost.astype(int), day_unknown=unknown.astype(int), **self.not_eligible
        )

    def _leaving(self) -> np.ndarray:
        """Return counts of shape (kinds, days, 3): every kind shares the watched procedures.

        Procedures with an event are taken from where they would have ended and put where it was.
        """
        grid = np.unique(np.concatenate([self.days, self._dated_days(), [self.horizon]]))
        shared = np.zeros((len(grid), 3))
        np.add.at(shared, (np.searchsorted(grid, self.days), self.causes), self.procedures)
        leaving = np.repeat(shared[np.newaxis], len(self.kinds), axis=0)
        from_day = np.searchsorted(grid, self.event_ending_days)
        place = (self.event_kind, from_day, self.event_ending)
        np.subtract.at(leaving, place, self.event_procedures)
        dated = self.event_status != "day_unknown"
        to_cause = np.where(self.event_status == "event", EVENT, CENSORED)[dated]
        to_day = np.searchsorted(grid, self.event_days[dated])
        np.add.at(leaving, (self.event_kind[dated], to_day, to_cause), self.event_procedures[dated])
        return leaving

    def _dated_days(self) -> np.ndarray:
        return self.event_days[self.event_status != "day_unknown"]

    def _day_unknown(self) -> np.ndarray:
        unknown = self.event_status == "day_unknown"
        return np.bincount(
            self.event_kind[unknown],
            weights=self.event_procedures[unknown],
            minlength=len(self.kinds),
        )


def _cause_of(ending: np.ndarray) -> np.ndarray:
    return np.where(ending == "died", COMPETING, CENSORED)


def _in_stratum_order(risks: pd.DataFrame) -> pd.DataFrame:
    """Put totals before causes and causes before techniques; kinds keep their order within."""
    places = {name: place for place, name in enumerate(("", *CAUSES, *COMPARED_TECHNIQUES))}
    return risks.sort_values(
        ["year", "cause", "technique", "horizon"],
        key=lambda column: column.map(places) if column.name in ("cause", "technique") else column,
        kind="stable",
        ignore_index=True,
    )
