"""Read a flat REDCap export: a table of text for each form of the project."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from etl.sources.delimited import read_delimited
from etl.sources.redcap.dictionary import Dictionary, read_dictionary
from etl.sources.redcap.events import EventDays, check_event_days
from etl.sources.redcap.findings import check_record_id, check_values, findings_of
from etl.sources.redcap.layout import lay_out
from etl.sources.redcap.privacy import privacy_kinds
from etl.sources.redcap.split import split_into_forms
from etl.sources.source_finding import SourceFinding
from etl.sources.text_table import TextTable

_DELIMITERS = (",", ";", "\t", "|", "^")


@dataclass(frozen=True, eq=False)
class RedcapProject:
    """What an export and its dictionary hold.

    Attributes
    ----------
    tables : tuple of TextTable
        One for each form that the export has a column of, in the order of the dictionary.
    findings : tuple of SourceFinding
    dropped : dict of str to str
        Columns of the export that are in no table -> why; identifiers among them.
    privacy : dict of str to dict of str to str
        Form -> column -> 'id', 'date', 'code', 'number' or 'free text'.
    dictionary : Dictionary
    """

    tables: tuple[TextTable, ...]
    findings: tuple[SourceFinding, ...]
    dropped: dict[str, str]
    privacy: dict[str, dict[str, str]]
    dictionary: Dictionary


def read_redcap(
    data_path: Path,
    dictionary_path: Path,
    *,
    workspace: Path,
    event_days: EventDays | None = None,
) -> list[TextTable]:
    """Return the tables of `read_redcap_project`, which also tells what there is to settle."""
    project = read_redcap_project(
        data_path, dictionary_path, workspace=workspace, event_days=event_days
    )
    return list(project.tables)


def read_redcap_project(
    data_path: Path,
    dictionary_path: Path,
    *,
    workspace: Path,
    event_days: EventDays | None = None,
    keep_identifiers: Collection[str] = (),
) -> RedcapProject:
    """Read a flat export of raw codes by the data dictionary of its project.

    Parameters
    ----------
    data_path, dictionary_path : Path
        Export as 'CSV / Microsoft Excel (raw data)', and the dictionary of the same project.
    workspace : Path
        An existing folder for the tables; whoever made it removes it.
    event_days : mapping of str to float or 'undated', optional
        Unique event name -> days since the procedure; needed for a longitudinal project.
    keep_identifiers : collection of str
        Identifying fields that stay in the tables, for a source about to be de-identified.

    Raises
    ------
    SourceUnreadable
        If a file cannot be read, the two are not of one project, the export has labels, a date
        was respelt, or an event has no day.
    IdentifiersFound
        If the field that names a record identifies.
    """
    folder = workspace / f"redcap-{data_path.stem}"
    folder.mkdir(mode=0o700, exist_ok=True)
    dictionary = read_dictionary(dictionary_path, workspace=folder)
    check_record_id(dictionary, keep_identifiers)
    file = read_delimited(
        data_path,
        table="redcap",
        workspace=folder,
        delimiter=_delimiter_of(data_path, dictionary),
    )
    layout = lay_out(data_path, file.header, dictionary, frozenset(keep_identifiers))
    split = split_into_forms(file, layout, folder, event_days)
    check_event_days(data_path, layout, split.events, event_days)
    check_values(file, split.readers)
    return RedcapProject(
        tables=split.tables,
        findings=findings_of(file, layout, split),
        dropped=layout.dropped,
        privacy=privacy_kinds(layout, dictionary),
        dictionary=dictionary,
    )


def _delimiter_of(path: Path, dictionary: Dictionary) -> str | None:
    """Return the delimiter that stands after the first column, the record's name, if it does."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4096).decode("utf-8-sig", errors="replace")
    except OSError:
        return None
    name = dictionary.record_id.name
    after = start.replace('"', "").removeprefix(name)[:1]
    return after if after in _DELIMITERS and start.lstrip('"').startswith(name) else None
