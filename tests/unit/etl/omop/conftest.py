"""A small OMOP source with augmentations, written in any form, and a reading of it.

Concept ids are made up on purpose: nothing may depend on those of a real vocabulary.
"""

import csv
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from etl.sources.omop.database import OmopSource, read_omop_source
from etl.sources.text_table import TextTable

Rows = list[dict[str, object]]
Tables = dict[str, Rows]

CONCEPTS = [
    (11, "CPT4", "22513"), (12, "CPT4", "22515"), (13, "CPT4", "22510"), (14, "CPT4", "99213"),
    (21, "ICD10CM", "M80.08XA"), (22, "SNOMED", "443165006"), (23, "SNOMED", "5061000"),
    (31, "LOINC", "72514-3"), (41, "Gender", "F"), (42, "Gender", "M"), (51, "Visit", "IP"),
    (61, "OPCS4", "V44.4"), (0, "None", "No matching concept"),
]  # fmt: skip


def concept(concept_id: int, vocabulary: str, code: str) -> dict[str, object]:
    return {
        "concept_id": concept_id, "concept_name": f'Say "{code}"', "domain_id": "x",
        "vocabulary_id": vocabulary, "concept_class_id": "x", "standard_concept": "S",
        "concept_code": code, "valid_start_date": "1970-01-01", "valid_end_date": "2099-12-31",
        "invalid_reason": None,
    }  # fmt: skip


def procedure(number: int, person: int, source: int, **changes: object) -> dict[str, object]:
    return {
        "procedure_occurrence_id": number, "person_id": person, "procedure_concept_id": source,
        "procedure_date": "2024-03-05", "procedure_datetime": "2024-03-05 23:30:00",
        "procedure_type_concept_id": 1, "modifier_concept_id": 0, "quantity": 1,
        "provider_id": 7, "visit_occurrence_id": 900 + person, "visit_detail_id": None,
        "procedure_source_value": None, "procedure_source_concept_id": source,
        "modifier_source_value": None,
    } | changes  # fmt: skip


def person(number: int, gender: int = 41, born: object = 1950) -> dict[str, object]:
    return {
        "person_id": number, "gender_concept_id": gender, "year_of_birth": born,
        "race_concept_id": 0, "ethnicity_concept_id": 0, "care_site_id": 3,
    }  # fmt: skip


def measurement(number: int, person_id: int, day: str, score: object) -> dict[str, object]:
    return {
        "measurement_id": number, "person_id": person_id, "measurement_concept_id": 31,
        "measurement_date": day, "measurement_type_concept_id": 1, "value_as_number": score,
        "unit_concept_id": 0, "measurement_source_value": "NRS",
        "measurement_source_concept_id": 31,
    }  # fmt: skip


def small_source() -> Tables:
    """Persons 1 (kyphoplasty of two levels) and 2 (vertebroplasty) are in scope, 3 is not."""
    return {
        "person": [person(1), person(2, 42, 1944), person(3)],
        "procedure_occurrence": [
            procedure(101, 1, 11),
            procedure(102, 1, 12),
            procedure(103, 3, 14),
            procedure(104, 2, 13, procedure_date="2024-04-01", procedure_datetime=None),
            procedure(105, 1, 14, procedure_date="2024-05-01", procedure_datetime=None),
        ],
        "condition_occurrence": [
            {
                "condition_occurrence_id": n, "person_id": p, "condition_concept_id": 22,
                "condition_start_date": "2024-03-01", "condition_type_concept_id": 1,
                "condition_source_value": "M80.08XA", "condition_source_concept_id": source,
            }
            for n, p, source in ((201, 1, 21), (202, 2, 0), (203, 3, 21))
        ],
        "measurement": [
            measurement(301, 1, "2024-03-04", 8),
            measurement(302, 1, "2024-03-06", 2.5),
            measurement(303, 3, "2024-03-06", 9),
        ],
        "death": [{"person_id": 2, "death_date": "2024-12-24", "cause_concept_id": 23}],
        "visit_occurrence": [
            {
                "visit_occurrence_id": 901, "person_id": 1, "visit_concept_id": 51,
                "visit_start_date": "2024-03-05", "visit_end_date": "2024-03-06",
                "visit_type_concept_id": 1, "discharged_to_concept_id": 51,
            }
        ],
        "concept": [concept(*row) for row in CONCEPTS],
        "concept_relationship": [
            {
                "concept_id_1": 61, "concept_id_2": 23, "relationship_id": "Maps to",
                "valid_start_date": "1970-01-01", "valid_end_date": "2099-12-31",
                "invalid_reason": None,
            }
        ],
    }  # fmt: skip


def write_folder(folder: Path, tables: Tables, *, upper: bool = False) -> Path:
    """Write a CSV file with a header for each table."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        names = list(rows[0])
        path = folder / f"{name.upper() if upper else name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([n.upper() if upper else n for n in names])
            writer.writerows([row.get(n) for n in names] for row in rows)
    return folder


def records_of(source: OmopSource | list[TextTable], name: str) -> list[dict[str, str]]:
    """Return the records of one table as it is read from disk."""
    tables = source if isinstance(source, list) else source.tables
    path = next(table for table in tables if table.name == name).readable_path
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counts(source: OmopSource) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Return (rule, table, column) -> (count, of)."""
    return {(f.rule, f.table, f.column): (f.count, f.of) for f in source.findings}


@pytest.fixture
def read_source(tmp_path: Path) -> Callable[..., OmopSource]:
    """Return a function that writes a changed small source as CSV and reads it."""

    def read(change: Callable[[Tables], None] = lambda tables: None, **options) -> OmopSource:
        tables = deepcopy(small_source())
        change(tables)
        folder = write_folder(tmp_path / "cdm", tables, **options)
        workspace = tmp_path / "workspace"
        workspace.mkdir(exist_ok=True)
        return read_omop_source(folder, workspace=workspace)

    return read
