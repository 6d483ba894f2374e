"""Split the records of a flat export by form, in one pass."""

import csv
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from etl.sources.delimited import DelimitedFile
from etl.sources.field_counter import LONGEST_RECORD
from etl.sources.redcap.events import EVENT_DAY, EventDays, day_of
from etl.sources.redcap.form_records import FormReader
from etl.sources.redcap.layout import EVENT, EXPORT_RAW, REPEAT_FORM, Layout
from etl.sources.text_table import TextTable
from warehouse.errors import SourceUnreadable

Faults = tuple[tuple[int, str], ...]


@dataclass(frozen=True, eq=False)
class SplitExport:
    """The forms of an export.

    Attributes
    ----------
    tables : tuple of TextTable
    readers : tuple of FormReader
        As `tables`, with what they counted.
    events : tuple of str
        Event names in order of appearance.
    repeating : frozenset of str
        Forms that records of their own are for.
    stray : Counter of str
        Form -> records of another, repeating form that hold something of it.
    """

    tables: tuple[TextTable, ...]
    readers: tuple[FormReader, ...]
    events: tuple[str, ...]
    repeating: frozenset[str]
    stray: Counter[str]


class _FormTable:
    """The table of one form, while it is written."""

    def __init__(self, reader: FormReader, header: Sequence[str], path: Path, file: TextIO) -> None:
        self.reader, self.header, self.path = reader, tuple(header), path
        self.places = array("q")
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(header)

    def add(self, names: Sequence[str], cells: Sequence[str], record: int, line: int) -> None:
        """Write the form's part of a record, if anybody filled it in."""
        form_cells = self.reader.read(cells, record)
        if form_cells is not None:
            self._writer.writerow([*names, *form_cells])
            self.places.append(line)


class _Router:
    """Finds the tables that a record belongs to, and counts what stands outside its form."""

    def __init__(self, layout: Layout, tables: dict[str, _FormTable]) -> None:
        self.stray: Counter[str] = Counter()
        self.repeating: set[str] = set()
        self._tables = tables
        self._forms = frozenset(form.form for form in layout.forms)
        self._position = layout.system.get(REPEAT_FORM)

    def tables_of(self, cells: Sequence[str], place: str) -> list[_FormTable]:
        """Return one table for a record of a repeating form, else all."""
        form = "" if self._position is None else cells[self._position].strip()
        if not form:
            return list(self._tables.values())
        if form not in self._forms:
            raise SourceUnreadable(
                f"{place}, column {REPEAT_FORM!r}: not a form of the dictionary\n"
                f"  Allowed: the names of its forms. If this is a labels export: {EXPORT_RAW} "
                "Otherwise download the dictionary again."
            )
        self.repeating.add(form)
        for name, table in self._tables.items():
            if name != form and table.reader.is_filled(cells):
                self.stray[name] += 1
        return [self._tables[form]] if form in self._tables else []


def split_into_forms(
    file: DelimitedFile, layout: Layout, folder: Path, event_days: EventDays | None
) -> SplitExport:
    """Write a table for each form and count what its cells hold.

    A record that cannot be read may belong to any form, so it is a fault of every table.

    Raises
    ------
    SourceUnreadable
        If a record belongs to a repeating form that the dictionary lacks.
    """
    events: dict[str, None] = {}
    faults = [(ragged.line, ragged.reason) for ragged in file.ragged]
    with ExitStack() as stack:
        tables = _open_tables(file, layout, folder, stack)
        router = _Router(layout, tables)
        for record, cells in _records_of(file):
            line = file.line_of(file.record_of(record))
            names = _names(cells, layout, event_days)
            if not names[0]:
                faults.append((line, "names no record"))
                continue
            if EVENT in layout.system:
                events[cells[layout.system[EVENT]].strip()] = None
            for table in router.tables_of(cells, f"{file.path.name}, line {line}"):
                table.add(names, cells, record, line)
    ordered = tuple(sorted(faults))
    return SplitExport(
        tables=tuple(_text_table(file, table, ordered) for table in tables.values()),
        readers=tuple(table.reader for table in tables.values()),
        events=tuple(events),
        repeating=frozenset(router.repeating),
        stray=router.stray,
    )


def _open_tables(
    file: DelimitedFile, layout: Layout, folder: Path, stack: ExitStack
) -> dict[str, _FormTable]:
    names = [file.header[layout.record_id].strip()]
    for name in layout.system:
        names += [name, EVENT_DAY] if name == EVENT else [name]
    tables = {}
    for place, form in enumerate(layout.forms):
        if not form.columns and place > 0:
            continue
        path = folder / f"{form.form}.csv"
        path.touch(mode=0o600)
        stream = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
        header = [*names, *(column.name for column in form.columns)]
        reader = FormReader(form, names_records=place == 0)
        tables[form.form] = _FormTable(reader, header, path, stream)
    return tables


def _records_of(file: DelimitedFile) -> Iterator[tuple[int, list[str]]]:
    """Yield (number among the sound records, cells)."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_RECORD))
    with file.readable_path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=file.delimiter, strict=True)
        next(reader)
        yield from enumerate(reader, start=1)


def _names(cells: Sequence[str], layout: Layout, event_days: EventDays | None) -> list[str]:
    """Return the record's name and REDCap's own columns, the event's day after the event."""
    names = [cells[layout.record_id].strip()]
    for name, place in layout.system.items():
        cell = cells[place].strip()
        names += [cell, day_of(cell, event_days)] if name == EVENT else [cell]
    return names


def _text_table(file: DelimitedFile, table: _FormTable, faults: Faults) -> TextTable:
    form = table.reader.layout.form
    return TextTable(
        name=form,
        origin=file.path,
        title=f"{file.path.name}, form {form}",
        header=table.header,
        readable_path=table.path,
        records=len(table.places),
        places=table.places,
        faults=faults,
    )
