"""Write refused rows to files that the practice can correct, with every reason."""

import csv
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from etl.sources.quarantine_columns import PLACE_COLUMNS, UNREAD_COLUMN
from etl.staged_file import Files, StagedFile
from etl.validate import RAGGED
from warehouse.connection import Connection
from warehouse.source_schema import table_named

_Row = tuple[Any, ...]

_CHUNK = 10_000


def write_quarantine(connection: Connection, files: Files, folder: Path) -> Path | None:
    """Write `<table>.csv` with the refused rows of each table; None when there are none.

    Columns: `record` and `line` in the source, `reasons` (rule, column and what is allowed, one
    after another), the canonical columns that the source has, as they were given, and
    `unread_record`, the text of a record that could not be taken apart. A corrected file can be
    loaded as it is. To be called only once the identifier gate has passed.
    """
    for name, file in files.items():
        columns = [column for column in table_named(name).column_names if column in file.header]
        refused = _refused_rows(connection, columns, file)
        rows: list[_Row] = [*refused, *_ragged_rows(columns, file)]
        if rows:
            rows.sort(key=itemgetter(0))
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(folder / f"{name}.csv", columns, rows)
    return folder if folder.is_dir() else None


def _refused_rows(
    connection: Connection, columns: Sequence[str], file: StagedFile
) -> Iterator[_Row]:
    cells = ", ".join(_cell(place, name) for place, name in enumerate(columns, 1))
    cursor = connection.execute(
        f"""
        select record, reasons, {cells}
        from raw_{file.table} as raw
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
        {"table_name": file.table},
    )
    while chunk := cursor.fetchmany(_CHUNK):
        for sound_record, reasons, *values in chunk:
            record = file.record_of(sound_record)
            yield (record, file.line_of(record), reasons, *values, "")


def _cell(place: int, name: str) -> str:
    """Return a cell as text: as it was given where the row has a bad cell, else as stored."""
    return f"case when cells is null then {name}::varchar else cells[{place}] end"


def _ragged_rows(columns: Sequence[str], file: StagedFile) -> Iterator[_Row]:
    blanks = [None] * len(columns)
    for ragged, text in zip(file.ragged, file.ragged_texts(), strict=True):
        reason = f"{RAGGED} ({ragged.reason})"
        yield (ragged.record, ragged.line, reason, *blanks, text.rstrip("\r\n"))


def _write(path: Path, columns: Sequence[str], rows: list[_Row]) -> None:
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*PLACE_COLUMNS, *columns, UNREAD_COLUMN])
        writer.writerows(rows)
