"""The records of an export in SQL: as given, which of them are left out, and as they are written.

Of each canonical table that the mapping fills there are `given_<table>` (text, identified),
rows of `left_out`, and `clean_<table>` (text, de-identified).
"""

from collections.abc import Sequence

from etl.deidentify.cells import SURROGATE_KINDS, fault, kept
from etl.deidentify.crosswalk import Crosswalk
from etl.mapping.building import MappedTable
from etl.mapping.declaration import Mapping
from warehouse.columns import Column
from warehouse.connection import Connection
from warehouse.source_schema import table_named

PARENT_LEFT_OUT = "its procedure is left out"
NO_PROCEDURE = "no such procedure"
SACRUM_ONLY = "only the sacrum was treated"
UNDATED_SCORE = "taken on the day of the procedure; say with day_zero whether before or after it"

_MONTH = "procedure_month"
_HOURS_AFTER = "0.5"
"""Day of a score that is dated by the procedure's own day and was taken after it."""


def columns_of(mapped: MappedTable) -> list[Column]:
    """Return the columns of a table that are written: those it has, the month excepted."""
    table = table_named(mapped.table)
    return [table.column(name) for name in mapped.columns if name != _MONTH]


def take_records(connection: Connection, mapping: Mapping, mapped: Sequence[MappedTable]) -> None:
    """Create `given_<table>` of every table, and settle scores of the procedure's own day."""
    for table in mapped:
        connection.execute(f"create table given_{table.table} as from {table.relation}")
    connection.execute(
        "create table left_out "
        "(table_name varchar, given_row bigint, column_name varchar, reason varchar)"
    )
    entries = [
        entry.number
        for block in mapping.blocks_of("assessments")
        for entry in block.entries
        if entry.cells["days"].date is not None
    ]
    if entries:
        _settle_day_zero(connection, mapping.day_zero or "unknown", entries)


def leave_out(connection: Connection, mapped: Sequence[MappedTable]) -> None:
    """Fill `left_out`: one reason for each record that cannot be written.

    A record whose procedure is not written follows it, whatever else it holds.
    """
    for table in mapped:
        if table.table != "procedures":
            _leave_out_children(connection, table.table)
        _leave_out_faulty(connection, table)


def assign_surrogates(
    connection: Connection, mapped: Sequence[MappedTable], crosswalk: Crosswalk
) -> dict[str, tuple[int, int]]:
    """Give everything that is written a surrogate, in the crosswalk and in table `surrogates`.

    Returns
    -------
    dict of str to tuple of (int, int)
        Kind -> how many surrogates are in use, and how many of them are new.
    """
    connection.execute(
        "create table surrogates (kind varchar, original varchar, surrogate varchar)"
    )
    counts = {}
    for column, kind in SURROGATE_KINDS.items():
        originals = _originals(connection, mapped, column)
        new = crosswalk.add(kind, originals)
        known = crosswalk.surrogates[kind]
        connection.execute(
            "insert into surrogates "
            "select $kind, unnest($originals::varchar[]), unnest($surrogates::varchar[])",
            {
                "kind": kind,
                "originals": originals,
                "surrogates": [known[original] for original in originals],
            },
        )
        counts[kind] = (len(originals), new)
    return counts


def clean(connection: Connection, table: MappedTable) -> None:
    """Create `clean_<table>`, in the order of its surrogates, which tells nothing of the source."""
    columns = columns_of(table)
    chosen = ", ".join(f"{kept(column)} as {column.name}" for column in columns)
    joins = " ".join(
        f"left join surrogates as of_{column.name} on of_{column.name}.kind = "
        f"'{SURROGATE_KINDS[column.name]}' and of_{column.name}.original = trim({column.name})"
        for column in columns
        if column.name in SURROGATE_KINDS
    )
    order = dict.fromkeys([*table_named(table.table).key, *(column.name for column in columns)])
    connection.execute(
        f"""
        create table clean_{table.table} as
        from (
            select {chosen}
            from given_{table.table} as given
            {joins}
            where {not_left_out(table.table)}
        )
        order by {", ".join(order)}
        """
    )


def _settle_day_zero(connection: Connection, day_zero: str, entries: Sequence[int]) -> None:
    numbers = ", ".join(map(str, entries))
    is_day_zero = f"source_entry in ({numbers}) and try_cast(days as double) = 0"
    if day_zero == "after":
        connection.execute(
            f"update given_assessments set days = '{_HOURS_AFTER}' where {is_day_zero}"
        )
    if day_zero == "unknown":
        connection.execute(
            f"insert into left_out select 'assessments', rowid, 'days', '{UNDATED_SCORE}' "
            f"from given_assessments where {is_day_zero}"
        )


def _leave_out_faulty(connection: Connection, table: MappedTable) -> None:
    faults = ", ".join(
        f"struct_pack(column_name := '{column.name}', reason := {fault(column)})"
        for column in columns_of(table)
    )
    connection.execute(
        f"""
        insert into left_out
        select '{table.table}', given_row, first_fault.column_name, first_fault.reason
        from (
            select rowid as given_row, case
                when out_of_scope then struct_pack(column_name := '', reason := '{SACRUM_ONLY}')
                else list_filter([{faults}], lambda cell: cell.reason is not null)[1]
            end as first_fault
            from given_{table.table} as given
            where {not_left_out(table.table)}
        )
        where first_fault is not null
        """
    )


def _leave_out_children(connection: Connection, table: str) -> None:
    connection.execute(
        f"""
        insert into left_out
        select '{table}', given.rowid, 'procedure_id',
            case when trim(procedure_id) in (select trim(procedure_id) from given_procedures)
                then '{PARENT_LEFT_OUT}' else '{NO_PROCEDURE}' end
        from given_{table} as given
        where {not_left_out(table)} and trim(procedure_id) not in (
            select trim(procedure_id) from given_procedures as given
            where {not_left_out("procedures")} and procedure_id is not null
        )
        """
    )


def not_left_out(table: str) -> str:
    """Return the SQL that is true of the rows of `given_<table>`, as `given`, that are written."""
    left = f"select given_row from left_out where table_name = '{table}'"
    return f"given.rowid not in ({left})"


def _originals(connection: Connection, mapped: Sequence[MappedTable], column: str) -> list[str]:
    """Return what stands in one key column of the records that are written, each once."""
    parent = "complications" if column == "complication_id" else "procedures"
    if not any(table.table == parent and column in table.columns for table in mapped):
        return []
    rows = connection.execute(
        f"""
        select distinct trim({column})
        from given_{parent} as given
        where nullif(trim({column}), 'NA') <> ''
            and {not_left_out(parent)}
        """
    ).fetchall()
    return [original for (original,) in rows]
