"""Small sources, a mapping in TOML, and the canonical rows that come of them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from etl.mapping.building import map_tables
from etl.mapping.reading import parse_mapping
from etl.sources.any_source import read_tables
from etl.sources.text_table import TextTable
from warehouse.connection import Connection, open_for_building


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
