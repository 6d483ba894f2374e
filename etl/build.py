"""Build the inside of a snapshot: types, canonical tables, marts and macros."""

from warehouse.columns import Column, Table
from warehouse.connection import Connection
from warehouse.source_schema import TABLES, enum_name, enum_types
from warehouse.sql_files import read_sql

MARTS: tuple[str, ...] = (
    "repeat_procedures",
    "procedure_timeline",
    "later_procedures",
    "event_follow_up",
    "new_fractures",
    "first_events",
    "baselines",
    "followed_scores",
    "relief_seen",
    "sustained_relief",
    "relief",
    "function_seen",
    "recovery",
    "visit_scores",
)
"""Marts in the order they are built; each file is one select, named for its table."""

MACROS: tuple[str, ...] = ("cohort", "watched_for_events", "visit_status")
"""Macros that readers call; each file is one `create macro` statement."""

_PARENT_KEY = "procedure_key"


def sql_type(column: Column) -> str:
    """Return the warehouse's type of a canonical column."""
    if column.kind == "word":
        return enum_name(column)
    return {"identifier": "varchar", "whole": "integer", "decimal": "double"}[column.kind]


def stored_columns(table: Table) -> dict[str, str]:
    """Return name -> type of a table as it is stored.

    Every table starts with the integer `procedure_key`; procedures carry `patient_key` too.
    Children do not repeat the text `procedure_id`.
    """
    columns = {_PARENT_KEY: "uinteger"}
    if table.name == "procedures":
        columns["patient_key"] = "uinteger"
    for column in table.columns:
        if column.name != "procedure_id" or table.name == "procedures":
            columns[column.name] = sql_type(column)
    return columns


def create_types(connection: Connection) -> None:
    """Create the ENUM types of the canonical words."""
    for name, words in enum_types().items():
        listed = ", ".join(f"'{word}'" for word in words)
        connection.execute(f"create type {name} as enum ({listed})")


def create_tables(connection: Connection) -> None:
    """Create the empty canonical tables with their column comments; types come first."""
    for table in TABLES:
        columns = ", ".join(f"{name} {kind}" for name, kind in stored_columns(table).items())
        connection.execute(f"create table {table.name} ({columns})")


def comment_columns(connection: Connection) -> None:
    """Write each column's meaning and unit into the warehouse itself."""
    for table in TABLES:
        stored = stored_columns(table)
        for column in table.columns:
            if column.name in stored:
                meaning = (
                    f"{column.description} ({column.unit})" if column.unit else column.description
                )
                text = meaning.replace("'", "''")
                connection.execute(f"comment on column {table.name}.{column.name} is '{text}'")


def build_marts(connection: Connection) -> None:
    """Build every mart from the canonical tables, then the macros that read them."""
    for name in MARTS:
        connection.execute(f"create table {name} as {read_sql(f'marts/{name}')}")
    for name in MACROS:
        connection.execute(read_sql(f"macros/{name}"))
