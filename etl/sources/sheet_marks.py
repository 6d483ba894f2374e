"""What the workbook library does not tell of a cell: errors, formulas never calculated, formats.

The library reads an error, a formula without a value and a blank cell all as nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import NamedTuple
from xml.parsers import expat


class SheetMalformed(ValueError):
    """The XML of a worksheet is not that of a worksheet."""


class MarkKind(Enum):
    """Why a cell is not what the library reads."""

    ERROR = "error"
    UNCALCULATED = "uncalculated"
    PERCENT = "percent"
    PADDED = "padded"


class Mark(NamedTuple):
    """A kind, and the error's text or the number of digits."""

    kind: MarkKind
    detail: str = ""


class Cell(NamedTuple):
    """One cell that is not blank; row and column from 1."""

    row: int
    column: int
    mark: Mark | None


def column_number(letters: bytes | str) -> int:
    """Return the number of a column, from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters.encode() if isinstance(letters, str) else letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column, counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cells_in(
    blocks: Iterable[bytes], shown_numbers: Mapping[str, Mark], *, is_uncalculated: bool = False
) -> Iterator[Cell]:
    """Parse the XML of a worksheet and yield its cells that are not blank, as they stand.

    Raises
    ------
    SheetMalformed
        If it is no well-formed XML, or a cell or row has no proper place.
    """
    watcher = _CellWatcher(shown_numbers, is_uncalculated)
    try:
        for block in blocks:
            watcher.parser.Parse(block, False)
            yield from watcher.drain()
        watcher.parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise SheetMalformed(str(error)) from None
    watcher.finish_cell()
    yield from watcher.drain()


class _CellWatcher:
    """Follow start tags; the text of a cell is heard only where it can matter."""

    def __init__(self, shown_numbers: Mapping[str, Mark], is_uncalculated: bool) -> None:
        self._shown_numbers = shown_numbers
        self._is_uncalculated = is_uncalculated
        self._cells: list[Cell] = []
        self._row = self._column = 0
        self._has_formula = self._has_value = False
        self._texts: list[str] = []
        self._attributes: dict[str, str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._find_rows

    def drain(self) -> list[Cell]:
        """Return the cells finished since the last call."""
        cells, self._cells = self._cells, []
        return cells

    def _find_rows(self, name: str, _: dict[str, str]) -> None:
        """Wait for the start of the rows: it tells the prefix that their elements have."""
        if name.rpartition(":")[2] == "sheetData":
            prefix = name.removesuffix("sheetData")
            self._names = {prefix + local: local for local in ("c", "v", "f", "is", "row")}
            self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name)
        if local == "c":
            self.finish_cell()
            self._begin_cell(attributes)
        elif local == "row":
            self.finish_cell()
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif local:
            self._start_content(local)

    def _start_content(self, local: str) -> None:
        """Take note of a value, a formula or an inline text of the cell that was begun."""
        if self._attributes is None:
            raise ValueError("a value stands outside a cell")
        if local == "f":
            self._has_formula = True
            return
        self._has_value = True
        if local == "v" and (self._has_formula or self._attributes.get("t") == "e"):
            self.parser.CharacterDataHandler = self._texts.append

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._column += 1
        if reference is not None:
            letters = reference.rstrip("0123456789")
            if not letters.isalpha() or not letters.isascii() or len(letters) > 3:
                raise ValueError("a cell has no proper place")
            self._column = column_number(letters.upper())
            self._row = int(reference[len(letters) :])
        self._attributes = attributes
        self._has_formula = self._has_value = False
        self._texts = []

    def finish_cell(self) -> None:
        """Keep the cell that was begun, unless it is blank."""
        if self._attributes is None:
            return
        self.parser.CharacterDataHandler = None
        if self._has_value or self._has_formula:
            self._cells.append(Cell(self._row, self._column, self._mark(self._attributes)))
        self._attributes = None

    def _mark(self, attributes: dict[str, str]) -> Mark | None:
        kind = attributes.get("t", "n")
        text = "".join(self._texts).strip()
        if self._has_formula and (self._is_uncalculated or not self._has_result(kind, text)):
            return Mark(MarkKind.UNCALCULATED)
        if kind == "e":
            return Mark(MarkKind.ERROR, text)
        return self._shown_numbers.get(attributes.get("s", "")) if kind == "n" else None

    def _has_result(self, kind: str, text: str) -> bool:
        """Say whether a formula was calculated; the result of one for text may be empty."""
        return bool(text) or (kind == "str" and self._has_value)
