"""One load at a time, and a lock that no crash can leave behind."""

import os
from datetime import UTC, datetime

import pytest

from etl.lock import hold_lock
from warehouse.errors import WarehouseUnavailable

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_second_holder_is_told_who_holds_the_lock(tmp_path):
    warehouse = tmp_path / "x.warehouse"
    with (
        hold_lock(warehouse, NOON),
        pytest.raises(WarehouseUnavailable) as busy,
        hold_lock(warehouse, NOON),
    ):
        pass
    assert f"process {os.getpid()}" in str(busy.value)
    assert "2026-05-01T12:00:00+00:00" in str(busy.value)


def test_a_lock_is_free_again_after_a_failure(tmp_path):
    warehouse = tmp_path / "x.warehouse"
    with pytest.raises(ZeroDivisionError), hold_lock(warehouse, NOON):
        raise ZeroDivisionError
    with hold_lock(warehouse, NOON):
        assert (tmp_path / "x.warehouse.lock").exists()
