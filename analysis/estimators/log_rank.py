"""Do groups differ in time to one event? The log-rank test, stratified if asked."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.estimators.checks import read_codes, read_counts, read_days, read_labels
from analysis.estimators.risk_table import tabulate


@dataclass(frozen=True)
class LogRank:
    """A log-rank test.

    chi_square, degrees_of_freedom, p_value : NaN where fewer than two groups could
        have had an event. groups : one row per group, with columns `group`, `n`,
        `observed`, `expected` (events).
    """

    chi_square: float
    degrees_of_freedom: int
    p_value: float
    groups: pd.DataFrame


def log_rank(
    days: ArrayLike,
    observed: ArrayLike,
    group: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    counts: ArrayLike | None = None,
) -> LogRank:
    """Test whether groups share one hazard of the event.

    Parameters
    ----------
    days, observed, counts
        As for `kaplan_meier`.
    group : array-like, shape (n,)
        Label of the group compared.
    strata : array-like, shape (n,), optional
        Label of the stratum; groups are compared within strata only.

    Raises
    ------
    ValueError
        If lengths differ, or a day, status or label is missing.

    Notes
    -----
    Hypergeometric variance at each event day. Groups that were never at risk at an
    event are left out of the statistic, as in R survival::survdiff.

    References
    ----------
    Mantel 1966, Cancer Chemother Rep 50:163-170.
    """
    followed = read_days(days)
    size = len(followed)
    happened = read_codes(observed, size, name="observed", allowed=(0, 1))
    weights = read_counts(counts, size)
    labels, member = np.unique(read_labels(group, size, name="group"), return_inverse=True)
    layer = _layers(strata, size)
    seen, expected, variance = _zero_sums(len(labels))
    for stratum in np.unique(layer):
        rows = layer == stratum
        kind = member[rows] * 2 + happened[rows]
        table = tabulate(followed[rows], kind, weights[rows], 2 * len(labels))
        for total, part in zip((seen, expected, variance), _score(table.leaving), strict=True):
            total += part
    n = np.bincount(member, weights=weights, minlength=len(labels)).astype(np.int64)
    groups = pd.DataFrame(
        {"group": labels, "n": n, "observed": seen.astype(np.int64), "expected": expected}
    )
    return _test(seen - expected, expected > 0, variance, groups)


def _layers(strata: ArrayLike | None, size: int) -> np.ndarray:
    if strata is None:
        return np.zeros(size, dtype=np.int64)
    return np.unique(read_labels(strata, size, name="strata"), return_inverse=True)[1]


def _zero_sums(n_groups: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.zeros(n_groups), np.zeros(n_groups), np.zeros((n_groups, n_groups))


def _score(leaving: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return observed and expected events and their covariance, within one stratum.

    `leaving` has a column for each group's censorings and one for its events, in turn.
    """
    by_group = leaving.reshape(len(leaving), -1, 2)
    at_risk = by_group.sum(axis=2)[::-1].cumsum(axis=0)[::-1].astype(float)
    events = by_group[:, :, 1].sum(axis=1)
    n = at_risk.sum(axis=1)
    share = at_risk / n[:, None]
    # With one at risk the event is certain to be theirs: no variance, not 0 / 0.
    spread = np.where(n > 1, events * (n - events) / np.maximum(n - 1, 1), 0)
    covariance = np.diag(spread @ share) - (share * spread[:, None]).T @ share
    return by_group[:, :, 1].sum(axis=0), events @ share, covariance


def _test(
    excess: np.ndarray, could_have: np.ndarray, variance: np.ndarray, groups: pd.DataFrame
) -> LogRank:
    compared = np.flatnonzero(could_have)[1:]
    if len(compared) == 0:
        return LogRank(float("nan"), 0, float("nan"), groups)
    from scipy.special import chdtrc

    kept = np.ix_(compared, compared)
    solved = np.linalg.lstsq(variance[kept], excess[compared], rcond=None)[0]
    chi_square = float(excess[compared] @ solved)
    return LogRank(chi_square, len(compared), float(chdtrc(len(compared), chi_square)), groups)
