"""Find the names of the columns of a worksheet, or say why there are none to rely on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from etl.sources.cell_texts import CellUnreadable, fault_of_texts, text_of_value
from etl.sources.sheet_marks import column_letters

MOST_COLUMNS = 500
"""Columns that a table may have."""
LOOKED_AT = 50
"""Rows, from the header on, that are looked at to tell what the header has to name."""
JOINT = " / "
"""Between the parts of a name that stands in several header rows."""

Row = Sequence[object]


class Merge(NamedTuple):
    """Cells that were merged into one; rows and columns from 1, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class SheetHeader:
    """The columns of a table in a worksheet.

    Attributes
    ----------
    names : tuple of str
    columns : tuple of int
        Where each stands in a row, from 0.
    last_row : int
        Row of the sheet, from 1, in which the header ends.
    """

    names: tuple[str, ...]
    columns: tuple[int, ...]
    last_row: int


class NoHeader(ValueError):
    """The rows have no header to rely on; the message says where and why, without values."""


def find_header(
    rows: Sequence[Row], merges: Sequence[Merge], header_row: int | None
) -> SheetHeader:
    """Return the header of a worksheet from its first rows.

    Parameters
    ----------
    rows : sequence of rows
        The first rows of the sheet, from row 1, as the workbook library gives them; a blank
        cell is ''.
    merges : sequence of Merge
    header_row : int, optional
        Row of the header, from 1, as a mapping declares it. Without it, the first row that
        is not blank has to be the header.

    Raises
    ------
    NoHeader
        If a column has no name, two have the same, or names stand where they cannot be told
        from values.
    """
    first = header_row or first_filled_row(rows)
    if header_row and (header_row > len(rows) or is_blank(rows[header_row - 1])):
        raise NoHeader(f"row {header_row}, declared as the header, is blank")
    try:
        return _header_at(first, rows, merges)
    except NoHeader as problem:
        likely = None if header_row else _likely_header(rows)
        if likely in (None, first):
            raise
        raise NoHeader(
            f"{problem}; row {likely} looks like the header: "
            f"if it is, declare header_row = {likely}"
        ) from None


def is_blank(row: Row) -> bool:
    """Say whether nothing but blanks stands in a row."""
    return not any(map(is_filled, row))


def is_filled(cell: object) -> bool:
    """Say whether a cell holds anything but blanks."""
    return not isinstance(cell, str) or bool(cell.strip())


def first_filled_row(rows: Sequence[Row]) -> int:
    """Return the first row, from 1, that is not blank; 0 where all are."""
    return next((place for place, row in enumerate(rows, 1) if not is_blank(row)), 0)


def _header_at(first: int, rows: Sequence[Row], merges: Sequence[Merge]) -> SheetHeader:
    body = rows[first - 1 : first - 1 + LOOKED_AT]
    used = _used_columns(body)
    last = _last_header_row(first, rows, merges, used)
    names = {column: _name(column, first, last, rows, merges) for column in used}
    _check_names(names, first)
    return SheetHeader(tuple(names.values()), tuple(names), last)


def _used_columns(rows: Sequence[Row]) -> list[int]:
    """Return the columns, from 0, in which anything stands."""
    width = max(map(len, rows), default=0)
    return [c for c in range(width) if any(c < len(row) and is_filled(row[c]) for row in rows)]


def _last_header_row(
    first: int, rows: Sequence[Row], merges: Sequence[Merge], used: Sequence[int]
) -> int:
    """Return the row in which a header ends that may have a second row under merged cells."""
    merged = [m for m in merges if m.top <= first <= m.bottom]
    wide = [m for m in merged if m.right > m.left]
    if not merged:
        return first
    if any(m.left - 1 <= used[0] and m.right - 1 >= used[-1] for m in wide):
        raise NoHeader(f"row {first} is one merged cell, a title rather than a header")
    deepest = max(first + bool(wide), *(m.bottom for m in merged))
    under = rows[first] if first < len(rows) else ()
    if deepest > first + 1:
        raise NoHeader(f"the header that starts in row {first} has more than two rows")
    if not _names_parts(under, wide):
        raise NoHeader(
            f"row {first} has merged cells (columns {_span(merged[0])}) without a row of names "
            "under them alone"
        )
    return deepest


def _names_parts(under: Row, wide: Sequence[Merge]) -> bool:
    """Say whether a row holds texts under merged cells and nothing elsewhere, as no record does."""
    below = {column for m in wide for column in range(m.left - 1, m.right)}
    return all(
        isinstance(cell, str) and bool(cell.strip()) == (place in below)
        for place, cell in enumerate(under)
    )


def _name(column: int, first: int, last: int, rows: Sequence[Row], merges: Sequence[Merge]) -> str:
    """Return the parts of a name from top to bottom; merged cells give theirs to each column."""
    parts = []
    for number in range(first, last + 1):
        row, place = number, column
        for merge in merges:
            if merge.top <= number <= merge.bottom and merge.left <= column + 1 <= merge.right:
                row, place = merge.top, merge.left - 1
        if row == number and row <= len(rows) and place < len(rows[row - 1]):
            parts.append(_name_text(rows[row - 1][place], row, place))
    return JOINT.join(part for part in parts if part)


def _check_names(names: dict[int, str], first: int) -> None:
    if len(names) > MOST_COLUMNS:
        raise NoHeader(f"it has {len(names):,} columns, more than {MOST_COLUMNS}")
    seen: dict[str, int] = {}
    for column, name in names.items():
        letters = column_letters(column + 1)
        if not name:
            raise NoHeader(f"row {first}, column {letters}: the column has no name")
        if name.casefold() in seen:
            other = column_letters(seen[name.casefold()] + 1)
            raise NoHeader(f"row {first}: columns {other} and {letters} have the same name")
        seen[name.casefold()] = column


def _likely_header(rows: Sequence[Row]) -> int | None:
    """Return the row with the most cells, all filled with different texts; None where none is."""
    best, most = None, 1
    for place, row in enumerate(rows, 1):
        filled = [str(cell).strip().casefold() for cell in row if is_filled(cell)]
        if len(filled) > most and len(set(filled)) == len(filled):
            best, most = place, len(filled)
    return best


def _name_text(cell: object, row: int, column: int) -> str:
    try:
        text = text_of_value(cell).strip()
    except CellUnreadable as problem:
        raise NoHeader(f"row {row}, column {column_letters(column + 1)}: {problem}") from None
    if fault := fault_of_texts([text]):
        raise NoHeader(f"row {row}, column {column_letters(column + 1)}: {fault}")
    return text


def _span(merge: Merge) -> str:
    return f"{column_letters(merge.left)} to {column_letters(merge.right)}"
