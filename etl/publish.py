"""Write a snapshot, and make it the published one by swapping the pointer."""

import hashlib
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from etl.build import (
    MACROS,
    MARTS,
    build_marts,
    comment_columns,
    create_tables,
    create_types,
    stored_columns,
)
from etl.steps import Progress, reach
from etl.upsert import rows_to_write
from warehouse.columns import Table
from warehouse.connection import Connection
from warehouse.snapshot import Pointer, read_pointer, snapshot_folder, write_pointer
from warehouse.source_schema import SCHEMA_VERSION, TABLES
from warehouse.sql_files import read_sql

_DAY_ZERO = "before"
"""When scores of day 0 were taken, unless a mapping says otherwise."""
_KEPT_SNAPSHOTS = 3
_MEMORY_OF_MARTS = "950MB"
"""Less again than the checks may use."""
_YOUNG_SECONDS = 600


@dataclass(frozen=True)
class SnapshotFacts:
    """What a snapshot says about itself besides its records."""

    built: datetime
    privacy_mode: str
    rule_version: str
    day_zero: str | None = None


def build_version() -> str:
    """Return what changes when a mart or macro changes: 12 hex digits."""
    texts = [read_sql(f"marts/{name}") for name in MARTS]
    texts += [read_sql(f"macros/{name}") for name in MACROS]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def build_snapshot(
    connection: Connection,
    path: Path,
    facts: SnapshotFacts,
    *,
    has_prior: bool,
    progress: Progress | None = None,
) -> str:
    """Write the canonical rows, marts and macros to a new file and return its checksum.

    Reads `changed_<table>` and `prior_<table>` of the connection, whose database is `stage`.
    """
    connection.execute("set force_compression = 'auto'")
    connection.execute(f"attach '{_escaped(path)}' as built")
    connection.execute("use built")
    with _one_transaction(connection):
        create_types(connection)
        create_tables(connection)
        comment_columns(connection)
    connection.execute("use stage")
    for table in TABLES:
        columns = ", ".join(stored_columns(table))
        rows = rows_to_write(table, has_prior=has_prior)
        connection.execute(f"insert into built.main.{table.name} ({columns}) {rows}")
    reach("tables_built", progress)
    connection.execute("use built")
    connection.execute(f"set memory_limit = '{_MEMORY_OF_MARTS}'")
    build_marts(connection)
    checksum = _checksum(connection)
    _write_facts(connection, checksum, facts)
    reach("marts_built", progress)
    connection.execute("use stage")
    connection.execute("detach built")
    return checksum


@contextmanager
def _one_transaction(connection: Connection) -> Iterator[None]:
    """Write what the body does to disk once, not statement by statement."""
    connection.execute("begin transaction")
    yield
    connection.execute("commit")


def publish(warehouse: Path, built: Path, checksum: str, progress: Progress | None = None) -> str:
    """Move the built file among the snapshots, swap the pointer, and return the snapshot's id."""
    folder = snapshot_folder(warehouse)
    name = _free_name(folder, checksum[:12])
    built.replace(folder / name)
    reach("snapshot_named", progress)
    write_pointer(warehouse, Pointer(name, checksum))
    reach("pointer_swapped", progress)
    return checksum[:12]


def remove_leftovers(warehouse: Path) -> None:
    """Remove what killed loads left behind; only under the lock."""
    for folder, pattern in (
        (snapshot_folder(warehouse), "*.building*"),
        (warehouse.parent, f"{warehouse.name}.*.building"),
    ):
        for path in folder.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                _try_to_remove(path)


def remove_old_snapshots(warehouse: Path) -> None:
    """Keep the published snapshot, the last three, and any younger than ten minutes.

    A file that a reader still holds open stays (Windows) and goes after a later load.
    """
    published = read_pointer(warehouse).file_name
    snapshots = sorted(
        snapshot_folder(warehouse).glob("*.duckdb"),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in snapshots[_KEPT_SNAPSHOTS:]:
        is_young = time.time() - path.stat().st_mtime < _YOUNG_SECONDS
        if path.name != published and not is_young:
            _try_to_remove(path)


def published_build_version(connection: Connection, database: str) -> str:
    """Return the build version that an attached snapshot was written with."""
    rows = connection.execute(f"select build_version from {database}.snapshot_facts").fetchall()
    return str(rows[0][0])


def _try_to_remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # held open by a reader on Windows; the next load tries again
        return


def _free_name(folder: Path, snapshot_id: str) -> str:
    """Return a file name that no snapshot has: a file that readers may hold is never replaced."""
    name, number = f"{snapshot_id}.duckdb", 1
    while (folder / name).exists():
        number += 1
        name = f"{snapshot_id}-{number}.duckdb"
    return name


def _checksum(connection: Connection) -> str:
    """Return the checksum of the contents: neither time, nor keys, nor the order of rows."""
    digest = hashlib.sha256(f"schema {SCHEMA_VERSION}\n".encode())
    for table in TABLES:
        rows, total = connection.execute(_hash_of_rows(table)).fetchall()[0]
        digest.update(f"{table.name} {rows} {total}\n".encode())
    return digest.hexdigest()


def _hash_of_rows(table: Table) -> str:
    columns = ", ".join(
        f"{table.name}.{name}"
        for name in stored_columns(table)
        if name not in ("procedure_key", "patient_key")
    )
    if table.name == "procedures":
        return f"select count(*), sum(hash({columns})::hugeint) from procedures"
    return (
        f"select count(*), sum(hash(hash(procedure_id), {columns})::hugeint) "
        f"from {table.name} join procedures using (procedure_key)"
    )


def _write_facts(connection: Connection, checksum: str, facts: SnapshotFacts) -> None:
    connection.execute(
        """
        create table snapshot_facts (
            schema_version integer,
            snapshot_id varchar,
            checksum varchar,
            built_at varchar,
            privacy_mode varchar,
            day_zero varchar,
            rule_version varchar,
            build_version varchar
        )
        """
    )
    connection.execute(
        "insert into snapshot_facts values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            SCHEMA_VERSION,
            checksum[:12],
            checksum,
            facts.built.isoformat(timespec="seconds"),
            facts.privacy_mode,
            facts.day_zero or _DAY_ZERO,
            facts.rule_version,
            build_version(),
        ],
    )


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
