"""Which rows must be withheld beside others, so that no sum or difference returns a count.

A table of counts is published with its totals; whoever reads it can subtract. The strata of one
day and modality are a tree: the total, its causes, their techniques. A *known block* is a row that
is shown less the rows shown inside it. Known blocks are disjoint, and a set of procedures can be
counted by adding and subtracting shown rows only if it is a union of them. So a table is safe when
each of its known blocks is, for counts of 0 or 11 and more add up to such counts.

Two tables of which one holds the other's events (two days, two modalities) give the difference of
every smallest set that is a union of known blocks in both; those are judged too.

Not judged: differences that need three days or more at once, of which each shows other strata.
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
"""Modality -> one that it holds: their difference is a count too. A total '' holds them all."""

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Slice = tuple[str, str]
"""Modality and day or visit."""


@dataclass(frozen=True)
class KnownBlock:
    """A shown row less the shown rows inside it; `strata` has a bit for each stratum held."""

    row: int
    parts: tuple[int, ...]
    strata: int
    n: float
    N: float

    @property
    def rows(self) -> tuple[int, ...]:
        """Return the positions of the rows that make it known."""
        return (*self.parts, self.row)


@dataclass(frozen=True)
class Block:
    """The counts of one measure, as they can be subtracted from each other.

    Attributes
    ----------
    keys : list of tuple of str
        DIMENSIONS of each row.
    n, N : array of float, shape (n_rows,)
    strata : list of int
        Of each row, a bit for every stratum that it holds, its own among them.
    slices : dict
        (modality, at) -> positions of its rows, the narrowest first.
    turn : array of int, shape (n_rows,)
        Order in which rows would be withheld: smallest first, whatever the order of the rows.
    """

    keys: list[tuple[str, ...]]
    n: Numbers
    N: Numbers
    strata: list[int]
    slices: dict[Slice, list[int]]
    turn: Places


def block_of(rows: pd.DataFrame) -> Block:
    """Return the block of one measure's rows: DIMENSIONS as text, `n` and `N` as floats."""
    keys = list(zip(*(rows[name].tolist() for name in DIMENSIONS), strict=True))
    n, N = rows["n"].to_numpy(float), rows["N"].to_numpy(float)
    known_n, known_N = np.nan_to_num(n, nan=-1), np.nan_to_num(N, nan=-1)
    places = sorted(range(len(keys)), key=lambda row: (known_n[row], known_N[row], keys[row]))
    turn = np.empty(len(keys), dtype=np.intp)
    turn[places] = np.arange(len(keys))
    strata = _strata(keys)
    slices: dict[Slice, list[int]] = defaultdict(list)
    for row in sorted(range(len(keys)), key=lambda row: (strata[row].bit_count(), turn[row])):
        slices[keys[row][2], keys[row][3]].append(row)
    return Block(keys, n, N, strata, dict(slices), turn)


def _strata(keys: Sequence[tuple[str, ...]]) -> list[int]:
    seen = dict.fromkeys((key[0], key[1]) for key in keys)
    bits = {stratum: 1 << place for place, stratum in enumerate(seen)}
    held = {
        (cause, technique): sum(
            bit
            for (other, arm), bit in bits.items()
            if cause in ("", other) and technique in ("", arm)
        )
        for cause, technique in bits
    }
    return [held[key[0], key[1]] for key in keys]


def is_small(counts: npt.ArrayLike) -> Flags:
    """Tell which counts lie from 1 to 10; a true 0 and a missing count do not."""
    numbers = np.asarray(counts, dtype=float)
    return (numbers >= 1) & (numbers <= LARGEST_SMALL_COUNT)


def is_disclosive(n: npt.ArrayLike, N: npt.ArrayLike) -> Flags:
    """Tell which rows may not be shown: n, N, or those in N without the event, is small."""
    n, N = np.asarray(n, dtype=float), np.asarray(N, dtype=float)
    return is_small(n) | is_small(N) | is_small(N - n)


def crosses_causes(block: Block) -> Flags:
    """Tell which rows pool a technique over causes that are rows themselves: no part of a tree."""
    techniques_by_cause = {key[1] for key in block.keys if key[0] and key[1]}
    return np.array([key[0] == "" and key[1] in techniques_by_cause for key in block.keys], bool)


def parts_of(block: Block) -> Iterator[tuple[int, list[int]]]:
    """Yield every total with the rows just inside it, then with the narrowest inside it."""
    for rows in block.slices.values():
        for total in rows:
            inside = [row for row in rows if holds(block, total, row)]
            narrowest = [row for row in inside if block.strata[row].bit_count() == 1]
            yield from ((total, parts) for parts in (_widest(block, inside), narrowest) if parts)


def _widest(block: Block, rows: Sequence[int]) -> list[int]:
    return [row for row in rows if not any(holds(block, other, row) for other in rows)]


def holds(block: Block, outer: int, inner: int) -> bool:
    """Tell whether a row's strata are among those of another row."""
    return outer != inner and block.strata[inner] & ~block.strata[outer] == 0


def known_blocks(block: Block, rows: Sequence[int], withheld: Flags) -> list[KnownBlock]:
    """Return the known blocks of one slice; `rows` are its rows, the narrowest first.

    Where a total is less than its parts it is no sum of them, and what it leaves is no count: NaN.
    """
    shown = [row for row in rows if not withheld[row]]
    parts: dict[int, list[int]] = {row: [] for row in shown}
    for place, row in enumerate(shown):
        around = next((other for other in shown[place + 1 :] if holds(block, other, row)), None)
        if around is not None:
            parts[around].append(row)
    return [_known_block(block, row, parts[row]) for row in shown]


