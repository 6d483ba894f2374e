"""Load one million procedures: beside a plain read of the same files, and beside a peer."""

import json
import shutil
import sys
from pathlib import Path

from bench.measuring import (
    HERE,
    ROOT,
    SCRATCH,
    Measured,
    beside_floor,
    finished,
    median_of,
    peer_python,
    remember,
    run_measured,
    vertebra,
)
from bench.records import changed_copy, synthetic_folder, thinned_copy

PROCEDURES = 1_000_000
KEPT = {"assessments": 6_000_000, "complications": 200_000}
"""Records of the children that are measured; the sample has more."""
RUNS = 3


def measure(procedures: int = PROCEDURES) -> None:
    """Measure fresh, changed and identical loads, the floor and the peer."""
    folder = thinned_copy(synthetic_folder(procedures), KEPT)
    changed = changed_copy(folder)
    floor = median_of([_floor(folder) for _ in range(RUNS)])
    rows = [beside_floor("plain read of the files (floor)", floor, floor)]
    fresh, second, same = [], [], []
    for _ in range(RUNS):
        warehouse = _empty_warehouse()
        fresh.append(_load(folder, warehouse))
        same.append(_load(folder, warehouse))
        second.append(_load(changed, warehouse))
    rows.append(beside_floor("fresh load, aim 2.5", median_of(fresh), floor))
    rows.append(
        beside_floor("second load, 1 % of scores changed, aim 3.5", median_of(second), floor)
    )
    rows.append(beside_floor("identical files again, aim 0.3", median_of(same), floor))
    peer = run_measured(
        [peer_python(), str(HERE / "peers" / "pandera_checks.py"), str(folder)],
        PYTHONPATH=str(ROOT),
    )
    rows.append(beside_floor("pandas + pandera, declared checks only", peer, floor))
    remember("loading", rows)


def _floor(folder: Path) -> Measured:
    target = str(SCRATCH / "floor.duckdb")
    script = str(HERE / "peers" / "plain_read.py")
    return finished(run_measured([sys.executable, script, str(folder), target]))


def _load(folder: Path, warehouse: Path) -> Measured:
    command = vertebra("load", str(folder), "--warehouse", str(warehouse), "--json")
    measured = finished(run_measured(command))
    for name, counts in json.loads(measured.output)["tables"].items():
        parts = ("loaded", "unchanged", "updated", "quarantined", "out_of_scope")
        assert counts["read"] == sum(counts[part] for part in parts), name
    return measured


def _empty_warehouse() -> Path:
    folder = SCRATCH / "warehouse"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder / "bench.warehouse"
