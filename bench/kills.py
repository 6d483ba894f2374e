"""Kill two hundred loads at random moments and look at the published warehouse each time."""

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

from bench.measuring import ROOT, SCRATCH, remember, run_measured, vertebra
from bench.records import changed_copy
from warehouse.snapshot import open_snapshot, read_pointer

KILLS = 200
SEED = 11
LOAD_AGAIN_EVERY = 10


def measure() -> None:
    """Count intact warehouses and successful later loads."""
    first, second = _copy_of_sample(), changed_copy(_copy_of_sample())
    warehouse = SCRATCH / "kills" / "bench.warehouse"
    shutil.rmtree(warehouse.parent, ignore_errors=True)
    warehouse.parent.mkdir(parents=True)
    whole_load = _load(first, warehouse)
    chance = random.Random(SEED)
    tally = {
        "kills": KILLS,
        "intact": 0,
        "swapped before the kill": 0,
        "later loads that failed": 0,
    }
    for number in range(1, KILLS + 1):
        before = read_pointer(warehouse).snapshot_id
        source = second if number % 2 else first
        _kill_after(chance.uniform(0, whole_load), source, warehouse)
        after = read_pointer(warehouse).snapshot_id
        tally["intact"] += _is_intact(warehouse)
        tally["swapped before the kill"] += before != after
        if number % LOAD_AGAIN_EVERY == 0:
            tally["later loads that failed"] += _load(source, warehouse) is None
    remember("kills", [{"what": f"loads of the sample, seed {SEED}", **tally}])


def _copy_of_sample() -> Path:
    target = SCRATCH / "sample"
    target.mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "data" / "sample").glob("*.csv"):
        shutil.copy(path, target / path.name)
    return target


def _load(source: Path, warehouse: Path) -> float | None:
    measured = run_measured(vertebra("load", str(source), "--warehouse", str(warehouse)))
    return measured.seconds if measured.exit_code == 0 else None


def _kill_after(seconds: float, source: Path, warehouse: Path) -> None:
    process = subprocess.Popen(
        vertebra("load", str(source), "--warehouse", str(warehouse)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _is_intact(warehouse: Path) -> bool:
    with open_snapshot(warehouse) as snapshot:
        counted = snapshot.connection.execute("select count(*) from procedures").fetchall()
        named = snapshot.connection.execute("select snapshot_id from snapshot_facts").fetchall()
    return counted[0][0] > 0 and named[0][0] == snapshot.snapshot_id
