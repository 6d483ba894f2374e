"""Small sources, and a load of them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from etl.pipeline import load
from etl.report import LoadReport
from warehouse.settings import Settings

PROCEDURES = "procedure_id,patient_id,site_id,procedure_year,technique,cause"
ASSESSMENTS = "procedure_id,instrument,days,score"
LEVELS = "procedure_id,level"


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
    monkeypatch.setattr("etl.build.MARTS", ())
    monkeypatch.setattr("etl.build.MACROS", ())
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)

    def run(
        *sources: Path, dry_run: bool = False, is_complete: bool = False, **settings: object
    ) -> LoadReport:
        chosen = Settings(tmp_path / "w" / "x.warehouse", **settings)  # type: ignore[arg-type]
        return load(
            list(sources), chosen, is_complete=is_complete, dry_run=dry_run, clock=lambda: noon
        )

    return run


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Return the pointer file of the test."""
    return tmp_path / "w" / "x.warehouse"


@pytest.fixture
def hundred_procedures() -> list[str]:
    """Return the lines of a sound file of 100 procedures, enough to stay under the threshold."""
    rows = [f"C{n},P{n},A,2024,kyphoplasty,cancer" for n in range(100)]
    return [PROCEDURES, *rows]
