"""Tell what kind of source a path is, from its name and its first lines."""

import csv
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from warehouse.errors import SourceUnreadable

Kind = Literal["delimited", "workbook", "parquet", "json lines", "fhir", "omop"]

SUFFIXES: dict[str, Kind] = {
    ".csv": "delimited",
    ".tsv": "delimited",
    ".txt": "delimited",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".parquet": "parquet",
    ".jsonl": "json lines",
    ".ndjson": "json lines",
    ".json": "fhir",
    ".duckdb": "omop",
}
"""File name suffix -> kind; JSON lines that are FHIR resources are told by their first line."""

_OMOP_TABLES = {"person", "procedure_occurrence", "concept"}
_DICTIONARY_STARTS = ("variable / field name", "field_name")
_SNIFFED = 65536


@dataclass
class FoundSources:
    """Paths by kind, in order of name; `redcap` pairs an export with its dictionary."""

    by_kind: dict[Kind, list[Path]] = field(default_factory=dict)
    redcap: list[tuple[Path, Path]] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Path]:
        """Return the paths of one kind."""
        return self.by_kind.get(kind, [])


def find_sources(paths: Iterable[Path]) -> FoundSources:
    """Return what there is to read in files and folders; a folder's other files are left alone.

    Raises
    ------
    SourceUnreadable
        If a path does not exist, a file given is of no known kind, or a folder has no such file.
    """
    found = FoundSources()
    for path in paths:
        kinds = {file: _kind_of(file) for file in _files_of(path)}
        if path.is_dir() and "fhir" in kinds.values():
            # The whole folder: a bulk export brings its log as JSON lines too, which the FHIR
            # reader names and leaves alone.
            found.by_kind.setdefault("fhir", []).append(path)
            kinds = {f: kind for f, kind in kinds.items() if kind not in ("fhir", "json lines")}
        for file, kind in kinds.items():
            found.by_kind.setdefault(kind, []).append(file)
    _pair_redcap(found)
    return found


def kinds_in_words() -> str:
    """Return the suffixes that are read, for messages."""
    return ", ".join(SUFFIXES) + ", or a folder of them"


def _files_of(path: Path) -> list[Path]:
    if not path.exists():
        raise SourceUnreadable(f"{path}: there is no such file or folder\n  Check the path.")
    if not path.is_dir() or _is_omop(path):
        return [path]
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
    if not files:
        raise SourceUnreadable(
            f"{path.name}: no file of a known kind is there\n  Allowed: {kinds_in_words()}."
        )
    return files


def _kind_of(path: Path) -> Kind:
    if path.is_dir():
        return "omop"
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise SourceUnreadable(
            f"{path.name}: files of this kind are not read\n  Allowed: {kinds_in_words()}."
        )
    if kind == "json lines" and '"resourceType"' in _first_line(path):
        return "fhir"
    return kind


def _is_omop(folder: Path) -> bool:
    return {entry.stem.lower() for entry in folder.iterdir()} >= _OMOP_TABLES


def _first_line(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.readline(_SNIFFED).decode("utf-8", errors="replace")
    except OSError:
        return ""


def _pair_redcap(found: FoundSources) -> None:
    """Move each REDCap dictionary, and the exports that start with its record's name, apart."""
    delimited = found.of("delimited")
    starts = {path: _first_cells(path) for path in delimited}
    for dictionary, cells in starts.items():
        if cells[:1] and cells[0].strip().casefold() in _DICTIONARY_STARTS:
            record = cells[1] if len(cells) > 1 else ""
            exports = [p for p, first in starts.items() if first[:1] == [record] and record]
            if not exports:
                raise SourceUnreadable(
                    f"{dictionary.name}: this REDCap dictionary has no export beside it\n"
                    "  Give the export of its records too, as CSV with raw codes."
                )
            found.redcap += [(export, dictionary) for export in exports]
    paired = {path for pair in found.redcap for path in pair}
    found.by_kind["delimited"] = [path for path in delimited if path not in paired]


def _first_cells(path: Path) -> list[str]:
    """Return the first cell of the first two records, for what can be read of them."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            start = stream.read(_SNIFFED)
        delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
        rows = csv.reader(start.splitlines(keepends=True), delimiter=delimiter)
        return [row[0] if row else "" for row in itertools.islice(rows, 2)]
    except (OSError, csv.Error):
        return []
