"""Intervals around an estimate: pointwise bands of a curve, and single numbers."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from analysis.estimators.checks import check_interval, check_level


@dataclass(frozen=True)
class Estimate:
    """One number with its confidence limits; NaN where it is not defined."""

    value: float
    lower: float
    upper: float
    std_error: float = float("nan")


# A probability this close to 0 or 1 is 0 or 1 but for rounding.
ROUNDING = 1e-12


def normal_quantile(conf_level: float) -> float:
    """Return z such that a standard normal lies within -z to z with `conf_level`."""
    check_level(conf_level)
    return NormalDist().inv_cdf(0.5 + conf_level / 2)


def normal_estimate(value: float, std_error: float, conf_level: float = 0.95) -> Estimate:
    """Return value -/+ z standard errors."""
    margin = normal_quantile(conf_level) * std_error
    return Estimate(value, value - margin, value + margin, std_error)


def probability_band(
    probability: np.ndarray, std_error: np.ndarray, *, conf_level: float, interval: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return lower and upper limits of probabilities, as R's survival package draws them.

    `std_error` is that of the probability itself. Where the transformation is not
    defined (log-log at 0 or 1, log at 0, arcsine at 0 or 1) the limits are NaN.
    """
    check_interval(interval)
    margin = normal_quantile(conf_level) * std_error
    with np.errstate(divide="ignore", invalid="ignore"):
        return _BANDS[interval](probability, margin)


def _plain_band(probability: np.ndarray, margin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.maximum(probability - margin, 0), np.minimum(probability + margin, 1)


def _log_band(probability: np.ndarray, margin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    positive = np.where(probability > ROUNDING, probability, np.nan)
    factor = np.exp(margin / positive)
    return positive / factor, np.minimum(positive * factor, 1)


def _strictly_inside(probability: np.ndarray) -> np.ndarray:
    inside = (probability > ROUNDING) & (probability < 1 - ROUNDING)
    return np.where(inside, probability, np.nan)


def _log_log_band(probability: np.ndarray, margin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    inside = _strictly_inside(probability)
    power = np.exp(-margin / (inside * np.log(inside)))
    return inside**power, inside ** (1 / power)


def _arcsine_band(probability: np.ndarray, margin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    inside = _strictly_inside(probability)
    angle = np.arcsin(np.sqrt(inside))
    width = 0.5 * margin / np.sqrt(inside * (1 - inside))
    lower = np.sin(np.maximum(0, angle - width)) ** 2
    return lower, np.sin(np.minimum(np.pi / 2, angle + width)) ** 2


_BANDS = {
    "plain": _plain_band,
    "log": _log_band,
    "log-log": _log_log_band,
    "arcsine": _arcsine_band,
}
