"""The counts that stand beside n and N: shown outside only where none of them is small.

A side count stays or goes for all strata of its measure at once, so that no total returns it.
"""

import json
from collections import defaultdict
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.complementary import Block, Flags, Places, block_of, is_small, parts_of

SIDE_COUNTS = ("answered", "due", "lost_before", "not_recorded")
_NESTED = {"answered": ("n", "N", "due"), "due": ("N", "answered"), "lost_before": ("N",)}
"""Counts that hold, or are held by, a side count: their difference is a count too."""


def empty_small_side_counts(
    shown: pd.DataFrame, keyed: pd.DataFrame, rows: Places, withheld: Flags
) -> None:
    """Empty, in place, the side counts of one measure that are small or return a small one.

    Parameters
    ----------
    shown : pandas.DataFrame
        The table to be shown; `excluded` is JSON of reason -> count.
    keyed : pandas.DataFrame
        The same rows with dimensions as text and counts as floats.
    rows : array of int
        Positions of the measure's rows.
    withheld : array of bool, shape (len(keyed),)
    """
    own = keyed.iloc[rows]
    block = block_of(own)
    for name in SIDE_COUNTS:
        if _differs_little(own, name) or _is_unsafe(block, own[name].to_numpy(), withheld[rows]):
            shown.loc[rows, name] = None
    reasons = pd.DataFrame([_reasons(value) for value in own["excluded"]], dtype=float)
    unsafe = [
        reason
        for reason in reasons.columns
        if _is_unsafe(block, reasons[reason].to_numpy(), withheld[rows])
    ]
    shown.loc[rows, "excluded"] = [_without(value, unsafe) for value in own["excluded"]]


def _differs_little(rows: pd.DataFrame, name: str) -> bool:
    others = _NESTED.get(name, ())
    return any(is_small(np.abs(rows[name] - rows[other])).any() for other in others)


def _is_unsafe(block: Block, counts: npt.NDArray[np.float64], hidden: Flags) -> bool:
    """Tell whether a count is small itself, between two days, or as what a total leaves."""
    by_stratum = defaultdict(list)
    for key, count in zip(block.keys, counts, strict=True):
        by_stratum[key[:-1]].append(count)
    steps = [np.abs(np.diff(np.sort(own))) for own in by_stratum.values()]
    visible = np.where(hidden, 0, counts)
    left = [counts[total] - visible[parts].sum() for total, parts in parts_of(block)]
    return bool(is_small(np.concatenate([counts, *steps, left])).any())


def _reasons(value: Any) -> dict[str, float]:
    return dict(json.loads(value)) if isinstance(value, str) and value else {}


def _without(value: Any, unsafe: list[str]) -> Any:
    reasons = _reasons(value)
    if not reasons:
        return value
    return json.dumps({name: None if name in unsafe else n for name, n in reasons.items()})
