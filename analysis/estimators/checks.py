"""Door checks: every estimator reads its arguments here, so that errors read alike."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

INTERVALS = ("log-log", "log", "plain", "arcsine")


def read_days(days: ArrayLike) -> np.ndarray:
    """Return `days` as floats; ValueError unless each is present, finite and >= 0."""
    values = _one_dimensional(days, "days")
    if not np.isfinite(values).all():
        raise ValueError("days must be finite: a missing or infinite day was given")
    if (values < 0).any():
        raise ValueError(f"days must be 0 or more: {values.min():g} was given")
    return values


def read_codes(codes: ArrayLike, size: int, *, name: str, allowed: tuple[int, ...]) -> np.ndarray:
    """Return whole-number codes; ValueError unless all are present and among `allowed`."""
    values = _one_dimensional(codes, name)
    _check_size(values, size, name)
    if not np.isin(values, allowed).all():
        raise ValueError(f"{name} must be one of {', '.join(map(str, allowed))}, none missing")
    return values.astype(np.int64)


def read_counts(counts: ArrayLike | None, size: int) -> np.ndarray:
    """Return how many subjects each row stands for (1 each when None), as integers."""
    if counts is None:
        return np.ones(size, dtype=np.int64)
    values = _one_dimensional(counts, "counts")
    _check_size(values, size, "counts")
    if not np.isfinite(values).all() or (values < 0).any() or (values != np.rint(values)).any():
        raise ValueError("counts must be whole numbers, 0 or more, none missing")
    return values.astype(np.int64)


def read_weights(weights: ArrayLike | None, size: int) -> np.ndarray:
    """Return non-negative finite weights (1 each when None), as floats."""
    if weights is None:
        return np.ones(size)
    values = _one_dimensional(weights, "counts")
    _check_size(values, size, "counts")
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("counts must be numbers, 0 or more, none missing")
    return values


def read_interval(left: ArrayLike, right: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return interval ends; ValueError unless 0 <= left <= right, left finite, none missing."""
    since = read_days(left)
    until = _one_dimensional(right, "right")
    _check_size(until, len(since), "right")
    if not (until >= since).all():
        raise ValueError("right must not be missing nor come before left")
    return since, until


def read_labels(labels: ArrayLike, size: int, *, name: str) -> np.ndarray:
    """Return group labels as an array; ValueError when one is missing."""
    values = pd.Series(labels)
    _check_size(values.to_numpy(), size, name)
    if values.isna().any():
        raise ValueError(f"{name} must name a group for every row: one is missing")
    return values.to_numpy()


def read_tally(successes: ArrayLike, totals: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return successes and totals as floats; ValueError unless 0 <= successes <= totals."""
    found, size = np.atleast_1d(successes), np.atleast_1d(totals)
    numerators = read_counts(found, len(size)).astype(float)
    denominators = read_counts(size, len(size)).astype(float)
    if (numerators > denominators).any():
        raise ValueError("a count of events cannot exceed the total it is taken from")
    return numerators, denominators


def check_level(conf_level: float) -> None:
    """Raise ValueError unless 0 < conf_level < 1."""
    if not 0 < conf_level < 1:
        raise ValueError(f"conf_level must lie between 0 and 1, both excluded: {conf_level}")


def check_interval(interval: str) -> None:
    """Raise ValueError unless `interval` is one of INTERVALS."""
    if interval not in INTERVALS:
        raise ValueError(f"interval must be one of {', '.join(INTERVALS)}: {interval!r}")


def check_horizon(tau: float) -> None:
    """Raise ValueError unless tau is a finite positive day."""
    if not (np.isfinite(tau) and tau > 0):
        raise ValueError(f"tau must be a finite day above 0: {tau}")


def _one_dimensional(values: ArrayLike, name: str) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one dimension, not {array.ndim}")
    return array


def _check_size(values: np.ndarray, size: int, name: str) -> None:
    if values.shape != (size,):
        raise ValueError(f"{name} has {values.size} values where {size} are needed")
