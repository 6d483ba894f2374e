"""Where the mass of an interval-censored estimate can lie, and which rows it explains."""

from dataclasses import dataclass

import numpy as np

OPEN, EVENT, COMPETING = 0, 1, 2
# Beyond this the matrix of the likelihood grows out of hand: days are to be binned first.
MAX_PATTERNS = 2000


@dataclass(frozen=True)
class Rows:
    """Observed rows: the event in (left, right], the competing day, or neither.

    Neither (right infinite, competing_day NaN) says {event after left} or {competing
    event after last_known_free}. Arrays of float, shape (n,).
    """

    left: np.ndarray
    right: np.ndarray
    competing_day: np.ndarray
    last_known_free: np.ndarray

    def where(self, kept: np.ndarray) -> "Rows":
        """Return the chosen rows."""
        return Rows(*(values[kept] for values in vars(self).values()))


@dataclass(frozen=True)
class Supports:
    """Where mass can lie: cause (OPEN, EVENT or COMPETING), left and right, each of shape (m,)."""

    cause: np.ndarray
    left: np.ndarray
    right: np.ndarray

    def where(self, kept: np.ndarray) -> "Supports":
        """Return the chosen supports."""
        return Supports(self.cause[kept], self.left[kept], self.right[kept])


@dataclass(frozen=True)
class SupportedRows:
    """The m supports, distinct rows with their weights, shape (k,), and the match.

    explains : bool, shape (k, m), True
    where the support is one of the ways in which the row can have come about.
    """

    supports: Supports
    weights: np.ndarray
    explains: np.ndarray


@dataclass(frozen=True)
class _Patterns:
    """Distinct rows in whole-number codes, with the weight of each.

    kind : EVENT, COMPETING or OPEN. start, end : codes on the event's line, on which day
    k is 2k and the gap after it 2k + 1; end of an open row lies beyond every day. rival :
    position among the competing days, of the row's own or of the first it allows.
    """

    kind: np.ndarray
    start: np.ndarray
    end: np.ndarray
    rival: np.ndarray
    weights: np.ndarray


def find_supports(rows: Rows, weights: np.ndarray) -> SupportedRows:
    """Return the supports that can carry mass, and the distinct rows they explain.

    The event's supports are Turnbull's innermost intervals of the rows without a
    competing day; the competing event's are its days. What comes after everything seen
    is one support for both: every row with neither event allows it either way.

    Raises
    ------
    ValueError
        If there are more than 2,000 distinct rows.
    """
    finite_right = rows.right[np.isfinite(rows.right)]
    event_days = np.unique(np.concatenate([rows.left, finite_right]))
    competing_days = np.unique(rows.competing_day[~np.isnan(rows.competing_day)])
    patterns = _merge_rows(_encode(rows, weights, event_days, competing_days))
    on_event_line = patterns.kind != COMPETING
    starts, ends = _innermost(patterns.start[on_event_line], patterns.end[on_event_line])
    explains = np.hstack(
        [
            _explained_by_event(patterns, starts, ends),
            _explained_by_competing(patterns, len(competing_days)),
        ]
    )
    supports = _name_supports(starts, ends, event_days, competing_days)
    return SupportedRows(supports, patterns.weights, explains)


def _encode(
    rows: Rows, weights: np.ndarray, event_days: np.ndarray, competing_days: np.ndarray
) -> _Patterns:
    happened = np.isfinite(rows.right)
    neither = ~happened & np.isnan(rows.competing_day)
    kind = np.select([happened, neither], [EVENT, OPEN], COMPETING)
    start = 2 * np.searchsorted(event_days, rows.left) + (rows.left < rows.right)
    end = 2 * np.searchsorted(event_days, rows.right)
    own = np.searchsorted(competing_days, rows.competing_day)
    first_allowed = np.searchsorted(competing_days, rows.last_known_free, side="right")
    rival = np.select([kind == COMPETING, kind == OPEN], [own, first_allowed], 0)
    # A competing row says nothing on the event's line.
    start, end = np.where(kind == COMPETING, 0, start), np.where(kind == COMPETING, 0, end)
    return _Patterns(kind, start, end, rival, weights)


def _merge_rows(rows: _Patterns) -> _Patterns:
    """Return each distinct row once, with the weights of its copies added up."""
    keys = (rows.kind, rows.start, rows.end, rows.rival)
    key = np.ravel_multi_index(keys, [int(part.max()) + 1 for part in keys])
    _, first, copy = np.unique(key, return_index=True, return_inverse=True)
    if len(first) > MAX_PATTERNS:
        raise ValueError(
            f"{len(first)} distinct intervals are too many, at most {MAX_PATTERNS}: "
            "round the days to fewer values first"
        )
    weights = np.bincount(copy, weights=rows.weights)
    kind, start, end, rival = (part[first] for part in keys)
    return _Patterns(kind, start, end, rival, weights)


def _innermost(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the intervals from a start to the next end with no other start between."""
    start, end = np.unique(starts), np.unique(ends)
    if len(start) == 0:
        return start, end
    nearest_end = end[np.searchsorted(end, start)]
    kept = np.append(start[1:] > nearest_end[:-1], True)
    return start[kept], nearest_end[kept]


def _explained_by_event(rows: _Patterns, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    inside = (rows.start[:, None] <= starts) & (ends <= rows.end[:, None])
    return inside & (rows.kind != COMPETING)[:, None]


def _explained_by_competing(rows: _Patterns, n_days: int) -> np.ndarray:
    day, rival = np.arange(n_days)[None, :], rows.rival[:, None]
    own = (rows.kind == COMPETING)[:, None] & (day == rival)
    return own | ((rows.kind == OPEN)[:, None] & (day >= rival))


def _name_supports(
    starts: np.ndarray, ends: np.ndarray, event_days: np.ndarray, competing_days: np.ndarray
) -> Supports:
    right = np.append(event_days, np.inf)[ends // 2]
    of_event = np.where(np.isinf(right), OPEN, EVENT)
    cause = np.concatenate([of_event, np.full(len(competing_days), COMPETING)])
    left = np.concatenate([event_days[starts // 2], competing_days])
    return Supports(cause.astype(np.int64), left, np.concatenate([right, competing_days]))
