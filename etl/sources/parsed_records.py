"""The careful look at a block: its records one by one, each with what is wrong with it."""

import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from etl.sources.regular_blocks import LONGEST_CELL

BLANK_LINE = "blank line"
TOO_FEW = "too few fields"
TOO_MANY = "too many fields"
DELIMITER_TOO_MANY = "one delimiter too many at the end"
LONG_CELL = "a cell of more than 10,000 characters"
ENDLESS_CELL = "a cell of more than 131,072 characters"
STRAY_QUOTE = "a quote inside an unquoted field"
TEXT_AFTER_QUOTE = "text after a closing quote"


class ParsedRecord(NamedTuple):
    """One record as it stands in the file.

    Attributes
    ----------
    text : bytes
        Its bytes, line end included.
    lines : int
        Physical lines that it covers.
    cells : list of str
        Its cells; read leniently where `fault` says that quotes are wrong.
    fault : str
        What makes it unfit to be read further; empty when nothing does.
    is_open : bool
        True where a quote is still open when the block ends.
    """

    text: bytes
    lines: int
    cells: list[str]
    fault: str = ""
    is_open: bool = False


class RecordParser:
    """Split blocks of text into records; `width` is None while the header is unread."""

    def __init__(self, delimiter: str, *, allow_stray_quotes: bool = False) -> None:
        self._delimiter = delimiter
        self.width: int | None = None
        mark = re.escape(delimiter)
        # After a leading blank a quote is read in two ways by different readers.
        stray = f'(?! +")[^{mark}"\r\n][^{mark}\r\n]*+'
        unquoted = stray if allow_stray_quotes else f'[^{mark}"\r\n]++'
        field = f'(?:"(?:[^"]++|"")*+"|{unquoted}|)'
        self._well_quoted = re.compile(f"{field}(?:{mark}{field})*+\r?\n?")

    def records_in(self, block: bytes) -> Iterator[ParsedRecord]:
        """Yield the records of `block`, which starts at the start of a record.

        The last one is marked `is_open` when the block ends inside its quotes.
        """
        lines = block.splitlines(keepends=True)
        text_lines = io.StringIO(block.decode(), newline="\n")
        reader = csv.reader(text_lines, delimiter=self._delimiter, strict=True)
        start = 0
        while start < len(lines):
            try:
                cells, error = next(reader), ""
            except csv.Error as problem:
                cells, error = [], str(problem)
            stop = reader.line_num
            text = lines[start] if stop == start + 1 else b"".join(lines[start:stop])
            if error:
                yield self._unreadable(text, stop - start, error)
            else:
                yield ParsedRecord(text, stop - start, cells, self._fault_of(text, cells))
            start = stop

    def _unreadable(self, text: bytes, lines: int, error: str) -> ParsedRecord:
        """Return a record at which the strict reader stopped, for the reason it gives."""
        if "unexpected end of data" in error:
            return ParsedRecord(text, lines, [], is_open=True)
        if "larger than field limit" in error:
            return ParsedRecord(text, lines, [], ENDLESS_CELL)
        return ParsedRecord(text, lines, self._lenient_cells(text), TEXT_AFTER_QUOTE)

    def _fault_of(self, text: bytes, cells: list[str]) -> str:
        if not cells:
            return BLANK_LINE
        if b'"' in text and not self._is_well_quoted(text, cells):
            return STRAY_QUOTE
        if len(text) > LONGEST_CELL and max(map(len, cells)) > LONGEST_CELL:
            return LONG_CELL
        if self.width is None or len(cells) == self.width:
            return ""
        if len(cells) < self.width:
            return TOO_FEW
        is_trailing = len(cells) == self.width + 1 and not cells[-1]
        return DELIMITER_TOO_MANY if is_trailing else TOO_MANY

    def _is_well_quoted(self, text: bytes, cells: list[str]) -> bool:
        """Say whether quotes stand only around fields, or doubled inside quoted ones."""
        if '"' not in "".join(cells):
            return True
        return self._well_quoted.fullmatch(text.decode()) is not None

    def _lenient_cells(self, text: bytes) -> list[str]:
        """Return cells of a record whose quotes are wrong, to say how many there seem to be."""
        lines = text.decode().split("\n")
        try:
            return next(csv.reader(lines, delimiter=self._delimiter, strict=False))
        except csv.Error:  # a cell too long to be held
            return []
