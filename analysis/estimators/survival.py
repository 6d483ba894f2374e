"""Time to one event: the Kaplan-Meier curve and its quantiles."""

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
from analysis.estimators.risk_table import RiskTable, tabulate

# R calls two probabilities equal when they differ by less than this.
QUANTILE_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


def kaplan_meier(
    days: ArrayLike,
    observed: ArrayLike,
    *,
    counts: ArrayLike | None = None,
    conf_level: float = 0.95,
    interval: str = "log-log",
) -> pd.DataFrame:
    """Return the Kaplan-Meier estimate of remaining event-free, by day.

    Parameters
    ----------
    days : array-like of float, shape (n,)
        Days from origin to event or censoring; each >= 0.
    observed : array-like of bool, shape (n,)
        True where the event happened, False where follow-up ended first.
    counts : array-like of int, shape (n,), optional
        Subjects each row stands for; 1 each when absent. Never expanded.
    conf_level : float
        Level of the pointwise interval, strictly between 0 and 1.
    interval : {"log-log", "log", "plain", "arcsine"}
        Transformation on which the interval is built.

    Returns
    -------
    pandas.DataFrame, shape (n_distinct_days, 7)
        Ascending by `day`: `at_risk` (just before that day), `events`, `censored`
        (counts), `event_free`, `lower`, `upper` (proportions). No row without subjects.

    Raises
    ------
    ValueError
        If lengths differ, a day is negative or missing, or an option is unknown.

    Notes
    -----
    Events precede censorings on the same day. Variance: Greenwood. Limits are NaN once
    the estimate is 0, and before the first event (all but `plain` and `log`).

    References
    ----------
    Kaplan & Meier 1958, J Am Stat Assoc 53:457-481, https://doi.org/10.2307/2281868
    Conventions as R survival::survfit.
    """
    check_level(conf_level)
    check_interval(interval)
    table = survival_table(days, observed, counts)
    event_free = event_free_share(table)
    lower, upper = probability_band(
        event_free,
        event_free * np.sqrt(greenwood_sum(table)),
        conf_level=conf_level,
        interval=interval,
    )
    return pd.DataFrame(
        {
            "day": table.day,
            "at_risk": table.at_risk,
            "events": table.leaving[:, 1],
            "censored": table.leaving[:, 0],
            "event_free": event_free,
            "lower": lower,
            "upper": upper,
        }
    )


def survival_table(
    days: ArrayLike, observed: ArrayLike, counts: ArrayLike | None = None
) -> RiskTable:
    """Return the risk table with kinds 0 (censored) and 1 (event)."""
    followed = read_days(days)
    happened = read_codes(observed, len(followed), name="observed", allowed=(0, 1))
    return tabulate(followed, happened, read_counts(counts, len(followed)), n_kinds=2)


def event_free_share(table: RiskTable) -> np.ndarray:
    """Return the share free of every event, just after each day; shape (n_days,)."""
    events = table.leaving[:, 1:].sum(axis=1)
    return np.cumprod(1 - events / table.at_risk)


def greenwood_terms(table: RiskTable) -> np.ndarray:
    """Return d / (n (n - d)) by day; 0 where everybody at risk has the event (d = n)."""
    events = table.leaving[:, 1:].sum(axis=1).astype(float)
    at_risk = table.at_risk.astype(float)
    left = at_risk - events
    return np.divide(events, at_risk * left, out=np.zeros_like(left), where=left > 0)


def greenwood_sum(table: RiskTable) -> np.ndarray:
    """Return Greenwood's cumulative sum; NaN from the day on which nobody is event-free."""
    nobody_left = table.at_risk == table.leaving[:, 1:].sum(axis=1)
    return np.where(nobody_left, np.nan, np.cumsum(greenwood_terms(table)))


def survival_quantiles(curve: pd.DataFrame, probabilities: ArrayLike) -> pd.DataFrame:
    """Return the days by which given shares have had the event.

    Parameters
    ----------
    curve : pandas.DataFrame
        From `kaplan_meier`.
    probabilities : array-like of float, shape (k,)
        Shares with the event, 0 to 1; 0.5 is the median.

    Returns
    -------
    pandas.DataFrame, shape (k, 4)
        `probability`, `day`, `lower`, `upper` (days); NaN where not reached.

    Notes
    -----
    The smallest day on which event_free <= 1 - p; where the curve is flat at exactly
    1 - p, the midpoint of the flat stretch. Interval: the days on which the two edges
    of the band first cross 1 - p. (An upper edge can rise again when few are left; R
    then sorts the edge and may answer with the later day.)

    References
    ----------
    Brookmeyer & Crowley 1982, Biometrics 38:29-41, https://doi.org/10.2307/2530286
    Conventions as R survival::quantile.survfit.
    """
    asked = np.atleast_1d(np.asarray(probabilities, dtype=float))
    if not ((asked >= 0) & (asked <= 1)).all():
        raise ValueError("probabilities must lie between 0 and 1, none missing")
    days = np.concatenate([[0.0], curve["day"].to_numpy(float)])
    shares = {
        name: np.concatenate([[0.0], 1 - curve[column].to_numpy(float)])
        for name, column in {"day": "event_free", "lower": "lower", "upper": "upper"}.items()
    }
    found = {
        name: [_crossing_day(days, share, probability) for probability in asked]
        for name, share in shares.items()
    }
    return pd.DataFrame({"probability": asked, **found})


def _crossing_day(days: np.ndarray, share: np.ndarray, probability: float) -> float:
    """Return the day on which a share that starts at 0 first reaches `probability`."""
    if probability == 0:
        return float(days[0])
    reached = np.flatnonzero(share >= probability - QUANTILE_TOLERANCE)
    if len(reached) == 0:
        return float("nan")
    passed = np.flatnonzero(share > probability + QUANTILE_TOLERANCE)
    # Never passed: the curve is flat at the probability until follow-up ends.
    flat_until = passed[0] if len(passed) else -1
    return float(days[reached[0]] + days[flat_until]) / 2
