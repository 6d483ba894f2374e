"""Which file is the published warehouse: a small pointer, swapped whole.

A pointer file holds one line, `vertebra-pointer 1 <snapshot>.duckdb <sha256>`; the snapshots lie
in a folder beside it, `<pointer>.d/`. The checksum is over the contents (ordered table checksums
and schema version), and its first 12 digits are the snapshot's id and file name.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from warehouse.connection import Connection, DatabaseError, connect_for_reading
from warehouse.errors import WarehouseUnavailable
from warehouse.source_schema import SCHEMA_VERSION

_MAGIC = "vertebra-pointer"
_POINTER_VERSION = "1"
_READ_TRIES = 3
_SWAP_TRIES = 20
_SWAP_PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Pointer:
    """What a pointer file says: the snapshot's file name and the checksum of its contents."""

    file_name: str
    checksum: str

    @property
    def snapshot_id(self) -> str:
        """Return the id by which pages and reports name this snapshot."""
        return self.checksum[:12]


@dataclass(frozen=True)
class OpenSnapshot:
    """A published snapshot, open for reading."""

    snapshot_id: str
    connection: Connection


def snapshot_folder(warehouse: Path) -> Path:
    """Return the folder beside the pointer that holds snapshots, history, quarantine and logs."""
    return warehouse.with_name(warehouse.name + ".d")


def read_pointer(warehouse: Path) -> Pointer:
    """Return what the pointer file says.

    Raises
    ------
    WarehouseUnavailable
        If there is no such file, or it is not a pointer.
    """
    try:
        words = warehouse.read_text(encoding="utf-8").split()
    except FileNotFoundError:
        raise WarehouseUnavailable(
            f"There is no warehouse at '{warehouse}'.\n"
            "  Load records first: `vertebra load FOLDER`, or try `vertebra demo`."
        ) from None
    except (OSError, UnicodeDecodeError):
        words = []
    if len(words) != 4 or words[:2] != [_MAGIC, _POINTER_VERSION]:
        raise WarehouseUnavailable(
            f"'{warehouse}' is not a warehouse that this version reads.\n"
            "  Name another file with --warehouse, or move it away and load again."
        )
    return Pointer(file_name=words[2], checksum=words[3])


def write_pointer(warehouse: Path, pointer: Pointer) -> None:
    """Publish `pointer` by replacing the pointer file whole; readers see the old or the new."""
    fresh = warehouse.with_name(f"{warehouse.name}.{os.getpid()}.building")
    line = f"{_MAGIC} {_POINTER_VERSION} {pointer.file_name} {pointer.checksum}\n"
    with fresh.open("w", encoding="utf-8", newline="\n") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    for _ in range(_SWAP_TRIES - 1):
        try:
            fresh.replace(warehouse)
            return
        except PermissionError:  # Windows refuses while a reader has the pointer open
            time.sleep(_SWAP_PAUSE_SECONDS)
    fresh.replace(warehouse)


@contextmanager
def open_snapshot(warehouse: Path) -> Iterator[OpenSnapshot]:
    """Open the published snapshot, read what is needed, and close it again.

    A snapshot may be cleared away between reading the pointer and opening it, so the pointer is
    read again up to three times.

    Raises
    ------
    WarehouseUnavailable
        If the warehouse is missing, damaged, or was written for another schema version.
    """
    pointer, connection = _connect_to_published(warehouse)
    try:
        _check_schema_version(connection, warehouse)
        yield OpenSnapshot(pointer.snapshot_id, connection)
    finally:
        connection.close()


def _connect_to_published(warehouse: Path) -> tuple[Pointer, Connection]:
    for attempt in range(1, _READ_TRIES + 1):
        pointer = read_pointer(warehouse)
        path = snapshot_folder(warehouse) / pointer.file_name
        try:
            return pointer, connect_for_reading(path)
        except DatabaseError as error:
            if attempt == _READ_TRIES or path.exists():
                raise _damaged(warehouse, pointer) from error
    raise AssertionError("the last attempt returns or raises")


def _damaged(warehouse: Path, pointer: Pointer) -> WarehouseUnavailable:
    return WarehouseUnavailable(
        f"The warehouse '{warehouse}' is damaged: its snapshot '{pointer.file_name}' "
        "is missing or cannot be opened.\n"
        "  Load the records again; `vertebra status` lists earlier loads."
    )


def _check_schema_version(connection: Connection, warehouse: Path) -> None:
    found = connection.execute("select schema_version from snapshot_facts").fetchall()[0][0]
    if found != SCHEMA_VERSION:
        remedy = "Load the records again" if found < SCHEMA_VERSION else "Update this program"
        raise WarehouseUnavailable(
            f"The warehouse '{warehouse}' has schema version {found}; "
            f"this program reads version {SCHEMA_VERSION}.\n  {remedy}."
        )
