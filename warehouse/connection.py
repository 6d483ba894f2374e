"""Open DuckDB: the one place that imports it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

Connection = duckdb.DuckDBPyConnection
DatabaseError = duckdb.Error


def connect_for_reading(path: Path) -> Connection:
    """Connect to one snapshot file read-only, with no reach outside it; the caller closes it.

    Raises
    ------
    DatabaseError
        If the file is missing, locked by a writer, or not a database.
    """
    return duckdb.connect(
        str(path),
        read_only=True,
        config={"enable_external_access": "false", "lock_configuration": "true"},
    )


@contextmanager
def open_for_building(path: Path | None, *, memory_limit: str = "1350MB") -> Iterator[Connection]:
    """Open a new database file (or memory, where `path` is None) to build in.

    Insertion order is kept, since the row number of a plain read is the record number. A wide
    table is then written by one thread only where the memory is short: about 17 MB a column are
    needed for two.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "preserve_insertion_order": "true",
    }
    if path is not None:
        settings["temp_directory"] = f"{path}.spill"
    connection = duckdb.connect(":memory:" if path is None else str(path), config=settings)
    try:
        yield connection
    finally:
        connection.close()


def fetch(
    connection: Connection, statement: str, parameters: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Run one statement and return all of its rows, one column of the frame each."""
    return connection.execute(statement, dict(parameters or {})).df()
