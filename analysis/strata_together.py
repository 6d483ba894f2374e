"""Strata that may not be shown one by one, shown together where a total is shown beside them.

What is added is worked out from the shown rows alone: a total less its shown parts. Whoever reads
the table could do the same, so that nothing more is given away; it spares them the subtraction and
tells them where a withheld stratum is counted.
"""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from analysis.complementary import (
    Block,
    Flags,
    KnownBlock,
    block_of,
    holds,
    known_blocks,
)
from analysis.estimators.proportions import wilson_interval

ALL_BUT = "all but "
"""How the cause or technique of a row begins that holds all of a total but its shown parts."""

_REASON = "because one alone would give away a count of 1 to 10"
_EMPTIED = (
    "value", "lower", "upper", "low_bound", "high_bound", "conf_level", "answered", "due",
    "lost_before", "not_recorded", "excluded",
)  # fmt: skip


def with_strata_together(shown: pd.DataFrame, keyed: pd.DataFrame) -> pd.DataFrame:
    """Return the table with a row for the withheld strata of each shown total, and with notes.

    Parameters
    ----------
    shown : pandas.DataFrame
        MEASURE_COLUMNS as audience outside may see them.
    keyed : pandas.DataFrame
        The same rows with DIMENSIONS as text, and `n`, `N` as floats, NaN where withheld.

    Returns
    -------
    pandas.DataFrame
        The same rows in their order, each added row behind the strata that it holds, and the column
        `note`: why strata stand together, or in which row a withheld one is counted. In an added
        row cause or technique reads 'all but ' and the parts that are shown. A proportion has its
        Wilson interval; other estimates cannot be had from counts and are empty.
    """
    notes = [""] * len(shown)
    added: list[tuple[float, dict[Hashable, Any]]] = []
    withheld = shown["suppressed"].to_numpy(bool)
    for places in keyed.groupby("measure", sort=False).indices.values():
        block, hidden = block_of(keyed.iloc[places]), withheld[places]
        for rows in block.slices.values():
            for known in known_blocks(block, rows, hidden):
                inside = _hidden_inside(block, known, rows, hidden)
                together = _together(block, known, inside)
                for row in inside:
                    notes[places[row]] = _counted_in(block, known, together)
                if together:
                    total = shown.iloc[places[known.row]].to_dict()
                    last = max(places[row] for row in inside)
                    row_added = _row_added(total, known, together, _names(block, inside))
                    added.append((last + 0.5, row_added))
    told = shown.reset_index(drop=True).assign(note=notes).astype(object)
    places_added, rows_added = [place for place, _ in added], [row for _, row in added]
    more = pd.DataFrame(rows_added, places_added, columns=told.columns, dtype=object)
    return pd.concat([told, more]).sort_index(kind="stable").reset_index(drop=True)


def _hidden_inside(block: Block, known: KnownBlock, rows: list[int], hidden: Flags) -> list[int]:
    """Return the withheld rows that a known block holds whole."""
    return [
        row
        for row in rows
        if hidden[row] and holds(block, known.row, row) and block.strata[row] & ~known.strata == 0
    ]


def _together(block: Block, known: KnownBlock, inside: list[int]) -> dict[str, str]:
    """Return cause or technique of the row to be added; nothing where there is none to add.

    Parts must be all causes, or all techniques of the total's cause: others have no short name.
    """
    if not (inside and known.parts) or not known.n >= 0 or not known.N > 0:
        return {}
    total = block.keys[known.row]
    parts = sorted((block.keys[row] for row in known.parts), key=lambda key: key[:2])
    if all(part[0] == total[0] and not total[1] for part in parts):
        return {"technique": ALL_BUT + ", ".join(part[1] for part in parts)}
    if all(not part[1] for part in parts):
        return {"cause": ALL_BUT + ", ".join(part[0] for part in parts)}
    return {}


def _row_added(
    total: dict[Hashable, Any], known: KnownBlock, together: dict[str, str], names: list[str]
) -> dict[Hashable, Any]:
    n, N = int(known.n), int(known.N)
    row: dict[Hashable, Any] = (
        total | dict.fromkeys(_EMPTIED) | together | {"n": n, "N": N, "suppressed": False}
    )
    row["note"] = f"{' and '.join(names)} shown together {_REASON}; with any not listed"
    if total["method"] == "counted":
        return row | {"value": n}
    if not str(total["method"]).startswith("proportion, Wilson"):
        return row | {"method": "counts only"}
    found = wilson_interval(n, N)
    return row | {
        "value": found.value, "lower": found.lower, "upper": found.upper,
        "conf_level": total["conf_level"],
    }  # fmt: skip


def _names(block: Block, inside: list[int]) -> list[str]:
    widest = [row for row in inside if not any(holds(block, other, row) for other in inside)]
    return [block.keys[row][1] or block.keys[row][0] for row in widest]


def _counted_in(block: Block, known: KnownBlock, together: dict[str, str]) -> str:
    cause, technique, *_ = block.keys[known.row]
    cause, technique = together.get("cause", cause), together.get("technique", technique)
    return f"counted in: {cause or 'all causes'}, {technique or 'all techniques'}"
