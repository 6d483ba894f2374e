"""Files that were dropped on a page: limited, named safely, on disk only while they are read."""

import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Protocol

from etl.identifier_shapes import kind_of_value
from etl.lock import hold_lock
from etl.mapping.synonyms import plain_name
from etl.sources.fhir.resource_types import RESOURCE_TYPES
from etl.sources.kinds import SUFFIXES
from warehouse.errors import SourceUnreadable, WarehouseUnavailable
from warehouse.snapshot import snapshot_folder
from warehouse.source_schema import TABLES

LARGEST_FILE = 100 * 1024**2
LARGEST_TOTAL = 300 * 1024**2
MAPPING_SUFFIX = ".toml"
ACCEPTED = (*SUFFIXES, MAPPING_SUFFIX)
"""File name suffixes: what is read, and a mapping beside it."""

_FOLDER = "uploads"
_LONGEST_NAME = 100
_UNSAFE = re.compile(r'[\x00-\x1f<>:"|?*`\[\]\x7f]|^\.|[. ]$')
_LONG_NUMBER = re.compile("[0-9]{5}")
_KNOWN_WORDS = frozenset(
    " ".join(
        (
            *(plain_name(name) for name in RESOURCE_TYPES),
            *(plain_name(table.name) for table in TABLES),
            *(plain_name(column.name) for table in TABLES for column in table.columns),
            "person procedure condition drug device visit observation measurement occurrence "
            "concept period exposure provider care site location death cdm source relationship "
            "ancestor class vocabulary domain synonym strength export data dictionary dataset "
            "cases records registry outcomes outcome results report final copy new all table list "
            "sheet workbook practice clinic hospital spine spinal vertebral vertebra augmentation "
            "kyphoplasty vertebroplasty follow up pain scores levels file part baseline anonymized "
            "anonymised deidentified coded raw labels redcap omop fhir epic audit quality year and "
            "of the with for function by",
        )
    ).split()
)
_UNKNOWN_WORDS_OF_A_NAME = 2


class UploadedFile(Protocol):
    """A file as the browser sent it."""

    @property
    def name(self) -> str:
        """Return what it is called on the sender's machine."""
        ...

    def getbuffer(self) -> memoryview:
        """Return its bytes."""
        ...


@dataclass(frozen=True)
class Dropped:
    """A file that was dropped: `name` is safe to show, to write and to remember."""

    name: str
    content: memoryview

    @property
    def size(self) -> int:
        """Return its size in bytes."""
        return self.content.nbytes

    @property
    def is_mapping(self) -> bool:
        """Tell whether it is a mapping, not a source."""
        return self.name.lower().endswith(MAPPING_SUFFIX)


def accept(files: Sequence[UploadedFile]) -> list[Dropped]:
    """Return the files under names that are safe, in their order.

    Raises
    ------
    SourceUnreadable
        If one or all are too large, two have one name, or a file is of no known kind.
    """
    dropped = [
        Dropped(safe_name(file.name, place), file.getbuffer())
        for place, file in enumerate(files, 1)
    ]
    for file in dropped:
        _check_kind_and_size(file)
    _check_together(dropped)
    return dropped


def safe_name(name: str, place: int) -> str:
    """Return the base name of a file, or `file_<place>` where the name may identify somebody."""
    base = PurePosixPath(name.replace("\\", "/")).name
    stem, suffix = PurePosixPath(base).stem, PurePosixPath(base).suffix
    if not stem or len(base) > _LONGEST_NAME or _UNSAFE.search(base) or looks_identifying(stem):
        return f"file_{place}{suffix if suffix.lower() in ACCEPTED else ''}"
    return base


def looks_identifying(stem: str) -> bool:
    """Tell whether a file's name may hold a date, a number of a person, or a person's name.

    Two words that no source of records is called by count as a name; long numbers as a number.
    """
    spaced = re.sub("[_.-]+", " ", stem)
    if _LONG_NUMBER.search(stem) or any(
        kind_of_value(text, dates_allowed=False) for text in (stem, spaced)
    ):
        return True
    words = [word for word in plain_name(stem).split() if word.isalpha() and len(word) > 1]
    unknown = [word for word in words if word not in _KNOWN_WORDS]
    return len(unknown) >= _UNKNOWN_WORDS_OF_A_NAME


@contextmanager
def private_folder(warehouse: Path) -> Iterator[Path]:
    """Make a folder beside the snapshots that only its owner may read; remove it in every case.

    What a killed server left there is removed before. A lock tells which folders are in use.
    """
    remove_leftovers(warehouse)
    root = snapshot_folder(warehouse) / _FOLDER
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = root / secrets.token_hex(8)
    try:
        with hold_lock(folder, datetime.now(UTC)):
            folder.mkdir(mode=0o700)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        _lock_of(folder).unlink(missing_ok=True)


def remove_leftovers(warehouse: Path) -> None:
    """Remove the folders of uploads that no running process holds."""
    root = snapshot_folder(warehouse) / _FOLDER
    for folder in [path for path in root.glob("*") if path.is_dir()]:
        with suppress(WarehouseUnavailable):
            with hold_lock(folder, datetime.now(UTC)):
                shutil.rmtree(folder, ignore_errors=True)
            _lock_of(folder).unlink(missing_ok=True)


def write_files(dropped: Sequence[Dropped], folder: Path) -> list[Path]:
    """Write files to a private folder, readable by their owner only."""
    paths = []
    for file in dropped:
        path = folder / file.name
        path.touch(mode=0o600)
        path.write_bytes(file.content)
        paths.append(path)
    return paths


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + ".lock")


def _check_kind_and_size(file: Dropped) -> None:
    if not file.name.lower().endswith(ACCEPTED):
        raise SourceUnreadable(
            f"{file.name}: files of this kind are not read\n  Allowed: {', '.join(ACCEPTED)}."
        )
    if file.size > LARGEST_FILE:
        raise SourceUnreadable(
            f"{file.name}: has {_in_megabytes(file.size)}\n"
            f"  Allowed here: {_in_megabytes(LARGEST_FILE)} a file. Larger files are loaded with "
            "`vertebra load FILE`."
        )


def _check_together(dropped: Sequence[Dropped]) -> None:
    total = sum(file.size for file in dropped)
    if total > LARGEST_TOTAL:
        raise SourceUnreadable(
            f"The files have {_in_megabytes(total)} together\n"
            f"  Allowed here: {_in_megabytes(LARGEST_TOTAL)}. More is loaded with "
            "`vertebra load FOLDER`."
        )
    names = [file.name.casefold() for file in dropped]
    for file in dropped:
        if names.count(file.name.casefold()) > 1:
            raise SourceUnreadable(
                f"{file.name}: two files have this name\n  Remove or rename one of them."
            )
    if sum(file.is_mapping for file in dropped) > 1:
        raise SourceUnreadable(
            "Two mappings were dropped\n  Allowed: one for all files. Remove the other."
        )


def _in_megabytes(size: int) -> str:
    return f"{size / 1024**2:,.0f} MB"
