"""Change good files at random and load them: each load is compared with a plain reading."""

import csv
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from bench.measuring import SCRATCH, remember
from bench.plain_reading import Reading, read_plainly
from etl.pipeline import load
from etl.report import LoadReport
from etl.validate import read_rules
from warehouse.errors import VertebraError
from warehouse.settings import Settings
from warehouse.snapshot import open_snapshot, read_pointer
from warehouse.source_schema import table_named

COUNT = 100_000
SEED = 20270119
BATCH = 25
"""Changed records that are loaded together, each beside sound ones."""
LOADS_INTO_ONE_WAREHOUSE = 40
HEADER = (
    "procedure_id,patient_id,site_id,procedure_year,technique,cause,"
    "age_years,sex,t_score,steroid,asa_class"
)
NOTHING = dict.fromkeys(HEADER.split(","))
TEXTS = (
    *("", " ", "NA", "nan", "inf", "-", ".", "0", "-0", "007", "1e3", "1E+05", "0x10", "+65"),
    *("6.0", "3.9", "2147483648", "1e400", "1,5", "$5", "5%", "true", "YES", "Implant", "male"),
    *("#REF!", "=1+1", "'00123", '"', '""', '"x', 'x"', '"x"', '"a,b"', '"a\nb"', '"a""b"', "'"),
    *(",", ",,", ";", "\t", "|", "\n", "\r\n", "\r", "\0", "\x0b", "\x1a", "\x1c", "\x85", "\\"),
    *("\u00a0", "\u200b", "\u2028", "\u2212", "\ufeff", "６５", "é", "😀", "a" * 70, "cancer", "9"),
)
BYTES = (*b"\",\n\r;\t\\ 0123456789abcxyzACS-+.eE_'=", 0, 0xFF, 0xC3, 0xA9, 0xEF, 0x1A)


@dataclass
class Tally:
    """What became of the changed records."""

    mutations: int = 0
    loads: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


def measure(count: int = COUNT, seed: int = SEED) -> None:
    """Load `count` changed records and remember how the loads ended; a difference raises."""
    tally = run(count, seed, SCRATCH / "mutations")
    row = {"changed records": tally.mutations, "loads": tally.loads, "seed": seed}
    remember("mutations", [row | dict(sorted(tally.outcomes.items())) | {"faults": 0}])


def run(count: int, seed: int, folder: Path) -> Tally:
    """Load `count` changed records in batches, comparing each load with a plain reading.

    Raises
    ------
    AssertionError
        Where the load and the reading differ; the file is left in `folder`.
    """
    chance, tally = random.Random(seed), Tally()
    with _quick_loads():
        while tally.mutations < count:
            if tally.loads % LOADS_INTO_ONE_WAREHOUSE == 0:
                shutil.rmtree(folder, ignore_errors=True)
                trial = Trial(folder, tally)
            wanted = min(BATCH, count - tally.mutations)
            lines = sound_lines(2 * wanted - 1, first=1 + 1000 * tally.loads)
            changes = {2 * n: change(lines[2 * n], chance) for n in range(wanted)}
            trial.compare_all(lines, changes)
            tally.mutations += wanted
    return tally


def sound_lines(count: int, first: int) -> list[bytes]:
    """Return a header and some sound records, numbered from `first`, a line each."""
    records = [
        f"C{n},Pq{n}x,Site-{n % 97},{2000 + n % 25},{('kyphoplasty', 'implant')[n % 2]},"
        f"{('cancer', 'trauma')[n % 2]},{60 + n % 25},male,{-1 - n % 1000 / 1000},yes,{1 + n % 5}"
        for n in range(first, first + count)
    ]
    return [f"{line}\n".encode() for line in (HEADER, *records)]


def change(line: bytes, chance: random.Random) -> bytes:
    """Return a line with one cell or a few bytes changed."""
    return chance.choice((_other_cell, _other_cell, _other_bytes, _other_bytes, _other_order))(
        line, chance
    )


def _other_cell(line: bytes, chance: random.Random) -> bytes:
    cells = line.rstrip(b"\n").split(b",")
    place, text = chance.randrange(len(cells)), chance.choice(TEXTS).encode()
    cell, within = cells[place], chance.randrange(len(cells[place]) + 1)
    cells[place] = chance.choice((text, text + cell, cell + text, cell[:within] + text))
    return b",".join(cells) + b"\n"


def _other_bytes(line: bytes, chance: random.Random) -> bytes:
    changed = bytearray(line)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        place, removed = chance.randrange(len(changed) + 1), chance.choice((0, 0, 1, 1, 1, 7))
        added = chance.choices(BYTES, k=chance.choice((0, 1, 1, 2)))
        changed[place : place + removed] = bytes(added)
    return bytes(changed)


