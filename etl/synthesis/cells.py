"""Arrays of numbers and codes as the text cells of a canonical table."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from etl.synthesis.streams import Array, Codes, Flags
from warehouse.source_schema import table_named

YES_NO = ("yes", "no")


def number(values: Array, *, places: int = 0, where: Flags | None = None) -> pa.Array:
    """Return numbers as text: no trailing zeros; NaN, infinity and `~where` are missing."""
    rounded = np.round(np.asarray(values, dtype=float), places) + 0.0
    missing = ~np.isfinite(rounded)
    if where is not None:
        missing |= ~where
    return pa.array(rounded, mask=missing).cast(pa.string())


def words(codes: Codes, vocabulary: tuple[str, ...], where: Flags | None = None) -> pa.Array:
    """Return the word at each code; negative codes and `~where` are missing."""
    missing = codes < 0
    if where is not None:
        missing = missing | ~where
    return pa.array(vocabulary).take(pa.array(np.asarray(codes), mask=missing))


def yes_no(flags: Flags, where: Flags | None = None) -> pa.Array:
    """Return yes or no; `~where` is missing."""
    return words(np.where(flags, 0, 1), YES_NO, where)


def identifiers(prefix: str, numbers: Codes) -> pa.Array:
    """Return surrogates such as P000123."""
    digits = compute.utf8_lpad(pa.array(numbers).cast(pa.string()), 6, "0")
    return compute.binary_join_element_wise(prefix, digits, "")


def table_of(name: str, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Return a text table with all columns of the canonical table; those not given are empty."""
    rows = len(next(iter(columns.values())))
    wanted = table_named(name).column_names
    unknown = set(columns) - set(wanted)
    if unknown:
        raise KeyError(f"{name} has no column {', '.join(sorted(unknown))}")
    empty = pa.nulls(rows, pa.string())
    return pa.table({column: columns.get(column, empty) for column in wanted})
