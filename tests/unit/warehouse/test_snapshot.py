"""The pointer names one snapshot, and says so when it cannot."""

import pytest

from warehouse.connection import open_for_building
from warehouse.errors import WarehouseUnavailable
from warehouse.snapshot import Pointer, open_snapshot, read_pointer, snapshot_folder, write_pointer


def publish(warehouse, schema_version):
    folder = snapshot_folder(warehouse)
    folder.mkdir(parents=True)
    with open_for_building(folder / "a.duckdb") as connection:
        connection.execute(f"create table snapshot_facts as select {schema_version} schema_version")
    write_pointer(warehouse, Pointer("a.duckdb", "ab" * 32))


def test_a_pointer_is_read_back_as_it_was_written(tmp_path):
    warehouse = tmp_path / "x.warehouse"
    write_pointer(warehouse, Pointer("a.duckdb", "ab" * 32))
    assert read_pointer(warehouse) == Pointer("a.duckdb", "ab" * 32)
    assert read_pointer(warehouse).snapshot_id == "abababababab"
    assert [path.name for path in tmp_path.iterdir()] == ["x.warehouse"]


def test_a_file_that_is_no_pointer_is_refused(tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("hello", encoding="utf-8")
    with pytest.raises(WarehouseUnavailable, match="not a warehouse"):
        read_pointer(other)


def test_a_published_snapshot_opens(tmp_path):
    publish(tmp_path / "x", schema_version=1)
    with open_snapshot(tmp_path / "x") as snapshot:
        assert snapshot.snapshot_id == "abababababab"


def test_a_snapshot_of_a_later_schema_asks_for_an_update(tmp_path):
    publish(tmp_path / "x", schema_version=99)
    with (
        pytest.raises(WarehouseUnavailable, match="Update this program"),
        open_snapshot(tmp_path / "x"),
    ):
        pass


def test_a_missing_snapshot_is_called_damage(tmp_path):
    publish(tmp_path / "x", schema_version=1)
    (snapshot_folder(tmp_path / "x") / "a.duckdb").unlink()
    with pytest.raises(WarehouseUnavailable, match="damaged"), open_snapshot(tmp_path / "x"):
        pass
