"""The example mapping makes canonical rows of a FHIR export, end to end."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.mapping.building import map_tables
from etl.mapping.reading import parse_mapping, read_mapping
from etl.sources.fhir.reader import read_fhir
from warehouse.connection import Connection, open_for_building

MAPPING = Path(__file__).parents[4] / "data" / "reference" / "mappings" / "fhir.toml"
CPT = "http://www.ama-assn.org/go/cpt"
PCS = "http://www.cms.gov/Medicare/Coding/ICD10"
CM = "http://hl7.org/fhir/sid/icd-10-cm"
SUBJECT = {"reference": "Patient/p1"}


def coded(system: str, *codes: str) -> dict:
    return {"coding": [{"system": system, "code": code} for code in codes]}


def procedure(name: str, code: dict, day: str, **members: object) -> dict:
    return {
        "resourceType": "Procedure",
        "id": name,
        "status": "completed",
        "subject": SUBJECT,
        "code": code,
        "performedPeriod": {"start": f"{day}T20:30:00-05:00", "end": f"{day}T21:10:00-05:00"},
    } | members


def pain(name: str, score: int, when: str) -> dict:
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "subject": SUBJECT,
        "code": coded("http://loinc.org", "72514-3"),
        "effectiveDateTime": when,
        "valueQuantity": {"value": score},
    }


def answers(name: str, questionnaire: str, link_id: str, answer: dict) -> dict:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": name,
        "status": "completed",
        "subject": SUBJECT,
        "questionnaire": f"http://example.org/Questionnaire/{questionnaire}",
        "authored": "2024-04-12",
        "item": [{"linkId": link_id, "answer": [answer]}],
    }


RESOURCES = [
    {
        "resourceType": "Patient",
        "id": "p1",
        "gender": "female",
        "birthDate": "1944-03-01",
        "deceasedDateTime": "2024-06-01",
    },
    procedure("a", coded(CPT, "22514"), "2024-03-01", reasonCode=[coded(CM, "M80.08XA")]),
    procedure("a2", coded(CPT, "22515"), "2024-03-01"),
    procedure("b", coded(PCS, "0QU03JZ"), "2024-05-01", status="stopped"),
    procedure("b2", coded(PCS, "0QS03ZZ"), "2024-05-01"),
    procedure("c", coded(CPT, "99213"), "2024-03-05"),
    procedure("d", coded(CPT, "22510"), "2024-07-01", status="not-done"),
    {
        "resourceType": "Condition",
        "id": "k",
        "subject": SUBJECT,
        "code": coded(CM, "M84.58XA"),
        "onsetDateTime": "2024-04-20",
    },
    pain("o1", 8, "2024-02-29T23:00:00-05:00"),
    pain("o2", 3, "2024-03-08T08:00:00-05:00"),
    answers("q1", "PROMISNRSQuestionnaire", "nrs-1", {"valueInteger": 4}),
    answers("q2", "OswestryDisabilityIndexQuestionnaire", "score", {"valueDecimal": 36}),
]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Yield a database with the example mapping done over the resources above."""
    source = tmp_path / "export.ndjson"
    source.write_text("\n".join(json.dumps(r) for r in RESOURCES), encoding="utf-8")
    with open_for_building(None) as opened:
        map_tables(opened, read_mapping(MAPPING), read_fhir([source], workspace=tmp_path))
        yield opened


def test_sessions_become_procedures_with_technique_and_cause(connection):
    found = connection.execute(
        "select procedure_id, patient_id, procedure_year, procedure_status, age_years, sex, "
        "technique, cause, death_days from mapped_procedures order by procedure_id"
    ).fetchall()
    # 2024-03-01 to 2024-06-01 is 92 days, 2024-05-01 to 2024-06-01 is 31.
    assert [tuple(None if cell is None else str(cell) for cell in row) for row in found] == [
        ("a", "p1", "2024", "completed", "80", "female",
         "kyphoplasty_or_mechanical", "osteoporosis", "92"),
        ("b", "p1", "2024", "aborted", "80", "female",
         "kyphoplasty_or_mechanical", "cancer", "31"),
    ]  # fmt: skip


def test_scores_stand_at_their_days_from_each_session(connection):
    found = connection.execute(
        "select procedure_id, instrument, cast(days as double), cast(score as double) "
        "from mapped_assessments where procedure_id = 'a' order by all"
    ).fetchall()
    # From 2024-03-01: the evening before is day -1, a week later 7, 2024-04-12 day 42.
    assert found == [
        ("a", "odi", 42.0, 36.0),
        ("a", "pain_nrs", -1.0, 8.0),
        ("a", "pain_nrs", 7.0, 3.0),
        ("a", "pain_nrs", 42.0, 4.0),
    ]


def test_every_procedure_of_the_bulk_sample_is_left_out_of_scope(sample):
    procedures_alone = MAPPING.read_text(encoding="utf-8").partition("[[assessments]]")[0]
    with open_for_building(None) as opened:
        tables = sample("fhir_r4_bulk").export.tables
        [mapped] = map_tables(opened, parse_mapping(procedures_alone), tables)
        found = opened.execute("select count(*) from mapped_procedures").fetchall()
    assert (mapped.left_out, found) == (2056, [(0,)])
