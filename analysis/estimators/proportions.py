"""Proportions with their intervals, and comparisons of two of them."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.estimators.checks import check_level, read_counts, read_tally
from analysis.estimators.intervals import Estimate, normal_quantile


def wilson(successes: ArrayLike, totals: ArrayLike, *, conf_level: float = 0.95) -> pd.DataFrame:
    """Return proportions with Wilson's score interval.

    Parameters
    ----------
    successes, totals : int or array-like of int, shape (k,)
        Counts with 0 <= successes <= totals.
    conf_level : float
        Level of the two-sided interval.

    Returns
    -------
    pandas.DataFrame, shape (k, 5)
        `successes`, `totals`, `proportion`, `lower`, `upper`, in the order given (and
        with the index of `successes` when that is a Series). NaN where a total is 0.

    Raises
    ------
    ValueError
        If a count is negative, missing, not whole, or exceeds its total.

    References
    ----------
    Wilson 1927, J Am Stat Assoc 22:209-212, https://doi.org/10.2307/2276774
    """
    found, size = read_tally(successes, totals)
    lower, upper = _wilson_limits(found, size, conf_level)
    return _proportion_frame(successes, found, size, lower, upper)


def wilson_interval(successes: int, total: int, *, conf_level: float = 0.95) -> Estimate:
    """Return one proportion with the interval of `wilson`; NaN where the total is 0."""
    found, size = read_tally([successes], [total])
    if total == 0:
        return Estimate(float("nan"), float("nan"), float("nan"))
    lower, upper = _wilson_limits(found, size, conf_level)
    return Estimate(float(found[0] / size[0]), float(lower[0]), float(upper[0]))


def clopper_pearson(
    successes: ArrayLike, totals: ArrayLike, *, conf_level: float = 0.95
) -> pd.DataFrame:
    """Return proportions with the exact interval; arguments and frame as `wilson`.

    References
    ----------
    Clopper & Pearson 1934, Biometrika 26:404-413, https://doi.org/10.2307/2331986
    """
    from scipy.special import betaincinv

    check_level(conf_level)
    found, size = read_tally(successes, totals)
    tail = (1 - conf_level) / 2
    # The inverse is NaN at the ends 0 and n, where the limit is 0 or 1 by definition.
    lower = np.where(found > 0, betaincinv(np.maximum(found, 1), size - found + 1, tail), 0)
    upper = np.where(found < size, betaincinv(found + 1, np.maximum(size - found, 1), 1 - tail), 1)
    return _proportion_frame(successes, found, size, lower, upper)


def upper_bound_zero(totals: ArrayLike, *, conf_level: float = 0.95) -> np.ndarray:
    """Return the one-sided upper bound of a proportion when none of n had the event.

    1 - (1 - conf_level) ** (1 / n), shape (k,); NaN where n is 0. Close to 3 / n at 95 %.

    References
    ----------
    Hanley & Lippman-Hand 1983, JAMA 249:1743-1745.
    """
    check_level(conf_level)
    sizes = np.atleast_1d(totals)
    size = read_counts(sizes, len(sizes)).astype(float)
    return -np.expm1(np.log(1 - conf_level) / np.where(size > 0, size, np.nan))


def newcombe_difference(
    successes: int,
    total: int,
    reference_successes: int,
    reference_total: int,
    *,
    conf_level: float = 0.95,
) -> Estimate:
    """Return the difference of two independent proportions (first minus reference).

    Newcombe's method 10: Wilson's limits combined by squares. NaN when a total is 0.

    References
    ----------
    Newcombe 1998, Stat Med 17:873-890.
    """
    found, size = read_tally([successes, reference_successes], [total, reference_total])
    share = _share(found, size)
    lower, upper = _wilson_limits(found, size, conf_level)
    below, above = share - lower, upper - share
    value = float(share[0] - share[1])
    return Estimate(
        value,
        value - float(np.hypot(below[0], above[1])),
        value + float(np.hypot(above[0], below[1])),
    )


def katz_risk_ratio(
    successes: int,
    total: int,
    reference_successes: int,
    reference_total: int,
    *,
    conf_level: float = 0.95,
) -> Estimate:
    """Return the risk ratio (first over reference) with Katz's log interval.

    `std_error` is that of the log. With no event in a group the ratio is 0, infinite or
    NaN and its limits are NaN: no half event is added. Where everybody has the event in
    both groups the formula's interval has no width, and the limits are NaN too.

    References
    ----------
    Katz et al. 1978, Biometrics 34:469-474, https://doi.org/10.2307/2530610
    """
    found, size = read_tally([successes, reference_successes], [total, reference_total])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.divide(*_share(found, size))
        variance = np.sum(1 / found - 1 / size)
    return _log_estimate(ratio, variance, conf_level)


def woolf_odds_ratio(
    successes: int,
    total: int,
    reference_successes: int,
    reference_total: int,
    *,
    conf_level: float = 0.95,
) -> Estimate:
    """Return the odds ratio (first over reference) with Woolf's log interval.

    `std_error` is that of the log. With an empty cell the ratio is 0, infinite or NaN
    and its limits are NaN: no half event is added.

    References
    ----------
    Woolf 1955, Ann Hum Genet 19:251-253.
    """
    found, size = read_tally([successes, reference_successes], [total, reference_total])
    without = size - found
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (found[0] * without[1]) / (without[0] * found[1])
        variance = np.sum(1 / found + 1 / without)
    return _log_estimate(ratio, variance, conf_level)


def _share(found: np.ndarray, size: np.ndarray) -> np.ndarray:
    return np.divide(found, size, out=np.full(len(size), np.nan), where=size > 0)


def _wilson_limits(
    found: np.ndarray, size: np.ndarray, conf_level: float
) -> tuple[np.ndarray, np.ndarray]:
    z = normal_quantile(conf_level)
    share = _share(found, size)
    centre = (found + z**2 / 2) / (size + z**2)
    margin = z * np.sqrt(size * share * (1 - share) + z**2 / 4) / (size + z**2)
    # At 0 and n the limit is 0 or 1 exactly; the formula leaves a rounding error.
    lower = np.where(found == 0, share, centre - margin)
    upper = np.where(found == size, share, centre + margin)
    return lower, upper


def _proportion_frame(
    given: ArrayLike, found: np.ndarray, size: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> pd.DataFrame:
    known = size > 0
    return pd.DataFrame(
        {
            "successes": found.astype(np.int64),
            "totals": size.astype(np.int64),
            "proportion": _share(found, size),
            "lower": np.where(known, lower, np.nan),
            "upper": np.where(known, upper, np.nan),
        },
        index=given.index if isinstance(given, pd.Series) else None,
    )


def _log_estimate(ratio: float, log_variance: float, conf_level: float) -> Estimate:
    if not 0 < log_variance < np.inf:
        check_level(conf_level)
        return Estimate(float(ratio), float("nan"), float("nan"))
    std_error = float(np.sqrt(log_variance))
    factor = np.exp(normal_quantile(conf_level) * std_error)
    return Estimate(float(ratio), float(ratio / factor), float(ratio * factor), std_error)
