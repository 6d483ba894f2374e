"""What the Load data page asks of the engine: look at files, check them, publish them."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.intake_words import kinds_in_words
from dashboard.uploads import (
    Dropped,
    private_folder,
    write_files,
)
from etl.deidentification import IdentifierFinding, refuse_identifiers
from etl.identifier_shapes import FREE_TEXT, kind_of_value
from etl.intake import declared_settings
from etl.mapping.profiles import profile
from etl.mapping.proposal import propose
from etl.pipeline import LoadStopped, load
from etl.removal import REMOVED
from etl.report import LoadReport
from etl.sources.any_source import read_tables
from etl.sources.delimited import DELIMITERS
from etl.sources.kinds import find_sources
from etl.sources.text_table import TextTable
from etl.steps import Progress
from warehouse.connection import open_for_building
from warehouse.errors import (
    IdentifiersFound,
    SourceUnreadable,
    VertebraError,
    WarehouseUnavailable,
)
from warehouse.settings import settle
from warehouse.snapshot import read_pointer
from warehouse.source_schema import TABLES
from warehouse.vocabulary import label_of

MAPPING_FILE = "mapping.toml"
PUBLISHED, UNCHANGED, CHECKED, REFUSED = "published", "unchanged", "checked", "refused"
UNREADABLE, IDENTIFYING, UNAVAILABLE = "unreadable", "identifying", "unavailable"

TOO_MANY_REFUSED = {
    False: "Nothing was loaded. Correct the records below in your source and drop it again. To "
    "allow a larger share, write max_refused into vertebra.toml beside the warehouse.",
    True: "Nothing was loaded. Correct the records below in your source and drop it again. To "
    "allow a larger share, change max_refused or the rule's own line under [thresholds] of the "
    "mapping above, and check again.",
}
"""Whether there is a mapping -> what to do where a threshold stopped the load."""

_AGAIN = re.compile(r"\b(run `vertebra load` again|load again)\b")
_TABLE_NAMES = tuple(table.name for table in TABLES)


@dataclass(frozen=True)
class Refusal:
    """Why something was not done, in the engine's words: the reasons, then the remedy."""

    reasons: tuple[str, ...]
    remedy: str


@dataclass(frozen=True)
class Inspection:
    """What files are, before anything is loaded.

    Attributes
    ----------
    files : tuple of (str, str)
        Name and kind in words.
    is_canonical : bool
        True where no mapping is needed.
    mapping : str
        TOML: the one that was dropped, else the proposed one; empty for canonical files.
    is_proposed : bool
    confidences : mapping of str to int
        Confidence -> proposed lines.
    identifying : tuple of (str, str, str, str)
        Column, table, kind of identifier and how many cells are filled; never a value.
    refusal : Refusal or None
        Why the files cannot be read any further.
    ends : Outcome or None
        Set where something identifying was found at once, and the files are to be let go.
    """

    files: tuple[tuple[str, str], ...] = ()
    is_canonical: bool = True
    mapping: str = ""
    is_proposed: bool = False
    confidences: Mapping[str, int] = field(default_factory=dict)
    identifying: tuple[tuple[str, str, str, str], ...] = ()
    refusal: Refusal | None = None
    ends: "Outcome | None" = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return what the files are called."""
        return tuple(name for name, _ in self.files)


@dataclass(frozen=True)
class Outcome:
    """What a check or a load came to.

    Attributes
    ----------
    status : str
        One of the words above.
    shown : str
        Id of the snapshot that pages show after it; empty where there is none.
    report : LoadReport or None
        None where the records were not read to their end.
    refusal : Refusal or None
    """

    status: str
    shown: str
    report: LoadReport | None = None
    refusal: Refusal | None = None

    @property
    def has_published(self) -> bool:
        """Tell whether the records stand in the warehouse after it."""
        return self.status in (PUBLISHED, UNCHANGED)

    @property
    def changes_nothing(self) -> bool:
        """Tell whether every record that is fit to load is in the warehouse already."""
        if self.report is None:
            return True
        is_changed = any(count.loaded or count.updated for count in self.report.tables.values())
        return not is_changed and not any(f.rule == REMOVED for f in self.report.findings)


def explain(error: VertebraError, *, has_mapping: bool = False) -> Refusal:
    """Return what an error says: its first lines are reasons, the indented ones the remedy.

    Remedies name what can be done on the page; the engine's name what the command offers.
    """
    lines = str(error).splitlines()
    reasons = tuple(line for line in lines if not line.startswith("  "))
    if isinstance(error, LoadStopped):
        return Refusal(reasons, TOO_MANY_REFUSED[has_mapping])
    remedy = " ".join(line.strip() for line in lines if line.startswith("  "))
    return Refusal(reasons, _AGAIN.sub("drop the files again", remedy))


def shown_snapshot(warehouse: Path) -> str:
    """Return the id of the published snapshot, empty where there is none."""
    try:
        return read_pointer(warehouse).snapshot_id
    except WarehouseUnavailable:
        return ""


def inspect(dropped: Sequence[Dropped], warehouse: Path) -> Inspection:
    """Say of what kind the files are; propose a mapping where they are not canonical.

    Nothing of them stays on disk. No value of a column that identifies is looked at.
    """
    try:
        with private_folder(warehouse) as folder:
            return _inspect(dropped, folder)
    except VertebraError as error:
        files = _files_in_words(dropped, lambda name: "not read")
        if isinstance(error, IdentifiersFound):
            shown = shown_snapshot(warehouse)
            return Inspection(files, ends=Outcome(IDENTIFYING, shown, refusal=explain(error)))
        return Inspection(files, refusal=explain(error))


def run_load(
    dropped: Sequence[Dropped],
    mapping: str,
    warehouse: Path,
    *,
    publishes: bool,
    is_complete: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Check the files, or check and publish them, as `vertebra check` and `vertebra load` do.

    Parameters
    ----------
    dropped : sequence of Dropped
    mapping : str
        TOML; empty for canonical files.
    warehouse : Path
        The pointer file.
    publishes : bool
        False to stop before a snapshot is written.
    is_complete : bool
        True where the files hold every record: published ones that they lack are removed.
    progress : callable, optional
        Called with words and the share that is done.

    Returns
    -------
    Outcome
        Whatever happens, short of a fault in the program; nothing of the files stays on disk.
    """
    try:
        with private_folder(warehouse) as folder:
            declared = _written_mapping(mapping, folder)
            report = load(
                _sources(_write_sources(dropped, folder)),
                settle({"warehouse": warehouse}, declared=declared_settings(declared)),
                mapping=declared,
                is_complete=is_complete,
                dry_run=not publishes,
                progress=progress,
            )
        return Outcome(report.status, shown_snapshot(warehouse), report)
    except LoadStopped as stopped:
        refusal = explain(stopped, has_mapping=bool(mapping))
        return Outcome(REFUSED, shown_snapshot(warehouse), stopped.report, refusal)
    except VertebraError as error:
        return Outcome(_status_of(error), shown_snapshot(warehouse), refusal=explain(error))


