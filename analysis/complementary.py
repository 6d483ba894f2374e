"""Which rows must be withheld beside others, so that no sum or difference returns a count.

A table of counts is published with its totals; whoever reads it can subtract. Rows stand on *sum
lines*: a total and the parts that it is the sum of. A withheld row is safe when the lines it stands
on leave it free, and when what is left of each line is itself a count that could be shown.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

LARGEST_SMALL_COUNT = 10
DIMENSIONS = ("cause", "technique", "modality", "at")
"""Columns whose empty cell stands for the total over the others."""

_NESTED_MODALITIES = (
    ("any", "symptomatic"),
    ("both", "day"),
    ("both", "odi"),
    ("dxa", "dxa_and_drug"),
    ("drug", "dxa_and_drug"),
)
"""Modality -> one that it holds: their difference is a count too."""

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class SumLine:
    """A total and its parts (row positions), and what the total holds beyond those parts."""

    total: int
    parts: tuple[int, ...]
    rest_of_count: float
    rest_of_denominator: float

    @property
    def rows(self) -> tuple[int, ...]:
        """Return the positions of its parts and its total."""
        return (*self.parts, self.total)


@dataclass(frozen=True)
class Block:
    """The counts of one measure, as they can be subtracted from each other.

    Attributes
    ----------
    keys : list of tuple of str
        DIMENSIONS of each row.
    n, N : arrays of float, shape (n_rows,)
    lines : list of list of SumLine
        Groups that share no row.
    turn : array of int, shape (n_rows,)
        Order in which rows would be withheld: smallest first, whatever the order of the rows.
    """

    keys: list[tuple[str, ...]]
    n: Numbers
    N: Numbers
    lines: list[list[SumLine]]
    turn: Places


def block_of(rows: pd.DataFrame) -> Block:
    """Return the block of one measure's rows: DIMENSIONS as text, `n` and `N` as floats."""
    keys = list(zip(*(rows[name].tolist() for name in DIMENSIONS), strict=True))
    n, N = rows["n"].to_numpy(float), rows["N"].to_numpy(float)
    places = sorted(range(len(keys)), key=lambda row: (n[row], N[row], keys[row]))
    turn = np.empty(len(keys), dtype=np.intp)
    turn[places] = np.arange(len(keys))
    return Block(keys, n, N, _line_groups(keys, n, N), turn)


def is_small(counts: npt.ArrayLike) -> Flags:
    """Tell which counts lie from 1 to 10; a true 0 and a missing count do not."""
    numbers = np.asarray(counts, dtype=float)
    return (numbers >= 1) & (numbers <= LARGEST_SMALL_COUNT)


def is_disclosive(n: npt.ArrayLike, N: npt.ArrayLike) -> Flags:
    """Tell which rows may not be shown: n, N, or those in N without the event, is small."""
    n, N = np.asarray(n, dtype=float), np.asarray(N, dtype=float)
    return is_small(n) | is_small(N) | is_small(N - n)


def with_complements(block: Block, withheld: Flags) -> Flags:
    """Return `withheld` with small rows added until no withheld row can be worked out."""
    withheld = withheld.copy()
    for lines in block.lines:
        while (unsafe := _first_unsafe_line(block, withheld, lines)) is not None:
            withheld[_next_to_go(unsafe, block, withheld)] = True
    return withheld


def steps_too_small(block: Block, withheld: Flags) -> Flags:
    """Tell which shown rows differ by a small count from a later day of the same stratum.

    Events by day 30 are among those by day 90, so their difference is a count of its own. The
    longest day stays. Visits, named in words, are not nested in each other.
    """
    days = [_as_day(key[-1]) for key in block.keys]
    strata = defaultdict(list)
    for row, key in enumerate(block.keys):
        if not (withheld[row] or np.isnan(days[row])):
            strata[key[:-1]].append(row)
    found = np.zeros(len(withheld), dtype=bool)
    for rows in strata.values():
        kept, *earlier = sorted(rows, key=lambda row: days[row], reverse=True)
        for row in earlier:
            found[row] = is_small(abs(block.n[kept] - block.n[row]))
            kept = kept if found[row] else row
    return found


def _as_day(at: str) -> float:
    try:
        return float(at)
    except ValueError:
        return float("nan")


