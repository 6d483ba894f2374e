"""Remove published records that a source lacks, where the source is declared to hold them all."""

from etl.keys import key_columns
from etl.report import Finding
from etl.staged_file import Files
from warehouse.columns import Table
from warehouse.connection import Connection
from warehouse.source_schema import TABLES

REMOVED = "records_removed_as_declared"
READ_WHOLE = "complete_source_is_read_whole"
HAS_ITS_PROCEDURES = "complete_source_has_its_procedures"


def keep_published(connection: Connection) -> None:
    """Create `kept_<table>`: the published rows that stay, which is all of them."""
    for table in TABLES:
        connection.execute(
            f"create or replace temp view kept_{table.name} as from prior_{table.name}"
        )


def remove_absent(connection: Connection, files: Files) -> list[Finding]:
    """Create `kept_<table>` without the published rows that the sources lack, and count those.

    A row that is refused or out of scope is not absent: its published version stays. Children go
    with their procedure. Needs `stg_<table>`, `prior_<table>` and `changed_<table>`.

    Returns
    -------
    list of Finding
        Warnings with the number of removed records, and fatal ones where a record that could not
        be read, or a child without its procedure, leaves open what the source holds.
    """
    unread = [
        Finding(READ_WHOLE, "fatal", name, len(file.ragged), file.records)
        for name, file in files.items()
        if file.ragged
    ]
    if unread:
        keep_published(connection)
        return unread
    findings = []
    for table in TABLES:
        connection.execute(
            f"create or replace temp table kept_{table.name} as {_kept_rows(table, files)}"
        )
        findings += _removed(connection, table)
    return findings + _children_alone(connection, files)


def _kept_rows(table: Table, files: Files) -> str:
    kept = f"select prior.* from prior_{table.name} as prior"
    if table.name in files:
        keys = ", ".join(key_columns(table))
        kept += f" semi join stg_{table.name} using ({keys})"
    if table.name != "procedures":
        kept += " where procedure_key in (select procedure_key from kept_procedures)"
    return kept


def _removed(connection: Connection, table: Table) -> list[Finding]:
    published, kept = connection.execute(
        f"select (select count(*) from prior_{table.name}), "
        f"(select count(*) from kept_{table.name})"
    ).fetchall()[0]
    if published == kept:
        return []
    return [Finding(REMOVED, "warning", table.name, published - kept, published)]


def _children_alone(connection: Connection, files: Files) -> list[Finding]:
    """Return the tables with rows of procedures that are published, but lacking in this source."""
    findings = []
    for name in (name for name in files if name != "procedures" and "procedures" in files):
        [(count,)] = connection.execute(
            f"""
            select count(*)
            from changed_{name}
            where
                procedure_key not in (select procedure_key from kept_procedures)
                and procedure_key not in (select procedure_key from changed_procedures)
            """
        ).fetchall()
        if count:
            findings.append(Finding(HAS_ITS_PROCEDURES, "fatal", name, count, files[name].records))
    return findings
