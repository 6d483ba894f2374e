"""Who is at risk on each day, and how they leave: the counts every curve starts from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.estimators.checks import read_counts, read_days


@dataclass(frozen=True)
class RiskTable:
    """Counts by distinct day, ascending.

    day : float, shape (n_days,)
    at_risk : int, shape (n_days,)          still followed just before that day
    leaving : int, shape (n_days, n_kinds)  leaving on that day, by kind (0 is censored)
    """

    day: np.ndarray
    at_risk: np.ndarray
    leaving: np.ndarray

    @property
    def total(self) -> int:
        """How many subjects there are."""
        return int(self.leaving.sum())


def tabulate(days: np.ndarray, kind: np.ndarray, counts: np.ndarray, n_kinds: int) -> RiskTable:
    """Return the risk table of rows (day, kind of leaving 0 .. n_kinds - 1, count).

    Days are the same only when equal as floats. Rows that count nobody are left out.
    """
    present = counts > 0
    day, position = np.unique(days[present], return_inverse=True)
    cell = position * n_kinds + kind[present]
    # Sums in double precision are exact for whole numbers below 2**53.
    sums = np.bincount(cell, weights=counts[present], minlength=len(day) * n_kinds)
    leaving = sums.astype(np.int64).reshape(len(day), n_kinds)
    at_risk = leaving.sum(axis=1)[::-1].cumsum()[::-1]
    return RiskTable(day, at_risk, leaving)


def number_at_risk(days: ArrayLike, day: float, *, counts: ArrayLike | None = None) -> int:
    """Return how many are still event-free and uncensored at `day`.

    Parameters
    ----------
    days : array-like of float, shape (n,)
        Days to event, competing event or end of follow-up, whichever came first.
    day : float
        The day asked about. Who leaves on that very day, in whatever way, is not at risk.
    counts : array-like of int, shape (n,), optional
        Subjects per row.
    """
    followed = read_days(days)
    return int(read_counts(counts, len(followed))[followed > day].sum())
