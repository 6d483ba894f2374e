"""Small sources, and a load of them."""

import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from etl.pipeline import load
from etl.report import LoadReport
from warehouse.settings import Settings

PROCEDURES = "procedure_id,patient_id,site_id,procedure_year,technique,cause"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a folder of canonical files from their lines."""

    def write(name: str = "source", **tables: Sequence[str]) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for table, lines in tables.items():
            text = "\n".join(lines) + "\n"
            (folder / f"{table}.csv").write_text(text, encoding="utf-8", newline="\n")
        return folder

    return write


@pytest.fixture
def load_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., LoadReport]:
    """Return a function that loads folders into the warehouse of the test, without marts."""
    leave_marts_out(monkeypatch)

    def run(
        *sources: Path, dry_run: bool = False, is_complete: bool = False, **settings: object
    ) -> LoadReport:
        chosen = Settings(tmp_path / "w" / "x.warehouse", **settings)  # type: ignore[arg-type]
        return load(
            list(sources), chosen, is_complete=is_complete, dry_run=dry_run, clock=lambda: NOON
        )

    return run


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Return the pointer file of the test."""
    return tmp_path / "w" / "x.warehouse"


def leave_marts_out(patch: pytest.MonkeyPatch) -> None:
    """Leave the marts out: they have tests of their own, and a load is quicker without them."""
    patch.setattr("etl.build.MARTS", ())
    patch.setattr("etl.build.MACROS", ())


@pytest.fixture(scope="session")
def hundred_procedures() -> list[str]:
    """Return the lines of a sound file of 100 procedures, enough to stay under the threshold."""
    rows = [f"C{n},P{n},A,2024,kyphoplasty,cancer" for n in range(100)]
    return [PROCEDURES, *rows]


@pytest.fixture(scope="session")
def _hundred_loaded(
    hundred_procedures: list[str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, LoadReport]:
    folder = tmp_path_factory.mktemp("hundred")
    text = "\n".join(hundred_procedures) + "\n"
    (folder / "procedures.csv").write_text(text, encoding="utf-8", newline="\n")
    with pytest.MonkeyPatch.context() as patch:
        leave_marts_out(patch)
        report = load([folder], Settings(folder / "w" / "x.warehouse"), clock=lambda: NOON)
    return folder / "w", report


@pytest.fixture
def hundred_loaded(_hundred_loaded: tuple[Path, LoadReport], warehouse: Path) -> LoadReport:
    """Put a warehouse of the 100 procedures in its place; return the report of its load."""
    folder, report = _hundred_loaded
    shutil.copytree(folder, warehouse.parent)
    return report
