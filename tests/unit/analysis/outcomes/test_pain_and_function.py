"""Responders and changes at visits from hand-made records (endpoints.md E9, E10)."""

import json
import math

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.pain_and_function import odi_change, pain_change, responders


def scores(key, *pairs, instrument="pain_nrs"):
    """Return assessments of one procedure from (day, score) pairs."""
    return [
        {"procedure_key": key, "instrument": instrument, "days": day, "score": score}
        for day, score in pairs
    ]


def computed(connection, outcome, **chosen):
    return outcome(CountReader(Cohort(**chosen), connection=connection))


FIVE = {
    # At six weeks: a responder, not one, silent, dead on day 50, treated by a technique apart.
    "procedures": [{}, {}, {}, {"death_days": 50}, {"technique": "mixed"}],
    "assessments": scores(1, (0, 8), (42, 2))
    + scores(2, (0, 8), (42, 7))
    + scores(3, (0, 8))
    + scores(4, (0, 8), (20, 2))
    + scores(5, (0, 8), (42, 1)),
}


def test_responders_are_of_those_due_who_answered_with_bounds_over_the_silent(
    tables_of, measure_of
):
    result = computed(tables_of(**FIVE), responders)
    row = measure_of(result, "responder", at="6w")
    assert row[["n", "N", "answered", "due"]].tolist() == [1, 2, 2, 3]
    # Wilson, 1 of 2 at 95 %: (0.5 + z^2/4 -+ z sqrt(0.5 x 0.5 / 2 + z^2 / 16)) / (1 + z^2 / 2).
    assert row["lower"] == pytest.approx(0.0945, abs=1e-4)
    assert row["upper"] == pytest.approx(0.9055, abs=1e-4)
    assert row["low_bound"] == pytest.approx(1 / 3)
    assert row["high_bound"] == pytest.approx(2 / 3)
    assert json.loads(row["excluded"]) == {"died": 1}


def test_death_as_a_non_responder_is_a_row_of_its_own(tables_of, measure_of):
    row = measure_of(
        computed(tables_of(**FIVE), responders), "responder_death_as_non_responder", at="6w"
    )
    assert row[["n", "N"]].tolist() == [1, 3]


def test_change_has_no_floor_and_every_technique_and_n_of_those_due(tables_of, measure_of):
    records = FIVE | {"assessments": [*FIVE["assessments"][:-2], *scores(5, (0, 3), (42, 1))]}
    row = measure_of(computed(tables_of(**records), pain_change), "pain_change", at="6w")
    # Changes -6, -1, -2: mean -3, sd sqrt(7) = 2.6458, t(2) = 4.3027, margin 6.5724.
    assert row[["n", "N", "answered", "due"]].tolist() == [3, 4, 3, 4]
    assert row["value"] == pytest.approx(-3)
    assert row["lower"] == pytest.approx(-9.5724, abs=1e-3)
    assert row["upper"] == pytest.approx(3.5724, abs=1e-3)


def test_odi_change_pairs_the_odi_with_its_own_baseline(tables_of, measure_of):
    connection = tables_of(
        procedures=[{}, {}],
        assessments=scores(1, (-5, 60), (90, 20), instrument="odi")
        + scores(2, (90, 20), instrument="odi"),
    )
    row = measure_of(computed(connection, odi_change), "odi_change", at="3mo")
    assert row[["n", "N"]].tolist() == [1, 1]
    assert row["value"] == pytest.approx(-40)
    assert math.isnan(row["lower"])


def test_when_every_procedure_counts_the_interval_is_clustered_by_patient(tables_of, measure_of):
    second = {"augmentation_number": 2, "days_since_previous_procedure": 400}
    first = {"augmentation_number": 1}
    connection = tables_of(
        procedures=[
            first | {"patient_key": 1},
            second | {"patient_key": 1},
            first | {"patient_key": 2},
            second | {"patient_key": 2},
        ],
        assessments=[
            row
            for key, after in ((1, 2), (2, 2), (3, 6), (4, 6))
            for row in scores(key, (0, 8), (7, after))
        ],
    )
    row = measure_of(computed(connection, pain_change, unit="all"), "pain_change", at="1w")
    # Two clusters of two equal changes, -6 and -2: as two values, mean -4, sd 2 sqrt(2),
    # standard error 2, t(1) = 12.706, margin 25.41.
    assert row[["n", "N"]].tolist() == [4, 4]
    assert row["value"] == pytest.approx(-4)
    assert row["upper"] - row["value"] == pytest.approx(25.412, abs=1e-2)
    assert "clustered by patient" in row["method"]


def test_figure_rows_leave_out_visits_without_an_answer(tables_of):
    result = computed(tables_of(**FIVE), pain_change)
    assert set(result.rows["group"]) == {"1 mo / 6 w"}
    assert result.unit == "points"
    assert "plasty" not in result.title


@pytest.mark.parametrize("outcome", [responders, pain_change, odi_change])
def test_an_empty_cohort_says_why(tables_of, outcome):
    result = computed(tables_of(procedures=[]), outcome)
    assert result.is_empty
    assert result.rows.empty
