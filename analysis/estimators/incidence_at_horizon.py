"""Cumulative incidence at one day for many groups at once."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.estimators.checks import check_level
from analysis.estimators.competing import COMPETING, EVENT
from analysis.estimators.intervals import probability_band


def incidence_at_horizon(leaving: ArrayLike, *, conf_level: float = 0.95) -> pd.DataFrame:
    """Return each group's cumulative incidence just after its last day.

    The same estimate, variance and limits as the last row of `aalen_johansen`, for groups that
    share their days; 30 groups cost as much as one.

    Parameters
    ----------
    leaving : array-like of int, shape (n_groups, n_days, 3)
        How many leave on each day, ascending: censored, with the event, with the competing event.
        Who is still followed after the last day is counted as censored on it.
    conf_level : float
        Level of the log-log interval.

    Returns
    -------
    pandas.DataFrame, shape (n_groups, 6)
        `total`, `events`, `incidence`, `std_error`, `lower`, `upper`. Limits are NaN where the
        incidence is 0 or 1; the incidence is NaN for a group without subjects, and where everybody
        was censored before the last day.

    Raises
    ------
    ValueError
        If the shape is not (n_groups, n_days, 3) or a count is negative.

    References
    ----------
    Aalen & Johansen 1978, Scand J Stat 5:141-150.
    """
    check_level(conf_level)
    left = np.asarray(leaving, dtype=float)
    if left.ndim != 3 or left.shape[2] != 3 or (left < 0).any():
        raise ValueError("leaving must be counts, 0 or more, of shape (n_groups, n_days, 3)")
    at_risk = np.cumsum(left.sum(axis=2)[:, ::-1], axis=1)[:, ::-1]
    size = np.maximum(at_risk, 1)
    share, both_shares = left[:, :, EVENT] / size, left[:, :, EVENT : COMPETING + 1].sum(2) / size
    after = np.cumprod(1 - both_shares, axis=1)
    free = np.concatenate([np.ones((len(left), 1)), after[:, :-1]], axis=1)
    incidence = np.cumsum(free * share, axis=1)
    std_error = np.sqrt(_last_variance(incidence, free, share, both_shares, size))
    # Known where somebody was followed to the last day, or nobody was left free of both events.
    is_known = (at_risk[:, 0] > 0) & ((at_risk[:, -1] > 0) | (after[:, -1] == 0))
    value = np.where(is_known, incidence[:, -1], np.nan)
    lower, upper = probability_band(value, std_error, conf_level=conf_level, interval="log-log")
    return pd.DataFrame(
        {
            "total": left.sum(axis=(1, 2)).astype(np.int64),
            "events": left[:, :, EVENT].sum(axis=1).astype(np.int64),
            "incidence": value,
            "std_error": np.where(np.isnan(value), np.nan, std_error),
            "lower": lower,
            "upper": upper,
        }
    )


def _last_variance(
    incidence: np.ndarray,
    free: np.ndarray,
    share: np.ndarray,
    both_shares: np.ndarray,
    size: np.ndarray,
) -> np.ndarray:
    """Return the infinitesimal jackknife variance of the incidence after the last day."""
    still_free = 1 - both_shares
    later = np.divide(
        both_shares, size * still_free, out=np.zeros_like(share), where=still_free > 0
    )
    remaining = incidence[:, -1:] - incidence
    terms = (
        remaining**2 * later
        - 2 * remaining * free * share / size
        + free**2 * share * (1 - share) / size
    )
    return np.maximum(terms.sum(axis=1), 0)
