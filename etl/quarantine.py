"""Write refused rows to files that the practice can correct, with every reason."""

import csv
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

from etl.staged_file import Files, StagedFile
from etl.validate import RAGGED
from warehouse.columns import Table
from warehouse.connection import Connection
from warehouse.source_schema import table_named

_Row = tuple[Any, ...]

_CHUNK = 10_000
_PLACE = ("record", "line", "reasons")
_UNREAD = "unread_record"


def write_quarantine(connection: Connection, files: Files, folder: Path) -> Path | None:
    """Write `<table>.csv` with the refused rows of each table; None when there are none.

    Columns: `record` and `line` in the source, `reasons` (rule, column and what is allowed, one
    after another), the canonical columns as they were given, and `unread_record`, the text of a
    record that could not be taken apart. To be called only once the identifier gate has passed.
    """
    for name, file in files.items():
        refused = _refused_rows(connection, table_named(name), file)
        rows: list[_Row] = [*refused, *_ragged_rows(table_named(name), file)]
        if rows:
            rows.sort(key=itemgetter(0))
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(folder / f"{name}.csv", table_named(name), rows)
    return folder if folder.is_dir() else None


def _refused_rows(connection: Connection, table: Table, file: StagedFile) -> Iterator[_Row]:
    cells = ", ".join(_cell(table, file, name) for name in table.column_names)
    cursor = connection.execute(
        f"""
        select record, reasons, {cells}
        from raw_{table.name} as raw
        join (
            select record, string_agg(reason, '; ' order by reason) as reasons
            from (
                select distinct
                    record, concat(rule, ' (', column_name, ': ', allowed, ')') as reason
                from refusals
                where table_name = $table_name
            )
            group by record
        ) on raw.rowid = record - 1
        order by record
        """,
        {"table_name": table.name},
    )
    while chunk := cursor.fetchmany(_CHUNK):
        for sound_record, reasons, *values in chunk:
            record = file.record_of(sound_record)
            yield (record, file.line_of(record), reasons, *values, "")


def _cell(table: Table, file: StagedFile, name: str) -> str:
    """Return a cell as text: as it was given where the row has a bad cell, else as stored."""
    present = [column.name for column in table.columns if column.name in file.header]
    if name not in present:
        return "null"
    place = present.index(name) + 1
    return f"case when cells is null then {name}::varchar else cells[{place}] end"


def _ragged_rows(table: Table, file: StagedFile) -> Iterator[_Row]:
    blanks = [None] * len(table.columns)
    for ragged, text in zip(file.ragged, file.ragged_texts(), strict=True):
        reason = f"{RAGGED} ({ragged.reason})"
        yield (ragged.record, ragged.line, reason, *blanks, text.rstrip("\r\n"))


def _write(path: Path, table: Table, rows: list[_Row]) -> None:
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*_PLACE, *table.column_names, _UNREAD])
        writer.writerows(rows)
