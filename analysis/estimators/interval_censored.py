"""Time to an event known only to lie in an interval (L, R]: the NPMLE and its bounds."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.estimators.checks import check_horizon, read_days, read_interval, read_weights
from analysis.estimators.interval_supports import COMPETING, Rows, Supports, find_supports
from analysis.estimators.mixture_likelihood import maximise
from analysis.estimators.survival import QUANTILE_TOLERANCE


@dataclass(frozen=True)
class IntervalEstimate:
    """A nonparametric maximum likelihood estimate from interval-censored times.

    supports : those with mass. masses : float, shape (n_supports,), of each.
    log_likelihood : at the maximum. gap : proof of the optimum, below 1e-9 per subject.
    total : sum of the counts; 0 for an empty estimate, whose support has no rows.
    """

    supports: Supports
    masses: np.ndarray
    log_likelihood: float
    gap: float
    total: float

    @cached_property
    def support(self) -> pd.DataFrame:
        """Return one row per support with mass, columns `cause`, `left`, `right`, `mass`.

        Cause 1: the event happens in (left, right], or on the day when left = right;
        2: the competing event happens on that day; 0: whichever comes, it comes after
        everything seen (the event after `left`; right is infinite).
        """
        return pd.DataFrame({**vars(self.supports), "mass": self.masses})


def turnbull(
    left: ArrayLike, right: ArrayLike, *, counts: ArrayLike | None = None
) -> IntervalEstimate:
    """Return the NPMLE of the distribution of interval-censored times.

    Parameters
    ----------
    left, right : array-like of float, shape (n,)
        The event happened in (left, right]: on the day itself where left = right, at an
        unknown time after left where right is infinite.
    counts : array-like of float, shape (n,), optional
        Subjects (or weights, >= 0) each row stands for; 1 each when absent.

    Returns
    -------
    IntervalEstimate
        Where within its interval a mass lies is not identified: read
        `incidence_bounds`. The masses themselves are unique.

    Raises
    ------
    ValueError
        If left > right, a value is missing or negative, lengths differ, or there are
        more than 2,000 distinct pairs. No rows give an empty estimate.

    References
    ----------
    Turnbull 1976, J R Stat Soc B 38:290-295.
    """
    since, until = read_interval(left, right)
    weights = read_weights(counts, len(since))
    nowhere = np.full(len(since), np.nan)
    return _estimate(Rows(since, until, nowhere, since), weights)


def turnbull_competing(
    left: ArrayLike,
    right: ArrayLike,
    competing_day: ArrayLike,
    last_known_free: ArrayLike,
    *,
    counts: ArrayLike | None = None,
) -> IntervalEstimate:
    """Return the NPMLE where the event is interval-censored and a competing one is dated.

    Parameters
    ----------
    left, right : array-like of float, shape (n,)
        Where right is finite the event happened in (left, right], or on the day itself
        where left = right. Otherwise right is infinite (or NaN) and left is the last day
        known to be free of the event.
    competing_day : array-like of float, shape (n,)
        Day of the competing event of those never seen with the event; NaN otherwise.
    last_known_free : array-like of float, shape (n,)
        Last day known to be free of the competing event; read only for rows with
        neither event, for which it must be given.
    counts : array-like of float, shape (n,), optional
        Subjects (or weights, >= 0) each row stands for; 1 each when absent.

    Returns
    -------
    IntervalEstimate
        A row with a competing day puts its mass there. A row with neither event says
        {event after left} or {competing event after last_known_free}. The masses are
        unique: each event support ends with an interval that ends there, and each
        competing day is a row's own.

    Raises
    ------
    ValueError
        If left > right, a competing day comes before left or beside an event,
        last_known_free is missing or before left where it is needed, lengths differ, or
        there are more than 2,000 distinct rows. No rows give an empty estimate.

    References
    ----------
    Hudgens, Satten & Longini 2001, Biometrics 57:74-80,
    https://doi.org/10.1111/j.0006-341X.2001.00074.x
    """
    until = np.asarray(right, dtype=float)
    since, until = read_interval(left, np.where(np.isnan(until), np.inf, until))
    weights = read_weights(counts, len(since))
    rival = _read_competing(competing_day, since, until)
    neither = np.isinf(until) & np.isnan(rival)
    free_until = _read_last_known(last_known_free, since, needed=neither)
    return _estimate(Rows(since, until, rival, free_until), weights)


def incidence_bounds(estimate: IntervalEstimate, days: ArrayLike) -> pd.DataFrame:
    """Return between which values the event's incidence lies at chosen days.

    Parameters
    ----------
    estimate : IntervalEstimate
        From `turnbull` or `turnbull_competing`.
    days : array-like of float, shape (k,)
        Days, each >= 0.

    Returns
    -------
    pandas.DataFrame, shape (k, 3)
        `day`, `low` (mass of intervals that end by that day), `high` (mass of intervals
        that start before it, or are that day). NaN for an empty estimate.
    """
    asked = np.atleast_1d(read_days(np.atleast_1d(days)))
    low, high = incidence_between(estimate, asked)
    return pd.DataFrame({"day": asked, "low": low, "high": high})


def incidence_between(estimate: IntervalEstimate, days: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns `low` and `high` of `incidence_bounds`, each of shape (k,)."""
    asked = np.atleast_1d(read_days(np.atleast_1d(days)))
    if estimate.total == 0:
        return np.full(len(asked), np.nan), np.full(len(asked), np.nan)
    since, until, mass = _event_masses(estimate)
    ended = until[None, :] <= asked[:, None]
    begun = ended | (since[None, :] < asked[:, None])
    # Masses sum to 1 up to rounding, and a share above 1 would be printed.
    return np.minimum(ended @ mass, 1), np.minimum(begun @ mass, 1)


