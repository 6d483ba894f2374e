"""Fixtures that more than one kind of test needs."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from etl.build import build_marts, create_tables, create_types, stored_columns
from etl.pipeline import load
from warehouse.connection import Connection, open_for_building
from warehouse.settings import Settings
from warehouse.source_schema import TABLES, table_named
from warehouse.sql_files import records_root

Rows = list[dict]

_PROCEDURE_DEFAULTS = {
    "site_id": "A",
    "surgeon_id": "S1",
    "procedure_year": 2024,
    "technique": "kyphoplasty",
    "cause": "osteoporosis",
    "observed_through_days": 730,
    "last_contact_days": 730,
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each file of functional tests in one process: its loads and packs are made once."""
    for item in items:
        if item.path.parent.name == "functional":
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pointer file of a warehouse that the sample was loaded into; only to be read."""
    warehouse = tmp_path_factory.mktemp("sample") / "vertebra.warehouse"
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
