"""Read JSON lines, one flat object a line, as a table of text."""

import json
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from etl.sources.cell_texts import NO, YES, fault_of_texts
from etl.sources.field_counter import LONGEST_RECORD, MOST_RAGGED, UTF8_MARK
from etl.sources.file_faults import check_bytes
from etl.sources.sheet_header import MOST_COLUMNS
from etl.sources.text_files import TextFile, cannot_be_opened, open_text_file
from etl.sources.text_table import TextTable, write_records
from etl.sources.workspace_files import new_text_file
from warehouse.errors import SourceUnreadable

SUFFIXES = (".jsonl", ".ndjson")

Record = dict[str, str | None]


def read_json_lines(path: Path, *, workspace: Path) -> TextTable:
    """Read a file with one flat JSON object a line; blank lines are passed over.

    Numbers are the text that stands in the file (1.10 stays 1.10), true and false read as yes
    and no, null and an absent key are missing. The header is all keys in the order in which they
    first appear. A line that is no valid object, has a key twice, or holds a text that is none
    is a fault. The file is read twice, a line at a time.

    Parameters
    ----------
    path : Path
    workspace : Path
        An existing folder for the text; whoever made it removes it.

    Raises
    ------
    SourceUnreadable
        If the file is no text, a line has more than 1 MiB, a value is itself an object or a
        list, keys cannot name columns, or no line holds a record.
    """
    text = open_text_file(path, workspace=workspace, is_json=True)
    names: dict[str, None] = {}
    faults: list[tuple[int, str]] = []
    for line, record in _records(text, faults):
        for name in record:
            if name not in names:
                _check_name(name, names, f"{path.name}, line {line}")
                names[name] = None
    if not names:
        raise _no_record(path.name)
    header, places = tuple(names), array("I")
    readable = new_text_file(workspace)
    count = write_records(readable, header, _cells(text, header, places))
    return TextTable(
        path.stem, path, path.name, header, readable, count, places=places, faults=tuple(faults)
    )


def _cells(
    text: TextFile, header: tuple[str, ...], places: "array[int]"
) -> Iterator[list[str | None]]:
    """Yield the cells of each record, and keep its line."""
    for line, record in _records(text, []):
        places.append(line)
        yield [record.get(name) for name in header]


class _LineFault(ValueError):
    """A line that holds no record; the message says why."""


class _Nested(ValueError):
    """A value that is itself an object or a list, under the key in the message."""


def _records(text: TextFile, faults: list[tuple[int, str]]) -> Iterator[tuple[int, Record]]:
    """Yield line and record of each line that holds one; add the faulty ones to `faults`."""
    name = text.path.name
    for line, content in _lines(text):
        try:
            record = _record(content)
        except _Nested as nested:
            raise SourceUnreadable(
                f"{name}, line {line}: the value of {nested} is an object or a list\n"
                "  Allowed: texts, numbers, true, false and null. Flatten it and load again."
            ) from None
        except _LineFault as problem:
            faults.append((line, str(problem)))
            if len(faults) > MOST_RAGGED:
                raise _no_record(name) from None
            continue
        if any(record.values()):
            yield line, record


def _lines(text: TextFile) -> Iterator[tuple[int, bytes]]:
    """Yield number, from 1, and bytes of each line that is not blank."""
    try:
        with text.utf8_path.open("rb") as stream:
            yield from _checked_lines(stream, text.path.name)
    except OSError as error:
        raise cannot_be_opened(text.path, error) from None


def _checked_lines(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    line = 0
    while content := stream.readline(LONGEST_RECORD + 1):
        line += 1
        if len(content) > LONGEST_RECORD:
            raise SourceUnreadable(
                f"{name}, line {line}: the line has more than 1 MiB\n"
                "  Allowed: one object a line. Export it as JSON lines and load again."
            )
        check_bytes(content.rstrip(b"\r"), name=name, lines_before=line - 1)
        if line == 1:
            content = content.removeprefix(UTF8_MARK)
        if not content.isspace():
            yield line, content


def _record(content: bytes) -> Record:
    try:
        found = _DECODER.decode(content.decode().strip())
    except RecursionError:
        raise _LineFault("not a valid JSON object") from None
    except json.JSONDecodeError:
        raise _LineFault("not a valid JSON object") from None
    if not isinstance(found, _Object):
        raise _LineFault("not a JSON object")
    record: Record = {}
    for key, value in found.pairs:
        if key in record:
            raise _LineFault("a key that stands twice")
        record[key] = _text(key, value)
    if fault := fault_of_texts([*record, *(text for text in record.values() if text)]):
        raise _LineFault(fault)
    return record


class _Object:
    """An object as it stands, with keys that may stand twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        self.pairs = pairs


def _no_constant(_: str) -> None:
    raise _LineFault("a number that JSON does not have")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Object, parse_float=str, parse_int=str, parse_constant=_no_constant
)


def _text(key: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return YES if value else NO
    raise _Nested(f"'{key[:40]}'")


def _check_name(name: str, names: dict[str, None], place: str) -> None:
    """Refuse a key that cannot name a column beside those already there."""
    if not name.strip():
        problem = "a key is blank"
    elif name.strip().casefold() in {other.strip().casefold() for other in names}:
        problem = f"the key '{name[:40]}' differs from another only in case or blanks"
    elif len(names) == MOST_COLUMNS:
        problem = f"more than {MOST_COLUMNS} different keys"
    else:
        return
    raise SourceUnreadable(
        f"{place}: {problem}\n"
        "  Allowed: one different name for each column. Correct the export and load again."
    )


def _no_record(name: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"{name}: no line, or hardly any, holds a JSON object with values\n"
        "  Allowed: one object a line, without a list around all. Export it as JSON lines."
    )
