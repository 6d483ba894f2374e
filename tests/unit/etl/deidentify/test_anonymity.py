"""k-anonymity by hand, and nothing of a record in what is told."""

import json

import pytest

from etl.anonymity import QUASI_IDENTIFIERS, anonymity_report


def patients(count, **columns):
    return [dict(columns) for _ in range(count)]


def report_of(tables_of, procedures, **children):
    return anonymity_report(tables_of(procedures=procedures, **children))


def test_classes_are_counted_by_hand(tables_of):
    # 12 women of 70, 6 men of 70, one man of 80; all else alike.
    report = report_of(
        tables_of,
        [
            *patients(12, age_years=70, sex="female"),
            *patients(6, age_years=70, sex="male"),
            *patients(1, age_years=80, sex="male"),
        ],
    )
    every = report.every
    assert (report.procedures, every.classes, every.smallest) == (19, 3, 1)
    assert (every.classes_under_5, every.classes_under_11) == (1, 2)
    assert every.share_under_5 == pytest.approx(1 / 19)
    assert every.share_under_11 == pytest.approx(7 / 19)
    assert every.average_risk == pytest.approx(3 / 19)
    assert report.widely_known == every


def test_what_adds_most_comes_first_with_the_risk_without_and_with_it(tables_of):
    # 20 ages once each; half are women. Without age 2 classes of 20, without sex 20 of 20.
    report = report_of(
        tables_of,
        [{"age_years": 60 + n, "sex": "female" if n % 2 else "male"} for n in range(20)],
    )
    first = report.contributions[0]
    assert first.name == "age_years"
    assert first.without.average_risk == pytest.approx(2 / 20)
    assert first.having.average_risk == 1
    others = {added.name: added.added_risk for added in report.contributions[1:]}
    assert set(others.values()) == {0}
    assert set(others) | {"age_years"} == set(QUASI_IDENTIFIERS)


@pytest.mark.parametrize(
    ("name", "column", "values"),
    [
        ("surgeon_id", "surgeon_id", ("S1", "S2")),
        ("cause", "cause", ("cancer", "trauma")),
        ("technique", "technique", ("kyphoplasty", "vertebroplasty")),
        ("died", "death_days", (None, 30)),
        ("site_id", "site_id", ("A", "B")),
        ("procedure_year", "procedure_year", (2023, 2024)),
        ("procedure_month", "procedure_month", (1, 2)),
        ("sex", "sex", ("female", None)),
    ],
)
def test_each_quasi_identifier_tells_patients_apart(tables_of, name, column, values):
    # Two halves of 10 in place of one class of 20.
    rows = [*patients(10, **{column: values[0]}), *patients(10, **{column: values[1]})]
    report = report_of(tables_of, rows)
    assert (report.every.classes, report.every.smallest) == (2, 10)
    first = report.contributions[0]
    assert (first.name, first.without.classes, first.having.classes) == (name, 1, 2)


def test_all_levels_of_a_procedure_together_tell_patients_apart(tables_of):
    levels = [
        *({"procedure_key": key, "level": "L1"} for key in (1, 2, 3)),
        {"procedure_key": 1, "level": "T12"},
        {"procedure_key": 2, "level": "T12"},
    ]
    report = report_of(tables_of, patients(3), treated_levels=levels)
    assert (report.every.classes, report.widely_known.classes) == (2, 1)
    assert report.contributions[0].name == "treated_levels"


def test_a_patient_with_many_procedures_is_one_to_hide_among(tables_of):
    report = report_of(tables_of, [{"patient_key": 1} for _ in range(12)])
    assert (report.every.smallest, report.every.share_under_5) == (1, 1)


def test_without_procedures_there_is_nothing_to_gauge(tables_of):
    report = report_of(tables_of, [])
    assert (report.procedures, report.every.smallest) == (0, None)
    assert report.in_words() == ["k-anonymity: no procedure to gauge"]
    json.dumps(report.as_json())


def test_no_value_of_a_record_is_told(tables_of):
    rows = [
        {"age_years": 61 + n, "site_id": "Northside", "surgeon_id": "Hippocrates"} for n in range(3)
    ]
    report = report_of(tables_of, rows)
    told = json.dumps(report.as_json()) + "\n".join(report.in_words())
    assert not any(word in told for word in ("Northside", "Hippocrates", "61", "kyphoplasty"))
    assert "smallest class 1" in told


def test_other_tables_may_be_gauged_and_nothing_is_left_behind(tables_of):
    connection = tables_of(procedures=patients(2))
    connection.execute("create view known_procedures as from procedures limit 1")
    connection.execute("create view known_treated_levels as from treated_levels")
    report = anonymity_report(
        connection, procedures="known_procedures", treated_levels="known_treated_levels"
    )
    assert report.procedures == 1
    tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    assert "quasi_identifiers" not in {name for (name,) in tables}
