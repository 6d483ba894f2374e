"""Swap the pointer five hundred times under eight reading threads."""

import threading
from pathlib import Path

from bench.measuring import SCRATCH, remember
from warehouse.connection import open_for_building
from warehouse.snapshot import Pointer, open_snapshot, snapshot_folder, write_pointer
from warehouse.source_schema import SCHEMA_VERSION

SWAPS = 500
READERS = 8
KEPT = 3


def measure() -> None:
    """Count reads, errors and stale reads while snapshots are swapped and cleared away."""
    warehouse = SCRATCH / "swaps" / "bench.warehouse"
    snapshot_folder(warehouse).mkdir(parents=True, exist_ok=True)
    published = [0]
    _publish(warehouse, 0)
    tally = {"reads": 0, "errors": 0, "stale": 0}
    stop = threading.Event()
    readers = [
        threading.Thread(target=_read, args=(warehouse, published, tally, stop))
        for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    for number in range(1, SWAPS + 1):
        _publish(warehouse, number)
        published[0] = number
        _clear(warehouse, number - KEPT)
    stop.set()
    for reader in readers:
        reader.join()
    remember("swaps", [{"what": f"{SWAPS} swaps under {READERS} reading threads", **tally}])


def _publish(warehouse: Path, number: int) -> None:
    name = f"{number:012d}.duckdb"
    path = snapshot_folder(warehouse) / name
    path.unlink(missing_ok=True)
    with open_for_building(path) as connection:
        connection.execute(
            f"create table snapshot_facts as "
            f"select {SCHEMA_VERSION} as schema_version, {number} as number"
        )
    write_pointer(warehouse, Pointer(file_name=name, checksum=f"{number:064d}"))


def _clear(warehouse: Path, number: int) -> None:
    if number >= 0:
        (snapshot_folder(warehouse) / f"{number:012d}.duckdb").unlink(missing_ok=True)


def _read(warehouse: Path, published: list[int], tally: dict, stop: threading.Event) -> None:
    lock = _TALLYING
    while not stop.is_set():
        seen = published[0]
        outcome = "reads"
        try:
            with open_snapshot(warehouse) as snapshot:
                number = snapshot.connection.execute("select number from snapshot_facts")
                if number.fetchall()[0][0] < seen:
                    outcome = "stale"
        except Exception:
            outcome = "errors"
        with lock:
            tally["reads"] += 1
            if outcome != "reads":
                tally[outcome] += 1


_TALLYING = threading.Lock()
