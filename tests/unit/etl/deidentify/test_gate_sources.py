"""The gate looks at tables of every source alike: workbook, REDCap, FHIR, OMOP, Parquet, text."""

import csv
import json
from pathlib import Path

import pytest
import xlsxwriter

from etl.deidentification import IdentifierFinding, find_identifiers_in_table
from etl.sources.any_source import read_tables
from etl.sources.text_table import TextTable, write_records
from warehouse.connection import open_for_building

PLANTED = "john@example.org"


def write_csv(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


def text_source(folder: Path, value: str) -> list[Path]:
    return [write_csv(folder / "cases.csv", [["case", "kind"], ["C1", "balloon"], ["C2", value]])]


def workbook(folder: Path, value: str) -> list[Path]:
    book = xlsxwriter.Workbook(folder / "cases.xlsx")
    sheet = book.add_worksheet("Cases")
    for place, row in enumerate([["case", "kind"], ["C1", "balloon"], ["C2", value]]):
        sheet.write_row(place, 0, row)
    book.close()
    return [folder / "cases.xlsx"]


def parquet(folder: Path, value: str) -> list[Path]:
    with open_for_building(None) as connection:
        connection.execute('create table cases ("case" varchar, kind varchar)')
        connection.execute("insert into cases values ('C1', 'balloon'), ('C2', ?)", [value])
        connection.execute(f"copy cases to '{folder / 'cases.parquet'}'")
    return [folder / "cases.parquet"]


def json_lines(folder: Path, value: str) -> list[Path]:
    path = folder / "cases.jsonl"
    lines = [{"case": "C1", "kind": "balloon"}, {"case": "C2", "kind": value}]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    return [path]


def redcap(folder: Path, value: str) -> list[Path]:
    header = [
        "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
        "Choices, Calculations, OR Slider Labels", "Field Note",
        "Text Validation Type OR Show Slider Number", "Text Validation Min",
        "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
        "Required Field?",
    ]  # fmt: skip
    dictionary = [
        header,
        *([name, "cases", "", "text", name, *[""] * 8] for name in ("record_id", "kind")),
    ]
    export = [["record_id", "kind", "cases_complete"], ["1", "balloon", "2"], ["2", value, "2"]]
    return [
        write_csv(folder / "export.csv", export),
        write_csv(folder / "dictionary.csv", dictionary),
    ]


def fhir(folder: Path, value: str) -> list[Path]:
    resources = [
        {"resourceType": "Patient", "id": "p1", "gender": "female"},
        {
            "resourceType": "Condition",
            "id": "c1",
            "subject": {"reference": "Patient/p1"},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "443165006"}]},
            "bodySite": [{"coding": [{"system": "http://snomed.info/sct", "code": value}]}],
        },
    ]
    path = folder / "bulk.ndjson"
    path.write_text("\n".join(map(json.dumps, resources)) + "\n", encoding="utf-8")
    return [path]


def omop(folder: Path, value: str) -> list[Path]:
    source = folder / "omop"
    source.mkdir()
    persons = [["person_id", "gender_concept_id", "year_of_birth"], ["1", "0", "1950"]]
    procedures = [
        ["procedure_occurrence_id", "person_id", "procedure_concept_id", "procedure_date",
         "procedure_type_concept_id", "procedure_source_concept_id", "procedure_source_value"],
        ["1", "1", "13", "2024-03-05", "0", "13", "22510"],
        ["2", "1", "13", "2024-03-05", "0", "13", value],
    ]  # fmt: skip
    concepts = [
        ["concept_id", "concept_name", "domain_id", "vocabulary_id", "concept_class_id",
         "standard_concept", "concept_code", "valid_start_date", "valid_end_date",
         "invalid_reason"],
        ["13", "x", "Procedure", "CPT4", "CPT4", "S", "22510", "1970-01-01", "2099-12-31", ""],
    ]  # fmt: skip
    write_csv(source / "person.csv", persons)
    write_csv(source / "procedure_occurrence.csv", procedures)
    write_csv(source / "concept.csv", concepts)
    return [source]


