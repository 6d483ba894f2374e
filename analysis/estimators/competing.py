"""Time to one event where another can come first: cumulative incidence and its area."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.estimators.checks import (
    check_interval,
    check_level,
    read_codes,
    read_counts,
    read_days,
)
from analysis.estimators.intervals import probability_band
from analysis.estimators.restricted_mean import (
    AreaEstimate,
    area_estimate,
    check_within_follow_up,
    no_area,
    remaining_area,
)
from analysis.estimators.risk_table import RiskTable, tabulate
from analysis.estimators.survival import event_free_share, greenwood_terms

CENSORED, EVENT, COMPETING = 0, 1, 2


def aalen_johansen(
    days: ArrayLike,
    cause: ArrayLike,
    *,
    counts: ArrayLike | None = None,
    conf_level: float = 0.95,
    interval: str = "log-log",
) -> pd.DataFrame:
    """Return the cumulative incidence of the event, by day.

    Parameters
    ----------
    days : array-like of float, shape (n,)
        Days to whichever came first; each >= 0.
    cause : array-like of int, shape (n,)
        0 censored, 1 event, 2 competing event.
    counts : array-like of int, shape (n,), optional
        Subjects each row stands for; 1 each when absent. Never expanded.
    conf_level : float
        Level of the pointwise interval, strictly between 0 and 1.
    interval : {"log-log", "log", "plain", "arcsine"}
        Transformation, applied to the incidence itself.

    Returns
    -------
    pandas.DataFrame, shape (n_distinct_days, 9)
        Ascending by `day`: `at_risk` (just before that day), `events`, `competing`,
        `censored` (counts), `incidence`, `std_error`, `lower`, `upper` (proportions).
        No row without subjects.

    Raises
    ------
    ValueError
        If lengths differ, a day is negative or missing, or an option is unknown.

    Notes
    -----
    Events and competing events precede censorings on the same day and share one risk
    set. Variance: infinitesimal jackknife. Log-log limits are F ** exp(+-z se / (F log F)),
    as R survival::survfit draws them for multi-state curves; NaN where F is 0 or 1.

    References
    ----------
    Aalen & Johansen 1978, Scand J Stat 5:141-150.
    """
    check_level(conf_level)
    check_interval(interval)
    table = competing_table(days, cause, counts)
    return pd.DataFrame(incidence_columns(table, conf_level=conf_level, interval=interval))


def incidence_columns(
    table: RiskTable, *, conf_level: float = 0.95, interval: str = "log-log"
) -> dict[str, np.ndarray]:
    """Return the columns of `aalen_johansen` from the table of `competing_table`."""
    incidence = cumulative_incidence(table)
    std_error = np.sqrt(_incidence_variance(table, incidence))
    lower, upper = probability_band(incidence, std_error, conf_level=conf_level, interval=interval)
    return {
        "day": table.day,
        "at_risk": table.at_risk,
        "events": table.leaving[:, EVENT],
        "competing": table.leaving[:, COMPETING],
        "censored": table.leaving[:, CENSORED],
        "incidence": incidence,
        "std_error": std_error,
        "lower": lower,
        "upper": upper,
    }


def incidence_at(curve: pd.DataFrame, days: ArrayLike) -> pd.DataFrame:
    """Return the cumulative incidence with its interval at chosen days.

    Parameters
    ----------
    curve : pandas.DataFrame
        From `aalen_johansen`.
    days : array-like of float, shape (k,)
        Days to read the curve at, in any order; each >= 0.

    Returns
    -------
    pandas.DataFrame, shape (k, 6)
        `day`, `incidence`, `std_error`, `lower`, `upper`, `at_risk` (event-free and
        uncensored at that day). Before the first day the incidence is 0, with limits
        NaN. Beyond the last day it is NaN, unless follow-up ended with nobody left
        free of both events. An empty curve is NaN everywhere.
    """
    columns = {str(name): column.to_numpy() for name, column in curve.items()}
    return pd.DataFrame(read_incidence(columns, days))


def read_incidence(curve: dict[str, np.ndarray], days: ArrayLike) -> dict[str, np.ndarray]:
    """Return the columns of `incidence_at` from those of `incidence_columns`."""
    asked = np.atleast_1d(read_days(np.atleast_1d(days)))
    place = np.searchsorted(curve["day"], asked, side="right")
    before_any = {"incidence": 0.0, "std_error": 0.0, "lower": np.nan, "upper": np.nan}
    unknown = asked > _known_until(curve)
    read = {"day": asked}
    for column, start in before_any.items():
        steps = np.concatenate([[start], curve[column]])
        read[column] = np.where(unknown, np.nan, steps[place])
    return {**read, "at_risk": np.append(curve["at_risk"], 0)[place]}


def area_under_incidence(
    days: ArrayLike,
    cause: ArrayLike,
    tau: float,
    *,
    counts: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> AreaEstimate:
    """Return the mean time spent after the event up to `tau`, competing events counted.

    Parameters
    ----------
    days, cause, counts
        As for `aalen_johansen`.
    tau : float
        Horizon in days, above 0.
    conf_level : float
        Level of the normal interval.

    Raises
    ------
    ValueError
        If tau lies beyond the last day and somebody is still free of both events there.
        No subjects at all: every number is NaN, nothing is raised.

    Notes
    -----
    Variance: infinitesimal jackknife, as summary(survfit(..., influence = TRUE),
    rmean = tau) in R.

    References
    ----------
    Andersen 2013, Stat Med 32:5278-5285, https://doi.org/10.1002/sim.5903
    """
    return incidence_area(competing_table(days, cause, counts), tau, conf_level=conf_level)


def incidence_area(table: RiskTable, tau: float, *, conf_level: float = 0.95) -> AreaEstimate:
    """Return the area of `area_under_incidence` from the table of `competing_table`."""
    check_within_follow_up(table, event_free_share(table), tau)
    if table.total == 0:
        return no_area(tau)
    before = table.day <= tau
    incidence = cumulative_incidence(table)
    area_after = remaining_area(table.day[before], incidence[before], tau)
    value = area_after[0] if before.any() else 0.0
    variance = _area_variance(table, incidence, area_after, tau)
    return area_estimate(table, value, variance, tau=tau, conf_level=conf_level)


def competing_table(
    days: ArrayLike, cause: ArrayLike, counts: ArrayLike | None = None
) -> RiskTable:
    """Return the risk table with kinds 0 (censored), 1 (event) and 2 (competing)."""
    followed = read_days(days)
    first = read_codes(cause, len(followed), name="cause", allowed=(CENSORED, EVENT, COMPETING))
    return tabulate(followed, first, read_counts(counts, len(followed)), n_kinds=3)


def cumulative_incidence(table: RiskTable) -> np.ndarray:
    """Return the incidence of kind 1 just after each day; shape (n_days,)."""
    return np.cumsum(_free_just_before(table) * table.leaving[:, EVENT] / table.at_risk)


def _free_just_before(table: RiskTable) -> np.ndarray:
    return np.concatenate([[1.0], event_free_share(table)[:-1]])[: len(table.day)]


def _jump_terms(table: RiskTable) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return by day what a change in its event share moves: later, both, at once.

    With n at risk, d leaving by either event, d1 by the event, S free just before:
    d / (n (n - d)), S d1 / n**2 and S**2 d1 (n - d1) / n**3.
    """
    at_risk = table.at_risk.astype(float)
    share = table.leaving[:, EVENT] / at_risk
    free = _free_just_before(table)
    return greenwood_terms(table), free * share / at_risk, free**2 * share * (1 - share) / at_risk


