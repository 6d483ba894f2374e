"""The folder that a load works in, on a disk with room for it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.errors import WarehouseUnavailable
from warehouse.snapshot import snapshot_folder

_DISK_FACTOR = 3


@contextmanager
def make_workspace(warehouse: Path) -> Iterator[Path]:
    """Make a folder for this load's files, and remove it whatever happens."""
    folder = snapshot_folder(warehouse) / "load.building"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_disk(sources: list[Path], warehouse: Path) -> None:
    """Refuse to start where the disk has not three times the size of the sources free.

    Raises
    ------
    WarehouseUnavailable
        Saying how much is free and how much is needed.
    """
    paths = [file for path in sources for file in (path.glob("*") if path.is_dir() else [path])]
    needed = _DISK_FACTOR * sum(path.stat().st_size for path in paths if path.is_file())
    free = shutil.disk_usage(snapshot_folder(warehouse)).free
    if free < needed:
        raise WarehouseUnavailable(
            f"The disk of '{warehouse}' has {free / 1e6:.0f} MB free; this load needs "
            f"{needed / 1e6:.0f} MB.\n  Free some space, or name another place with --warehouse."
        )