SOURCES = [
    (text_source, "balloon", "kind"),
    (workbook, "balloon", "kind"),
    (parquet, "balloon", "kind"),
    (json_lines, "balloon", "kind"),
    (redcap, "balloon", "kind"),
    (fhir, "51282000", "body_site"),
    (omop, "22510", "source_value"),
]


def findings_in(tables: list[TextTable], **options) -> list[IdentifierFinding]:
    """Gate every column that is neither dated nor free text by its name."""
    found = []
    with open_for_building(None) as connection:
        for table in tables:
            columns = [
                name
                for name in table.header
                if not name.endswith(("_date", "_datetime", "_instant", "_text", "_birth"))
            ]
            found += find_identifiers_in_table(
                connection, table, columns, privacy_mode="safe_harbor", **options
            )
    return found


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a source and reads it as tables."""

    def tables(source, value):
        workspace = tmp_path / "workspace"
        workspace.mkdir()
        return read_tables(source(tmp_path, value), workspace=workspace)

    return tables


@pytest.mark.parametrize(("source", "clean", "column"), SOURCES)
def test_a_clean_source_of_any_kind_passes(read, source, clean, column):
    assert findings_in(read(source, clean)) == []


@pytest.mark.parametrize(("source", "clean", "column"), SOURCES)
def test_an_identifier_in_a_source_of_any_kind_is_found(read, source, clean, column):
    found = findings_in(read(source, PLANTED))
    assert IdentifierFinding(column, "e-mail address", 1) in found


NOTED = [["case", "clinical_notes", "why"], ["C1", "x", "fell on the stairs at home again"]]


def noted(folder, value):
    return [write_csv(folder / "cases.csv", [*NOTED, ["C2", value, "fell"]])]


def test_free_text_is_refused_by_name_and_by_value(read):
    assert findings_in(read(noted, "y")) == [
        IdentifierFinding("clinical_notes", "free text", 2),
        IdentifierFinding("why", "free text", 1),
    ]


def test_free_text_that_is_allowed_by_its_columns_name_passes(read):
    assert findings_in(read(noted, "y"), allowed_text=["clinical_notes", "why"]) == []


@pytest.mark.parametrize("text", [PLANTED, f"She was well {'and well ' * 20} ({PLANTED})"])
def test_an_identifier_within_allowed_free_text_still_counts(read, text):
    found = findings_in(read(noted, text), allowed_text=["clinical_notes", "why"])
    assert found == [IdentifierFinding("clinical_notes", "e-mail address", 1)]


def test_allowing_a_column_allows_free_text_alone(read, tmp_path):
    def identified(folder, value):
        return [write_csv(folder / "cases.csv", [["patient_name", "mrn"], ["x", value]])]

    found = findings_in(read(identified, "1"), allowed_text=["patient_name", "mrn"])
    assert [finding.kind for finding in found] == ["name", "medical record number"]


def test_columns_whose_names_differ_in_capitals_only_are_told_apart(tmp_path):
    path = tmp_path / "cases.csv"
    write_records(path, ("kind", "Kind"), [["balloon", PLANTED]])
    table = TextTable("cases", path, "cases", ("kind", "Kind"), path, 1, range(1, 2))
    assert findings_in([table]) == [IdentifierFinding("Kind", "e-mail address", 1)]


def test_a_wide_table_of_many_texts_is_looked_at_within_memory(read):
    def wide(folder, value):
        header = [f"question {place}" for place in range(400)]
        rows = [[f"Rather {value} {row}" for _ in header] for row in range(20)]
        return [write_csv(folder / "cases.csv", [header, *rows])]

    assert findings_in(read(wide, "often")) == []


def test_only_the_columns_that_are_given_are_looked_at(read):
    [table] = read(text_source, PLANTED)
    with open_for_building(None) as connection:
        find = find_identifiers_in_table
        assert find(connection, table, ["case"], privacy_mode="safe_harbor") == []
        assert find(connection, table, [], privacy_mode="safe_harbor") == []
        assert len(find(connection, table, privacy_mode="safe_harbor")) == 1
