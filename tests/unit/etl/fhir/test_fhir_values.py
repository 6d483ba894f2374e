"""Every type of value and of time becomes its columns; what is missing is missing with a reason."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.fhir.moments import EFFECTIVE, ONSET, PERFORMED, when_columns
from etl.sources.fhir.strict_json import parse_json
from etl.sources.fhir.values import ANSWERED, OBSERVED, value_columns

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"


def observation(**members: object) -> dict:
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": "72514-3"}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2024-03-01",
    } | members


def response(*items: dict, **members: object) -> dict:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "q1",
        "status": "completed",
        "questionnaire": "http://example.org/q|2",
        "subject": {"reference": "Patient/p1"},
        "authored": "2024-03-01",
        "item": list(items),
    } | members


def given_cells(row: dict[str, str], start: str = "value") -> dict[str, str]:
    return {name: cell for name, cell in row.items() if name.startswith(start) and cell}


OBSERVED_VALUES = [
    (
        {"valueQuantity": {"value": 7, "unit": "points", "system": UCUM, "code": "{score}"}},
        {"value_type": "Quantity", "value_number": "7", "value_unit": "{score}"},
    ),
    (
        {"valueQuantity": {"value": 3, "comparator": "<", "unit": "of ten"}},
        {
            "value_type": "Quantity",
            "value_number": "3",
            "value_comparator": "<",
            "value_unit": "of ten",
        },
    ),
    ({"valueInteger": 0}, {"value_type": "integer", "value_number": "0"}),
    ({"valueBoolean": False}, {"value_type": "boolean", "value_boolean": "no"}),
    ({"valueString": "about\n  7"}, {"value_type": "string", "value_text": "about 7"}),
    (
        {"valueCodeableConcept": {"coding": [{"system": LOINC, "code": "LA6752-5"}]}},
        {"value_type": "CodeableConcept", "value_code": f"{LOINC}|LA6752-5"},
    ),
    (
        {"valueCodeableConcept": {"text": "mild"}},
        {"value_type": "CodeableConcept", "value_code_text": "mild"},
    ),
    (
        {"valueRange": {"low": {"value": 2, "unit": "d"}, "high": {"value": 3, "unit": "d"}}},
        {"value_type": "Range", "value_low": "2", "value_high": "3", "value_unit": "d"},
    ),
    (
        {"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}},
        {"value_type": "Ratio", "value_low": "1", "value_high": "128"},
    ),
    ({"valueTime": "08:30:00"}, {"value_type": "time", "value_time": "08:30:00"}),
    (
        {"valueDateTime": "2024-05"},
        {
            "value_type": "dateTime",
            "value_start_date": "2024-05",
            "value_start_precision": "month",
        },
    ),
    (
        {"valuePeriod": {"start": "2024-05-01", "end": "2024-05-03"}},
        {
            "value_type": "Period",
            "value_start_date": "2024-05-01",
            "value_start_precision": "day",
            "value_end_date": "2024-05-03",
            "value_end_precision": "day",
        },
    ),
    ({"valueSampledData": {"period": 10, "dimensions": 1}}, {"value_type": "SampledData"}),
]


@pytest.mark.parametrize(("value", "cells"), OBSERVED_VALUES)
def test_every_type_of_value_of_an_observation_has_its_columns(read_lines, value, cells):
    [row] = read_lines(observation(**value)).rows("Observation")
    assert given_cells(row) == cells
    assert row["missing_reason"] == ("not-read" if "valueSampledData" in value else "")


def test_the_types_tried_are_all_that_r4_allows():
    tried = {name.removeprefix("value") for value, _ in OBSERVED_VALUES for name in value}
    assert tried == set(OBSERVED)
    assert {name.removeprefix("value") for answer, _ in ANSWERS for name in answer} == set(ANSWERED)


ANSWERS = [
    ({"valueDecimal": 36}, {"value_type": "decimal", "value_number": "36"}),
    ({"valueInteger": -2}, {"value_type": "integer", "value_number": "-2"}),
    ({"valueBoolean": True}, {"value_type": "boolean", "value_boolean": "yes"}),
    (
        {"valueDate": "2024"},
        {"value_type": "date", "value_start_date": "2024", "value_start_precision": "year"},
    ),
    (
        {"valueDateTime": "2024-05-01T00:30:00+02:00"},
        {
            "value_type": "dateTime",
            "value_start_date": "2024-05-01",
            "value_start_precision": "time",
            "value_start_instant": "2024-05-01T00:30:00+02:00",
        },
    ),
    ({"valueTime": "23:59:59"}, {"value_type": "time", "value_time": "23:59:59"}),
    ({"valueString": "36"}, {"value_type": "string", "value_text": "36"}),
    ({"valueUri": "urn:x"}, {"value_type": "uri", "value_text": "urn:x"}),
    ({"valueAttachment": {"data": "SGVsbG8="}}, {"value_type": "Attachment"}),
    (
        {"valueCoding": {"system": LOINC, "code": "97909-6", "display": "ODI"}},
        {"value_type": "Coding", "value_code": f"{LOINC}|97909-6"},
    ),
    (
        {"valueQuantity": {"value": 1.50, "code": "mg"}},
        {"value_type": "Quantity", "value_number": "1.5", "value_unit": "mg"},
    ),
    (
        {"valueReference": {"reference": "Practitioner/7"}},
        {"value_type": "Reference", "value_reference": "Practitioner/7"},
    ),
]


@pytest.mark.parametrize(("answer", "cells"), ANSWERS)
def test_every_type_of_answer_has_its_columns(read_lines, answer, cells):
    [row] = read_lines(response({"linkId": "1", "answer": [answer]})).rows("QuestionnaireResponse")
    assert given_cells(row) == cells
    assert "SGVsbG8=" not in str(row)


@pytest.mark.parametrize("address", ["itemWeight", "ordinalValue", "iso21090-CO-value"])
def test_a_weighted_answer_has_its_weight_as_number(read_lines, address):
    weight = {"url": f"http://hl7.org/fhir/StructureDefinition/{address}", "valueDecimal": 36}
    coding = {"system": LOINC, "code": "97909-6", "extension": [weight]}
    item = {"linkId": "score", "answer": [{"valueCoding": coding}]}
    [row] = read_lines(response(item)).rows("QuestionnaireResponse")
    assert (row["value_number"], row["value_code"]) == ("36", f"{LOINC}|97909-6")


def test_items_are_found_by_their_path_through_groups_and_answers(read_lines):
    inner = {"linkId": "why", "answer": [{"valueString": "a"}, {"valueString": "b"}]}
    asked = {"linkId": "pain", "text": "Pain?", "answer": [{"valueInteger": 4, "item": [inner]}]}
    read = read_lines(
        response({"linkId": "group", "item": [asked, {"linkId": "skipped"}]}), name="Q.ndjson"
    )
    rows = read.rows("QuestionnaireResponse")
    assert [(r["path"], r["answer"], r["missing_reason"]) for r in rows] == [
        ("group > pain", "1", ""),
        ("group > pain > why", "1", ""),
        ("group > pain > why", "2", ""),
        ("group > skipped", "", "no-answer"),
    ]
    assert {r["questionnaire"] for r in rows} == {"http://example.org/q|2"}
    assert list(read.export.tables[0].places) == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({}, "no-value"),
        ({"dataAbsentReason": {"coding": [{"code": "asked-declined"}]}}, "asked-declined"),
        ({"dataAbsentReason": {"text": "Mrs Example was asleep"}}, "not-named"),
        (
            {"_valueInteger": {"extension": [{"url": ABSENT, "valueCode": "not-asked"}]}},
            "not-asked",
        ),
        (
            {"valueQuantity": {"extension": [{"url": ABSENT, "valueCode": "error"}]}},
            "error",
        ),
        (
            {"valueQuantity": {"_value": {"extension": [{"url": ABSENT, "valueCode": "masked"}]}}},
            "masked",
        ),
        ({"valueQuantity": {"unit": "points"}}, "no-value"),
        ({"valueString": "  "}, "no-value"),
    ],
)
def test_a_value_that_is_absent_is_missing_with_its_reason_and_never_0(read_lines, members, reason):
    [row] = read_lines(observation(**members)).rows("Observation")
    assert row["missing_reason"] == reason
    assert row["value_number"] == row["value_text"] == ""
    assert "Example" not in str(row)


def test_components_are_rows_of_their_own_under_the_code_of_the_whole(read_lines):
    def part(code: str, **members: object) -> dict:
        return {"code": {"coding": [{"system": LOINC, "code": code}]}} | members

    read = read_lines(
        observation(
            component=[
                part("1-1", valueInteger=3),
                part("2-2", dataAbsentReason={"coding": [{"code": "unknown"}]}),
            ]
        ),
        observation(id="o2", valueInteger=9, component=[part("1-1", valueInteger=4)]),
    )
    rows = read.rows("Observation")
    columns = ("id", "component", "code_loinc", "panel_loinc", "value_number", "missing_reason")
    assert [tuple(row[column] for column in columns) for row in rows] == [
        ("o1", "1", "1-1", "72514-3", "3", ""),
        ("o1", "2", "2-2", "72514-3", "", "unknown"),
        ("o2", "", "72514-3", "", "9", ""),
        ("o2", "1", "1-1", "72514-3", "4", ""),
    ]
    assert read.export.counts["Observation"].used == 2


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"valueInteger": 1, "valueString": "1"}, "'value[x]' is given in 2 types"),
        ({"valueMoney": {}}, "'value[x]' is of a type that R4 does not have there"),
        ({"valueInteger": "7"}, "'valueInteger' is not a number"),
        ({"valueInteger": 7.5}, "'valueInteger' is not a whole number"),
        ({"valueQuantity": 7}, "'valueQuantity' is not an object"),
        ({"valueQuantity": {"value": "7"}}, "'value' is not a number"),
        ({"valueQuantity": {"value": 7, "comparator": "~"}}, "'comparator' is none of"),
        ({"valueBoolean": "yes"}, "'valueBoolean' is not true or false"),
        (
            {"valueInteger": 7, "dataAbsentReason": {"coding": [{"code": "unknown"}]}},
            "there are both a value and a dataAbsentReason",
        ),
        ({"effectiveDateTime": "02/01/2014"}, "'effectiveDateTime' is not a date or time"),
        ({"effectiveInstant": "2014-01-02"}, "'effectiveInstant' is not an instant"),
        ({"code": {"coding": "x"}}, "'coding' is not a list of objects"),
        ({"code": {"coding": [{"code": "a;b"}]}}, "'code' holds a semicolon"),
        ({"valueString": "a\u0000b"}, "'valueString' holds a control character"),
        ({"valueString": "x" * 10_001}, "'valueString' has more than 10,000 characters"),
    ],
)
def test_a_malformed_observation_is_a_fault_at_its_place(read_lines, members, reason):
    sound = observation(id="o2")
    del sound["effectiveDateTime"]
    read = read_lines(observation(valueInteger=1), sound | members)
    [(place, said)] = read.faults("Observation")
    assert (place, len(read.rows("Observation"))) == (2, 1)
    assert reason in said


AGE = {"value": 72, "unit": "years", "system": UCUM, "code": "a"}
OLD = {"value": 93.5, "system": UCUM, "code": "a"}
TIMES = [
    ("DateTime", "2024-03", {"type": "dateTime", "start_date": "2024-03"}),
    (
        "Period",
        {"start": "2024-03-01", "end": "2024-03"},
        {"type": "Period", "start_date": "2024-03-01", "end_date": "2024-03"},
    ),
    ("String", "last  spring", {"type": "string", "text": "last spring"}),
    ("Age", AGE, {"type": "Age", "age_low": "72", "age_unit": "a"}),
    ("Age", OLD, {"type": "Age", "age_low": "90", "age_unit": "a"}),
    ("Age", {"value": 1100, "code": "mo"}, {"type": "Age", "age_low": "90", "age_unit": "a"}),
    (
        "Range",
        {"low": AGE, "high": {"value": 75, "code": "a"}},
        {"type": "Range", "age_low": "72", "age_high": "75", "age_unit": "a"},
    ),
    (
        "Instant",
        "2024-03-01T23:30:00.123-05:00",
        {
            "type": "instant",
            "start_date": "2024-03-01",
            "start_instant": "2024-03-01T23:30:00.123-05:00",
        },
    ),
    (
        "Timing",
        {"event": ["2024-03-03", "2024-03-01"]},
        {"type": "Timing", "start_date": "2024-03-01", "end_date": "2024-03-03"},
    ),
    (
        "Timing",
        {"repeat": {"boundsPeriod": {"start": "2024-03-01"}}},
        {"type": "Timing", "start_date": "2024-03-01"},
    ),
]


@pytest.mark.parametrize(("kind", "value", "cells"), TIMES)
def test_every_type_of_time_has_its_columns(kind, value, cells):
    holder = parse_json(json.dumps({f"when{kind}": value}))
    columns = when_columns("when", holder, tuple(dict.fromkeys(PERFORMED + EFFECTIVE)))
    found = {name.removeprefix("when_"): cell for name, cell in columns.items() if cell}
    assert {name: cell for name, cell in found.items() if "precision" not in name} == cells
    assert {kind for kind, _, _ in TIMES} == {*PERFORMED, *ONSET, *EFFECTIVE}


@pytest.mark.parametrize(
    ("resource", "element", "prefix"),
    [
        ({"resourceType": "Procedure", "status": "completed"}, "performed", "performed"),
        ({"resourceType": "Condition"}, "onset", "onset"),
        ({"resourceType": "Condition"}, "abatement", "abatement"),
    ],
)
def test_resources_take_their_times_in_every_type(read_lines, resource, element, prefix):
    values = [(kind, value) for kind, value, _ in TIMES if kind in PERFORMED]
    read = read_lines(
        *(resource | {"id": f"r{n}", element + kind: v} for n, (kind, v) in enumerate(values))
    )
    types = [row[f"{prefix}_type"] for row in read.rows(resource["resourceType"])]
    assert types == ["dateTime", "Period", "string", "Age", "Age", "Age", "Range"]


@pytest.mark.parametrize(
    "period",
    [
        {"start": "2024-03-02", "end": "2024-03-01"},
        {"start": "2024", "end": "2023-12-31"},
        {"start": "2024-03-01T10:00:00Z", "end": "2024-02-29T23:00:00Z"},
    ],
)
def test_a_period_that_ends_before_it_starts_is_a_fault(read_lines, period):
    done = {"resourceType": "Procedure", "id": "a", "status": "completed"}
    read = read_lines(done | {"performedPeriod": period})
    assert read.faults("Procedure") == [(1, "'end' of a Period is before its 'start'")]


def test_times_that_are_all_in_utc_are_told_and_local_ones_are_not(read_lines):
    utc, local = "2024-03-01T03:00:00Z", "2024-03-01T03:00:00-05:00"
    rule = ("dates_only_in_utc", "Observation", "effective_start_instant")
    only_utc = read_lines(observation(effectiveDateTime=utc))
    assert rule in only_utc.rules()
    mixed = read_lines(
        observation(effectiveDateTime=utc), observation(effectiveDateTime=local, id="b")
    )
    assert rule not in mixed.rules()


NUMBERS = st.from_regex(
    r"-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?", fullmatch=True
)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(NUMBERS, st.sampled_from(["valueDecimal", "valueQuantity"]))
def test_a_number_stands_exactly_as_it_is_written(number, name):
    inside = f'{{"value": {number}}}' if name == "valueQuantity" else number
    answer = parse_json(f'{{"{name}": {inside}}}')
    columns = value_columns(answer, ANSWERED, key_of_reference=lambda _: "")
    assert columns["value_number"] == number


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60))
def test_free_text_comes_back_on_one_line(text):
    columns = value_columns(
        parse_json(json.dumps({"valueString": text})), OBSERVED, key_of_reference=lambda _: ""
    )
    assert columns.get("value_text", "") == " ".join(text.split())


def test_tables_can_be_read_by_their_owner_only(read_lines):
    read = read_lines(observation(valueInteger=1))
    modes = {table.readable_path.stat().st_mode & 0o777 for table in read.export.tables}
    assert modes == {0o600}
