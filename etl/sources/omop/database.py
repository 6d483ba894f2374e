"""Read an OMOP source: a table of text for each clinical table, of persons in scope."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from etl.sources.omop.augmentation_days import write_augmentation_days
from etl.sources.omop.check_fields import (
    WANTED_TABLES,
    check_tables,
    findings_about_fields,
    version_of,
)
from etl.sources.omop.columns import TABLES
from etl.sources.omop.find_tables import find_tables
from etl.sources.omop.findings import findings_about_records
from etl.sources.omop.kept import keep_records
from etl.sources.omop.persons import find_persons
from etl.sources.omop.written import resolve_concepts, write_table
from etl.sources.source_finding import SourceFinding
from etl.sources.text_table import TextTable
from warehouse.connection import Connection, DatabaseError, open_for_building
from warehouse.errors import SourceUnreadable


@dataclass(frozen=True, eq=False)
class OmopSource:
    """What an OMOP source holds about persons who had an augmentation.

    Attributes
    ----------
    version : str
        '5.3' or '5.4'.
    tables : tuple of TextTable
        Those of `columns.TABLES` that the source has, then `columns.AUGMENTATION_DAY`.
    persons : int
        Persons with an augmentation.
    out_of_scope : dict of str to int
        Table -> records of other persons; with the records and the faults of the table they
        make up the records that the source has.
    findings : tuple of SourceFinding
    """

    version: str
    tables: tuple[TextTable, ...]
    persons: int
    out_of_scope: dict[str, int]
    findings: tuple[SourceFinding, ...]


def read_omop(source: Path, *, workspace: Path) -> list[TextTable]:
    """Return the tables of `read_omop_source`, which also tells what there is to settle."""
    return list(read_omop_source(source, workspace=workspace).tables)


def read_omop_source(source: Path, *, workspace: Path) -> OmopSource:
    """Read the records of persons with an augmentation out of OMOP CDM 5.3 or 5.4 tables.

    Parameters
    ----------
    source : Path
        A folder with a CSV file (with a header) or Parquet file for each table, names in any
        case; or a DuckDB database file.
    workspace : Path
        An existing folder for the tables; whoever made it removes it.

    Raises
    ------
    SourceUnreadable
        If the source is of no such form, a table or field is missing that is needed, the version
        cannot be read, or nobody had an augmentation.
    """
    folder = workspace / f"omop-{source.stem}"
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        with (
            TemporaryDirectory(dir=folder) as scratch,
            open_for_building(Path(scratch) / "records.duckdb") as connection,
        ):
            return _read(connection, source, folder)
    except DatabaseError:
        raise SourceUnreadable(
            f"{source.name}: one of its tables cannot be read as text, numbers and dates\n"
            "  Export the tables again, as CSV with quotes around texts, or as Parquet."
        ) from None


def _read(connection: Connection, source: Path, folder: Path) -> OmopSource:
    """Take the steps: find, check, scope, keep, resolve, write, notice."""
    found = find_tables(connection, source, WANTED_TABLES, folder)
    check_tables(found)
    version, told_by = version_of(connection, found)
    findings = list(findings_about_fields(found, version, told_by))
    persons = find_persons(connection, found)
    present = [table for table in TABLES if table.name in found]
    kept = {
        table.name: keep_records(connection, found[table.name], table, version) for table in present
    }
    resolve_concepts(connection, found["concept"], present)
    tables = [write_table(connection, found[t.name], t, folder) for t in present]
    tables.append(write_augmentation_days(connection, found["procedure_occurrence"], folder))
    for table in present:
        findings += findings_about_records(connection, table)
    return OmopSource(
        version=version,
        tables=tuple(tables),
        persons=persons,
        out_of_scope={name: found[name].records - count for name, count in kept.items()},
        findings=tuple(findings),
    )
