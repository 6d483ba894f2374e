"""Mean time up to a horizon: areas under curves, and their differences."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.estimators.checks import check_horizon
from analysis.estimators.intervals import Estimate, normal_estimate
from analysis.estimators.risk_table import RiskTable
from analysis.estimators.survival import event_free_share, greenwood_terms, survival_table


@dataclass(frozen=True)
class AreaEstimate(Estimate):
    """An area under a curve from day 0 to `tau`, in days.

    at_risk : event-free and uncensored at tau; n : subjects.
    """

    tau: float = float("nan")
    at_risk: int = 0
    n: int = 0


def restricted_mean(
    days: ArrayLike,
    observed: ArrayLike,
    tau: float,
    *,
    counts: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> AreaEstimate:
    """Return the mean event-free time up to `tau`: the area under Kaplan-Meier.

    Parameters
    ----------
    days, observed, counts
        As for `kaplan_meier`.
    tau : float
        Horizon in days, above 0.
    conf_level : float
        Level of the normal interval.

    Raises
    ------
    ValueError
        If tau lies beyond the last day and somebody is still event-free there.
        No subjects at all: every number is NaN, nothing is raised.

    References
    ----------
    Royston & Parmar 2013, BMC Med Res Methodol 13:152. A day on which everybody left
    has the event adds no variance. Conventions as summary(survfit, rmean = tau) in R.
    """
    table = survival_table(days, observed, counts)
    event_free = event_free_share(table)
    check_within_follow_up(table, event_free, tau)
    if table.total == 0:
        return no_area(tau)
    before = table.day <= tau
    area_after = remaining_area(table.day[before], event_free[before], tau)
    first_day = min(table.day[0], tau)
    value = first_day + (area_after[0] if before.any() else 0.0)
    variance = float(np.sum(area_after**2 * greenwood_terms(table)[before]))
    return area_estimate(table, value, variance, tau=tau, conf_level=conf_level)


def difference(first: Estimate, second: Estimate, *, conf_level: float = 0.95) -> Estimate:
    """Return first - second of two independent estimates, with a normal interval.

    Needs the standard error of both; two areas must share their tau (else ValueError).
    """
    if isinstance(first, AreaEstimate) and isinstance(second, AreaEstimate):
        _check_same_horizon(first.tau, second.tau)
    std_error = float(np.hypot(first.std_error, second.std_error))
    return normal_estimate(first.value - second.value, std_error, conf_level)


def area_estimate(
    table: RiskTable, value: float, variance: float, *, tau: float, conf_level: float
) -> AreaEstimate:
    """Return an area with its normal interval and those at risk at tau."""
    normal = normal_estimate(float(value), float(np.sqrt(variance)), conf_level)
    at_risk = int(table.leaving[table.day > tau].sum())
    return AreaEstimate(**vars(normal), tau=tau, at_risk=at_risk, n=table.total)


def no_area(tau: float) -> AreaEstimate:
    """Return the area of an empty group: undefined."""
    missing = float("nan")
    return AreaEstimate(missing, missing, missing, tau=tau)


def remaining_area(day: np.ndarray, height: np.ndarray, tau: float) -> np.ndarray:
    """Return the area under a right-continuous step curve from each day to tau."""
    widths = np.diff(np.append(day, tau))
    return np.cumsum((widths * height)[::-1])[::-1]


def check_within_follow_up(table: RiskTable, event_free: np.ndarray, tau: float) -> None:
    """Raise ValueError when the curve is not known up to tau; an empty table passes."""
    check_horizon(tau)
    if len(table.day) == 0:
        return
    last_day, last_share = table.day[-1], event_free[-1]
    if tau > last_day and last_share > 0:
        raise ValueError(
            f"tau {tau:g} lies beyond the last day followed, {last_day:g}, "
            "and somebody was still event-free: choose an earlier tau"
        )


def _check_same_horizon(first: float, second: float) -> None:
    if first != second:
        raise ValueError(f"areas up to different days cannot be compared: {first:g}, {second:g}")
