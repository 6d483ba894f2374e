"""Means from sums: a t interval, and one that allows for clusters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.estimators.checks import check_level, read_counts
from analysis.estimators.intervals import Estimate


@dataclass(frozen=True)
class MeanEstimate(Estimate):
    """A mean with its t interval.

    degrees_of_freedom : of the t interval; n : values; n_clusters : n where unclustered.
    """

    degrees_of_freedom: float = float("nan")
    n: int = 0
    n_clusters: int = 0


def mean_of_sums(
    n: int, total: float, sum_of_squares: float, *, conf_level: float = 0.95
) -> MeanEstimate:
    """Return the mean of n values from their sum and sum of squares, with a t interval.

    Parameters
    ----------
    n : int
        Number of values; 0 gives NaN throughout, 1 gives a mean without an interval.
    total, sum_of_squares : float
        Sum of the values and of their squares, in their unit and its square.
    conf_level : float
        Level of the two-sided interval.

    Raises
    ------
    ValueError
        If n is negative or not whole, a sum is missing, or the sums contradict each other.

    Notes
    -----
    The variance is (sum of squares - n mean**2) / (n - 1): exact for small whole
    numbers; values far from 0 with little spread should be centred first.
    """
    check_level(conf_level)
    size = int(read_counts([n], 1)[0])
    _check_sums(total, sum_of_squares)
    if size == 0:
        return _no_interval(float("nan"), 0, 0)
    spread = sum_of_squares - total**2 / size
    if spread < -1e-9 * max(sum_of_squares, 1):
        raise ValueError("the sum of squares is smaller than the sum allows")
    if size == 1:
        return _no_interval(float(total), 1, 1)
    std_error = float(np.sqrt(max(spread, 0) / (size - 1) / size))
    return _t_estimate(total / size, std_error, size - 1, (size, size), conf_level)


def cluster_mean(n: ArrayLike, totals: ArrayLike, *, conf_level: float = 0.95) -> MeanEstimate:
    """Return a mean (or a proportion) of clustered values, with its CR2 interval.

    Parameters
    ----------
    n : array-like of int, shape (n_clusters,)
        Values in each cluster; clusters without values are left out.
    totals : array-like of float, shape (n_clusters,)
        Sum of the values in each cluster (for a proportion: the events).
    conf_level : float
        Level of the two-sided t interval with Satterthwaite degrees of freedom.

    Returns
    -------
    MeanEstimate
        Mean of all values, each weighing the same. With fewer than two clusters the
        interval is NaN. Limits of a proportion may fall outside 0 to 1.

    Raises
    ------
    ValueError
        If lengths differ, a size is negative or not whole, or a sum is missing.

    Notes
    -----
    The bias-reduced (CR2) variance and degrees of freedom of an intercept-only model
    with independence as working model need only the sums, as in R clubSandwich
    (lm(y ~ 1), vcov = "CR2"). Whether so few clusters may be printed is the caller's matter.

    References
    ----------
    Bell & McCaffrey 2002, Surv Methodol 28:169-181; Pustejovsky & Tipton 2018,
    J Bus Econ Stat 36:672-683, https://doi.org/10.1080/07350015.2016.1247004
    """
    check_level(conf_level)
    size, total = _read_clusters(n, totals)
    n_values, n_clusters = int(size.sum()), len(size)
    if n_clusters < 2:
        mean = float(total.sum() / n_values) if n_values else float("nan")
        return _no_interval(mean, n_values, n_clusters)
    mean = total.sum() / n_values
    share = size / n_values
    residual_sum = total - size * mean
    variance = np.sum(residual_sum**2 / (1 - share)) / n_values**2
    std_error, freedom = float(np.sqrt(variance)), _satterthwaite(share)
    return _t_estimate(mean, std_error, freedom, (n_values, n_clusters), conf_level)


def _satterthwaite(share: np.ndarray) -> float:
    """Return the degrees of freedom of the CR2 variance of a mean.

    `share` is each cluster's share of the values. trace(G)**2 / trace(G**2) with
    G[g, h] = sqrt(b_g b_h) (1{g = h} / s_g - 1) and b_g = s_g**2 / (1 - s_g).
    """
    weight = share**2 / (1 - share)
    off_diagonal = weight.sum() ** 2 - np.sum(weight**2)
    return float(1 / (off_diagonal + np.sum(share**2)))


def _read_clusters(n: ArrayLike, totals: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    total = np.asarray(totals, dtype=float)
    size = read_counts(n, len(total)).astype(float)
    if not np.isfinite(total).all():
        raise ValueError("totals must be finite: a missing or infinite sum was given")
    return size[size > 0], total[size > 0]


def _check_sums(total: float, sum_of_squares: float) -> None:
    if not (np.isfinite(total) and np.isfinite(sum_of_squares)):
        raise ValueError("the sum and the sum of squares must be finite, none missing")


def _no_interval(mean: float, n: int, n_clusters: int) -> MeanEstimate:
    missing = float("nan")
    return MeanEstimate(mean, missing, missing, n=n, n_clusters=n_clusters)


def _t_estimate(
    mean: float, std_error: float, freedom: float, sizes: tuple[int, int], conf_level: float
) -> MeanEstimate:
    from scipy.special import stdtrit

    margin = float(stdtrit(freedom, 0.5 + conf_level / 2)) * std_error
    mean = float(mean)
    return MeanEstimate(
        mean, mean - margin, mean + margin, std_error, float(freedom), sizes[0], sizes[1]
    )
