"""An identified export, and a run that de-identifies it."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.deidentify.report import DeidentificationReport
from etl.deidentify.run import Order, deidentify

PROCEDURES = "procedure_id,patient_id,patient_name,site_id,procedure_date,technique,cause"
SMITH = "MRN-77/1,MRN-77,John Smith,Northside,2024-03-05,kyphoplasty,cancer"
JONES = "MRN-12/1,MRN-12,Mary Jones,Northside,2024-02-28,vertebroplasty,osteoporosis"


@pytest.fixture
def export(source: Callable[..., Path]) -> Callable[..., Path]:
    """Return a function that writes a folder of tables from their lines."""
    return lambda name="export", **tables: source(name, **tables)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., DeidentificationReport]:
    """Return a function that de-identifies a folder into `out`, with the test's crosswalk."""

    def deidentified(source: Path, out: str = "out", **options: object) -> DeidentificationReport:
        chosen = {"crosswalk": tmp_path / "who.crosswalk", "max_refused": 1.0} | options
        return deidentify(Order((source,), tmp_path / out, **chosen))  # type: ignore[arg-type]

    return deidentified


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., list[dict[str, str]]]:
    """Return a function that reads one de-identified table."""

    def rows(table: str, out: str = "out") -> list[dict[str, str]]:
        with (tmp_path / out / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows
