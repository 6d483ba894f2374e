"""Refuse a source in which something identifying stands, before anything of it is kept."""

from typing import cast

from etl.deidentification import (
    IdentifierFinding,
    PrivacyMode,
    find_identifiers,
    find_identifiers_in_cells,
    find_identifiers_in_ragged,
    refuse_identifiers,
)
from etl.stage import show_text_to_gate
from etl.staged_file import Files, StagedFile
from warehouse.connection import Connection
from warehouse.source_schema import table_named


def check_identifiers(connection: Connection, files: Files, privacy_mode: str) -> None:
    """Look at every text of every file before anything of it is kept.

    Looked at are the surrogates, the unknown columns, age and month, the cells that could not be
    stored, and the records that could not be read; all other cells are numbers within their limits
    or words of the vocabulary. The procedure that a child names is looked at where it is no
    procedure of this source or of the warehouse, whose own surrogates were looked at.

    Raises
    ------
    IdentifiersFound
        Naming the column, the kind and the count for each file that has any.
    """
    for file in files.values():
        findings = _findings(connection, file, cast(PrivacyMode, privacy_mode))
        refuse_identifiers(file.path.name, findings)


def _findings(
    connection: Connection, file: StagedFile, privacy_mode: PrivacyMode
) -> list[IdentifierFinding]:
    table = table_named(file.table)
    columns = show_text_to_gate(connection, table, file.header)
    few_valued = {*table.column_names} - {"patient_id", *table.key}
    connection.execute(
        "create or replace temp view cells_to_gate as select column_name, found "
        f"from bad_cells where table_name = '{file.table}' "
        "union all select 'procedure_id', procedure_id "
        f"from orphans where table_name = '{file.table}'"
    )
    return [
        *find_identifiers(
            connection,
            f"text_of_{file.table}",
            columns,
            privacy_mode=privacy_mode,
            few_valued=few_valued,
        ),
        *find_identifiers_in_cells(connection, "cells_to_gate", privacy_mode=privacy_mode),
        *find_identifiers_in_ragged(file, privacy_mode=privacy_mode),
    ]
