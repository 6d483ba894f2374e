"""Return to activity, work and walking from hand-made records (endpoints.md E3)."""

import json

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.return_to_activity import (
    return_to_activity,
    return_to_work,
    unaided_walking,
)

ABLE = {"activity_before": "independent"}
GAVE_DAY_10 = ABLE | {"return_to_activity_status": "happened", "return_to_activity_days": 10}


def odi(key, *scores, instrument="odi"):
    """Return assessments of one procedure from (day, score) pairs."""
    return [
        {"procedure_key": key, "instrument": instrument, "days": day, "score": score}
        for day, score in scores
    ]


FOUR = {
    # Day 10 given; ODI seen at 20 or less on day 42; not by day 90; and one not compared.
    "procedures": [GAVE_DAY_10, ABLE, ABLE, ABLE | {"technique": "mixed"}],
    "assessments": odi(1, (0, 60))
    + odi(2, (0, 60), (42, 15))
    + odi(3, (0, 60), (90, 40))
    + odi(4, (0, 60), (42, 15)),
}


def computed(connection, outcome=return_to_activity, cohort=None):
    return outcome(CountReader(cohort or Cohort(), connection=connection))


def test_either_source_dates_the_return_and_totals_hold_every_technique(tables_of, measure_of):
    result = computed(tables_of(**FOUR))
    by_60 = measure_of(result, "activity_incidence", at="60", modality="both")
    assert by_60[["n", "N"]].tolist() == [3, 4]
    assert by_60["value"] == pytest.approx(3 / 4)
    assert set(result.curves["technique"]) == {"", "kyphoplasty"}


def test_each_source_apart_has_its_own_denominator(tables_of, measure_of):
    result = computed(tables_of(**FOUR))
    given = measure_of(result, "activity_incidence", at="60", modality="day")
    seen = measure_of(result, "activity_incidence", at="60", modality="odi")
    # Only one was asked for a day; the ODI of that one was never taken again.
    assert given[["n", "N"]].tolist() == [1, 1]
    assert seen[["n", "N"]].tolist() == [2, 4]


def test_the_share_by_source_is_printed(tables_of, measure_of):
    result = computed(tables_of(**FOUR))
    share = measure_of(result, "activity_source_share", modality="day")
    assert share[["n", "N"]].tolist() == [1, 3]
    assert "33 % of the returns by day 135 are days the patient gave" in result.footnotes[0]


def test_those_left_out_are_counted_by_reason(tables_of, measure_of):
    connection = tables_of(
        procedures=[
            GAVE_DAY_10,
            {"activity_before": "dependent"},
            {},
            ABLE,
            ABLE,
            ABLE | {"return_to_activity_status": "happened"},
        ],
        assessments=odi(1, (0, 60), (42, 10)) + odi(5, (0, 20)) + odi(6, (0, 60)),
    )
    row = measure_of(computed(connection), "activity_incidence", at="14", modality="both")
    assert json.loads(row["excluded"]) == {
        "no_baseline": 1,
        "at_goal_before": 1,
        "dependent_before": 1,
        "activity_before_not_recorded": 1,
        "day_unknown": 1,
    }
    assert row["N"] == 1


def test_work_is_told_of_those_employed_and_empty_when_nobody_answered(tables_of, measure_of):
    employed = {"employed_before": "yes"}
    answer = {"return_to_work_status": "happened", "return_to_work_days": 30}
    result = computed(tables_of(procedures=[employed | answer, employed]), return_to_work)
    by_60 = measure_of(result, "work_incidence", at="60")
    # Never asked: in N, but gone at day 0, so that one of one at risk is back at work.
    assert by_60[["n", "N", "lost_before"]].tolist() == [1, 2, 1]
    assert by_60["value"] == pytest.approx(1)
    silent = computed(tables_of(procedures=[employed, employed]), return_to_work)
    assert silent.is_empty
    assert silent.curves.empty


def test_walking_is_told_of_those_who_needed_help_before(tables_of, measure_of):
    connection = tables_of(
        procedures=[{}, {}],
        assessments=odi(1, (0, 1), (42, 3), instrument="walking_ability")
        + odi(2, (0, 2), (90, 2), instrument="walking_ability"),
    )
    row = measure_of(computed(connection, unaided_walking), "walking_incidence", at="60")
    assert row[["n", "N"]].tolist() == [1, 2]
    assert row["value"] == pytest.approx(1 / 2)


@pytest.mark.parametrize("outcome", [return_to_activity, return_to_work, unaided_walking])
def test_an_empty_cohort_says_why(tables_of, outcome):
    result = computed(tables_of(procedures=[]), outcome)
    assert result.is_empty
    assert result.measures.empty
    assert result.summary == result.empty_reason
