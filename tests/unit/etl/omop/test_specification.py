"""An OMOP source is held to the field specification of its version."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.sources.omop.database import read_omop_source
from etl.sources.omop.specification import cdm_fields
from warehouse.errors import SourceUnreadable

from .conftest import Tables, counts, procedure, records_of, small_source, write_folder

PUBLISHED = (
    Path(__file__).parents[5]
    / "shared/data/omop_cdm_5_4/OMOP_CDMv5.4_Field_Level.csv"
)  # fmt: skip


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the specification is not in ../shared/data")
def test_fields_of_5_4_are_those_of_the_published_specification() -> None:
    with PUBLISHED.open(encoding="utf-8-sig", newline="") as file:
        published = {
            (row["cdmTableName"].lower(), row["cdmFieldName"].lower()): row["isRequired"].lower()
            for row in csv.DictReader(file)
            if row["cdmTableName"].lower() in cdm_fields()
        }
    ours = {
        (table, name): field.required["5.4"]
        for table, fields in cdm_fields().items()
        for name, field in fields.items()
        if field.is_in("5.4")
    }
    assert ours == published


def test_the_two_versions_differ_in_the_names_of_discharge() -> None:
    visit = cdm_fields()["visit_occurrence"]
    assert [n for n, f in visit.items() if not f.is_in("5.4")] == [
        "admitting_source_concept_id", "admitting_source_value",
        "discharge_to_concept_id", "discharge_to_source_value",
    ]  # fmt: skip


def name_version(text: str) -> Callable[[Tables], None]:
    def change(tables: Tables) -> None:
        tables["cdm_source"] = [{"cdm_source_name": "x", "cdm_version": text}]

    return change


@pytest.mark.parametrize("text", ["5.4", "v5.4.0", "V5.4"])
def test_cdm_source_names_the_version(read_source: Callable, text: str) -> None:
    assert read_source(name_version(text)).version == "5.4"


@pytest.mark.parametrize("text", ["v6.0", "5.2.2", "latest"])
def test_another_version_is_refused(read_source: Callable, text: str) -> None:
    with pytest.raises(SourceUnreadable, match=r"Allowed: 5\.3 and 5\.4"):
        read_source(name_version(text))


def test_without_cdm_source_the_fields_tell_the_version(read_source: Callable) -> None:
    def older(tables: Tables) -> None:
        visit = tables["visit_occurrence"][0]
        visit["discharge_to_concept_id"] = visit.pop("discharged_to_concept_id")

    assert read_source().version == "5.4"
    source = read_source(older)
    assert source.version == "5.3"
    assert records_of(source, "visit_occurrence")[0]["discharged_to_code"] == "Visit|IP"


def test_where_nothing_tells_the_version_it_is_said(read_source: Callable) -> None:
    source = read_source(lambda tables: tables.pop("visit_occurrence"))
    assert ("version_not_told", "cdm_source", "cdm_version") in counts(source)
    assert ("table_not_in_source", "visit_occurrence", "") in counts(source)


def test_fields_of_two_versions_at_once_are_refused(read_source: Callable) -> None:
    def mix(tables: Tables) -> None:
        tables["visit_occurrence"][0]["admitting_source_value"] = "home"

    with pytest.raises(SourceUnreadable, match="two versions") as refusal:
        read_source(mix)
    assert "visit_occurrence.admitting_source_value" in str(refusal.value)


def test_cdm_source_that_contradicts_the_fields_is_refused(read_source: Callable) -> None:
    with pytest.raises(SourceUnreadable, match=r"names version 5\.3, but"):
        read_source(name_version("5.3"))


@pytest.mark.parametrize("table", ["person", "procedure_occurrence", "concept"])
def test_a_table_without_which_nothing_can_be_told_is_needed(
    read_source: Callable, table: str
) -> None:
    with pytest.raises(SourceUnreadable, match=f"No table {table} was found"):
        read_source(lambda tables: tables.pop(table))


def test_a_required_field_is_needed_and_named(read_source: Callable) -> None:
    def change(tables: Tables) -> None:
        for row in tables["procedure_occurrence"]:
            del row["procedure_date"]

    with pytest.raises(SourceUnreadable, match="csv: required field procedure_date is missing"):
        read_source(change)


def test_a_file_without_a_header_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "cdm", small_source())
    path = folder / "person.csv"
    body = path.read_text(encoding="utf-8").split("\n", 1)[1].replace("3\r", "4\r", 1)
    path.write_text("1,41,1950,x,y,3\n" + body, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="has to have a header"):
        read_omop_source(folder, workspace=tmp_path)


def test_fields_beside_the_specification_are_told(read_source: Callable) -> None:
    def change(tables: Tables) -> None:
        for row in tables["person"]:
            row["favourite_colour"] = "blue"
            del row["race_concept_id"]

    found = counts(read_source(change))
    assert ("field_not_in_specification", "person", "favourite_colour") in found
    assert ("field_not_in_source", "person", "race_concept_id") in found


def test_a_source_without_an_augmentation_is_refused(read_source: Callable) -> None:
    def change(tables: Tables) -> None:
        tables["procedure_occurrence"] = [procedure(1, 1, 14)]

    with pytest.raises(SourceUnreadable, match="no augmentation was found among 1 procedures"):
        read_source(change)


def test_a_table_that_stands_twice_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "cdm", small_source())
    (folder / "PERSON.tsv").write_text("person_id\n1\n", encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="table person stands twice"):
        read_omop_source(folder, workspace=tmp_path)


@pytest.mark.parametrize(
    ("start", "kind"),
    [(b"SQLite format 3\0", "an SQLite database"), (b"PK\x03\x04", "neither a folder nor")],
)
def test_a_file_of_another_kind_is_refused_in_words(
    tmp_path: Path, start: bytes, kind: str
) -> None:
    path = tmp_path / "cdm.db"
    path.write_bytes(start + bytes(100))
    with pytest.raises(SourceUnreadable, match=kind):
        read_omop_source(path, workspace=tmp_path)


def test_a_damaged_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "cdm.duckdb"
    path.write_bytes(bytes(8) + b"DUCK" + bytes(5000))
    with pytest.raises(SourceUnreadable, match="cannot be opened as a DuckDB database"):
        read_omop_source(path, workspace=tmp_path)
