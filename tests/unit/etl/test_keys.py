"""Rows are told apart by the hash of their surrogates, and stored with keys that stay."""

import pytest

from etl.keys import assign_keys, empty_prior
from etl.stage import create_stage_types, empty_raw_table
from warehouse.connection import open_for_building
from warehouse.errors import SourceUnreadable
from warehouse.snapshot import open_snapshot
from warehouse.source_schema import TABLES

PROCEDURES = "procedure_id,patient_id,site_id,procedure_year,technique,cause,sex"


def keys_of(warehouse):
    with open_snapshot(warehouse) as snapshot:
        return snapshot.connection.execute(
            "select procedure_id, procedure_key, patient_key from procedures order by 1"
        ).fetchall()


def several(report, rule):
    return [finding.count for finding in report.findings if finding.rule == rule]


@pytest.fixture
def two_of_one_patient(source):
    """Return a function that writes procedures of which C0 and C1 are of one patient."""

    def write(name, *rows):
        return source(name, procedures=[PROCEDURES, *rows])

    return write


def test_two_surrogates_with_one_hash_are_refused_by_their_records():
    with open_for_building(None) as connection:
        create_stage_types(connection)
        for table in TABLES:
            empty_raw_table(connection, table)
        connection.execute(
            "insert into raw_procedures (procedure_id, procedure_hash) "
            "values ('A', 5), ('A', 5), ('B', 5), ('C', 6)"
        )
        empty_prior(connection)
        with pytest.raises(SourceUnreadable, match="procedure_id of records 1 and 3"):
            assign_keys(connection, {})


def test_a_key_once_given_stays_and_new_ones_follow_the_highest(
    source, load_into, warehouse, hundred_procedures, hundred_loaded
):
    before = keys_of(warehouse)
    # 100 keys were given before; C100 is the first record of its file.
    lines = [hundred_procedures[0], "C100,P7,A,2024,kyphoplasty,cancer"]
    load_into(source("more", procedures=lines))
    # P7 is the patient of C7, whose record was the eighth.
    assert keys_of(warehouse) == sorted([*before, ("C100", 101, 8)])


def test_a_published_row_that_a_file_lacks_is_judged_beside_its_rows(two_of_one_patient, load_into):
    load_into(
        two_of_one_patient(
            "first",
            "C0,P0,A,2024,kyphoplasty,cancer,female",
            "C1,P0,A,2024,kyphoplasty,cancer,female",
        )
    )
    # C0 stands twice, so that the file has as many rows as are published, and C1 is still absent.
    again = two_of_one_patient(
        "second",
        "C0,P0,A,2024,kyphoplasty,cancer,male",
        "C0,P0,A,2024,kyphoplasty,cancer,male",
    )
    report = load_into(again, max_refused=1.0)
    assert several(report, "patient_has_one_sex") == [1]


def test_a_file_that_holds_every_published_row_is_judged_alone(two_of_one_patient, load_into):
    first = two_of_one_patient(
        "first",
        "C0,P0,A,2024,kyphoplasty,cancer,female",
        "C1,P0,A,2024,kyphoplasty,cancer,male",
    )
    assert several(load_into(first), "patient_has_one_sex") == [2]
    second = two_of_one_patient(
        "second",
        "C0,P0,A,2024,kyphoplasty,cancer,male",
        "C1,P0,A,2024,kyphoplasty,cancer,male",
    )
    assert several(load_into(second), "patient_has_one_sex") == []


def test_a_child_without_a_procedure_gives_no_finding_but_that(
    source, load_into, hundred_procedures
):
    leaks = ["procedure_id,level,route,symptomatic", "C999,L1,segmental_vein,no"]
    sound = [f"C{n},L1" for n in range(100)]
    report = load_into(
        source(
            procedures=hundred_procedures,
            leaks=leaks,
            treated_levels=["procedure_id,level", *sound],
        ),
        max_refused=1.0,
    )
    assert {finding.rule for finding in report.findings if finding.table == "leaks"} == {
        "record_has_its_procedure"
    }