def quantile_bounds(estimate: IntervalEstimate, probabilities: ArrayLike) -> pd.DataFrame:
    """Return between which days the event's incidence reaches given shares.

    Returns
    -------
    pandas.DataFrame, shape (k, 3)
        `probability`, `low`, `high` (days); infinite where it need never be reached,
        NaN for an empty estimate.
    """
    asked = np.atleast_1d(np.asarray(probabilities, dtype=float))
    if not ((asked > 0) & (asked <= 1)).all():
        raise ValueError("probabilities must lie above 0 and up to 1, none missing")
    since, until, mass = _event_masses(estimate)
    if estimate.total == 0:
        return pd.DataFrame({"probability": asked, "low": np.nan, "high": np.nan})
    low = [_reach(since, mass, share) for share in asked]
    high = [_reach(until, mass, share) for share in asked]
    return pd.DataFrame({"probability": asked, "low": low, "high": high})


def area_bounds(estimate: IntervalEstimate, tau: float) -> tuple[float, float]:
    """Return [low, high] of the mean time spent after the event up to `tau`, in days.

    Low puts every mass at the end of its interval, high at its start. Both are NaN for
    an empty estimate; ValueError unless tau is a finite day above 0.
    """
    check_horizon(tau)
    since, until, mass = _event_masses(estimate)
    if estimate.total == 0:
        return float("nan"), float("nan")
    low = float(np.maximum(tau - until, 0) @ mass)
    high = float(np.maximum(tau - since, 0) @ mass)
    return low, high


def _estimate(rows: Rows, weights: np.ndarray) -> IntervalEstimate:
    kept = weights > 0
    if not kept.any():
        nothing = np.zeros(0)
        nowhere = Supports(np.zeros(0, dtype=np.int64), nothing, nothing)
        return IntervalEstimate(nowhere, nothing, 0.0, 0.0, 0.0)
    found = find_supports(rows.where(kept), weights[kept])
    best = maximise(found.explains, found.weights)
    has_mass = best.masses > 0
    return IntervalEstimate(
        found.supports.where(has_mass),
        best.masses[has_mass],
        best.log_likelihood,
        best.gap,
        float(weights.sum()),
    )


def _event_masses(estimate: IntervalEstimate) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return left, right and mass of the supports on which the event can happen.

    The open support is among them: the event may come after its left, or never.
    """
    own = estimate.supports.cause != COMPETING
    supports = estimate.supports.where(own)
    return supports.left, supports.right, estimate.masses[own]


def _reach(days: np.ndarray, mass: np.ndarray, share: float) -> float:
    """Return the first day by which masses placed on `days` sum to `share`."""
    order = np.argsort(days, kind="stable")
    reached = np.flatnonzero(np.cumsum(mass[order]) >= share - QUANTILE_TOLERANCE)
    return float(days[order][reached[0]]) if len(reached) else float("inf")


def _read_competing(days: ArrayLike, since: np.ndarray, until: np.ndarray) -> np.ndarray:
    rival = np.asarray(days, dtype=float)
    if rival.shape != since.shape:
        raise ValueError(f"competing_day has {rival.size} values where {since.size} are needed")
    if (np.isfinite(rival) & np.isfinite(until)).any():
        raise ValueError("a row has an event and a competing day: give the first of them only")
    if (rival < since).any() or np.isinf(rival).any():
        raise ValueError("competing_day must be finite (or NaN) and not before left")
    return rival


def _read_last_known(days: ArrayLike, since: np.ndarray, *, needed: np.ndarray) -> np.ndarray:
    free_until = np.asarray(days, dtype=float)
    if free_until.shape != since.shape:
        raise ValueError(f"last_known_free has {free_until.size} values, {since.size} are needed")
    if not (free_until[needed] >= since[needed]).all():
        raise ValueError("last_known_free must be given, and not before left, without an event")
    return free_until
