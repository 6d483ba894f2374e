"""Small sources, a mapping in TOML, and the canonical rows that come of them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from etl.mapping.building import map_tables
from etl.mapping.reading import parse_mapping
from etl.sources.any_source import read_tables
from etl.sources.text_table import TextTable
from warehouse.connection import Connection, open_for_building
from warehouse.errors import SourceUnreadable


@pytest.fixture
def connection() -> Iterator[Connection]:
    """Yield an empty database in memory."""
    with open_for_building(None) as opened:
        yield opened


@pytest.fixture
def tables_from(tmp_path: Path) -> Callable[..., list[TextTable]]:
    """Return a function that writes each table's lines to a CSV file and reads them as text."""

    def read(**tables: Sequence[str]) -> list[TextTable]:
        paths = []
        for name, lines in tables.items():
            path = tmp_path / f"{name}.csv"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
            paths.append(path)
        return read_tables(paths, workspace=tmp_path)

    return read


@pytest.fixture
def mapped(connection: Connection, tables_from) -> Callable[..., list[dict[str, str | None]]]:
    """Return a function that maps tables and returns the rows of one canonical table.

    `mapped("treated_levels", toml, cases=[header, *records])`; the rows are in source order and
    hold the canonical columns alone.
    """

    def rows(table: str, toml: str, **tables: Sequence[str]) -> list[dict[str, str | None]]:
        made = map_tables(connection, parse_mapping(toml), tables_from(**tables))
        columns = next(one.columns for one in made if one.table == table)
        found = connection.execute(
            f"select {', '.join(columns)} from mapped_{table} "
            f"order by source_table, source_record, source_entry, {', '.join(columns)}"
        ).fetchall()
        return [dict(zip(columns, row, strict=True)) for row in found]

    return rows


@pytest.fixture
def findings(connection: Connection) -> Callable[[], list[tuple]]:
    """Return a function that returns what the mapping found, in record order."""
    return lambda: connection.execute(
        "select rule, severity, source_table, source_record, column_name, found, allowed "
        "from mapping_findings order by source_record, rule, found"
    ).fetchall()


PROCEDURES = """
[procedures]
source = "cases"
[procedures.columns]
procedure_id = "case"
patient_id = "patient"
site_id = { value = "A" }
procedure_year = { value = 2024 }
technique = { value = "kyphoplasty" }
cause = { value = "osteoporosis" }
"""


@pytest.fixture
def procedures() -> str:
    """Return a mapping of a table `cases` with columns case and patient; lines may follow it."""
    return PROCEDURES


@pytest.fixture
def column_of(mapped) -> Callable[..., list[str | None]]:
    """Return a function that gives the canonical cells one line makes of columns `x` and `y`."""

    def cells(line: str, records: Sequence[str], top: str = "") -> list[str | None]:
        rows = [f"C{n},P{n},{record}" for n, record in enumerate(records)]
        made = mapped("procedures", top + PROCEDURES + line, cases=["case,patient,x,y", *rows])
        return [row[line.split("=")[0].strip()] for row in made]

    return cells


@pytest.fixture
def refusal_of(tables_from, connection) -> Callable[..., str]:
    """Return a function that gives the message with which a mapping is refused."""

    def message(toml: str, **tables: Sequence[str]) -> str:
        with pytest.raises(SourceUnreadable) as refused:
            map_tables(connection, parse_mapping(toml), tables_from(**tables))
        return str(refused.value)

    return message