def _line_groups(keys: list[tuple[str, ...]], n: Numbers, N: Numbers) -> list[list[SumLine]]:
    """Return the sum lines, those of one day together unless days have a total of their own.

    A total that is less than its parts is no sum of them and makes no line.
    """
    days_are_summed = any(key[-1] == "" for key in keys)
    groups = defaultdict(list)
    for total, parts in _totals_with_parts(keys):
        line = SumLine(total, parts, _beyond(n, total, parts), _beyond(N, total, parts))
        if not (np.isnan(line.rest_of_count) and np.isnan(line.rest_of_denominator)):
            groups["" if days_are_summed else keys[total][-1]].append(line)
    return list(groups.values())


def _totals_with_parts(keys: list[tuple[str, ...]]) -> Iterator[tuple[int, tuple[int, ...]]]:
    for size in range(1, len(DIMENSIONS) + 1):
        for summed in combinations(range(len(DIMENSIONS)), size):
            totals, parts = {}, defaultdict(list)
            for row, key in enumerate(keys):
                fixed = tuple(word for place, word in enumerate(key) if place not in summed)
                if all(key[place] == "" for place in summed):
                    totals[fixed] = row
                elif all(key[place] != "" for place in summed):
                    parts[fixed].append(row)
            for fixed, total in totals.items():
                if fixed in parts:
                    yield total, tuple(parts[fixed])
    yield from _nested_modalities(keys)


def _nested_modalities(keys: list[tuple[str, ...]]) -> Iterator[tuple[int, tuple[int, ...]]]:
    places = {key: row for row, key in enumerate(keys)}
    for (cause, technique, modality, at), row in places.items():
        for whole, part in _NESTED_MODALITIES:
            inner = places.get((cause, technique, part, at))
            if modality == whole and inner is not None:
                yield row, (inner,)


def _beyond(counts: Numbers, total: int, parts: tuple[int, ...]) -> float:
    rest = counts[total] - counts[list(parts)].sum()
    return float(rest) if rest >= 0 else float("nan")


def _next_to_go(line: SumLine, block: Block, withheld: Flags) -> int:
    """Return the smallest part, or the total where every other part is a true zero."""
    shown = [row for row in line.rows if not withheld[row]]
    return min(shown, key=lambda row: (block.n[row] == 0, row == line.total, block.turn[row]))


def _first_unsafe_line(block: Block, withheld: Flags, lines: Sequence[SumLine]) -> SumLine | None:
    for line in lines:
        if not withheld[line.total] and _leaves_too_little(line, block, withheld):
            return line
    solvable = _solvable(withheld, lines)
    unsafe = [line for line in lines if solvable[list(line.rows)].any()]
    unsafe = [line for line in unsafe if not withheld[list(line.rows)].all()]
    return min(unsafe, key=lambda line: withheld[list(line.rows)].sum(), default=None)


def _leaves_too_little(line: SumLine, block: Block, withheld: Flags) -> bool:
    """Tell whether the total minus the parts shown is a count that may not be shown."""
    hidden = [row for row in line.parts if withheld[row]]
    left_n = line.rest_of_count + block.n[hidden].sum()
    left_N = line.rest_of_denominator + block.N[hidden].sum()
    return bool(is_disclosive(left_n, left_N))


def _solvable(withheld: Flags, lines: Sequence[SumLine]) -> Flags:
    """Tell which withheld rows the lines determine: those that no solution can move.

    What a total holds beyond its parts is one more unknown of its line, unless it is nothing.
    """
    solvable = np.zeros(len(withheld), dtype=bool)
    columns = sorted({row for line in lines for row in line.rows if withheld[row]})
    if not columns:
        return solvable
    equations = np.zeros((len(lines), len(withheld)))
    for equation, line in zip(equations, lines, strict=True):
        equation[line.total] = 1
        equation[list(line.parts)] = -1
    unknown_rest = np.diag([float(line.rest_of_count > 0) for line in lines])
    _, sizes, directions = np.linalg.svd(np.hstack([equations[:, columns], unknown_rest]))
    rank = int((sizes > 1e-9).sum())
    free = np.abs(directions[rank:, : len(columns)]) > 1e-9
    solvable[columns] = ~free.any(axis=0)
    return solvable
