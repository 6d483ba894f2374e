"""Every stratum and kind of event at one horizon, in one array."""

from dataclasses import dataclass

import numpy as np

from analysis.estimators.competing import CENSORED, COMPETING, EVENT
from analysis.estimators.incidence_at_horizon import incidence_at_horizon
from analysis.estimators.proportions import upper_bound_zero, wilson

ELIGIBLE = ("died", "lost", "followed")
NOT_ELIGIBLE = ("not_observed", "not_reviewed", "not_imaged", "not_discharged")
LAST_DAY_OF_SIMPLE_PROPORTIONS = 1
RISK_METHOD = "Aalen-Johansen, death competing, log-log interval"
PROPORTION_METHOD = "proportion, Wilson interval"
ZERO_METHOD = "none seen: one-sided 95 % upper bound, 1 - 0.05^(1/N)"


ENDINGS = (*ELIGIBLE, *NOT_ELIGIBLE, "event", "day_unknown")
"""How a wait ended, as the queries name it; its place is its code in the arrays here."""

_CAUSES = np.array([COMPETING, CENSORED, CENSORED, *[-1] * len(NOT_ELIGIBLE), EVENT, -1])
_DAY_UNKNOWN = ENDINGS.index("day_unknown")


@dataclass(frozen=True)
class Moves:
    """Rows of a query as arrays of one length.

    group : number of the row's cause, technique and year. kind : number of its kind of event.
    ending, day : code in ENDINGS and its day. procedures : how many.
    """

    group: np.ndarray
    kind: np.ndarray
    ending: np.ndarray
    day: np.ndarray
    procedures: np.ndarray

    def where(self, chosen: np.ndarray) -> "Moves":
        """Return the chosen rows."""
        parts = (self.group, self.kind, self.ending, self.day, self.procedures)
        return Moves(*(part[chosen] for part in parts))

    @property
    def is_dated(self) -> np.ndarray:
        """Tell which rows stand in the curve: eligible, on a known day."""
        return _CAUSES[self.ending] >= 0


@dataclass(frozen=True)
class Batch:
    """Watched procedures and their events at one horizon.

    watched : rows of `event_watch`. taken, put : rows of `watched_events`, at the ending that their
    procedures would have had and at the one they had. membership : shape (strata, groups), 1 where
    a group belongs to a stratum. kinds : how many kinds of event there are.
    """

    watched: Moves
    taken: Moves
    put: Moves
    membership: np.ndarray
    kinds: int
    horizon: float

    def risks(self) -> dict[str, np.ndarray]:
        """Return columns of shape (strata * kinds,), all kinds of the first stratum first."""
        leaving = self._leaving()
        estimates = incidence_at_horizon(leaving)
        lost = leaving[:, :, CENSORED].sum(axis=1) - leaving[:, -1, CENSORED]
        columns = {
            "n": estimates["events"].to_numpy(),
            "N": estimates["total"].to_numpy(),
            "value": estimates["incidence"].to_numpy(),
            "lower": estimates["lower"].to_numpy(),
            "upper": estimates["upper"].to_numpy(),
            "method": np.full(len(estimates), RISK_METHOD, dtype=object),
            "lost_before": lost.astype(np.int64),
            "day_unknown": self._counted(self.put, _DAY_UNKNOWN).ravel(),
        }
        if self.horizon <= LAST_DAY_OF_SIMPLE_PROPORTIONS:
            columns |= _simple_proportions(columns["n"], columns["N"])
        return _with_bound_of_none(columns) | self._not_eligible()

    def _leaving(self) -> np.ndarray:
        """Return counts of shape (strata * kinds, days, 3): kinds share the watched procedures.

        Procedures with an event are taken from where they would have ended and put where it was.
        """
        watched = self.watched.where(self.watched.is_dated)
        put = self.put.where(self.put.is_dated)
        grid = np.unique(np.concatenate([watched.day, put.day, [self.horizon]]))
        groups = self.membership.shape[1]
        shared = np.zeros((groups, len(grid), 3))
        day, cause = np.searchsorted(grid, watched.day), _CAUSES[watched.ending]
        np.add.at(shared, (watched.group, day, cause), watched.procedures)
        leaving = np.repeat(shared[:, np.newaxis], self.kinds, axis=1)
        for moves, sign in ((self.taken, -1), (put, 1)):
            day, cause = np.searchsorted(grid, moves.day), _CAUSES[moves.ending]
            np.add.at(leaving, (moves.group, moves.kind, day, cause), sign * moves.procedures)
        return (self.membership @ leaving.reshape(groups, -1)).reshape(-1, len(grid), 3)

    def _not_eligible(self) -> dict[str, np.ndarray]:
        return {
            name: np.repeat(self._counted(self.watched, ENDINGS.index(name))[:, 0], self.kinds)
            for name in NOT_ELIGIBLE
        }

    def _counted(self, moves: Moves, ending: int) -> np.ndarray:
        """Return the procedures with one ending, shape (strata, kinds)."""
        own = moves.where(moves.ending == ending)
        counts = np.zeros((self.membership.shape[1], self.kinds))
        np.add.at(counts, (own.group, own.kind), own.procedures)
        return (self.membership @ counts).astype(np.int64)


def _simple_proportions(n: np.ndarray, totals: np.ndarray) -> dict[str, np.ndarray]:
    simple = wilson(n, totals)
    return {
        "value": simple["proportion"].to_numpy(),
        "lower": simple["lower"].to_numpy(),
        "upper": simple["upper"].to_numpy(),
        "method": np.full(len(n), PROPORTION_METHOD, dtype=object),
    }


def _with_bound_of_none(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the columns with the one-sided upper bound where no event was seen."""
    none = (columns["n"] == 0) & (columns["N"] > 0) & ~np.isnan(columns["value"])
    bound = upper_bound_zero(columns["N"])
    return columns | {
        "lower": np.where(none, 0.0, columns["lower"]),
        "upper": np.where(none, bound, columns["upper"]),
        "method": np.where(none, ZERO_METHOD, columns["method"]),
    }
