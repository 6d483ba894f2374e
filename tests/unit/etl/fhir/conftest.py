"""Small FHIR exports, and their tables as rows."""

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from etl.sources.fhir.reader import FhirExport, read_fhir_export
from etl.sources.text_table import TextTable

THIRD_PARTY = Path(__file__).parents[5] / "shared" / "data"
PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1950-06-30"}
SUBJECT = {"reference": "Patient/p1"}


def rows_of(table: TextTable) -> list[dict[str, str]]:
    """Return the rows of a table; its header is that of the file."""
    with table.readable_path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert tuple(reader.fieldnames or ()) == table.header
    assert len(rows) == table.records == len(table.places)
    return rows


@dataclass
class Read:
    """An export as read, with the rows of its tables."""

    export: FhirExport

    def rows(self, resource_type: str) -> list[dict[str, str]]:
        tables = [table for table in self.export.tables if table.name == resource_type]
        return rows_of(tables[0]) if tables else []

    def faults(self, resource_type: str) -> list[tuple[int, str]]:
        return [f for t in self.export.tables if t.name == resource_type for f in t.faults]

    def rules(self) -> set[tuple[str, str, str]]:
        return {(f.rule, f.table, f.column) for f in self.export.findings}


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Read]:
    """Return a function that reads a folder of third-party samples once, or skips without it."""
    known: dict[str, Read] = {}

    def read(folder: str) -> Read:
        path = THIRD_PARTY / folder
        if not path.is_dir():
            pytest.skip("third-party samples are not in ../shared/data")
        if folder not in known:
            workspace = tmp_path_factory.mktemp(folder)
            known[folder] = Read(read_fhir_export([path], workspace=workspace))
        return known[folder]

    return read


@pytest.fixture
def read_lines(tmp_path: Path) -> Callable[..., Read]:
    """Return a function that reads resources (or lines as text) as one bulk file."""

    def read(*resources: dict | str, name: str = "export.ndjson") -> Read:
        source = tmp_path / "source"
        source.mkdir(exist_ok=True)
        lines = [r if isinstance(r, str) else json.dumps(r) for r in resources]
        (source / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        return Read(read_fhir_export([source], workspace=tmp_path))

    return read


@pytest.fixture
def read_bundle(tmp_path: Path) -> Callable[..., Read]:
    """Return a function that reads (fullUrl, resource) pairs as one Bundle."""

    def read(
        entries: Iterable[tuple[str, dict]], kind: str = "collection", **members: object
    ) -> Read:
        path = tmp_path / "bundle.json"
        listed = [
            {"resource": resource} | ({"fullUrl": full_url} if full_url else {})
            for full_url, resource in entries
        ]
        bundle = {"resourceType": "Bundle", "type": kind, "entry": listed, **members}
        path.write_text(json.dumps(bundle), encoding="utf-8")
        return Read(read_fhir_export([path], workspace=tmp_path))

    return read
