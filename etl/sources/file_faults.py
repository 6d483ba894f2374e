"""What makes a delimited file unreadable as a whole, and how that is said.

No message quotes text of the file: at this point nobody knows yet whether it identifies.
"""

import re

from etl.sources.parsed_records import ParsedRecord
from warehouse.errors import SourceUnreadable

MOST_COLUMNS = 500
SAVE_AS_UTF8 = "Save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8') and load again."

_DELIMITER_NAMES = {",": "a comma", "\t": "a tab", ";": "a semicolon", "|": "a vertical bar"}


def check_bytes(block: bytes, *, name: str, lines_before: int) -> None:
    """Raise SourceUnreadable where bytes cannot be text in UTF-8 with ordinary line ends.

    `lines_before` is the number of lines of the file that stand before `block`.
    """
    if b"\0" in block:
        line = _line_at(block, block.index(b"\0"), lines_before)
        raise SourceUnreadable(
            f"{name}, line {line}: holds a NUL byte, so it is not plain text\n  {SAVE_AS_UTF8}"
        )
    if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
        lone = re.search(rb"\r(?!\n)", block)
        line = _line_at(block, lone.start() if lone else 0, lines_before)
        raise SourceUnreadable(
            f"{name}, line {line}: holds a carriage return without a line feed\n"
            "  Allowed: lines that end in a line feed, or in both. Save the file again with "
            "one of these and load again."
        )
    if not block.isascii():
        _check_utf8(block, name, lines_before)


def check_header(header: ParsedRecord, *, name: str, delimiter: str) -> None:
    """Raise SourceUnreadable where the header cannot name the columns."""
    cells = header.cells
    if not "".join(cells).strip():
        problem = "the header is blank"
    elif header.fault:
        problem = f"the header has {header.fault}"
    elif len(cells) == 1 and (other := _other_delimiter(cells[0], delimiter)):
        problem = (
            f"the header is one field: it is separated by {_DELIMITER_NAMES[other]}, "
            f"not by {_DELIMITER_NAMES.get(delimiter, repr(delimiter))}"
        )
    elif len(cells) > MOST_COLUMNS:
        problem = f"the header has {len(cells):,} columns, more than {MOST_COLUMNS}"
    else:
        problem = _fault_of_names(cells)
    if problem:
        raise SourceUnreadable(
            f"{name}, line 1: {problem}\n"
            "  Allowed: one different name for each column, commas between them in .csv, tabs "
            "in .tsv. Correct the source file and load again."
        )


def empty_file(name: str) -> SourceUnreadable:
    """Return the error for a file without a header."""
    return SourceUnreadable(
        f"{name}: the file is empty\n  Needed: a header and a record a line. Export it again."
    )


def _fault_of_names(cells: list[str]) -> str:
    """Say what is wrong with column names; case does not tell two names apart."""
    positions: dict[str, int] = {}
    for position, cell in enumerate(cells, start=1):
        folded = cell.strip().casefold()
        if not folded:
            return f"column {position} has no name"
        if folded in positions:
            return f"columns {positions[folded]} and {position} have the same name"
        positions[folded] = position
    return ""


def _other_delimiter(text: str, delimiter: str) -> str:
    """Return the delimiter that a header of one field seems to be made with, or nothing."""
    others = [mark for mark in _DELIMITER_NAMES if mark != delimiter]
    return max((mark for mark in others if mark in text), key=text.count, default="")


def _check_utf8(block: bytes, name: str, lines_before: int) -> None:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _line_at(block, error.start, lines_before)
        raise SourceUnreadable(
            f"{name}, line {line}: holds bytes that are not UTF-8\n  {SAVE_AS_UTF8}"
        ) from None


def _line_at(block: bytes, index: int, lines_before: int) -> int:
    return lines_before + block.count(b"\n", 0, index) + 1
