"""Give rows their integer keys, and find the rows that share a key or lack a parent."""

import numpy as np

from etl.build import stored_columns
from etl.staged_file import Files
from warehouse.columns import Table
from warehouse.connection import Connection
from warehouse.source_schema import TABLES
from warehouse.sql_files import read_sql


def assign_keys(connection: Connection, files: Files) -> None:
    """Create `stg_<table>`: the raw rows with `record` and their integer keys.

    A key once given stays: the published snapshot's keys come first, and new rows continue after
    the highest. Reads the views `prior_<table>`.
    """
    connection.execute(read_sql("staging/procedure_keys"))
    connection.execute(read_sql("staging/patient_keys"))
    for table in TABLES:
        columns = ", ".join(stored_columns(table))
        join = "left join patient_keys using (patient_id)" if table.name == "procedures" else ""
        connection.execute(
            f"create table stg_{table.name} as select raw.rowid + 1 as record, {columns} "
            f"from raw_{table.name} as raw left join procedure_keys using (procedure_id) {join}"
        )
    connection.execute(read_sql("staging/orphans"))
    _remember_unread_procedures(connection, files)


def show_known_rows(connection: Connection, *, has_prior: bool) -> None:
    """Create the views `known_<table>`: this load's rows, then the published ones it leaves alone.

    Rules that look across tables read these, so that a file loaded alone is judged beside the
    records that are there already.
    """
    for table in TABLES:
        names = ", ".join(stored_columns(table))
        view = f"select {names} from stg_{table.name}"
        if has_prior:
            keys = ", ".join(key_columns(table))
            view += (
                f" union all select {names} from prior_{table.name} "
                f"anti join stg_{table.name} using ({keys})"
            )
        connection.execute(f"create or replace temp view known_{table.name} as {view}")


def find_repeated_rows(connection: Connection, files: Files) -> None:
    """Create `repeated_rows`: every row whose key another row of the same file has too."""
    connection.execute(read_sql("staging/repeated_rows"))
    for table in TABLES:
        if table.name in files:
            _find_repeated_rows(connection, table)


def key_columns(table: Table) -> tuple[str, ...]:
    """Return the columns that tell stored rows apart, the integer key in place of the text."""
    return tuple("procedure_key" if name == "procedure_id" else name for name in table.key)


def _remember_unread_procedures(connection: Connection, files: Files) -> None:
    """Create `unread_procedures`: ids of records that could not be read, as far as they show one.

    Their children are refused with them, instead of being orphans.
    """
    connection.execute("create table unread_procedures (procedure_id varchar)")
    file = files.get("procedures")
    if file is None or "procedure_id" not in file.header:
        return
    place = file.header.index("procedure_id")
    cells = (text.split(file.delimiter) for text in file.ragged_texts())
    names = [row[place].strip('" \r\n') for row in cells if len(row) > place]
    connection.execute(
        "insert into unread_procedures select unnest($names::varchar[])", {"names": names}
    )


def _find_repeated_rows(connection: Connection, table: Table) -> None:
    candidates = _repeated_hashes(connection, table)
    if not len(candidates):
        return
    keys = ", ".join(f"stg.{name}" for name in key_columns(table))
    values = ", ".join(f"raw.{column.name}" for column in table.columns)
    in_words = ", ' / ', ".join(f"raw.{name}" for name in table.key)
    connection.execute(
        f"""
        insert into repeated_rows
        with candidates as (
            select record, {keys}
            from stg_{table.name} as stg
            where {_all_given(table)} and hash({keys}) in (select unnest($hashes::ubigint[]))
        ),
        described as (
            select
                stg.*,
                hash({values}, raw.cells) as row_hash,
                concat({in_words}) as key_in_words
            from candidates as stg
            join raw_{table.name} as raw on raw.rowid = stg.record - 1
        )
        select
            '{table.name}',
            record,
            row_number() over (partition by {keys}, row_hash order by record),
            min(row_hash) over same_key <> max(row_hash) over same_key,
            key_in_words
        from described as stg
        window same_key as (partition by {keys})
        qualify count(*) over same_key > 1
        """,
        {"hashes": candidates.tolist()},
    )


def _repeated_hashes(connection: Connection, table: Table) -> np.ndarray:
    """Return the hashes of keys that occur more than once; sorting beats grouping here."""
    keys = ", ".join(key_columns(table))
    hashes = connection.execute(
        f"select hash({keys}) as key_hash from stg_{table.name} where {_all_given(table)}"
    ).fetchnumpy()["key_hash"]
    ordered = np.asarray(hashes, dtype=np.uint64)
    ordered.sort()  # in place: a copy of ten million hashes would be the peak of a load
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def _all_given(table: Table) -> str:
    return " and ".join(f"{name} is not null" for name in key_columns(table))


def empty_prior(connection: Connection) -> None:
    """Create empty `prior_<table>` tables, for a load into a new warehouse."""
    for table in TABLES:
        columns = ", ".join(f"{name} {kind}" for name, kind in stored_columns(table).items())
        connection.execute(f"create or replace temp table prior_{table.name} ({columns})")


def show_prior(connection: Connection, database: str) -> None:
    """Create the views `prior_<table>` of the attached snapshot called `database`."""
    for table in TABLES:
        connection.execute(
            f"create or replace temp view prior_{table.name} as from {database}.{table.name}"
        )
