"""Where a run may write: nothing that identifies beside the output, one run for a crosswalk."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from etl.lock import hold_lock
from warehouse.errors import SourceUnreadable, WarehouseUnavailable


def check_places(given_out: Path, crosswalk: Path) -> None:
    """Refuse a crosswalk inside of what is shared, and an output that holds something."""
    out = given_out.resolve()
    if crosswalk.resolve().is_relative_to(out):
        raise SourceUnreadable(
            f"{crosswalk}: the crosswalk would lie inside the output, and be shared with it\n"
            "  Name a file elsewhere with --crosswalk."
        )
    if given_out.is_symlink() or (out.exists() and not out.is_dir()) or _holds_something(out):
        raise SourceUnreadable(
            f"{given_out}: it is there already and is no empty folder\n"
            "  Name a new folder with --out, or move that one away."
        )


def _holds_something(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


@contextmanager
def hold_crosswalk(path: Path) -> Iterator[None]:
    """Let one process at a time use a crosswalk."""
    with ExitStack() as held:
        try:
            held.enter_context(hold_lock(path, datetime.now(UTC)))
        except WarehouseUnavailable:
            raise WarehouseUnavailable(
                f"The crosswalk '{path.name}' is in use by another process.\n"
                "  Wait until it has finished, then try again."
            ) from None
        except OSError as error:
            raise SourceUnreadable(
                f"{path}: the crosswalk cannot lie there: {error.strerror}\n"
                "  Name another place with --crosswalk."
            ) from None
        yield


@contextmanager
def building_folder(beside: Path, mode: int) -> Iterator[Path]:
    """Make the folder `<beside>.building`, and remove what is left of it whatever happens."""
    folder = beside.with_name(beside.name + ".building.d")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=mode, parents=True)
    except OSError as error:
        raise SourceUnreadable(
            f"{folder.parent}: nothing can be written there: {error.strerror}\n"
            "  Name another place."
        ) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
