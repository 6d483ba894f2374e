"""Hold an OMOP source to the field specification of its version."""

from collections.abc import Iterator, Mapping

from etl.sources.omop.cdm_table import CdmTable
from etl.sources.omop.columns import TABLES
from etl.sources.omop.specification import (
    VERSIONS,
    cdm_fields,
    version_by_fields,
    version_by_name,
)
from etl.sources.source_finding import SourceFinding
from warehouse.connection import Connection
from warehouse.errors import SourceUnreadable

NEEDED_TABLES = ("person", "procedure_occurrence", "concept")
WANTED_TABLES = (*(table.name for table in TABLES), "concept", "concept_relationship", "cdm_source")
READ_FIELDS = {table.name: table.fields for table in TABLES} | {
    "concept": ("concept_id", "vocabulary_id", "concept_code"),
    "concept_relationship": ("concept_id_1", "concept_id_2", "relationship_id", "invalid_reason"),
}


def check_tables(tables: Mapping[str, CdmTable]) -> None:
    """Raise SourceUnreadable where a table is missing without which nothing can be told."""
    missing = [name for name in NEEDED_TABLES if name not in tables]
    if missing:
        raise SourceUnreadable(
            f"No table {', '.join(missing)} was found\n"
            f"  Needed: {', '.join(NEEDED_TABLES)}, each as a CSV file with a header or a Parquet "
            "file of that name, in one folder or database."
        )


def version_of(connection: Connection, tables: Mapping[str, CdmTable]) -> tuple[str, str]:
    """Return the version of the CDM, and how it was told: 'cdm_source', 'fields' or 'neither'.

    Raises
    ------
    SourceUnreadable
        If it is none that can be read, cdm_source and the fields contradict each other, or the
        fields are of two versions at once.
    """
    by_fields = version_by_fields({name: table.columns for name, table in tables.items()})
    named = _named_version(connection, tables.get("cdm_source"))
    if named is None:
        return by_fields or VERSIONS[-1], "fields" if by_fields else "neither"
    version = version_by_name(named)
    if by_fields not in (None, version):
        raise SourceUnreadable(
            f"cdm_source names version {version}, but the tables have fields of {by_fields} only\n"
            "  Correct cdm_source, or export all tables in one version."
        )
    return version, "cdm_source"


def findings_about_fields(
    tables: Mapping[str, CdmTable], version: str, told_by: str
) -> Iterator[SourceFinding]:
    """Yield what the source lacks and what the specification lacks.

    Raises
    ------
    SourceUnreadable
        If a field is missing that is read and that the version requires.
    """
    if told_by == "neither":
        yield SourceFinding(
            "version_not_told", "note", "cdm_source", "cdm_version", 1, 1,
            f"Nothing tells the version; read as {version}, which has the same fields here.",
        )  # fmt: skip
    for name in WANTED_TABLES:
        if name in tables:
            yield from _about_table(tables[name], version)
        else:
            yield SourceFinding(
                "table_not_in_source", "note", name, "", 1, len(WANTED_TABLES),
                "What it would tell is not recorded here.",
            )  # fmt: skip


def _named_version(connection: Connection, table: CdmTable | None) -> str | None:
    if table is None or "cdm_version" not in table.columns:
        return None
    rows = connection.execute(table.select(["cdm_version"])).fetchall()
    names = {row[1] for row in rows if row[1]}
    if len(names) > 1:
        raise SourceUnreadable(
            f"{table.title}: names {len(names)} versions\n"
            "  Allowed: one. Give one source at a time."
        )
    return names.pop() if names else None


def _about_table(table: CdmTable, version: str) -> Iterator[SourceFinding]:
    specified = {n: f for n, f in cdm_fields()[table.name].items() if f.is_in(version)}
    missing = [name for name in specified if name not in table.columns]
    required = [name for name in missing if specified[name].is_required_in(version)]
    needed = [name for name in required if name in READ_FIELDS.get(table.name, ())]
    if needed:
        raise SourceUnreadable(
            f"{table.title}: required field {', '.join(needed)} is missing\n"
            f"  Needed by version {version} of the CDM. Export the table with all its fields; "
            "a CSV file has to have a header."
        )
    for name in missing:
        severity = "warning" if name in required else "note"
        yield SourceFinding(
            "field_not_in_source", severity, table.name, name, 1, len(specified),
            f"Version {version} of the CDM has this field.",
        )  # fmt: skip
    for name in table.columns:
        if name not in specified:
            yield SourceFinding(
                "field_not_in_specification", "note", table.name, name, 1, len(table.columns),
                f"Version {version} of the CDM has no such field; it is not read.",
            )  # fmt: skip
