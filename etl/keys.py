"""Tell rows apart while they are staged, and settle the integer keys that they are stored with.

A staged row is known by the hash of its surrogate, which is there as soon as the row is read; the
warehouse's own small keys are joined on once, when the row is written into the snapshot.
"""

import numpy as np

from etl.build import stored_columns
from etl.staged_file import Files
from warehouse.columns import Table
from warehouse.connection import Connection
from warehouse.errors import SourceUnreadable
from warehouse.source_schema import TABLES
from warehouse.sql_files import read_sql

_HASHED = ("procedure_key", "patient_key")


def assign_keys(connection: Connection, files: Files) -> None:
    """Create the views `stg_<table>`, and the keys that rows are stored with.

    `stg_<table>` are the raw rows with `record` and, as `procedure_key` and `patient_key`, the
    hashes of the surrogates; a child without a procedure has none. `procedure_keys` and
    `patient_keys` give the stored key of each hash. A key once given stays: the published
    snapshot's keys come first, and new rows continue after the highest. Reads `prior_<table>`.

    Raises
    ------
    SourceUnreadable
        If two surrogates have the same hash, which chance does in one load of 30 million.
    """
    connection.execute(read_sql("staging/procedure_keys"))
    connection.execute(read_sql("staging/patient_keys"))
    for name in ("procedure", "patient"):
        _refuse_shared_hashes(connection, name)
    connection.execute(read_sql("staging/orphans"))
    for table in TABLES:
        _forget_absent_procedures(connection, table)
        _show_staged_rows(connection, table)
    _remember_unread_procedures(connection, files)


def show_known_rows(connection: Connection, files: Files, *, has_prior: bool) -> None:
    """Create the views `known_<table>`: this load's rows, then the published ones it leaves alone.

    Rules that look across tables read these, so that a file loaded alone is judged beside the
    records that are there already. The rows left alone are found once, since many rules read them.
    Reads `repeated_rows` and, where there is a published snapshot, `differing_<table>`.
    """
    for table in TABLES:
        names = ", ".join(stored_columns(table))
        view = f"select {names} from stg_{table.name}"
        if has_prior and table.name not in files:
            view = f"select {names} from prior_{table.name}"
        elif has_prior and _leaves_rows_alone(connection, table):
            view += f" union all select {names} from left_alone_{table.name}"
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


def _refuse_shared_hashes(connection: Connection, name: str) -> None:
    shared = connection.execute(
        f"select first_record, last_record from {name}_keys where has_other_id limit 1"
    ).fetchall()
    if shared:
        first, last = shared[0]
        raise SourceUnreadable(
            f"procedures: the {name}_id of records {first} and {last} cannot be told apart by "
            "their hash\n  Give one of the two another surrogate, and load again."
        )


def _show_staged_rows(connection: Connection, table: Table) -> None:
    names = ", ".join(name for name in stored_columns(table) if name not in _HASHED)
    keys = "procedure_hash as procedure_key"
    if table.name == "procedures":
        keys += ", patient_hash as patient_key"
    connection.execute(
        f"create view stg_{table.name} as select rowid + 1 as record, {keys}, {names} "
        f"from raw_{table.name}"
    )


def _forget_absent_procedures(connection: Connection, table: Table) -> None:
    """Take the hash from the orphans: few rows, so that no rule need join to know them."""
    connection.execute(
        f"update raw_{table.name} set procedure_hash = null where rowid in "
        f"(select record - 1 from orphans where table_name = '{table.name}')"
    )


def _leaves_rows_alone(connection: Connection, table: Table) -> bool:
    """Create `left_alone_<table>` where there are such rows, and return whether there are."""
    published, staged, unpublished, repeated = connection.execute(
        f"""
        select
            (select count(*) from prior_{table.name}),
            (select count(*) from stg_{table.name}),
            (select count(*) from differing_{table.name} where not is_published),
            (select count(*) from repeated_rows where table_name = $name)
        """,
        {"name": table.name},
    ).fetchall()[0]
    if not repeated and staged - unpublished == published:
        return False
    keys, names = ", ".join(key_columns(table)), ", ".join(stored_columns(table))
    connection.execute(
        f"create or replace table left_alone_{table.name} as select {names} "
        f"from prior_{table.name} anti join stg_{table.name} using ({keys})"
    )
    return True


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
        kinds = {**stored_columns(table), **_stored_keys(table)}
        kinds |= {name: "ubigint" for name in _HASHED if name in kinds}
        columns = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
        connection.execute(f"create or replace temp table prior_{table.name} ({columns})")


def show_prior(connection: Connection, database: str) -> None:
    """Create the views `prior_<table>` of the attached snapshot called `database`.

    Their `procedure_key` and `patient_key` are hashes as in `stg_<table>`; the keys that they are
    stored with are `stored_procedure_key` and `stored_patient_key` of `prior_procedures`.
    """
    for table in TABLES:
        own = [name for name in stored_columns(table) if name not in _HASHED]
        names = ", ".join(f"stored.{name}" for name in own)
        if table.name == "procedures":
            view = (
                "select hash(procedure_id) as procedure_key, "
                "case when patient_id is not null then hash(patient_id) end as patient_key, "
                f"{names}, procedure_key as stored_procedure_key, "
                f"patient_key as stored_patient_key from {database}.procedures as stored"
            )
        else:
            view = (
                f"select hash(parent.procedure_id) as procedure_key, {names} "
                f"from {database}.{table.name} as stored "
                f"join {database}.procedures as parent using (procedure_key)"
            )
        connection.execute(f"create or replace temp view prior_{table.name} as {view}")


def _stored_keys(table: Table) -> dict[str, str]:
    if table.name != "procedures":
        return {}
    return {"stored_procedure_key": "uinteger", "stored_patient_key": "uinteger"}
