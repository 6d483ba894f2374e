"""An OMOP source gives the records of persons with an augmentation, and counts all others."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from etl.sources.omop.check_fields import WANTED_TABLES
from etl.sources.omop.columns import TABLES as READ_TABLES
from etl.sources.omop.columns import header_of, privacy_kinds
from etl.sources.omop.database import read_omop, read_omop_source
from etl.sources.omop.find_tables import find_tables
from etl.sources.omop.kept import keep_records
from etl.sources.omop.persons import find_persons
from etl.sources.omop.scope import augmentation_codes
from warehouse.connection import open_for_building
from warehouse.errors import SourceUnreadable

from .conftest import (
    Tables,
    concept,
    counts,
    measurement,
    procedure,
    records_of,
    small_source,
    write_folder,
)  # fmt: skip


def test_only_persons_with_an_augmentation_are_read(read_source: Callable) -> None:
    source = read_source()
    assert source.persons == 2
    assert {table.name: table.records for table in source.tables} == {
        "person": 2, "procedure_occurrence": 4, "condition_occurrence": 2, "measurement": 2,
        "visit_occurrence": 1, "death": 1, "augmentation_day": 2,
    }  # fmt: skip
    assert source.out_of_scope == {
        "person": 1, "procedure_occurrence": 1, "condition_occurrence": 1, "measurement": 1,
        "visit_occurrence": 0, "death": 0,
    }  # fmt: skip


def test_codes_stand_for_concepts_and_no_concept_id_is_left(read_source: Callable) -> None:
    source = read_source()
    procedures = records_of(source, "procedure_occurrence")
    assert [(r["source_code"], r["bare_code"], r["is_augmentation"]) for r in procedures] == [
        ("CPT4|22513", "22513", "yes"), ("CPT4|22515", "22515", "yes"),
        ("CPT4|22510", "22510", "yes"), ("CPT4|99213", "99213", "no"),
    ]  # fmt: skip
    assert [r["gender_code"] for r in records_of(source, "person")] == ["Gender|F", "Gender|M"]
    conditions = records_of(source, "condition_occurrence")
    assert [(r["source_code"], r["standard_code"], r["bare_code"]) for r in conditions] == [
        ("ICD10CM|M80.08XA", "SNOMED|443165006", "M80.08XA"),
        ("", "SNOMED|443165006", "M80.08XA"),
    ]
    assert records_of(source, "death")[0]["standard_code"] == "SNOMED|5061000"
    assert not any("concept_id" in name for table in source.tables for name in table.header)


def test_codes_of_one_day_stand_in_one_record_numbered_by_person(read_source: Callable) -> None:
    def change(tables: Tables) -> None:
        later = procedure(109, 1, 13, procedure_date="2024-09-05", provider_id=8)
        again = procedure(110, 1, 12, procedure_date="2024-09-05", provider_id=9)
        tables["procedure_occurrence"] += [later, again]
        tables["person"][1]["year_of_birth"] = 1930

    days = records_of(read_source(change), "augmentation_day")
    told = [(r["person_id"], r["augmentation_number"], r["bare_codes"]) for r in days]
    assert told == [("1", "1", "22513; 22515"), ("2", "1", "22510"), ("1", "2", "22510; 22515")]
    # 5 March to 5 September 2024 are 184 days; born 1950 and 1930.
    assert [r["days_since_previous"] for r in days] == ["", "", "184"]
    assert [r["age_by_years"] for r in days] == ["74", "90", "74"]
    assert [r["provider_id"] for r in days] == ["7", "7", ""]


def test_days_are_the_local_days_as_text(read_source: Callable) -> None:
    procedures = records_of(read_source(), "procedure_occurrence")
    assert [r["procedure_date"] for r in procedures[:3]] == ["2024-03-05"] * 2 + ["2024-04-01"]
    assert procedures[0]["procedure_datetime"] == "2024-03-05 23:30:00"


def test_a_record_says_its_line(read_source: Callable) -> None:
    table = next(t for t in read_source().tables if t.name == "procedure_occurrence")
    assert [table.place_of(n) for n in range(1, 5)] == ["line 2", "line 3", "line 5", "line 6"]


def test_names_in_capitals_are_the_same_tables_and_fields(read_source: Callable) -> None:
    assert [table.records for table in read_source(upper=True).tables] == [2, 4, 2, 2, 1, 1, 2]


def test_parquet_and_a_database_give_what_text_gives(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "text", small_source())
    parquet, database = tmp_path / "parquet", tmp_path / "cdm.duckdb"
    parquet.mkdir()
    with open_for_building(database) as connection:
        connection.execute("create view visit_detail as select 1 as x")
        for name in small_source():
            file = folder / f"{name}.csv"
            types = "{'concept_code': 'VARCHAR'}" if name == "concept" else "{}"
            connection.execute(f"create table {name} as from read_csv('{file}', types={types})")
            connection.execute(f"copy {name} to '{parquet}/{name.title()}.parquet'")
    readings = {}
    for form in (folder, parquet, database):
        workspace = tmp_path / f"of_{form.name}"
        workspace.mkdir()
        tables = read_omop(form, workspace=workspace)
        readings[form.name] = {t.name: records_of(tables, t.name) for t in tables}
        places = [t.place_of(1) for t in tables if t.name == "measurement"]
        assert places == ["line 2" if form == folder else "row 1"]
    assert readings["parquet"] == readings["text"]
    assert readings["cdm.duckdb"] == readings["text"]


def test_parts_of_a_table_count_on_from_one_file_to_the_next(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "cdm", small_source())
    rows = folder / "measurement.csv"
    parts = folder / "measurement"
    parts.mkdir()
    with open_for_building(None) as connection:
        for part, condition in (("a", "person_id = 3"), ("b", "person_id = 1")):
            connection.execute(
                f"copy (from read_csv('{rows}') where {condition}) to '{parts}/{part}.parquet'"
            )
    rows.unlink()
    source = read_omop_source(folder, workspace=tmp_path)
    table = next(t for t in source.tables if t.name == "measurement")
    assert [table.place_of(n) for n in (1, 2)] == ["row 2", "row 3"]
    assert [r["value_as_number"] for r in records_of(source, "measurement")] == ["8", "2.5"]


def test_whole_numbers_written_with_a_point_are_the_same_persons(read_source: Callable) -> None:
    def change(tables: Tables) -> None:
        for row in tables["measurement"]:
            row["person_id"] = f"{row['person_id']}.0"
        tables["procedure_occurrence"][0]["visit_occurrence_id"] = "901.0"

    source = read_source(change)
    assert [r["person_id"] for r in records_of(source, "measurement")] == ["1", "1"]
    assert records_of(source, "procedure_occurrence")[0]["visit_occurrence_id"] == "901"


def test_concept_0_is_unmapped_and_counted(read_source: Callable) -> None:
    found = counts(read_source())
    assert found["concept_unmapped", "condition_occurrence", "condition_source_concept_id"] == (
        1,
        2,
    )
    assert found["concept_unmapped", "procedure_occurrence", "modifier_concept_id"] == (4, 4)


def test_a_concept_that_the_vocabulary_lacks_is_counted(read_source: Callable) -> None:
    def change(tables: Tables) -> None:
        tables["condition_occurrence"][0]["condition_source_concept_id"] = 777

    key = ("concept_not_in_vocabulary", "condition_occurrence", "condition_source_concept_id")
    assert counts(read_source(change))[key] == (1, 2)


def test_a_procedure_recorded_twice_is_counted_and_both_stay(read_source: Callable) -> None:
    source = read_source(
        lambda tables: tables["procedure_occurrence"].append(procedure(106, 1, 12))
    )
    found = counts(source)
    assert found["procedure_recorded_twice", "procedure_occurrence", ""] == (1, 4)
    assert found["several_codes_a_day", "procedure_occurrence", ""] == (2, 4)
    assert len(records_of(source, "procedure_occurrence")) == 5


def test_a_key_used_twice_is_counted(read_source: Callable) -> None:
    source = read_source(
        lambda tables: tables["procedure_occurrence"].append(procedure(101, 2, 13))
    )
    assert counts(source)["key_repeated", "procedure_occurrence", "procedure_occurrence_id"] == (
        1,
        5,
    )


def test_a_listed_code_in_the_source_value_alone_is_in_scope_and_counted(
    read_source: Callable,
) -> None:
    def change(tables: Tables) -> None:
        tables["procedure_occurrence"].append(
            procedure(107, 3, 0, procedure_source_value="22514", procedure_concept_id=0)
        )

    source = read_source(change)
    assert source.persons == 3
    key = ("scope_by_source_value", "procedure_occurrence", "procedure_source_concept_id")
    assert counts(source)[key] == (1, 4)
    assert records_of(source, "procedure_occurrence")[-1]["source_code"] == "CPT4|22514"


def test_a_source_value_says_nothing_where_there_is_a_source_concept(
    read_source: Callable,
) -> None:
    other = procedure(107, 3, 14, procedure_source_value="22514")
    assert read_source(lambda tables: tables["procedure_occurrence"].append(other)).persons == 2


def test_sacral_unlisted_and_reposition_codes_alone_are_not_in_scope() -> None:
    codes = {code for _, code in augmentation_codes()}
    assert {"22510", "22515", "C7507", "0QU03JZ", "XNU4356", "V44.5"} <= codes
    assert not codes & {"0200T", "0201T", "0QU13JZ", "22899", "0QS03ZZ", "+22512"}


def test_two_counts_of_a_file_that_disagree_stop_the_reading(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "cdm", small_source())
    death = next(table for table in READ_TABLES if table.name == "death")
    with open_for_building(None) as connection:
        found = find_tables(connection, folder, WANTED_TABLES, tmp_path)
        find_persons(connection, found)
        assert keep_records(connection, found["death"], death, "5.4") == 1
        connection.execute("drop table kept_death")
        miscounted = replace(found["death"], records=2)
        with pytest.raises(SourceUnreadable, match="different numbers of records"):
            keep_records(connection, miscounted, death, "5.4")


def test_what_a_listed_code_maps_to_is_in_scope_and_counted(read_source: Callable) -> None:
    # Concept 61 is OPCS-4 V44.4 and maps to 23, which the procedure carries.
    def change(tables: Tables) -> None:
        tables["procedure_occurrence"].append(
            procedure(108, 3, 0, procedure_concept_id=23, procedure_source_value="x")
        )

    source = read_source(change)
    assert source.persons == 3
    key = ("scope_by_standard_concept", "procedure_occurrence", "procedure_source_concept_id")
    assert counts(source)[key] == (1, 4)
    assert records_of(source, "procedure_occurrence")[-1]["standard_code"] == "SNOMED|5061000"


def test_a_relationship_that_is_no_longer_valid_is_not_followed(read_source: Callable) -> None:
    def change(tables: Tables) -> None:
        tables["concept_relationship"][0]["invalid_reason"] = "D"
        tables["procedure_occurrence"].append(procedure(108, 3, 0, procedure_concept_id=23))

    assert read_source(change).persons == 2


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("procedure_date", "05/03/2024", "field procedure_date is not a day such as 2024-01-31"),
        ("procedure_date", "2024-02-30", "field procedure_date is not a day such as 2024-01-31"),
        ("procedure_date", None, "field procedure_date is missing"),
        ("quantity", "1.5", "field quantity is not a whole number"),
        ("procedure_datetime", "half past nine", "field procedure_datetime is not a time such as"),
        ("person_id", None, "field person_id is missing"),
    ],
)
def test_a_record_with_a_wrong_type_is_left_out_by_its_line(
    read_source: Callable, field: str, value: object, reason: str
) -> None:
    def change(tables: Tables) -> None:
        tables["procedure_occurrence"][1][field] = value

    table = next(t for t in read_source(change).tables if t.name == "procedure_occurrence")
    assert table.records == 3
    assert [(line, told[: len(reason)]) for line, told in table.faults] == [(3, reason)]


def test_a_score_that_is_no_number_is_left_out(read_source: Callable) -> None:
    source = read_source(
        lambda tables: tables["measurement"].append(measurement(304, 1, "2024-03-07", "2,5"))
    )
    table = next(t for t in source.tables if t.name == "measurement")
    assert table.faults == ((5, "field value_as_number is not a number"),)
    assert table.records + len(table.faults) + source.out_of_scope["measurement"] == 4


def test_a_time_with_a_zone_is_left_out_and_the_local_day_stays(read_source: Callable) -> None:
    def change(tables: Tables) -> None:
        tables["procedure_occurrence"][0]["procedure_datetime"] = "2024-03-06T04:30:00Z"
        tables["procedure_occurrence"][1]["procedure_datetime"] = "2024-03-06 00:10:00"

    source = read_source(change)
    first = records_of(source, "procedure_occurrence")[0]
    assert (first["procedure_date"], first["procedure_datetime"]) == ("2024-03-05", "")
    found = counts(source)
    assert found["time_has_a_zone", "procedure_occurrence", "procedure_datetime"] == (1, 4)
    assert found["date_and_time_disagree", "procedure_occurrence", "procedure_datetime"] == (1, 4)


def test_a_line_with_too_many_fields_is_a_fault_and_shifts_nothing(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "cdm", small_source())
    path = folder / "measurement.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] += ","
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = read_omop_source(folder, workspace=tmp_path)
    table = next(t for t in source.tables if t.name == "measurement")
    assert [line for line, _ in table.faults] == [2]
    assert table.place_of(1) == "line 3"
    assert [r["value_as_number"] for r in records_of(source, "measurement")] == ["2.5"]


def test_a_vocabulary_with_tabs_and_loose_quotes_is_read(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "cdm", small_source())
    rows = [concept(*row) for row in [(11, "CPT4", "22513"), (13, "CPT4", "22510")]]
    lines = ["\t".join(rows[0]), *("\t".join(str(v or "") for v in r.values()) for r in rows)]
    lines[1] = lines[1].replace('Say "', '"Say')
    (folder / "concept.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = read_omop_source(folder, workspace=tmp_path)
    assert records_of(source, "procedure_occurrence")[0]["source_code"] == "CPT4|22513"


def test_a_vocabulary_line_of_another_width_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "cdm", small_source())
    text = "concept_id\tvocabulary_id\tconcept_code\n11\tCPT4\t22513\tx\n"
    (folder / "concept.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="line 2: 4 fields, the header has 3"):
        read_omop_source(folder, workspace=tmp_path)


def test_every_column_of_every_table_has_a_privacy_kind(read_source: Callable) -> None:
    kinds = privacy_kinds()
    for table in READ_TABLES:
        assert set(kinds[table.name]) == set(header_of(table))
    assert {kind for columns in kinds.values() for kind in columns.values()} == {
        "id", "date", "code", "number", "free text",
    }  # fmt: skip
    assert kinds["observation"]["value_as_string"] == "free text"
    assert kinds["person"]["year_of_birth"] == "date"
    for table in read_source().tables:
        assert set(kinds[table.name]) == set(table.header)


def test_device_identifiers_are_in_no_table() -> None:
    columns = {name for table in READ_TABLES for name in header_of(table)}
    assert not columns & {"unique_device_id", "production_id", "lot_number", "person_source_value"}


def test_a_person_without_a_record_of_their_own_is_counted(read_source: Callable) -> None:
    source = read_source(lambda tables: tables["person"].pop(0))
    assert counts(source)["person_not_in_source", "person", "person_id"] == (1, 2)


def test_nothing_but_the_text_tables_is_left_behind(tmp_path: Path) -> None:
    folder, workspace = write_folder(tmp_path / "cdm", small_source()), tmp_path / "workspace"
    workspace.mkdir()
    tables = read_omop(folder, workspace=workspace)
    left = {path for path in workspace.rglob("*") if path.is_file()}
    assert left == {table.readable_path for table in tables}
    assert {path.stat().st_mode & 0o077 for path in left} == {0}
