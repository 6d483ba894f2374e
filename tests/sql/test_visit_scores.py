"""Scores at visits, and who is due (endpoints.md E9, E10; rulings 8, 17 and 19)."""

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader


def pain(*pairs, key=1, instrument="pain_nrs"):
    return [
        {"procedure_key": key, "instrument": instrument, "days": day, "score": score}
        for day, score in pairs
    ]


def visits(connection):
    return connection.execute(
        "select visit, score from visit_scores where kind = 'pain' order by procedure_key, score"
    ).fetchall()


def count(connection, query, **parameters):
    return CountReader(Cohort(**parameters.pop("chosen", {})), connection=connection).count(
        query, **parameters
    )


@pytest.mark.parametrize(
    ("day", "visit"),
    [
        (0.083, "2h"),
        (0.5, "2h"),
        (0.51, "24h"),
        (2, "24h"),
        (14, "1w"),
        (14.1, "6w"),
        (60, "6w"),
        (135, "3mo"),
        (270, "6mo"),
        (540, "12mo"),
        (910, "24mo"),
    ],
)
def test_a_window_includes_its_close(tables_of, day, visit):
    connection = tables_of(procedures=[{}], assessments=pain((0, 8), (day, 2)))
    assert visits(connection) == [(visit, 2.0)]


def test_scores_after_the_last_window_are_at_no_visit(tables_of):
    connection = tables_of(procedures=[{}], assessments=pain((0, 8), (911, 2)))
    assert visits(connection) == []


def test_the_score_nearest_to_the_nominal_day_wins_and_a_tie_goes_to_the_earlier(tables_of):
    connection = tables_of(
        procedures=[{}], assessments=pain((0, 8), (5, 1), (9, 2), (30, 3), (43, 4))
    )
    # One week: days 5 and 9 are both 2 from day 7. Six weeks: day 43 is 1 from day 42.
    assert visits(connection) == [("1w", 1.0), ("6w", 4.0)]


def test_another_pain_instrument_answers_but_is_not_paired(tables_of):
    connection = tables_of(
        procedures=[{}],
        assessments=pain((0, 8), (90, 3)) + pain((42, 2), instrument="pain_vas"),
    )
    answers = count(connection, "scores_at_visits", kind="pain").set_index("visit")
    assert answers.loc["6w", ["answered", "paired"]].tolist() == [1, 0]
    assert answers.loc["3mo", ["answered", "paired", "relieved", "change"]].tolist() == [
        1,
        1,
        1,
        -5.0,
    ]


def test_a_score_after_a_later_procedure_is_at_a_visit_of_that_one(tables_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1},
            {"patient_key": 1, "augmentation_number": 2, "days_since_previous_procedure": 100},
        ],
        assessments=pain((0, 8), (142, 2)) + pain((0, 9), key=2),
    )
    rows = connection.execute(
        "select procedure_key, visit, score, baseline_score from visit_scores"
    ).fetchall()
    assert rows == [(2, "6w", 2.0, 9.0)]


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"observed_through_days": 60}, "due"),
        ({"observed_through_days": 59}, "not_yet"),
        ({"observed_through_days": None}, "not_yet"),
        ({"death_days": 60}, "died"),
        ({"death_days": 61}, "due"),
    ],
)
def test_due_means_alive_and_observed_to_the_close_of_the_window(tables_of, row, status):
    connection = tables_of(procedures=[row], assessments=pain((0, 8)))
    due = count(connection, "visits_due", kind="pain").set_index("visit")
    assert due.loc["6w", "status"] == status
    assert due.loc["6w", "standing"] == "eligible"


@pytest.mark.parametrize(
    ("gap", "death", "status"),
    [(60, None, "treated_again"), (61, None, "due"), (30, 40, "treated_again"), (50, 40, "died")],
)
def test_a_later_procedure_by_the_close_takes_the_first_out_of_due(tables_of, gap, death, status):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1, "death_days": death},
            {"patient_key": 1, "augmentation_number": 2, "days_since_previous_procedure": gap},
        ],
        assessments=pain((0, 8)),
    )
    due = count(connection, "visits_due", kind="pain").set_index("visit")
    assert due.loc["6w", "status"] == status


def test_the_standing_tells_floor_technique_and_missing_baseline_apart(tables_of):
    connection = tables_of(
        procedures=[{}, {}, {"technique": "mixed"}, {}],
        assessments=pain((0, 8)) + pain((0, 3), key=2) + pain((0, 8), key=3),
    )
    due = count(connection, "visits_due", kind="pain")
    at = due[due["visit"] == "1w"].groupby("standing")["procedures"].sum()
    assert at.to_dict() == {"eligible": 1, "recorded": 2, "none": 1}


def test_changes_are_summed_within_a_patient_in_every_stratum(tables_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1, "technique": "kyphoplasty"},
            {
                "patient_key": 1,
                "augmentation_number": 2,
                "days_since_previous_procedure": 300,
                "technique": "vertebroplasty",
            },
        ],
        assessments=pain((0, 8), (7, 3)) + pain((0, 8), (7, 6), key=2),
    )
    rows = count(connection, "changes_by_patient", chosen={"unit": "all"}, kind="pain")
    whole = rows[rows["cause"].isna()]
    assert whole[["scores", "change", "patients"]].values.tolist() == [[2, -7.0, 1]]
    arms = rows[rows["technique"].notna()].set_index("technique")["change"]
    assert arms.to_dict() == {"kyphoplasty": -5.0, "vertebroplasty": -2.0}
