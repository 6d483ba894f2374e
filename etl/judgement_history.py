"""What every load was judged by, remembered so that other thresholds can be tried without it."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from etl.report import GroupSizes, Judged

SCHEMA = """
create table if not exists judged (
    load_id integer not null,
    rule text not null,
    table_name text not null,
    count integer not null,
    of integer not null,
    allowed real,
    note text not null,
    is_fatal integer not null
);
create table if not exists group_sizes (
    load_id integer primary key,
    sizes text not null
);
"""
"""A history that was begun before these tables has none of them."""


def write_judgement(
    connection: sqlite3.Connection,
    load_id: int,
    judged: Sequence[Judged],
    groups: GroupSizes | None,
) -> None:
    """Remember the shares that decided about a load, and its group sizes."""
    connection.executemany(
        "insert into judged values (?, ?, ?, ?, ?, ?, ?, ?)",
        [(load_id, *asdict(one).values()) for one in judged],
    )
    if groups is not None:
        connection.execute(
            "insert into group_sizes values (?, ?)", (load_id, json.dumps(asdict(groups)))
        )


def read_judged(history: Path, load_id: int) -> tuple[Judged, ...]:
    """Return the shares that decided about a load, from the file of a history.

    None of a load of before they were kept.
    """
    if not history.exists():
        return ()
    with closing(sqlite3.connect(history, timeout=30)) as connection:
        connection.executescript(SCHEMA)
        return judged_of(connection, load_id)


def judged_of(connection: sqlite3.Connection, load_id: int) -> tuple[Judged, ...]:
    """Return the shares that decided about a load, as they were found."""
    rows = connection.execute(
        "select rule, table_name, count, of, allowed, note, is_fatal from judged "
        "where load_id = ? order by rowid",
        (load_id,),
    )
    return tuple(
        Judged(rule, table, count, of, allowed, note, bool(is_fatal))
        for rule, table, count, of, allowed, note, is_fatal in rows
    )


def groups_of(connection: sqlite3.Connection, load_id: int) -> GroupSizes | None:
    """Return the group sizes of a load; None where nobody gauged them."""
    rows = connection.execute(
        "select sizes from group_sizes where load_id = ?", (load_id,)
    ).fetchall()
    if not rows:
        return None
    sizes = json.loads(rows[0][0])
    return GroupSizes(**{**sizes, "by": tuple(sizes["by"])})
