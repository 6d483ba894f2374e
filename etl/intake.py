"""What a load reads: canonical files as they are, or other tables through a mapping."""

from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from etl.deidentification import PrivacyMode
from etl.history import SourceFile
from etl.identifier_sources import refuse_identifying_columns
from etl.mapped_files import (
    MappedFile,
    mapping_findings,
    mark_out_of_scope,
    source_file,
    stage_mapped_tables,
)
from etl.mapping.declaration import Mapping, Threshold
from etl.mapping.reading import read_mapping
from etl.mapping.reading_source import read_mapped_source
from etl.report import Finding
from etl.sources.any_source import AnySource
from etl.sources.canonical_files import check_columns, read_canonical_files
from etl.sources.delimited import DelimitedFile
from etl.stage import stage_files
from etl.staged_file import Files
from warehouse.connection import Connection
from warehouse.errors import SourceUnreadable
from warehouse.settings import Settings

_SEVERITIES = {"error": "warning", "warning": "warning", "note": "warning"}
"""Severity of a reader's observation -> that of a finding: what it set apart is refused already."""


class Intake(Protocol):
    """A source that has been opened and counted, and how it becomes staged rows."""

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """Return what is remembered of the files that were read."""
        ...

    @property
    def thresholds(self) -> ReadOnly[str, Threshold]:
        """Return rule -> the share of rows above which it stops the load."""
        ...

    @property
    def day_zero(self) -> str | None:
        """Return when scores of day 0 were taken, as the mapping declares it."""
        ...

    def stage(self, connection: Connection) -> Files:
        """Create `raw_<table>` of every canonical table and return where each came from."""
        ...

    def settle_scope(self, connection: Connection) -> None:
        """Mark the rows that are neither loaded nor refused, once keys are assigned."""
        ...

    def check_identifiers(self, connection: Connection, privacy_mode: str) -> None:
        """Refuse what identifies in columns of which rows were made but that no row carries."""
        ...

    def check_columns(self) -> None:
        """Refuse columns that are missing or unknown, once the identifier gate has passed."""
        ...

    def findings(self, connection: Connection) -> list[Finding]:
        """Return what was noticed on the way to the canonical tables."""
        ...


def open_intake(
    sources: Sequence[Path], mapping: Path | None, *, workspace: Path
) -> "CanonicalIntake | MappedIntake":
    """Open and count the sources.

    Raises
    ------
    SourceUnreadable
        If a source or the mapping cannot be read as declared.
    """
    if mapping is None:
        return CanonicalIntake(read_canonical_files(sources, workspace=workspace))
    declared = read_mapping(mapping)
    source = read_mapped_source(sources, declared, workspace=workspace)
    return MappedIntake(declared, mapping, source)


def declared_settings(mapping: Path | None) -> dict[str, object]:
    """Return the settings that a mapping declares; flags and the environment come before them.

    Raises
    ------
    SourceUnreadable
        If the mapping cannot be read as declared.
    """
    if mapping is None:
        return {}
    declared = read_mapping(mapping)
    chosen = {"max_refused": declared.max_refused, "privacy_mode": declared.privacy_mode}
    default = Settings(Path())
    return {
        name: value
        for name, value in chosen.items()
        if value is not None and value != getattr(default, name)
    }


@dataclass(frozen=True)
class CanonicalIntake:
    """Canonical files."""

    canonical: tuple[DelimitedFile, ...]

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """Return the files and their checksums, the mapping among them."""
        return tuple(SourceFile(f.table, f.path.name, f.sha256, f.size) for f in self.canonical)

    @property
    def thresholds(self) -> ReadOnly[str, Threshold]:
        """Return the shares that the mapping sets; none without one."""
        return {}

    @property
    def day_zero(self) -> str | None:
        """Return when scores of day 0 were taken; None where nothing says so."""
        return None

    def stage(self, connection: Connection) -> Files:
        """Create `raw_<table>` of every canonical table; errors as `open_intake`."""
        files = {file.table: file for file in self.canonical}
        stage_files(connection, files)
        return files

    def settle_scope(self, connection: Connection) -> None:
        """Mark nothing: sacral levels are found by their cells."""

    def check_identifiers(self, connection: Connection, privacy_mode: str) -> None:
        """Refuse nothing: a canonical file has no columns but those that rows carry."""

    def check_columns(self) -> None:
        """Refuse what the header lacks or has too much."""
        for file in self.canonical:
            check_columns(file)

    def findings(self, connection: Connection) -> list[Finding]:
        """Return what the readers and the mapping noticed; nothing without one."""
        return []


class MappedIntake:
    """Any tables, with the mapping that says what they mean."""

    def __init__(self, mapping: Mapping, path: Path, source: AnySource) -> None:
        self.mapping = mapping
        self._path = path
        self._source = source
        self._staged: dict[str, MappedFile] = {}

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """Return the files and their checksums, the mapping among them."""
        origins = {table.origin: table.name for table in self._source.tables}
        named = (source_file(name, path) for path, name in origins.items())
        return (source_file("mapping", self._path), *named)

    @property
    def thresholds(self) -> ReadOnly[str, Threshold]:
        """Return the shares that the mapping sets; none without one."""
        return self.mapping.thresholds

    @property
    def day_zero(self) -> str | None:
        """Return when scores of day 0 were taken; None where nothing says so."""
        return self.mapping.day_zero

    def stage(self, connection: Connection) -> Files:
        """Create `raw_<table>` of every canonical table; errors as `open_intake`."""
        self._staged = stage_mapped_tables(connection, self.mapping, self._source)
        procedures = self._staged.get("procedures")
        if procedures is not None and not procedures.records:
            raise SourceUnreadable(
                f"{procedures.path.name}: the mapping finds no procedure in it\n"
                f"  Needed: at least one. Look at [procedures] in {self.mapping.file}."
            )
        return self._staged

    def settle_scope(self, connection: Connection) -> None:
        """Mark what is out of scope beyond the sacral levels that rules find."""
        mark_out_of_scope(connection, self._staged)

    def check_identifiers(self, connection: Connection, privacy_mode: str) -> None:
        """Refuse what identifies in any column that the mapping reads."""
        refuse_identifying_columns(
            connection,
            self.mapping,
            self._source.tables,
            privacy_mode=cast(PrivacyMode, privacy_mode),
        )

    def check_columns(self) -> None:
        """Refuse nothing: reading the mapping has refused what is missing or unknown."""

    def findings(self, connection: Connection) -> list[Finding]:
        """Return what the readers and the mapping noticed; nothing without one."""
        noticed = [
            Finding(found.rule, _SEVERITIES[found.severity], place, found.count, found.of)
            for found in self._source.findings
            if (place := f"{found.table}.{found.column}" if found.column else found.table)
        ]
        return [*noticed, *mapping_findings(connection, self._staged)]
