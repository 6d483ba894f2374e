"""A source in which every rule is broken exactly once, each in a procedure of its own."""

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from etl.keys import assign_keys, empty_prior
from etl.pipeline import prepare_checks
from etl.sources.canonical_files import read_canonical_files
from etl.stage import find_bad_cells, stage_files
from etl.validate import Rule, read_rules, refuse_children, refuse_rows
from warehouse.connection import Connection, open_for_building
from warehouse.source_schema import TABLES

Row = dict[str, object]
Found = dict[str, set[tuple[str, str]]]
"""Rule -> procedures and columns that it returned."""


@dataclass
class World:
    """The records of one procedure, sound until a case changes them."""

    name: str
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ids: Row = {"procedure_id": self.name}
        self.rows = {
            "procedures": [ids | {"patient_id": f"P-{self.name}"} | _PROCEDURE],
            "treated_levels": [ids | _LEVEL],
            "leaks": [ids | {"level": "L1", "route": "intradiscal", "symptomatic": "no"}],
            "assessments": [
                ids | {"instrument": "pain_nrs", "days": days, "score": score}
                for days, score in ((-3, 8), (1, 4), (7, 3), (42, 2))
            ],
            "complications": [ids | {"complication_id": f"E-{self.name}"} | _COMPLICATION],
        }

    def change(self, table: str, **cells: object) -> "World":
        """Change cells of the first row of a table."""
        self.rows[table][0].update(cells)
        return self

    def add(self, table: str, **cells: object) -> "World":
        """Add a row like the first one, with other cells."""
        self.rows[table].append(self.rows[table][0] | cells)
        return self

    def drop(self, *tables: str) -> "World":
        """Leave out all rows of some tables."""
        for table in tables:
            self.rows[table] = []
        return self


_PROCEDURE: Row = {
    "site_id": "A",
    "surgeon_id": "S1",
    "procedure_year": 2024,
    "augmentation_number": 1,
    "technique": "kyphoplasty",
    "cause": "osteoporosis",
    "age_years": 75,
    "sex": "female",
    "procedure_minutes": 40,
    "fluoroscopy_minutes": 6,
    "complications_reviewed": "yes",
    "reviewed_through_days": 700,
    "observed_through_days": 730,
    "last_contact_days": 700,
}
_LEVEL: Row = {"level": "L1", "cement_ml": 4, "leak_checked": "yes", "leak_modality": "ct"}
_COMPLICATION: Row = {"type": "bleeding", "onset_days": 3}


@pytest.fixture(scope="session")
def found_in() -> Callable[[list[World], Path], Found]:
    """Return a function that runs every rule over some worlds and says what it returned."""

    def run(worlds: list[World], folder: Path) -> Found:
        _write(worlds, folder)
        workspace = folder / "work"
        workspace.mkdir()
        files = {file.table: file for file in read_canonical_files([folder], workspace=workspace)}
        rules = read_rules()
        with open_for_building(workspace / "stage.duckdb") as connection:
            stage_files(connection, files)
            find_bad_cells(connection)
            empty_prior(connection)
            assign_keys(connection, files)
            prepare_checks(connection, files, has_prior=False)
            refuse_rows(connection, rules, files)
            refuse_children(connection, files)
            found: Found = defaultdict(set)
            for rule in rules:
                for table in rule.tables:
                    found[rule.name] |= _run(connection, rule, table)
            return found

    return run


def _run(connection: Connection, rule: Rule, table: str) -> set[tuple[str, str]]:
    rows = connection.execute(
        f"select procedure_id, column_name from ({rule.statement}) "
        f"join raw_{table} on raw_{table}.rowid = record_id - 1 "
        "where found is not null and allowed is not null",
        rule.parameters(table),
    ).fetchall()
    return {(str(name), str(column)) for name, column in rows}


def _write(worlds: list[World], folder: Path) -> None:
    for table in TABLES:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table.column_names, restval="")
            writer.writeheader()
            for world in worlds:
                writer.writerows(world.rows[table.name])


@pytest.fixture(scope="session")
def world() -> type[World]:
    """Return the class of worlds."""
    return World
