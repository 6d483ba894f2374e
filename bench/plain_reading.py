"""Read a small delimited file character by character: a second opinion on what a load must do.

Written apart from the loader, from its rules alone: quotes around whole fields only and doubled
within; the width of the header; words, whole and decimal numbers, and surrogates as declared.
"""

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field

from warehouse.columns import Column, Table

SURROGATE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
DIGITS = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
NUMBER = re.compile(rf"[ \t\n\v\f\r]*{DIGITS}[ \t\n\v\f\r]*")
MISSING = ("", "NA")
BLANKS = " \u00a0\u1680\u202f\u205f\u3000" + "".join(chr(n) for n in range(0x2000, 0x200B))
Value = str | int | float | None


@dataclass
class PlainRecord:
    """One record: the line it starts on, its cells, and whether quotes or cells are wrong."""

    line: int
    cells: list[str] = field(default_factory=list)
    is_wrong: bool = False
    is_open: bool = False


@dataclass(frozen=True)
class Reading:
    """What a file means: the line of each refused record, and the sound rows by their key.

    A row has the value of each column that its file has.

    `is_refused` where the file as a whole cannot be read.
    """

    is_refused: bool = False
    records: int = 0
    refused: dict[int, int] = field(default_factory=dict)
    rows: dict[str, dict[str, Value | type[ValueError]]] = field(default_factory=dict)


def read_plainly(content: bytes, table: Table) -> Reading:
    """Return what a file of one table means."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return Reading(is_refused=True)
    records = _records(text)
    if "\r" in text or "\0" in text or not records or records[-1].is_open:
        return Reading(is_refused=True)
    names, known = records[0].cells, set(table.column_names)
    if records[0].is_wrong or len(records) == 1 or len(set(names)) < len(names):
        return Reading(is_refused=True)
    if not set(table.required_columns) <= set(names) <= known:
        return Reading(is_refused=True)
    return _judged(records[1:], [table.column(name) for name in names], table)


def _records(text: str) -> list[PlainRecord]:
    records, place, line = [], 0, 1
    while place < len(text):
        record = PlainRecord(line)
        end = _read_record(text, place, record)
        line += text.count("\n", place, end)
        records.append(record)
        place = end
    return records


def _read_record(text: str, place: int, record: PlainRecord) -> int:
    """Fill `record` from its first character on, and return where the next one starts."""
    while True:
        if text[place : place + 1] == '"':
            cell, place = _quoted(text, place + 1, record)
        else:
            cell = re.compile(r"[^,\n]*").match(text, place).group()  # type: ignore[union-attr]
            place += len(cell)
            record.is_wrong |= '"' in cell
        record.cells.append(cell)
        follower = text[place : place + 1]
        if follower not in (",", "\n", ""):
            record.is_wrong = True
            return text.find("\n", place) + 1 or len(text)
        place += len(follower)
        if follower != ",":
            return place


def _quoted(text: str, place: int, record: PlainRecord) -> tuple[str, int]:
    """Return the text up to the closing quote, and the place after that."""
    found = re.compile(r'((?:[^"]|"")*)"').match(text, place)
    if found is None:
        record.is_open = True
        return text[place:], len(text)
    return found.group(1).replace('""', '"'), found.end()


def _judged(records: list[PlainRecord], columns: list[Column], table: Table) -> Reading:
    reading = Reading(records=len(records))
    with_key: dict[str, list[tuple[int, dict]]] = defaultdict(list)
    for number, record in enumerate(records, start=1):
        if record.is_wrong or len(record.cells) != len(columns):
            reading.refused[number] = record.line
            continue
        cells = dict(zip((column.name for column in columns), record.cells, strict=True))
        values = {column.name: value_of(cells[column.name], column) for column in columns}
        if ValueError in values.values():
            reading.refused[number] = record.line
            values |= {f"text of {name}": cell.replace("NA", "") for name, cell in cells.items()}
        parts = [_key(cells[name]) for name in table.key]
        with_key["/".join(parts) if all(parts) else f"record {number}"].append((number, values))
    for key, same in with_key.items():
        are_copies = all(values == same[0][1] for _, values in same)
        for place, (number, values) in enumerate(same):
            if number in reading.refused:
                continue
            if are_copies and place == 0:
                reading.rows[key] = values
            else:
                reading.refused[number] = records[number - 1].line
    return reading


def _key(cell: str) -> str:
    """Return a part of a key; empty where it is missing."""
    return "" if cell in MISSING else cell.strip(BLANKS)


def value_of(cell: str, column: Column) -> Value | type[ValueError]:
    """Return what a cell is stored as, or ValueError where it must be refused."""
    if cell in MISSING or not cell.strip(BLANKS):
        return ValueError if column.required else None
    if column.kind == "identifier":
        return cell if SURROGATE.fullmatch(cell) else ValueError
    if column.kind == "word":
        return cell if cell in column.words else ValueError
    return _number_of(cell, column) if NUMBER.fullmatch(cell) else ValueError


def _number_of(cell: str, column: Column) -> Value | type[ValueError]:
    number, (low, high) = float(cell), column.hard
    is_low = low is not None and (number <= low if column.above_lower else number < low)
    if is_low or (high is not None and number > high) or not math.isfinite(number):
        return ValueError
    if column.kind == "whole":
        return int(number) if number.is_integer() and abs(number) < 2**31 else ValueError
    return number
