"""Augmentations: codes, status, ages, duplicates; and the counts add up."""

import pytest

CPT = "http://www.ama-assn.org/go/cpt"
PCS = "http://www.cms.gov/Medicare/Coding/ICD10"
SNOMED = "http://snomed.info/sct"
PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1950-06-30"}


def procedure(name: str = "a", **members: object) -> dict:
    return {
        "resourceType": "Procedure",
        "id": name,
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "performedDateTime": "2024-03-01T23:30:00-05:00",
    } | members


def coded(*codings: tuple[str, str]) -> dict:
    return {"coding": [{"system": system, "code": code} for system, code in codings]}


@pytest.mark.parametrize(
    ("codings", "scope", "column", "codes"),
    [
        ([(CPT, "22514")], "yes", "code_cpt", "22514"),
        ([(CPT, "22513"), (CPT, "22515")], "yes", "code_cpt", "22513; 22515"),
        ([(CPT, "22510")], "yes", "code_cpt", "22510"),
        ([("urn:oid:2.16.840.1.113883.6.12", "22511")], "yes", "code_cpt", "22511"),
        ([(PCS, "0QU03JZ")], "yes", "code_icd10pcs", "0QU03JZ"),
        ([(PCS, "0QS03ZZ")], "only_with_cement", "code_icd10pcs", "0QS03ZZ"),
        ([(PCS, "XNU0356")], "yes", "code_icd10pcs", "XNU0356"),
        ([(PCS, "0QU13JZ")], "no", "code_icd10pcs", "0QU13JZ"),
        ([(CPT, "0200T")], "no", "code_cpt", "0200T"),
        ([(CPT, "22899")], "no", "code_cpt", "22899"),
        ([(SNOMED, "80146002"), (CPT, "22514")], "yes", "code_snomed", "80146002"),
        ([("http://example.org/own", "22514")], "no", "code_cpt", ""),
    ],
)
def test_codes_of_each_system_have_a_column_and_tell_the_scope(
    read_lines, codings, scope, column, codes
):
    [row] = read_lines(PATIENT, procedure(code=coded(*codings))).rows("Procedure")
    assert row["in_scope"] == scope
    assert row[column] == codes
    assert row["code"] == "; ".join(f"{system}|{code}" for system, code in codings)
    assert row["code_text"] == ""


def test_one_patient_on_one_local_day_is_one_session(read_lines):
    augmentation, visit = coded((CPT, "22514")), coded((CPT, "99213"))
    read = read_lines(
        PATIENT,
        procedure("a", code=visit),
        procedure("b", code=augmentation, performedDateTime="2024-03-01T09:00:00-05:00"),
        procedure("c", code=augmentation),
        procedure("d", code=coded((PCS, "0QS03ZZ"))),
        procedure("e", code=augmentation, performedDateTime="2024-03-02T00:10:00-05:00"),
        procedure("f", code=augmentation, performedDateTime="2024-03"),
        procedure("g", code=augmentation, performedDateTime="2024-03"),
        procedure("h", code=augmentation, subject={"reference": "Patient/p2"}),
    )
    sessions = {row["id"]: row["session"] for row in read.rows("Procedure")}
    assert sessions == {
        "a": "", "b": "first", "c": "further", "d": "", "e": "first", "f": "first",
        "g": "first", "h": "first",
    }  # fmt: skip


def test_text_is_kept_apart_and_only_where_there_is_no_code(read_lines):
    bare = procedure("b", code={"text": "Kyphoplasty  of\nL1", "coding": [{"display": "x"}]})
    both = procedure("a", code=coded((CPT, "22514")) | {"text": "Kyphoplasty of Mrs Example"})
    first, second = read_lines(PATIENT, both, bare).rows("Procedure")
    assert (first["code_text"], second["code_text"]) == ("", "Kyphoplasty of L1")
    assert second["code"] == ""


def test_an_age_at_the_procedure_is_given_and_the_date_of_birth_is_not(read_lines):
    old = {"resourceType": "Patient", "id": "p2", "birthDate": "1930-01-01"}
    read = read_lines(
        procedure("a"),
        procedure("b", subject={"reference": "Patient/p2"}),
        procedure("c", performedDateTime="2024"),
        procedure("d", performedDateTime="2024-06-30"),
        PATIENT,
        old,
    )
    assert [row["age_years"] for row in read.rows("Procedure")] == ["73", "90", "", "74"]
    assert "1950-06-30" not in str(read.rows("Procedure")) + str(read.rows("Patient"))


