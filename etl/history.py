"""What was loaded, when, and what was found: a small database beside the snapshots.

It lies in `<warehouse>.d/history.sqlite`, never in a snapshot, so that a snapshot depends on its
records alone. Times are UTC in ISO 8601. Of patients it holds only offending values, cut to 40
characters.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from etl.judgement_history import SCHEMA, groups_of, judged_of, write_judgement
from etl.report import ExampleRow, Finding, GroupSizes, Judged, TableCounts
from warehouse.snapshot import snapshot_folder

_SCHEMA = """
create table if not exists loads (
    load_id integer primary key,
    kind text not null,
    started text not null,
    finished text,
    status text not null,
    exit_code integer,
    message text not null default '',
    snapshot text,
    fingerprint text not null default '',
    rule_version text not null default '',
    settings text not null default '{}',
    quarantine text
);
create table if not exists load_files (
    load_id integer not null,
    table_name text not null,
    file_name text not null,
    sha256 text not null,
    bytes integer not null,
    primary key (load_id, table_name)
);
create table if not exists table_counts (
    load_id integer not null,
    table_name text not null,
    read integer not null,
    loaded integer not null,
    unchanged integer not null,
    updated integer not null,
    quarantined integer not null,
    out_of_scope integer not null,
    primary key (load_id, table_name)
);
create table if not exists findings (
    load_id integer not null,
    rule text not null,
    severity text not null,
    table_name text not null,
    count integer not null,
    of integer not null,
    example_rows text not null,
    primary key (load_id, rule, table_name)
);
"""
_FINISHED = ("published", "unchanged", "checked", "refused")


@dataclass(frozen=True)
class SourceFile:
    """A file as it is remembered: its table, name, checksum and size."""

    table: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Outcome:
    """What a load came to, to be remembered whole."""

    status: str
    snapshot: str | None
    tables: Mapping[str, TableCounts]
    findings: tuple[Finding, ...]
    quarantine: Path | None
    judged: tuple[Judged, ...] = ()
    groups: GroupSizes | None = None


def history_path(warehouse: Path) -> Path:
    """Return where the history of a warehouse lies."""
    return snapshot_folder(warehouse) / "history.sqlite"


class History:
    """The history of one warehouse, open for writing under the lock."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def start(self, kind: str, started: datetime, settings: Mapping[str, object]) -> int:
        """Remember that a load or check has started, and return its number."""
        with self._connection:
            cursor = self._connection.execute(
                "insert into loads (kind, started, status, settings) values (?, ?, 'running', ?)",
                (kind, _iso(started), json.dumps(settings)),
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def name_files(
        self, load_id: int, files: tuple[SourceFile, ...], fingerprint: str, rule_version: str
    ) -> None:
        """Remember what is being loaded, and under which rules."""
        with self._connection:
            self._connection.executemany(
                "insert into load_files values (?, ?, ?, ?, ?)",
                [(load_id, file.table, file.name, file.sha256, file.size) for file in files],
            )
            self._connection.execute(
                "update loads set fingerprint = ?, rule_version = ? where load_id = ?",
                (fingerprint, rule_version, load_id),
            )

    def write_outcome(self, load_id: int, outcome: Outcome) -> None:
        """Remember what a load comes to; with status 'publishing' before the pointer is swapped."""
        counts = [(load_id, table, *asdict(n).values()) for table, n in outcome.tables.items()]
        found = [
            (load_id, f.rule, f.severity, f.table, f.count, f.of, _examples_as_text(f))
            for f in outcome.findings
        ]
        quarantine = None if outcome.quarantine is None else outcome.quarantine.name
        with self._connection:
            self._connection.executemany(
                "insert into table_counts values (?, ?, ?, ?, ?, ?, ?, ?)", counts
            )
            self._connection.executemany("insert into findings values (?, ?, ?, ?, ?, ?, ?)", found)
            self._connection.execute(
                "update loads set status = ?, snapshot = ?, quarantine = ? where load_id = ?",
                (outcome.status, outcome.snapshot, quarantine, load_id),
            )
            write_judgement(self._connection, load_id, outcome.judged, outcome.groups)

    def finish(
        self, load_id: int, finished: datetime, status: str, exit_code: int, message: str = ""
    ) -> None:
        """Remember how a load ended."""
        with self._connection:
            self._connection.execute(
                "update loads set finished = ?, status = ?, exit_code = ?, message = ? "
                "where load_id = ?",
                (_iso(finished), status, exit_code, message, load_id),
            )

    def settle_interrupted(self, published: str | None) -> None:
        """Say of loads that were killed whether they had published; only under the lock."""
        with self._connection:
            self._connection.execute(
                "update loads set status = 'published', exit_code = 0 "
                "where status = 'publishing' and snapshot = ?",
                (published,),
            )
            self._connection.execute(
                "update loads set status = 'interrupted' where status in ('running', 'publishing')"
            )

    def same_load(self, fingerprint: str, snapshot: str) -> int | None:
        """Return the number of an earlier load of the same files that left this very snapshot."""
        rows = self._connection.execute(
            "select max(load_id) from loads where kind = 'load' and fingerprint = ? "
            "and snapshot = ? and status in ('published', 'unchanged')",
            (fingerprint, snapshot),
        ).fetchall()
        return rows[0][0]

    def outcome_of(self, load_id: int, folder: Path) -> Outcome:
        """Return what an earlier load came to; `folder` is where quarantines lie."""
        status, snapshot, quarantine = self._connection.execute(
            "select status, snapshot, quarantine from loads where load_id = ?", (load_id,)
        ).fetchall()[0]
        counts = self._connection.execute(
            "select table_name, read, loaded, unchanged, updated, quarantined, out_of_scope "
            "from table_counts where load_id = ? order by rowid",
            (load_id,),
        )
        found = self._connection.execute(
            "select rule, severity, table_name, count, of, example_rows from findings "
            "where load_id = ? order by rowid",
            (load_id,),
        )
        return Outcome(
            status,
            snapshot,
            {table: TableCounts(*numbers) for table, *numbers in counts},
            tuple(_finding(row) for row in found),
            None if quarantine is None else folder / quarantine,
            judged_of(self._connection, load_id),
            groups_of(self._connection, load_id),
        )


@contextmanager
def open_history(warehouse: Path) -> Iterator[History]:
    """Open the history for writing, making it where there is none."""
    path = history_path(warehouse)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.executescript(_SCHEMA + SCHEMA)
        yield History(connection)


def read_loads(warehouse: Path) -> pd.DataFrame:
    """Return every load and check, the latest first.

    Columns: load_id, kind ('load' or 'check'), started, finished (UTC, ISO 8601), status
    ('published', 'unchanged', 'checked', 'refused', 'interrupted' or 'running'), exit_code,
    message, snapshot, rule_version, settings (JSON), quarantine (folder name), files.
    """
    return _read(
        warehouse,
        """
        select
            load_id, kind, started, finished, status, exit_code, message, snapshot,
            rule_version, settings, quarantine,
            (
                select group_concat(file_name, ', ') from load_files
                where load_files.load_id = loads.load_id
            ) as files
        from loads
        order by load_id desc
        """,
    )


def published_checksums(warehouse: Path) -> set[str]:
    """Return the sha256 of every file that a published load of this warehouse read."""
    found = _read(
        warehouse,
        """
        select distinct sha256
        from load_files join loads using (load_id)
        where status = 'published'
        """,
    )
    return set(found["sha256"])


def read_tables(warehouse: Path, load_id: int | None = None) -> pd.DataFrame:
    """Return read, loaded, unchanged, updated, quarantined and out_of_scope per table of a load.

    Without `load_id`, of the latest load or check that was read to its end.
    """
    chosen = latest_load(warehouse) if load_id is None else load_id
    return _read(
        warehouse,
        """
        select table_name, read, loaded, unchanged, updated, quarantined, out_of_scope
        from table_counts where load_id = :chosen order by rowid
        """,
        {"chosen": chosen},
    )


def read_findings(warehouse: Path, load_id: int | None = None) -> pd.DataFrame:
    """Return the findings of a load, and how each changed since the load before.

    Without `load_id`, of the latest load or check that was read to its end. Columns: rule,
    severity, table_name, count, of, previous_count, change ('NEW', 'EXISTING' where the count
    differs, 'STABLE' where it is the same, 'RESOLVED' with count 0) and example_rows (JSON).
    """
    chosen = latest_load(warehouse) if load_id is None else load_id
    previous = latest_load(warehouse, before=chosen)
    return _read(
        warehouse,
        """
        with present as (select * from findings where load_id = :chosen),
        past as (select * from findings where load_id = :previous)
        select
            rule, present.severity, table_name, present.count, present.of,
            coalesce(past.count, 0) as previous_count,
            case
                when past.count is null then 'NEW'
                when past.count = present.count then 'STABLE'
                else 'EXISTING'
            end as change,
            present.example_rows
        from present left join past using (rule, table_name)
        union all
        select rule, past.severity, table_name, 0, past.of, past.count, 'RESOLVED', '[]'
        from past
        where not exists (
            select 1 from present
            where present.rule = past.rule and present.table_name = past.table_name
        )
        order by 2, 1, 3
        """,
        {"chosen": chosen, "previous": previous},
    )


def latest_load(warehouse: Path, before: int | None = None) -> int | None:
    """Return the number of the latest load or check that was read to its end."""
    marks = ", ".join(f"'{status}'" for status in _FINISHED)
    found = _read(
        warehouse,
        f"""
        select max(load_id) as load_id from loads
        where status in ({marks}) and (:before is null or load_id < :before)
            and load_id in (select load_id from table_counts)
        """,
        {"before": before},
    )["load_id"]
    return None if found.empty or pd.isna(found[0]) else int(found[0])


def _read(
    warehouse: Path, statement: str, parameters: Mapping[str, int | None] | None = None
) -> pd.DataFrame:
    """Read from the history; a warehouse without one has an empty history."""
    path = history_path(warehouse)
    database = path if path.exists() else ":memory:"
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        if not path.exists():
            connection.executescript(_SCHEMA)
        return pd.read_sql_query(statement, connection, params=dict(parameters or {}))


def _examples_as_text(finding: Finding) -> str:
    return json.dumps([asdict(example) for example in finding.example_rows])


def _finding(row: tuple[str, str, str, int, int, str]) -> Finding:
    rule, severity, table, count, of, examples = row
    rows = tuple(ExampleRow(**example) for example in json.loads(examples))
    return Finding(rule, severity, table, count, of, rows)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
