"""The third-party FHIR samples hold the facts that ../shared/data/README.md states."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from etl.identifier_sources import refuse_identifying_columns
from etl.mapping.reading import read_mapping
from etl.mapping.used_columns import column_uses
from etl.sources.fhir.dates import days_between
from warehouse.connection import open_for_building
from warehouse.sql_files import records_root

ODI = "http://example.org/Questionnaire/OswestryDisabilityIndexQuestionnaire"
NRS = "http://example.org/Questionnaire/PROMISNRSQuestionnaire"


def utc_day(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone(UTC).date().isoformat()


def test_450_procedures_of_the_bulk_export_fall_on_another_day_in_utc_than_locally(sample):
    rows = sample("fhir_r4_bulk").rows("Procedure")
    assert len(rows) == 2056
    same_day = [utc_day(r["performed_start_instant"]) == r["performed_start_date"] for r in rows]
    assert same_day.count(False) == 450
    assert {r["performed_start_precision"] for r in rows} == {"time"}


def test_the_bulk_export_holds_13_patients_and_no_procedure_in_scope(sample):
    read = sample("fhir_r4_bulk")
    procedures = read.rows("Procedure")
    assert [r["in_scope"] for r in procedures] == ["no"] * 2056
    assert len(read.rows("Patient")) == 13
    assert len({r["patient_id"] for r in procedures}) == 13
    assert len(read.rows("Condition")) == 555
    assert read.export.other_types == {"Device": 16}
    assert read.faults("Procedure") == []


def test_every_procedure_of_the_bulk_export_has_the_age_of_its_patient(sample):
    rows = {r["id"]: r["age_years"] for r in sample("fhir_r4_bulk").rows("Procedure")}
    # Born 1960-04-13, done 2022-06-22; born 1927-05-21, done 1984-12-15.
    assert rows["0007498e-ddd1-0048-bc43-bf238e4b3f01"] == "62"
    assert rows["0029b986-11ef-caa1-3b3e-a0e120d4acd9"] == "57"
    assert all(0 <= int(age) <= 90 for age in rows.values())


def test_the_log_of_a_bulk_export_is_no_fhir_and_is_named(sample):
    findings = sample("fhir_r4_bulk").export.findings
    notes = [f.note for f in findings if f.rule == "file_not_fhir"]
    assert "log.ndjson holds no FHIR resource and was left out" in notes


def test_reasons_in_the_bulk_export_point_to_its_conditions(sample):
    read = sample("fhir_r4_bulk")
    conditions = {r["id"] for r in read.rows("Condition")}
    reasons = [r["reason_condition_ids"] for r in read.rows("Procedure")]
    # 864 procedures have a reasonReference, counted in the file.
    assert sum(bool(reason) for reason in reasons) == 864
    assert {c for reason in reasons if reason for c in reason.split("; ")} <= conditions
    assert sum(bool(r["reason_condition_id"]) for r in read.rows("Procedure")) == 864
    assert ("reference_not_resolved", "Procedure", "reasonReference") not in read.rules()


def test_bundles_hold_pain_scores_before_and_after_a_procedure(sample):
    read = sample("fhir_r4_bundles")
    knees = [r for r in read.rows("Procedure") if r["code_snomed"] == "609588000"]
    [knee] = knees
    pain = [
        days_between(knee["performed_start_date"], r["effective_start_date"])
        for r in read.rows("Observation")
        if r["code_loinc"] == "72514-3" and r["patient_id"] == knee["patient_id"]
    ]
    assert len(pain) == 10
    assert min(pain) < 0 < max(pain)


def test_numbers_of_the_bundles_stand_as_they_are_written(sample):
    rows = sample("fhir_r4_bundles").rows("Observation")
    written = {r["value_number"] for r in rows if r["code_loinc"] == "72514-3"}
    assert "0.19374619924063108" in written
    assert {r["value_unit"] for r in rows if r["code_loinc"] == "72514-3"} == {"{score}"}


def test_bundles_resolve_every_urn_and_are_not_called_by_the_names_of_patients(sample):
    read = sample("fhir_r4_bundles")
    assert not [rule for rule in read.rules() if rule[0] == "reference_not_resolved"]
    said = " ".join(f.note for f in read.export.findings) + " ".join(
        table.title + table.place_of(1) for table in read.export.tables
    )
    assert "Bill" not in said
    assert "Dibbert" not in said


def scores_of(read, questionnaire: str, link_id: str) -> list[tuple[int | None, str]]:
    rows = [
        r
        for r in read.rows("QuestionnaireResponse")
        if r["questionnaire"] == questionnaire and r["link_id"] == link_id
    ]
    scores = {(days_between("2026-01-15", r["authored_date"]), r["value_number"]) for r in rows}
    return sorted(scores, key=lambda score: score[0])


def test_odi_and_nrs_stand_at_their_days_in_both_json_shapes(sample: Callable):
    read = sample("fhir_odi_nrs")
    assert scores_of(read, ODI, "score") == [
        (0, "36"), (31, "32"), (59, "34"), (90, "24"), (120, "16"),
    ]  # fmt: skip
    assert scores_of(read, NRS, "nrs-1") == [
        (0, "6"), (31, "5"), (59, "5"), (90, "4"), (120, "3"),
    ]  # fmt: skip
    rows = read.rows("QuestionnaireResponse")
    shapes = {r["value_type"] for r in rows if r["link_id"] == "score"}
    assert shapes == {"decimal", "Coding"}


def test_the_hl7_examples_of_a_development_build_are_read_or_refused_with_the_reason(sample):
    read = sample("fhir_hl7")
    [procedure] = read.rows("Procedure")
    assert procedure["performed_start_date"] == "2013-04-05"
    assert procedure["performed_start_precision"] == "day"
    assert ("element_not_of_r4", "Procedure", "") in read.rules()
    [(_, reason)] = read.faults("QuestionnaireResponse")
    assert "no linkId, which R4 requires" in reason
    assert read.rows("QuestionnaireResponse") == []


def test_an_odi_of_36_read_as_a_pain_score_is_refused_by_the_canonical_rules(
    sample, source, load_into
):
    read = sample("fhir_odi_nrs")
    odi, nrs = scores_of(read, ODI, "score"), scores_of(read, NRS, "nrs-1")
    rows = [f"a,pain_nrs,{day},{score}" for day, score in [odi[0], *nrs[1:]]]
    folder = source(
        procedures=[
            "procedure_id,patient_id,site_id,procedure_year,technique,cause",
            "a,p,s,2026,kyphoplasty,osteoporosis",
        ],
        assessments=["procedure_id,instrument,days,score", *rows],
    )
    report = load_into(folder, max_refused=0.5)
    assert report.tables["assessments"].quarantined == 1
    assert "score_is_on_its_scale" in {finding.rule for finding in report.findings}


@pytest.mark.parametrize("folder", ["fhir_odi_nrs", "fhir_r4_bundles", "fhir_r4_bulk", "fhir_hl7"])
def test_what_the_example_mapping_reads_of_the_samples_raises_no_alarm(sample, folder):
    mapping = read_mapping(records_root() / "reference" / "mappings" / "fhir.toml")
    tables = sample(folder).export.tables
    assert {table.name for table in tables} & column_uses(mapping).keys()
    with open_for_building(None) as connection:
        refuse_identifying_columns(connection, mapping, tables, privacy_mode="safe_harbor")