def _incidence_variance(table: RiskTable, incidence: np.ndarray) -> np.ndarray:
    """Return the variance of the incidence after each day.

    Sum over earlier days s of (F(t) - F(s))**2 later - 2 (F(t) - F(s)) both + at_once,
    multiplied out so that one pass of running sums serves every t.
    """
    later, both, at_once = _jump_terms(table)
    constant = np.cumsum(incidence**2 * later + 2 * incidence * both + at_once)
    linear = np.cumsum(incidence * later + both)
    variance = incidence**2 * np.cumsum(later) - 2 * incidence * linear + constant
    return np.maximum(variance, 0)


def _area_variance(
    table: RiskTable, incidence: np.ndarray, area_after: np.ndarray, tau: float
) -> float:
    """Return the variance of the area up to tau, from the days up to tau."""
    n_days = len(area_after)
    later, both, at_once = (terms[:n_days] for terms in _jump_terms(table))
    remaining = tau - table.day[:n_days]
    gained = area_after - remaining * incidence[:n_days]
    return float(np.sum(gained**2 * later - 2 * gained * remaining * both + remaining**2 * at_once))


def _known_until(curve: dict[str, np.ndarray]) -> float:
    """Return the last day the curve speaks of: for ever once nobody is left."""
    if len(curve["day"]) == 0:
        return -1.0
    at_risk, events, competing = (curve[name][-1] for name in ("at_risk", "events", "competing"))
    return float("inf") if at_risk == events + competing else float(curve["day"][-1])