def _other_order(line: bytes, chance: random.Random) -> bytes:
    cells = line.rstrip(b"\n").split(b",")
    kind = chance.randrange(4)
    if kind == 0:
        first, second = chance.sample(range(len(cells)), 2)
        cells[first], cells[second] = cells[second], cells[first]
    elif kind == 1:
        cells.insert(chance.randrange(len(cells) + 1), b"")
    elif kind == 2:
        del cells[chance.randrange(len(cells))]
    return b",".join(cells) + (b"\n" if kind < 3 else b"\n" + b",".join(cells) + b"\n")


@dataclass
class Trial:
    """A warehouse, and what it must hold after the loads so far."""

    folder: Path
    tally: Tally
    held: dict[str, dict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self._compare(b"".join(sound_lines(5, first=999_000_000)))

    @property
    def warehouse(self) -> Path:
        """Return the pointer file."""
        return self.folder / "w" / "x.warehouse"

    def compare_all(self, lines: list[bytes], changes: dict[int, bytes]) -> None:
        """Load all changed lines together, and those that refuse a whole file one by one."""
        fatal = [n for n, line in changes.items() if self._is_fatal(lines, {n: line})]
        together = {n: line for n, line in changes.items() if n not in fatal}
        for group in ({n: changes[n]} for n in fatal):
            self._compare(_changed(lines, group))
        self._compare_or_part(lines, together)

    def _compare_or_part(self, lines: list[bytes], changes: dict[int, bytes]) -> None:
        """Load changed lines; where something identifying is seen, each half by itself."""
        if not changes:
            return
        code = self._compare(_changed(lines, changes))
        if code == 3 and len(changes) > 1:
            numbers = list(changes)
            for half in (numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]):
                self._compare_or_part(lines, {n: changes[n] for n in half})

    def _is_fatal(self, lines: list[bytes], changes: dict[int, bytes]) -> bool:
        return _read(_changed(lines, changes)).is_refused

    def _compare(self, content: bytes) -> int:
        """Load a file, compare what it did with its plain reading, and return the exit code."""
        path = self.folder / "procedures.csv"
        path.write_bytes(content)
        meant = _read(content)
        before = read_pointer(self.warehouse) if self.warehouse.exists() else None
        self.tally.loads += 1
        outcome = _load(path, self.warehouse)
        code = outcome.exit_code if isinstance(outcome, VertebraError) else 0
        self.tally.outcomes[f"exit {code}"] += 1
        if isinstance(outcome, LoadReport):
            self._compare_loaded(outcome, meant)
            return code
        is_meant = {2: meant.is_refused, 3: True, 4: self._moves_patients(meant)}
        assert is_meant.get(code), outcome
        assert before == (read_pointer(self.warehouse) if before else None)
        # An unknown column is named, so only a file with its header is sure to tell nothing.
        assert "Pq" not in str(outcome) or not content.startswith(HEADER.encode() + b"\n")
        return code

    def _moves_patients(self, meant: Reading) -> bool:
        """Say whether a known procedure comes with another patient than before."""
        return any(
            self.held[key]["patient_id"] != row["patient_id"]
            for key, row in meant.rows.items()
            if key in self.held
        )

    def _compare_loaded(self, report: LoadReport, meant: Reading) -> None:
        assert not meant.is_refused, "loaded, though it cannot be read as a whole"
        counts = report.tables["procedures"]
        known = len(meant.rows.keys() & self.held.keys())
        new = len(meant.rows) - known
        assert (counts.read, counts.quarantined) == (meant.records, len(meant.refused))
        assert (counts.loaded, counts.updated + counts.unchanged) == (new, known)
        assert _quarantined(report.quarantine) == meant.refused
        for key, row in meant.rows.items():
            self.held[key] = self.held.get(key, NOTHING) | row
        with open_snapshot(self.warehouse) as snapshot:
            rows = snapshot.connection.execute(f"select {HEADER} from procedures").fetchall()
        found = {row[0]: dict(zip(NOTHING, row, strict=True)) for row in rows}
        assert found == self.held


def _load(path: Path, warehouse: Path) -> LoadReport | VertebraError:
    try:
        return load([path], Settings(warehouse, max_refused=1.0))
    except VertebraError as refusal:
        return refusal


def _read(content: bytes) -> Reading:
    return read_plainly(content, table_named("procedures"))


def _changed(lines: list[bytes], changes: dict[int, bytes]) -> bytes:
    return b"".join(changes.get(n, line) for n, line in enumerate(lines))


def _quarantined(folder: Path | None) -> dict[int, int]:
    if folder is None:
        return {}
    with (folder / "procedures.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["record"]): int(row["line"]) for row in csv.DictReader(file)}


@contextmanager
def _quick_loads() -> Iterator[None]:
    """Leave out the marts and the rules that refuse nothing."""
    rules = tuple(rule for rule in read_rules() if rule.severity != "warning")
    with (
        patch("etl.build.MARTS", ()),
        patch("etl.build.MACROS", ()),
        patch("etl.pipeline.read_rules", lambda: rules),
    ):
        yield