def test_records_that_do_not_count_are_left_out_and_counted_by_reason(read_lines):
    statuses = ["completed", "entered-in-error", "not-done", "not-done", "in-progress", "stopped"]
    read = read_lines(
        PATIENT, *(procedure(f"x{n}", status=status) for n, status in enumerate(statuses))
    )
    assert [row["status"] for row in read.rows("Procedure")] == ["completed", "stopped"]
    counts = read.export.counts["Procedure"]
    assert counts.left_out == {"entered-in-error": 1, "not-done": 2, "in-progress": 1}
    assert (counts.read, counts.used) == (6, 2)
    notes = {f.note: f.count for f in read.export.findings if f.rule == "record_left_out"}
    assert notes["records with status not-done do not count"] == 2


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        ({"resourceType": "Observation", "status": "preliminary"}, "preliminary"),
        ({"resourceType": "Observation", "status": "cancelled"}, "cancelled"),
        ({"resourceType": "Observation", "status": "entered-in-error"}, "entered-in-error"),
        ({"resourceType": "QuestionnaireResponse", "status": "in-progress"}, "in-progress"),
        ({"resourceType": "AdverseEvent", "actuality": "potential"}, "potential"),
        ({"resourceType": "Encounter", "status": "planned"}, "planned"),
        (
            {"resourceType": "Condition", "verificationStatus": coded(("x", "refuted"))},
            "refuted",
        ),
        (
            {"resourceType": "Condition", "verificationStatus": coded(("x", "entered-in-error"))},
            "entered-in-error",
        ),
    ],
)
def test_every_type_leaves_out_what_did_not_happen(read_lines, resource, reason):
    read = read_lines(PATIENT, resource | {"id": "a", "valueInteger": "not looked at"})
    assert read.export.counts[resource["resourceType"]].left_out == {reason: 1}
    assert read.rows(resource["resourceType"]) == []


@pytest.mark.parametrize("members", [{"status": "aborted"}, {"status": None}, {"status": 7}])
def test_a_record_of_unknown_status_is_refused(read_lines, members):
    read = read_lines(PATIENT, procedure(**members))
    [(place, reason)] = read.faults("Procedure")
    assert place == 2
    assert "'status'" in reason
    assert "aborted" not in reason


def test_an_equal_record_counts_once_and_contradicting_ones_are_all_refused(read_lines):
    again = {"meta": {"versionId": "2"}} | procedure("a")
    read = read_lines(
        PATIENT,
        procedure("a"),
        again,
        procedure("b"),
        procedure("b", performedDateTime="2024-03-02"),
        procedure("b"),
    )
    counts = read.export.counts["Procedure"]
    assert [row["id"] for row in read.rows("Procedure")] == ["a"]
    assert (counts.read, counts.used, counts.repeated, counts.refused) == (5, 1, 1, 3)
    assert [place for place, _ in read.faults("Procedure")] == [4, 5, 6]
    assert ("record_repeated", "Procedure", "id") in read.rules()


def test_one_id_may_stand_for_resources_of_two_types(read_lines):
    read = read_lines(PATIENT | {"id": "a"}, procedure("a", subject={"reference": "Patient/a"}))
    assert len(read.rows("Procedure")) == len(read.rows("Patient")) == 1


def test_counts_add_up_whatever_is_in_the_export(read_lines):
    read = read_lines(
        PATIENT,
        procedure("a"),
        procedure("a"),
        procedure("b", status="not-done"),
        procedure("c", status="?"),
        procedure("d", performedDateTime="02/01/2014"),
        '{"resourceType": "Procedure", ',
        {"resourceType": "Device", "id": "d"},
        {"resourceType": "Mrs Example"},
    )
    for counts in read.export.counts.values():
        parts = counts.used + counts.repeated + counts.refused + sum(counts.left_out.values())
        assert counts.read == parts
    assert read.export.other_types == {"Device": 1, "unknown to FHIR R4": 1}
    assert "Example" not in str(read.export.findings)


def test_setting_discharge_performer_and_devices_of_a_procedure_are_given(read_lines):
    read = read_lines(
        PATIENT,
        procedure(
            encounter={"reference": "Encounter/e"},
            performer=[{"actor": {"reference": "Practitioner/s1", "display": "Dr Example"}}],
            partOf=[{"reference": "Procedure/z"}],
            usedCode=[coded(("http://terminology.hl7.org/CodeSystem/HCPCS", "C1062"))],
        ),
        {
            "resourceType": "Encounter",
            "id": "e",
            "status": "finished",
            "class": {"system": "http://x.org/ActCode", "code": "AMB"},
            "subject": {"reference": "Patient/p1"},
            "period": {"start": "2024-03-01", "end": "2024-03-02"},
            "hospitalization": {"dischargeDisposition": coded(("http://x.org/dd", "home"))},
        },
    )
    [row], [encounter] = read.rows("Procedure"), read.rows("Encounter")
    assert row["encounter_id"] == encounter["id"] == "e"
    assert (row["performer_ids"], row["part_of_ids"]) == ("Practitioner/s1", "Procedure/z")
    assert row["used_hcpcs"] == "C1062"
    assert encounter["class"] == "http://x.org/ActCode|AMB"
    assert (encounter["period_end_date"], encounter["discharge"]) == (
        "2024-03-02",
        "http://x.org/dd|home",
    )


def test_an_adverse_event_is_one_row_with_its_cause_and_date(read_lines):
    read = read_lines(
        PATIENT,
        procedure("a"),
        {
            "resourceType": "AdverseEvent",
            "id": "e",
            "actuality": "actual",
            "subject": {"reference": "Patient/p1"},
            "event": coded((SNOMED, "1")),
            "date": "2024-03-02",
            "suspectEntity": [
                {
                    "instance": {"reference": "Procedure/a"},
                    "causality": [{"assessment": coded(("http://x.org/c", "likely"))}],
                }
            ],
        },
    )
    [row] = read.rows("AdverseEvent")
    assert (row["event_snomed"], row["occurred_date"]) == ("1", "2024-03-02")
    assert (row["suspect_ids"], row["causality"]) == ("Procedure/a", "http://x.org/c|likely")