def _known_block(block: Block, row: int, parts: list[int]) -> KnownBlock:
    strata = block.strata[row]
    for part in parts:
        strata &= ~block.strata[part]
    n, N = (float(counts[row] - counts[parts].sum()) for counts in (block.n, block.N))
    nan = float("nan")
    return KnownBlock(row, tuple(parts), strata, n if n >= 0 else nan, N if N >= 0 else nan)


def with_complements(block: Block, withheld: Flags) -> Flags:
    """Return `withheld` with small rows added until no block or difference is a small count."""
    withheld = withheld | crosses_causes(block)
    while True:
        before = withheld.copy()
        for rows in block.slices.values():
            while (rows_at_fault := _rows_of_unsafe_block(block, rows, withheld)) is not None:
                withheld[_next_to_go(rows_at_fault, block)] = True
        for inner, outer in _nested_slices(list(block.slices)):
            _withhold_small_differences(block, inner, outer, withheld)
        if (withheld == before).all():
            return withheld


def _rows_of_unsafe_block(
    block: Block, rows: Sequence[int], withheld: Flags
) -> tuple[int, ...] | None:
    known = known_blocks(block, rows, withheld)
    uncounted = np.isnan(block.n) & np.isnan(block.N)
    for one in known:
        if is_disclosive(one.n, one.N):
            return one.rows
    for row in rows:
        if withheld[row] and block.n[row] != 0 and not uncounted[row]:
            telling = _rows_that_return(block, row, known)
            if telling:
                return telling
    return None


def _rows_that_return(block: Block, row: int, known: Sequence[KnownBlock]) -> tuple[int, ...]:
    """Return the shown rows from which a withheld row can be read, none if it cannot."""
    around = next((one for one in known if holds(block, one.row, row)), None)
    if around is not None and _is_same(block, row, around.n, around.N):
        return around.rows
    inside = [one.row for one in known if holds(block, row, one.row)]
    widest = _widest(block, inside)
    if widest and _is_same(block, row, block.n[widest].sum(), block.N[widest].sum()):
        return tuple(widest)
    return ()


def _is_same(block: Block, row: int, n: float, N: float) -> bool:
    return bool(np.array_equal([block.n[row], block.N[row]], [n, N], equal_nan=True))


def _next_to_go(rows: tuple[int, ...], block: Block) -> int:
    """Return the smallest part, or the total where every other part is a true zero."""
    return min(rows, key=lambda row: (block.n[row] == 0, row == rows[-1], block.turn[row]))


def _nested_slices(slices: Sequence[Slice]) -> Iterator[tuple[Slice, Slice]]:
    """Yield (inner, outer): every event of the first is one of the second.

    Events by day 30 are among those by day 90. Visits, named in words, are not nested.
    """
    for one, other in combinations(slices, 2):
        (modality, at), (second, later) = one, other
        if modality == second and not (np.isnan(as_day(at)) or np.isnan(as_day(later))):
            yield (one, other) if as_day(at) < as_day(later) else (other, one)
        elif at == later and _is_nested(second, modality):
            yield one, other
        elif at == later and _is_nested(modality, second):
            yield other, one


def _is_nested(whole: str, part: str) -> bool:
    return (whole, part) in _NESTED_MODALITIES or whole == ""


def as_day(at: str) -> float:
    """Return the day that a row stands at; NaN where it is a visit or nothing."""
    try:
        return float(at)
    except ValueError:
        return float("nan")


def _withhold_small_differences(block: Block, inner: Slice, outer: Slice, withheld: Flags) -> None:
    """Withhold rows of the inner slice, in place, until no known set differs by a small count."""
    unsafe: tuple[int, ...] | None = ()
    while unsafe is not None:
        few = known_blocks(block, block.slices[inner], withheld)
        many = known_blocks(block, block.slices[outer], withheld)
        unsafe = next(_small_differences(block, few, many), None)
        if unsafe:
            withheld[_next_to_go(unsafe, block)] = True


def _small_differences(
    block: Block, few: Sequence[KnownBlock], many: Sequence[KnownBlock]
) -> Iterator[tuple[int, ...]]:
    """Yield the inner rows of each smallest set that is known in both and differs by 1 to 10."""
    for strata in _common_sets(few, many):
        of_few = [one for one in few if one.strata & strata]
        of_many = [one for one in many if one.strata & strata]
        steps = [sum(one.n for one in of_few) - sum(one.n for one in of_many)]
        steps.append(sum(one.N for one in of_few) - sum(one.N for one in of_many))
        if is_small(np.abs(steps)).any():
            alike = [one.row for one in of_few if block.strata[one.row] == strata]
            yield tuple(alike) or of_few[0].rows


def _common_sets(few: Sequence[KnownBlock], many: Sequence[KnownBlock]) -> list[int]:
    joined: list[int] = []
    for one in (*few, *many):
        touched = [strata for strata in joined if strata & one.strata]
        together = one.strata
        for strata in touched:
            together |= strata
        joined = [strata for strata in joined if strata not in touched] + [together]
    covers = [sum(one.strata for one in side) for side in (few, many)]
    return [strata for strata in joined if not any(strata & ~cover for cover in covers)]
