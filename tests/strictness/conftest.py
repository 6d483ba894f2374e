"""A small sound file, and a load of any bytes in its place."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from etl.pipeline import load
from etl.report import TableCounts
from warehouse.errors import VertebraError
from warehouse.settings import Settings
from warehouse.snapshot import open_snapshot

HEADER = (
    "procedure_id,patient_id,site_id,procedure_year,technique,cause,"
    "age_years,sex,t_score,steroid,asa_class"
)
Row = tuple[object, ...]


@dataclass(frozen=True)
class Sound:
    """A sound file: `lines` as they stand in it, the header first, and the `rows` they mean."""

    lines: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """Return the whole file."""
        return "".join(f"{line}\n" for line in self.lines)

    @property
    def columns(self) -> list[str]:
        """Return the names of the columns."""
        return self.lines[0].split(",")

    def between(self, *added: str, after: int) -> str:
        """Return the file with more lines after the line of a number, 0 for before the header."""
        lines = [*self.lines[:after], *added, *self.lines[after:]]
        return "".join(f"{line}\n" for line in lines)

    def with_line(self, number: int, line: str) -> str:
        """Return the file with another line in place of the one of a number, the header being 1."""
        return self.between(line, after=number).replace(self.lines[number - 1] + "\n", "", 1)


@dataclass
class Loaded:
    """What became of one load.

    `counts` are those of procedures, `rows` what the warehouse then holds by procedure_id,
    `quarantined` the line of each refused record, `reasons` and `unread` what the quarantine says
    of it; `messages` all that was told to the person, `found` the values that examples show.
    """

    exit_code: int = 0
    messages: str = ""
    counts: TableCounts = field(default_factory=TableCounts)
    rows: dict[str, Row] = field(default_factory=dict)
    quarantined: dict[int, int] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    unread: dict[int, str] = field(default_factory=dict)
    found: list[tuple[str, str]] = field(default_factory=list)


def sound_rows(count: int) -> tuple[Row, ...]:
    """Return rows in which every value is one that no other column could hold unnoticed."""
    return tuple(
        (
            f"C{n}",
            f"Pq{n}x",
            f"Site-{n}",
            2000 + n % 25,
            ("kyphoplasty", "vertebroplasty")[n % 2],
            ("osteoporosis", "cancer", "trauma")[n % 3],
            60 + n % 25,
            ("female", "male")[n % 2],
            -1 - n / 1000,
            ("yes", "no")[n % 2],
            1 + n % 5,
        )
        for n in range(1, count + 1)
    )


@pytest.fixture(scope="session")
def sound_of() -> Callable[[int], Sound]:
    """Return a function that makes a sound file of some records."""

    def make(count: int) -> Sound:
        rows = sound_rows(count)
        return Sound((HEADER, *(",".join(map(str, row)) for row in rows)), rows)

    return make


@pytest.fixture(scope="module", autouse=True)
def _no_marts() -> Iterator[None]:
    """Leave the marts out: they have tests of their own, and a load is quicker without them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.build.MARTS", ())
        patch.setattr("etl.build.MACROS", ())
        yield


@pytest.fixture(scope="session")
def load_bytes(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Loaded]:
    """Return a function that loads bytes as procedures.csv into a new warehouse.

    All records may be refused, unless `max_refused` says otherwise.
    """

    def run(content: bytes, *, name: str = "procedures.csv", max_refused: float = 1.0) -> Loaded:
        folder = tmp_path_factory.mktemp("strict")
        (folder / name).write_bytes(content)
        return run_load(folder / name, folder / "w" / "x.warehouse", max_refused)

    return run


@pytest.fixture
def load_path(tmp_path: Path) -> Callable[[Path], Loaded]:
    """Return a function that loads whatever stands at a path into a new warehouse."""
    return lambda path: run_load(path, tmp_path / "w" / "x.warehouse", 1.0)


def run_load(source: Path, warehouse: Path, max_refused: float) -> Loaded:
    """Load one source and gather all that can be seen of it; any other error is a fault of ours."""
    try:
        report = load([source], Settings(warehouse, max_refused=max_refused))
    except VertebraError as error:
        assert not warehouse.exists()
        return Loaded(error.exit_code, str(error))
    told = report.as_json()
    quarantine = report.quarantine and report.quarantine / "procedures.csv"
    outcome = Loaded(0, json.dumps(told["findings"]), report.tables["procedures"])
    outcome.rows = _published_rows(warehouse)
    outcome.found = [
        (finding["rule"], example["found"])
        for finding in told["findings"]
        for example in finding["example_rows"]
    ]
    for row in _quarantined_rows(quarantine) if quarantine else ():
        record = int(row["record"])
        outcome.quarantined[record] = int(row["line"])
        outcome.reasons[record] = row["reasons"]
        outcome.unread[record] = row["unread_record"]
    return outcome


def _published_rows(warehouse: Path) -> dict[str, Row]:
    if not warehouse.exists():
        return {}
    with open_snapshot(warehouse) as snapshot:
        rows = snapshot.connection.execute(f"select {HEADER} from procedures").fetchall()
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: row for row in rows}


def _quarantined_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
