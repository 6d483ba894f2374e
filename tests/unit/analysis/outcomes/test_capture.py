"""Who was asked and answered at each visit, from hand-made records (endpoints.md E9)."""

import json

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.capture import capture


def score(key, day, instrument="pain_nrs"):
    return {"procedure_key": key, "instrument": instrument, "days": day, "score": 5}


def computed(connection):
    return capture(CountReader(Cohort(), connection=connection))


def test_any_score_in_the_window_is_captured_with_or_without_a_baseline(tables_of, measure_of):
    connection = tables_of(
        procedures=[{}, {}, {}, {"death_days": 30}, {"observed_through_days": 20}],
        assessments=[score(1, 0), score(1, 42), score(2, 42, "pain_vas"), score(4, 20)],
    )
    row = measure_of(computed(connection), "capture", at="6w", modality="pain")
    # Due: the first three. The fourth died on day 30, the fifth was observed for 20 days.
    assert row[["n", "N", "answered", "due"]].tolist() == [2, 3, 2, 3]
    assert row["value"] == pytest.approx(2 / 3)
    assert json.loads(row["excluded"]) == {"died": 1, "not_yet": 1}


def test_pain_and_odi_are_counted_apart(tables_of, measure_of):
    connection = tables_of(procedures=[{}, {}], assessments=[score(1, 90, "odi"), score(2, 90)])
    result = computed(connection)
    for modality in ("pain", "odi"):
        row = measure_of(result, "capture", at="3mo", modality=modality)
        assert row[["n", "N"]].tolist() == [1, 2]


def test_a_visit_that_nobody_answered_is_measured_but_not_drawn(tables_of, measure_of):
    result = computed(tables_of(procedures=[{}], assessments=[score(1, 42)]))
    assert measure_of(result, "capture", at="3mo", modality="pain")[["n", "N"]].tolist() == [0, 1]
    assert set(result.rows["group"]) == {"Pain, 1 mo / 6 w"}


def test_the_title_says_the_share_at_six_weeks(tables_of):
    result = computed(tables_of(procedures=[{}, {}], assessments=[score(1, 42), score(2, 42)]))
    assert result.title.startswith("Pain was recorded for 100 % (")
    assert result.title.endswith("of those due at 1 mo / 6 w")


def test_without_any_score_the_result_says_why(tables_of):
    result = computed(tables_of(procedures=[{}]))
    assert result.is_empty
    assert result.rows.empty