def quarantine_file(folder: Path) -> tuple[str, bytes] | None:
    """Return the refused records as one file: a table's CSV, or a zip of several; None of none."""
    tables = sorted(folder.glob("*.csv"))
    if len(tables) == 1:
        return tables[0].name, tables[0].read_bytes()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables:
            archive.write(table, table.name)
    return ("refused_records.zip", held.getvalue()) if tables else None


def _status_of(error: VertebraError) -> str:
    if isinstance(error, IdentifiersFound):
        return IDENTIFYING
    return UNAVAILABLE if isinstance(error, WarehouseUnavailable) else UNREADABLE


def _inspect(dropped: Sequence[Dropped], folder: Path) -> Inspection:
    paths = _write_sources(dropped, folder)
    if not paths:
        raise SourceUnreadable(
            "There is a mapping and no file to read with it\n  Drop the files of records too."
        )
    told = next((_text_of(file) for file in dropped if file.is_mapping), "")
    if not told and all(_is_canonical(path) for path in paths):
        return Inspection(
            _files_in_words(dropped, lambda name: f"canonical table: {label_of(_stem(name))}")
        )
    sources = _sources(paths)
    kinds = kinds_in_words(find_sources(sources))
    tables = read_tables(sources, workspace=folder)
    identifying = _identifying(tables)
    files = _files_in_words(dropped, lambda name: kinds.get(name, "part of an OMOP export"))
    if told:
        return Inspection(files, is_canonical=False, mapping=told, identifying=identifying)
    proposal = propose(tables)
    return Inspection(files, False, proposal.text + "\n", True, proposal.counts, identifying)


def _write_sources(dropped: Sequence[Dropped], folder: Path) -> list[Path]:
    sources = folder / "sources"
    sources.mkdir(mode=0o700)
    return write_files([file for file in dropped if not file.is_mapping], sources)


def _written_mapping(mapping: str, folder: Path) -> Path | None:
    if not mapping:
        return None
    path = folder / MAPPING_FILE
    path.write_text(mapping, encoding="utf-8", newline="\n")
    return path


def _sources(paths: Sequence[Path]) -> list[Path]:
    """Return what the engine is to read: the files, or their folder where it is an OMOP export."""
    folder = paths[0].parent
    return [folder] if folder in find_sources([folder]).of("omop") else list(paths)


def _text_of(file: Dropped) -> str:
    try:
        return bytes(file.content).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SourceUnreadable(
            f"{file.name}: is no UTF-8 text\n  Write the mapping as UTF-8 and drop it again."
        ) from None


def _is_canonical(path: Path) -> bool:
    return path.stem.lower() in _TABLE_NAMES and path.suffix.lower() in DELIMITERS


def _stem(name: str) -> str:
    return Path(name).stem.lower()


def _files_in_words(
    dropped: Sequence[Dropped], kind_of: Callable[[str], str]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (file.name, "mapping" if file.is_mapping else kind_of(file.name)) for file in dropped
    )


def _identifying(tables: Sequence[TextTable]) -> tuple[tuple[str, str, str, str], ...]:
    """Return the columns that identify; refuse a table whose very names do."""
    found = []
    with open_for_building(None) as connection:
        for table in tables:
            columns = profile(connection, table)
            _refuse_identifying_names(table, [(c.name, c.given) for c in columns])
            found += [
                (column.name, table.title, column.identifies, f"{column.given:,}")
                for column in columns
                if column.identifies
            ]
    return tuple(found)


def _refuse_identifying_names(table: TextTable, columns: Sequence[tuple[str, int]]) -> None:
    """Refuse a sheet named after somebody, and a header that is a record: both would be shown.

    Long headers are questions asked, not free text about somebody.
    """
    if table.name != table.origin.stem and kind_of_value(table.name, dates_allowed=True):
        raise IdentifiersFound(
            f"{table.origin.name}: the name of a sheet or table in it may identify somebody\n"
            "  Nothing of this file was kept. Give it a plain name, and drop the file again."
        )
    refuse_identifiers(
        table.title,
        [
            IdentifierFinding(name, kind, given)
            for name, given in columns
            if (kind := kind_of_value(name, dates_allowed=False)) and kind != FREE_TEXT
        ],
    )
