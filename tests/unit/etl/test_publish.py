"""Which snapshot files stay, and what a killed load leaves behind."""

import os
import time

from etl.publish import publish, remove_leftovers, remove_old_snapshots
from warehouse.snapshot import Pointer, read_pointer, snapshot_folder, write_pointer


def make_snapshots(warehouse, ages):
    folder = snapshot_folder(warehouse)
    folder.mkdir(parents=True)
    for number, seconds in enumerate(ages):
        path = folder / f"{number}.duckdb"
        path.touch()
        os.utime(path, (time.time() - seconds, time.time() - seconds))
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_last_three_snapshots_and_young_ones_stay(tmp_path):
    warehouse = tmp_path / "x.warehouse"
    folder = make_snapshots(warehouse, [10, 20, 30, 500, 700, 800])
    write_pointer(warehouse, Pointer("0.duckdb", "0" * 64))
    remove_old_snapshots(warehouse)
    # 3 is older than the last three but younger than ten minutes.
    assert names(folder) == ["0.duckdb", "1.duckdb", "2.duckdb", "3.duckdb"]


def test_the_published_snapshot_stays_however_old(tmp_path):
    warehouse = tmp_path / "x.warehouse"
    folder = make_snapshots(warehouse, [700, 800, 900, 1000])
    write_pointer(warehouse, Pointer("3.duckdb", "3" * 64))
    remove_old_snapshots(warehouse)
    assert names(folder) == ["0.duckdb", "1.duckdb", "2.duckdb", "3.duckdb"]


def test_a_snapshot_file_is_never_replaced(tmp_path):
    warehouse = tmp_path / "x.warehouse"
    folder = make_snapshots(warehouse, [])
    for _ in range(2):
        (tmp_path / "built").touch()
        assert publish(warehouse, tmp_path / "built", "a" * 64) == "a" * 12
    assert names(folder) == ["aaaaaaaaaaaa-2.duckdb", "aaaaaaaaaaaa.duckdb"]
    assert read_pointer(warehouse).file_name == "aaaaaaaaaaaa-2.duckdb"


def test_leftovers_of_a_killed_load_go(tmp_path):
    warehouse = tmp_path / "x.warehouse"
    folder = make_snapshots(warehouse, [10])
    (folder / "load.building").mkdir()
    (folder / "load.building" / "stage.duckdb").touch()
    (tmp_path / "x.warehouse.123.building").touch()
    remove_leftovers(warehouse)
    assert names(folder) == ["0.duckdb"]
    assert names(tmp_path) == ["x.warehouse.d"]
