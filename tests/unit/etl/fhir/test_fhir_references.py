"""References of every kind find their resource, and those that do not are told."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.sources.fhir.references import Owner, ReferenceIndex, follow
from etl.sources.fhir.survey import TYPES_READ

URN = "urn:uuid:60319ca6-f8b8-49a2-8abf-7ca0065a21d4"
SERVER = "https://example.org/fhir/"
MRN = {"system": "http://example.org/mrn", "value": "MRN 0042"}


def condition(reference: dict, **members: object) -> dict:
    return {"resourceType": "Condition", "id": "c1", "subject": reference} | members


def patient(name: str = "p1", **members: object) -> dict:
    return {"resourceType": "Patient", "id": name, "gender": "male"} | members


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Patient/p1"},
        {"reference": "Patient/p1/_history/2"},
        {"reference": "https://example.org/fhir/Patient/p1"},
        {"reference": "https://example.org/fhir/Patient/p1/_history/2"},
        {"reference": "Patient?identifier=http://example.org/mrn|MRN%200042"},
        {"reference": "Patient?identifier=http://example.org/mrn%7CMRN%200042"},
        {"identifier": MRN},
        {"identifier": MRN, "type": "Patient", "display": "Mrs Example"},
    ],
)
def test_a_reference_in_a_bulk_export_finds_the_patient(read_lines, reference):
    read = read_lines(condition(reference), patient(identifier=[MRN]))
    [row] = read.rows("Condition")
    assert row["patient_id"] == "p1"
    assert not [rule for rule in read.rules() if rule[0] == "reference_not_resolved"]
    assert "0042" not in str(row) + str(read.export.findings)


@pytest.mark.parametrize(
    ("full_url", "reference"),
    [
        (URN, URN),
        (SERVER + "Patient/p1", SERVER + "Patient/p1"),
        (SERVER + "Patient/p1", "Patient/p1"),
        (SERVER + "Patient/p1", SERVER + "Patient/p1/_history/3"),
    ],
)
def test_a_reference_in_a_bundle_finds_the_patient_by_full_url(read_bundle, full_url, reference):
    read = read_bundle([("", condition({"reference": reference})), (full_url, patient())])
    assert read.rows("Condition")[0]["patient_id"] == "p1"
    assert not [rule for rule in read.rules() if rule[0] == "reference_not_resolved"]


def test_an_entry_without_id_is_known_by_its_urn(read_bundle):
    nameless = {"resourceType": "Patient", "gender": "female"}
    read = read_bundle([(URN, nameless), ("", condition({"reference": URN}))], "transaction")
    [row], [person] = read.rows("Condition"), read.rows("Patient")
    assert row["patient_id"] == person["id"] == URN.removeprefix("urn:uuid:")


def test_a_contained_patient_gets_a_row_and_an_id_of_its_own(read_lines):
    inner = patient("me", birthDate="1950-01-01", deceasedDateTime="2024-05-02")
    done = {
        "resourceType": "Procedure",
        "id": "x",
        "status": "completed",
        "contained": [inner],
        "subject": {"reference": "#me"},
        "performedDateTime": "2024-01-01",
    }
    read = read_lines(done)
    [row], [person] = read.rows("Procedure"), read.rows("Patient")
    assert row["patient_id"] == person["id"] == "Procedure/x#me"
    assert (row["age_years"], person["deceased_date"]) == ("74", "2024-05-02")


@pytest.mark.parametrize(
    ("reference", "patient_id", "problem"),
    [
        ({"reference": "Patient/none"}, "none", "resource is not in the source"),
        ({"reference": URN}, URN.removeprefix("urn:uuid:"), "no entry has this fullUrl"),
        ({"reference": "#none"}, "", "contained resource is missing"),
        ({"identifier": {"value": "MRN 0043"}}, "", "no single resource has this identifier"),
        ({"display": "Mrs Example"}, "", "reference without address or identifier"),
        ({"reference": "Group/g"}, "", "points to no Patient"),
        ({"reference": "Patient?identifier=a|b"}, "", "no single resource has this identifier"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_with_its_place(
    read_lines, reference, patient_id, problem
):
    read = read_lines(patient(), condition(reference), name="Condition.ndjson")
    [row] = read.rows("Condition")
    assert row["patient_id"] == patient_id
    [finding] = [f for f in read.export.findings if f.rule == "reference_not_resolved"]
    assert (finding.table, finding.column, finding.count) == ("Condition", "subject", 1)
    assert finding.note == f"{problem} (first at line 2)"


def test_a_resource_of_another_server_is_not_taken_for_one_of_this(read_bundle):
    other = {"reference": "https://elsewhere.org/Patient/p1"}
    read = read_bundle([("", condition(other)), (SERVER + "Patient/p1", patient())])
    assert read.rows("Condition")[0]["patient_id"] == ""
    assert ("reference_not_resolved", "Condition", "subject") in read.rules()


def test_an_identifier_of_two_patients_finds_neither(read_lines):
    people = [patient("p1", identifier=[MRN]), patient("p2", identifier=[MRN])]
    read = read_lines(*people, condition({"identifier": MRN}))
    assert read.rows("Condition")[0]["patient_id"] == ""


@pytest.mark.parametrize("text", ["Patient", "patient/p1", "ftp://x/Patient/p1", "Patient/p 1"])
def test_a_reference_of_no_known_form_is_a_fault(read_lines, text):
    read = read_lines(patient(), condition({"reference": text}))
    assert read.faults("Condition") == [(2, "'reference' has a form that FHIR R4 does not know")]


IDS = st.from_regex(r"[A-Za-z0-9\-.]{1,64}", fullmatch=True)
FORMS = st.sampled_from(
    ["{type}/{id}", "{type}/{id}/_history/1", SERVER + "{type}/{id}", "urn", "#", "identifier"]
)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.sampled_from(sorted(TYPES_READ)), IDS, FORMS)
def test_every_kind_of_reference_leads_back_to_its_resource(kind, name, form):
    index = ReferenceIndex(keys={f"{kind}/{name}"})
    owner = Owner("Procedure/o", {name: f"{kind}/Procedure/o#{name}"})
    reference: dict = {"reference": form.format(type=kind, id=name)}
    expected = f"{kind}/{name}"
    if form == "urn":
        index.add_full_url(URN, expected)
        reference = {"reference": URN}
    elif form == "#":
        reference, expected = {"reference": f"#{name}"}, owner.contained[name]
    elif form == "identifier":
        index.add_identifiers({"identifier": [MRN]}, expected)
        reference = {"identifier": MRN, "type": kind}
    target = follow(reference, owner, index, TYPES_READ)
    assert (target.key, target.problem) == (expected, "")


@settings(
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(IDS, min_size=1, max_size=5, unique=True))
def test_ids_stand_in_the_tables_exactly(read_lines, names):
    read = read_lines(*(patient(name) for name in names))
    assert [row["id"] for row in read.rows("Patient")] == names
