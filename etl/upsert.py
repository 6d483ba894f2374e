"""Compare accepted rows with the published snapshot: new, changed, or already there."""

from etl.build import stored_columns
from etl.keys import key_columns
from etl.report import TableCounts
from etl.staged_file import Files, StagedFile
from warehouse.columns import Table
from warehouse.connection import Connection
from warehouse.source_schema import TABLES


def find_differences(connection: Connection, files: Files) -> None:
    """Create `differing_<table>`: staged rows that are not published, or with other values.

    Their columns are those of `stg_<table>` and `is_published`. A column that the file lacks keeps
    its published value: the file says nothing about it.
    """
    for table in (table for table in TABLES if table.name in files):
        _find_differences(connection, table, files[table.name])


def find_changes(
    connection: Connection, files: Files, *, has_prior: bool
) -> dict[str, TableCounts]:
    """Create `changed_<table>`, the rows to write, and return what became of every record.

    A row whose key is published replaces the published one where any value differs. Reads
    `differing_<table>` where there is a published snapshot.
    """
    counts = {}
    for table in TABLES:
        if table.name not in files:
            connection.execute(_no_change(table))
            counts[table.name] = TableCounts()
        else:
            connection.execute(_changes(table, has_prior=has_prior))
            counts[table.name] = _counts(connection, table, files)
    return counts


def rows_to_write(table: Table, *, has_prior: bool) -> str:
    """Return the select of a table's rows in the new snapshot, with the keys they are stored with.

    The columns are those of `stored_columns`, in their sequence.
    """
    columns = ", ".join(stored_columns(table))
    rows = f"select {columns} from changed_{table.name}"
    if has_prior:
        keys = ", ".join(key_columns(table))
        rows = (
            f"select {columns} from kept_{table.name} anti join changed_{table.name} "
            f"using ({keys}) union all {rows}"
        )
    stored = {name: f"staged.{name}" for name in stored_columns(table)}
    stored["procedure_key"] = "procedure_keys.stored_key"
    joins = "join procedure_keys using (procedure_key)"
    if "patient_key" in stored:
        stored["patient_key"] = "patient_keys.stored_key"
        joins += " left join patient_keys using (patient_key)"
    return f"select {', '.join(stored.values())} from ({rows}) as staged {joins}"


def _no_change(table: Table) -> str:
    return (
        f"create or replace temp view changed_{table.name} as "
        f"select *, false as is_published from prior_{table.name} where false"
    )


def _changes(table: Table, *, has_prior: bool) -> str:
    rows = f"differing_{table.name}" if has_prior else f"stg_{table.name}"
    is_published = "is_published" if has_prior else "false"
    columns = ", ".join(stored_columns(table))
    return (
        f"create or replace temp view changed_{table.name} as "
        f"select {columns}, {is_published} as is_published from {rows} where record not in "
        f"(select record from excluded where table_name = '{table.name}')"
    )


def _find_differences(connection: Connection, table: Table, file: StagedFile) -> None:
    keys = key_columns(table)
    given = {*file.header, "procedure_key", "patient_key"}
    stored = stored_columns(table)
    values = ", ".join(
        f"{'fresh' if name in given else 'prior'}.{name} as {name}" for name in stored
    )
    differs = " or ".join(
        f"fresh.{name} is distinct from prior.{name}"
        for name in stored
        if name in given and name not in keys
    )
    matched = " and ".join(f"fresh.{name} = prior.{name}" for name in keys)
    connection.execute(
        f"""
        create table differing_{table.name} as
        select fresh.record, {values}, prior.procedure_key is not null as is_published
        from stg_{table.name} as fresh
        left join prior_{table.name} as prior on {matched}
        where prior.procedure_key is null or {differs or "false"}
        """
    )


def _counts(connection: Connection, table: Table, files: Files) -> TableCounts:
    file, name = files[table.name], table.name
    refused, skipped = connection.execute(
        """
        select
            (select count(distinct record) from refusals where table_name = $name),
            (select count(*) from out_of_scope where table_name = $name)
        """,
        {"name": name},
    ).fetchall()[0]
    changed, updated = connection.execute(
        f"select count(*), count(*) filter (where is_published) from changed_{name}"
    ).fetchall()[0]
    return TableCounts(
        read=file.records,
        loaded=changed - updated,
        unchanged=file.sound_records - refused - skipped - changed,
        updated=updated,
        quarantined=refused + len(file.ragged),
        out_of_scope=skipped + file.left_out,
    )
