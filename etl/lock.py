"""Let one load at a time write to a warehouse."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from warehouse.errors import WarehouseUnavailable

_LOCKED_BYTE = 1 << 20  # beyond the text, so that Windows lets others read who holds the lock


@contextmanager
def hold_lock(warehouse: Path, started: datetime) -> Iterator[None]:
    """Hold `<warehouse>.lock` while the body runs; the system frees it if the process is killed.

    Raises
    ------
    WarehouseUnavailable
        At once, if another process holds it; the message names its pid and start.
    """
    path = warehouse.with_name(warehouse.name + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8", newline="\n") as file:
        if not _try_to_lock(file):
            raise _busy(warehouse, path)
        file.seek(0)
        file.truncate()
        json.dump({"pid": os.getpid(), "started": started.isoformat(timespec="seconds")}, file)
        file.flush()
        try:
            yield
        finally:
            _unlock(file)


def _busy(warehouse: Path, path: Path) -> WarehouseUnavailable:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        who = f"process {holder['pid']}, which started at {holder['started']}"
    except (OSError, ValueError, KeyError, TypeError):
        who = "another process"
    return WarehouseUnavailable(
        f"The warehouse '{warehouse}' is being loaded by {who}.\n"
        "  Wait until it has finished, then load again."
    )


if sys.platform == "win32":
    import msvcrt

    def _try_to_lock(file: IO[str]) -> bool:
        try:
            file.seek(_LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[str]) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_to_lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
