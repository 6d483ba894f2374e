"""Read whatever a practice has into text tables: the one place that knows every kind of source."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from etl.sources.delimited_tables import read_delimited_table
from etl.sources.fhir.reader import read_fhir_export
from etl.sources.json_lines import read_json_lines
from etl.sources.kinds import FoundSources, find_sources
from etl.sources.omop.database import read_omop_source
from etl.sources.parquet_files import read_parquet
from etl.sources.redcap.export import read_redcap_project
from etl.sources.source_finding import SourceFinding
from etl.sources.spreadsheets import read_spreadsheet
from etl.sources.text_table import TextTable
from warehouse.errors import SourceUnreadable

_REDCAP_EVENT = "redcap_event_name"


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written, where its mapping declares it."""

    delimiter: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Reading:
    """What a mapping declares about reading.

    Attributes
    ----------
    dialects : mapping of str to Dialect
        Table name -> how its delimited file is written.
    event_days : mapping of str to float or 'undated'
        REDCap event -> days since the procedure.
    """

    dialects: Mapping[str, Dialect] = field(default_factory=dict)
    event_days: Mapping[str, float | str] = field(default_factory=dict)


@dataclass
class AnySource:
    """Everything that was read.

    Attributes
    ----------
    tables : list of TextTable
    findings : list of SourceFinding
        What the readers noticed.
    out_of_scope : Counter of str
        Table -> records that are about something else than augmentation.
    """

    tables: list[TextTable] = field(default_factory=list)
    findings: list[SourceFinding] = field(default_factory=list)
    out_of_scope: Counter[str] = field(default_factory=Counter)


def read_tables(
    paths: Iterable[Path], *, workspace: Path, reading: Reading | None = None
) -> list[TextTable]:
    """Return the tables of `read_source`."""
    return read_source(paths, workspace=workspace, reading=reading).tables


def read_source(
    paths: Iterable[Path], *, workspace: Path, reading: Reading | None = None
) -> AnySource:
    """Read every table of files, folders and exports.

    Parameters
    ----------
    paths : iterable of Path
        Files or folders: delimited files, workbooks, Parquet, JSON lines, a REDCap export with
        its dictionary, FHIR files, a folder or DuckDB file of OMOP tables.
    workspace : Path
        An existing folder for copies; whoever made it removes it.
    reading : Reading, optional
        What a mapping declares.

    Raises
    ------
    SourceUnreadable
        If a path does not exist, is of no known kind or cannot be read, or two tables have one
        name.
    """
    found = find_sources(paths)
    source = AnySource()
    _read_files(found, source, workspace, reading or Reading())
    _read_redcap(found, source, workspace, reading or Reading())
    _read_exports(found, source, workspace)
    _check_names(source.tables)
    return source


def _read_files(found: FoundSources, source: AnySource, workspace: Path, reading: Reading) -> None:
    for path in found.of("delimited"):
        dialect = reading.dialects.get(path.stem, Dialect())
        source.tables.append(
            read_delimited_table(
                path, workspace=workspace, delimiter=dialect.delimiter, encoding=dialect.encoding
            )
        )
    for path in found.of("workbook"):
        source.tables += read_spreadsheet(path, workspace=workspace)
    source.tables += [read_parquet(path, workspace=workspace) for path in found.of("parquet")]
    source.tables += [read_json_lines(path, workspace=workspace) for path in found.of("json lines")]


def _read_redcap(found: FoundSources, source: AnySource, workspace: Path, reading: Reading) -> None:
    for export, dictionary in found.redcap:
        with export.open("rb") as stream:
            has_events = _REDCAP_EVENT.encode() in stream.readline()
        project = read_redcap_project(
            export,
            dictionary,
            workspace=workspace,
            event_days=reading.event_days if has_events and reading.event_days else None,
        )
        source.tables += project.tables
        source.findings += project.findings


def _read_exports(found: FoundSources, source: AnySource, workspace: Path) -> None:
    if found.of("fhir"):
        export = read_fhir_export(found.of("fhir"), workspace=workspace)
        source.tables += export.tables
        source.findings += export.findings
        for kind, counts in export.counts.items():
            source.out_of_scope[kind] += counts.left_out.total()
    for path in found.of("omop"):
        database = read_omop_source(path, workspace=workspace)
        source.tables += database.tables
        source.findings += database.findings
        source.out_of_scope.update(database.out_of_scope)


def _check_names(tables: Iterable[TextTable]) -> None:
    titles: dict[str, str] = {}
    for table in tables:
        if table.name in titles:
            raise SourceUnreadable(
                f"{table.title}: another table is called '{table.name}' too: {titles[table.name]}\n"
                "  Rename one of the files and load again."
            )
        titles[table.name] = table.title
