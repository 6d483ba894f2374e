"""Look over the XML of a worksheet without parsing it: does it need to be, how far do cells reach?

The library lays a sheet out in memory as wide and long as its farthest cell, and parsing every cell
here as well would triple the time. The shortcuts hold for the one way in which the usual programs
write cells; a sheet written in any other is parsed in full.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from etl.sources.sheet_marks import Mark, SheetMalformed, column_number


@dataclass
class SheetLook:
    """What a look over a worksheet found.

    Attributes
    ----------
    rows, columns : int
        No cell lies beyond these, where `is_regular`; blank but formatted ones count.
    is_regular : bool
        True where cells are written in the usual way, so that the counts hold.
    needs_parsing : bool
        True where a cell may need a mark.
    """

    rows: int = 0
    columns: int = 0
    is_regular: bool = True
    needs_parsing: bool = False
    _letters: set[bytes] = field(default_factory=set, repr=False)


_CELL = re.compile(rb'<c r="([A-Z]+)')
_ROW = re.compile(rb'<row r="([0-9]+)"')
_UNUSUAL_MANNER = re.compile(rb"<\w+:worksheet|='|\s=|=\s|<c\s*[\n\t\r>]")
_FORMULA = re.compile(rb"<f[ >/]")
_LONGEST_TAG = 16 * 1024 * 1024


def look_over(blocks: Iterable[bytes], shown_numbers: Mapping[str, Mark]) -> SheetLook:
    """Look over the XML of a worksheet without parsing it.

    Raises
    ------
    SheetMalformed
        If it has no place for rows.
    """
    styles = [f's="{style}"'.encode() for style in shown_numbers]
    look = SheetLook()
    has_rows = False
    for place, block in enumerate(_whole(blocks, b"<")):
        if place == 0 and _UNUSUAL_MANNER.search(block):
            look.is_regular = False
        has_rows = has_rows or b"sheetData" in block
        if not look.needs_parsing:
            look.needs_parsing = _may_need_marks(block, styles)
        if look.is_regular:
            _count(block, look)
    if not has_rows:
        raise SheetMalformed("it has no place for rows")
    look.columns = max(map(column_number, look._letters), default=0)
    return look


def cells_to_parse(blocks: Iterable[bytes], shown_numbers: Mapping[str, Mark]) -> Iterator[bytes]:
    """Yield, as a sheet of its own, only the cells of a regular sheet that may need a mark."""
    styles = b"|".join(style.encode() for style in shown_numbers) or b"none"
    telling = re.compile(
        rb'<c r="[A-Z]+[0-9]+"'
        rb'(?:(?=[^>]* (?:t="e"|s="(?:' + styles + rb')"))[^>]*(?<!/)>|[^>]*(?<!/)><f[ >/])'
        rb".*?</c>",
        re.DOTALL,
    )
    yield b"<sheetData>"
    for block in _whole(blocks, b"<c "):
        yield b"".join(telling.findall(block))
    yield b"</sheetData>"


def _may_need_marks(block: bytes, styles: Sequence[bytes]) -> bool:
    if b't="e"' in block or (b"<f" in block and _FORMULA.search(block)):
        return True
    return any(style in block for style in styles)


def _count(block: bytes, look: SheetLook) -> None:
    """Take the places of rows and cells, unless one of them has none."""
    letters, rows = _CELL.findall(block), _ROW.findall(block)
    look.is_regular = (
        len(letters) == block.count(b"<c ")
        and len(rows) == block.count(b"<row")
        and b"<c>" not in block
    )
    look.rows = max(look.rows, *map(int, rows), 0)
    look._letters.update(letters)


def _whole(blocks: Iterable[bytes], border: bytes) -> Iterator[bytes]:
    """Yield the same bytes, parted only before a border."""
    begun = b""
    for block in blocks:
        end = block.rfind(border)
        if end > 0:
            yield begun + block[:end]
            begun = block[end:]
        elif len(begun) > _LONGEST_TAG:
            raise SheetMalformed("a tag has no end")
        else:
            begun += block
    yield begun
