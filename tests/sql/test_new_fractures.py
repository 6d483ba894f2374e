"""Adjacent, remote or refractured (endpoints.md E5, rulings 10 and 12)."""

import pytest


def fractures(connection, procedure_key=1):
    return connection.execute(
        "select class, onset_days, symptomatic from new_fractures "
        "where procedure_key = $procedure_key order by all",
        {"procedure_key": procedure_key},
    ).fetchall()


def fracture(level, onset_days, *, recorded="remote_fracture", procedure_key=1, **others):
    row = {
        "complication_id": f"{procedure_key}{level}{onset_days}{recorded}{others}",
        "procedure_key": procedure_key,
        "type": recorded,
        "onset_days": onset_days,
        "symptomatic": "yes",
    }
    return row | ({"level": level} if level else {}) | others


@pytest.mark.parametrize(
    ("level", "expected"),
    [("L1", "adjacent"), ("T11", "adjacent"), ("T12", "refracture"), ("L2", "remote")],
)
def test_the_class_comes_from_the_level_whatever_type_was_recorded(tables_of, level, expected):
    connection = tables_of(
        procedures=[{}],
        treated_levels=[{"procedure_key": 1, "level": "T12"}],
        complications=[fracture(level, 40)],
    )
    assert fractures(connection) == [(expected, 40.0, "yes")]


def test_the_recorded_type_decides_where_the_level_is_empty(tables_of):
    connection = tables_of(
        procedures=[{}],
        treated_levels=[{"procedure_key": 1, "level": "T12"}],
        complications=[fracture(None, 40, recorded="adjacent_fracture")],
    )
    assert fractures(connection) == [("adjacent", 40.0, "yes")]


def test_a_neighbour_that_had_broken_before_is_remote(tables_of):
    connection = tables_of(
        procedures=[{}],
        treated_levels=[{"procedure_key": 1, "level": "T12"}],
        complications=[fracture("L1", 40), fracture("L1", 90)],
    )
    assert fractures(connection) == [("adjacent", 40.0, "yes"), ("remote", 90.0, "yes")]


def test_a_neighbour_treated_in_another_procedure_before_is_remote(tables_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1},
            {"patient_key": 1, "augmentation_number": 2, "days_since_previous_procedure": 50},
        ],
        treated_levels=[
            {"procedure_key": 1, "level": "T12"},
            {"procedure_key": 2, "level": "L1"},
        ],
        complications=[fracture("L1", 20, procedure_key=2)],
    )
    # For the first session it is day 50 + 20, at a level treated on day 50; for the second its own.
    assert fractures(connection, 1) == [("remote", 70.0, "yes")]
    assert fractures(connection, 2) == [("refracture", 20.0, "yes")]


def test_two_records_of_one_level_and_day_are_one_and_symptoms_win(tables_of):
    connection = tables_of(
        procedures=[{}],
        treated_levels=[{"procedure_key": 1, "level": "T12"}],
        complications=[
            fracture("L1", 40, symptomatic="no"),
            fracture("L1", 40, recorded="adjacent_fracture"),
        ],
    )
    assert fractures(connection) == [("adjacent", 40.0, "yes")]
