"""Exports of five public REDCap projects hold what is known of them."""

from datetime import date
from pathlib import Path

import pytest

from etl.sources.redcap.dictionary import describe_choices, read_dictionary
from etl.sources.redcap.export import RedcapProject, read_redcap, read_redcap_project
from etl.sources.text_table import TextTable

from .conftest import records_of

SAMPLES = Path(__file__).parents[5] / "shared" / "data" / "redcap"

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="third-party samples are not in ../shared/data"
)


def sample(name: str, workspace: Path) -> RedcapProject:
    folder = SAMPLES / name
    dictionary = next(folder.glob("dictiona*.csv"))
    return read_redcap_project(folder / "data.csv", dictionary, workspace=workspace)


def tables_of(project: RedcapProject) -> dict[str, TextTable]:
    return {table.name: table for table in project.tables}


def test_220_rows_are_20_patients_and_200_appointments_by_patient_id(tmp_path: Path) -> None:
    tables = tables_of(sample("multilevel-model-1", tmp_path))
    assert {name: table.records for name, table in tables.items()} == {
        "patient": 20,
        "appointment": 200,
    }
    assert tables["patient"].header[0] == "patient_id"
    patients = {record["patient_id"] for record in records_of(tables["patient"])}
    visits = {
        (record["patient_id"], record["redcap_repeat_instance"])
        for record in records_of(tables["appointment"])
    }
    assert len(patients) == 20
    assert len(visits) == 200
    assert {patient for patient, _ in visits} == patients


def test_a_minus_sign_is_read_without_the_space_that_the_export_puts_before_it(
    tmp_path: Path,
) -> None:
    visits = records_of(tables_of(sample("multilevel-model-1", tmp_path))["appointment"])
    second_patient = next(visit for visit in visits if visit["patient_id"] == "1002")
    assert second_patient["slope_factor_1"] == "-0.119"


def test_two_records_have_four_readings_one_of_them_5417_days_before_enrolment(
    tmp_path: Path,
) -> None:
    # 2004-04-04 to 2019-02-02 is 5,417 days.
    tables = tables_of(sample("repeating-instruments", tmp_path))
    enrolled = {
        record["record_id"]: date.fromisoformat(record["date_enrolled"])
        for record in records_of(tables["demographics"])
    }
    readings = records_of(tables["bp"])
    days = [
        (date.fromisoformat(r["date_bp"]) - enrolled[r["record_id"]]).days for r in readings
    ]  # fmt: skip
    assert len(enrolled) == 2
    assert days == [0, 0, 0, -5417]
    assert [tables["bp"].place_of(n) for n in (1, 4)] == ["line 3", "line 7"]


def test_boxes_that_were_never_answered_are_missing_and_not_no(tmp_path: Path) -> None:
    project = sample("checkboxes-1", tmp_path)
    form = records_of(tables_of(project)["form_2"])
    one = [[record[f"check_one___{code}"] for code in "1234"] for record in form]
    two = [[record[f"check_two___{code}"] for code in "abcde"] for record in form]
    assert [record["record_id"] for record in form] == ["1", "2", "3"]
    assert one == [["1", "0", "0", "0"], ["", "", "", ""], ["1", "1", "1", "1"]]
    assert two[1] == ["0", "1", "0", "1", "0"]
    assert two[2] == ["0", "0", "0", "0", "0"]
    counts = {(f.rule, f.column): (f.count, f.of) for f in project.findings}
    assert counts["checkbox_may_not_have_been_asked", "check_one"] == (1, 3)
    assert counts["form_not_filled", ""] == (1, 4)


def test_race_6_is_offered_as_missing_for_14_people_and_stays_a_code(tmp_path: Path) -> None:
    project = sample("clinical-trial-1", tmp_path)
    race = next(
        f for f in project.findings if f.rule == "choice_reads_as_missing" and f.column == "race"
    )
    assert (race.count, race.of) == (14, 500)
    assert 'missing = ["6"]' in race.note
    people = records_of(tables_of(project)["demographics"])
    assert sum(person["race"] == "6" for person in people) == 14


def test_identifiers_by_the_dictionary_are_in_no_table_and_listed(tmp_path: Path) -> None:
    project = sample("clinical-trial-1", tmp_path)
    assert set(project.dropped) == {"name_last", "name_first", "address", "phone", "dob"}
    text = project.tables[0].readable_path.read_text(encoding="utf-8")
    assert "Cornel" not in text
    assert "1991-05-13" not in text
    assert [f.column for f in project.findings if f.rule == "free_text"] == ["email"]


def test_1_54_with_a_comma_is_one_and_a_half_by_the_dictionary(tmp_path: Path) -> None:
    people = records_of(sample("decimal-comma", tmp_path).tables[0])
    assert [person["height"] for person in people] == ["1.54", "1.84", "1.95", "1.61"]
    assert [person["weight"] for person in people] == ["52.3", "92.3", "123.4", "45.9"]
    assert people[0]["bmi"] == "22.1"


def test_choices_are_described_for_every_field_that_has_them(tmp_path: Path) -> None:
    dictionary = read_dictionary(SAMPLES / "clinical-trial-1/dictionary.csv", workspace=tmp_path)
    choices = describe_choices(dictionary)
    assert set(choices) == {"ethnicity", "race", "gender"}
    assert choices["race"] == {
        "1": "Asian", "2": "(Not Used)", "3": "Black", "4": "White", "5": "Other/Mixed",
        "6": "Missing",
    }  # fmt: skip


def test_the_plain_reader_returns_the_same_tables(tmp_path: Path) -> None:
    folder = SAMPLES / "repeating-instruments"
    tables = read_redcap(folder / "data.csv", folder / "dictionary.csv", workspace=tmp_path)
    assert [(table.name, table.records) for table in tables] == [("demographics", 2), ("bp", 4)]
