"""Fixtures that more than one kind of test needs."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from etl.build import build_marts, create_tables, create_types, stored_columns
from etl.pipeline import load
from warehouse.connection import Connection, open_for_building
from warehouse.settings import Settings
from warehouse.source_schema import TABLES, table_named
from warehouse.sql_files import records_root

# Started commands read what is compiled here; else each of them would compile every module anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

Rows = list[dict]
LONGEST_TURN_SECONDS = 300
FOLDERS_TOGETHER = ("tests/app/", "tests/browser/")
"""One server, browser and cache of results for all of a folder."""
FILES_TOGETHER = (
    "tests/functional/",
    "tests/sql/checks/",
    "tests/strictness/",
    "tests/unit/etl/deidentify/",
    "tests/unit/reports/",
)
"""One load, pack or run for all of a file; the other tests fill what time is left to a worker."""

_PROCEDURE_DEFAULTS = {
    "site_id": "A",
    "surgeon_id": "S1",
    "procedure_year": 2024,
    "technique": "kyphoplasty",
    "cause": "osteoporosis",
    "observed_through_days": 730,
    "last_contact_days": 730,
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a worker at once all tests that share what their folder or their file makes.

    The marks of pytest-xdist 3.8 do the same, but not under pytest 9.2, whose names of tests do
    not change: there the marked tests are scattered without a word.
    """
    if config.getoption("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return together_with(nodeid)

    return Scheduling(config, log)


def together_with(nodeid: str) -> str:
    """Return what names the tests that run in one process with this one."""
    path = nodeid.partition("::")[0]
    if path.startswith(FOLDERS_TOGETHER):
        return path.rpartition("/")[0]
    return path if path.startswith(FILES_TOGETHER) else nodeid


@dataclass(frozen=True)
class Shared:
    """A folder that every worker of a run sees."""

    folder: Path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder's lock: one worker at a time."""
        lock = self.folder / "lock"
        until = time.monotonic() + LONGEST_TURN_SECONDS
        while True:
            try:
                lock.mkdir()
                break
            except FileExistsError:
                assert time.monotonic() < until, f"{lock} was not given free"
                time.sleep(0.1)
        try:
            yield
        finally:
            lock.rmdir()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Return the folder that the workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return Shared(folder)


@pytest.fixture(scope="session")
def sample_warehouse(shared: Shared) -> Path:
    """Return the pointer file of a warehouse of the sample, loaded by the first worker that asks.

    Only to be read.
    """
    warehouse = shared.folder / "vertebra.warehouse"
    with shared.alone():
        if not warehouse.exists():
            load([records_root() / "sample"], Settings(warehouse))
    return warehouse


@pytest.fixture
def tables_of() -> Iterator[Callable[..., Connection]]:
    """Return a function that builds canonical tables and marts in memory from hand-made rows.

    `tables_of(procedures=[{...}], assessments=[{...}])`: each row is a mapping of some columns.
    Procedures are keyed by `procedure_key`, counted from 1 where not given, and belong to a
    patient of their own unless `patient_key` says otherwise; other columns have plain defaults.
    """
    with ExitStack() as stack:

        def build(**rows: Rows) -> Connection:
            connection = stack.enter_context(open_for_building(None))
            create_types(connection)
            create_tables(connection)
            for table in TABLES:
                _insert(connection, table.name, _completed(table.name, rows.get(table.name, [])))
            build_marts(connection)
            return connection

        yield build


def _completed(table_name: str, rows: Rows) -> Rows:
    if table_name != "procedures":
        return rows
    completed = []
    for place, row in enumerate(rows, start=1):
        key = row.get("procedure_key", place)
        patient = row.get("patient_key", key)
        ids = {"procedure_id": f"C{key}", "patient_id": f"P{patient}"}
        completed.append(
            _PROCEDURE_DEFAULTS | ids | row | {"procedure_key": key, "patient_key": patient}
        )
    return completed


def _insert(connection: Connection, table_name: str, rows: Rows) -> None:
    allowed = stored_columns(table_named(table_name))
    for row in rows:
        unknown = set(row) - set(allowed)
        assert not unknown, f"{table_name} has no column {sorted(unknown)}"
        names = ", ".join(row)
        marks = ", ".join(f"${name}" for name in row)
        connection.execute(f"insert into {table_name} ({names}) values ({marks})", row)
