"""Open DuckDB: the one place that imports it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

Connection = duckdb.DuckDBPyConnection
DatabaseError = duckdb.Error

_READING = {"enable_external_access": "false", "lock_configuration": "true"}


@contextmanager
def open_for_reading(path: Path) -> Iterator[Connection]:
    """Open one snapshot file read-only, with no reach outside it, and close it after.

    Raises
    ------
    DatabaseError
        If the file is missing, locked by a writer, or not a database.
    """
    connection = duckdb.connect(str(path), read_only=True, config=_READING)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def open_for_building(path: Path | None, *, memory_limit: str = "1200MB") -> Iterator[Connection]:
    """Open a new database file (or memory, where `path` is None) to build in.

    Insertion order is not kept by default engine settings that spill, so it is asked for:
    the row number of a plain read is the order of the file.
    """
    settings = {"memory_limit": memory_limit, "preserve_insertion_order": "true"}
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
