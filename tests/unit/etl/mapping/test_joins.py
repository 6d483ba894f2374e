"""Sources are joined by declared keys, and never multiply rows unawares."""

from itertools import permutations

JOINED = """
[procedures]
source = "cases"
[[procedures.join]]
source = "patients"
on = { patient = "id" }
[[procedures.join]]
source = "labs"
on = { case = "case" }
[procedures.columns]
procedure_id = "case"
patient_id = "patient"
site_id = { value = "A" }
procedure_year = { value = 2024 }
technique = { value = "kyphoplasty" }
cause = { value = "osteoporosis" }
sex = "patients.sex"
t_score = "labs.t"
"""
CASES = ["case,patient", "C1,P1", "C2,P2", "C3,P1", "C4,"]
PATIENTS = ["id,sex", "P1,female", "P3,male", ",male"]
LABS = ["case,t", "C3,-2.6", "C1,-3.1"]


def test_joined_columns_are_missing_where_nothing_belongs_to_the_record(mapped):
    rows = mapped("procedures", JOINED, cases=CASES, patients=PATIENTS, labs=LABS)
    assert [(r["procedure_id"], r["sex"], r["t_score"]) for r in rows] == [
        ("C1", "female", "-3.1"),
        ("C2", None, None),
        ("C3", "female", "-2.6"),
        ("C4", None, None),
    ]


def test_the_order_of_joins_and_of_joined_records_does_not_matter(mapped):
    first, second = JOINED.index("[[procedures.join]]"), JOINED.rindex("[[procedures.join]]")
    columns = JOINED.index("[procedures.columns]")
    swapped = JOINED[:first] + JOINED[second:columns] + JOINED[first:second] + JOINED[columns:]
    expected = mapped("procedures", JOINED, cases=CASES, patients=PATIENTS, labs=LABS)
    for patients in permutations(PATIENTS[1:]):
        rows = mapped(
            "procedures", swapped, cases=CASES, patients=[PATIENTS[0], *patients], labs=LABS
        )
        assert rows == expected


def test_a_join_that_would_multiply_rows_is_refused_with_the_places_of_the_records(refusal_of):
    twice = [*PATIENTS, "P1,female", "P3,female"]
    message = refusal_of(JOINED, cases=CASES, patients=twice, labs=LABS)
    # P1 stands in lines 2 and 5 (the header is line 1), P3 in lines 3 and 6.
    assert "mapping.toml, line 4, key 'join': patients.csv holds the same 'id' more than once" in (
        message
    )
    assert "2 such keys; one in line 2 and line 5" in message
    assert "many = true" in message


def test_a_join_may_be_declared_to_give_several_rows(mapped):
    toml = JOINED.replace('on = { case = "case" }', 'on = { case = "case" }\nmany = true')
    rows = mapped("procedures", toml, cases=CASES, patients=PATIENTS, labs=[*LABS, "C1,-2.0"])
    assert [(r["procedure_id"], r["t_score"]) for r in rows if r["procedure_id"] == "C1"] == [
        ("C1", "-2.0"),
        ("C1", "-3.1"),
    ]


def test_a_join_by_two_columns_needs_both(mapped):
    toml = JOINED.replace('on = { patient = "id" }', 'on = { patient = "id", case = "visit" }')
    patients = ["id,visit,sex", "P1,C1,female", "P1,C3,male"]
    rows = mapped("procedures", toml, cases=CASES, patients=patients, labs=LABS)
    assert [r["sex"] for r in rows] == ["female", None, "male", None]


def test_the_day_of_a_child_counts_from_the_date_of_its_joined_procedure(mapped):
    toml = """
    day_zero = "before"
    [assessments]
    source = "calls"
    reference_date = { column = "cases.operated", format = "YYYY-MM-DD" }
    [[assessments.join]]
    source = "cases"
    on = { case_no = "case" }
    [assessments.columns]
    procedure_id = "case_no"
    instrument = { value = "pain_nrs" }
    days = { column = "called", format = "YYYY-MM-DD" }
    score = "nrs"
    """
    rows = mapped(
        "assessments",
        toml,
        cases=["case,operated", "C1,2024-02-28", "C2,2023-02-28"],
        calls=["case_no,called,nrs", "C1,2024-03-01,3", "C2,2023-03-01,4", "C9,2023-03-01,4"],
    )
    # 2024 is a leap year: 2 days from 28 February to 1 March; 2023 is none: 1 day.
    assert [row["days"] for row in rows] == ["2", "1", "no date of the procedure"]
