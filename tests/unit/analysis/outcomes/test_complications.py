"""Related complications: n, N, risk and what is said beside them (endpoints.md E4-E8)."""

import json

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.complications import complications

REVIEWED = {"complications_reviewed": "yes"}


def complication(procedure_key, type_name, onset_days=None, **others):
    row = {
        "complication_id": f"K{procedure_key}{type_name}{onset_days}",
        "procedure_key": procedure_key,
        "type": type_name,
        "relatedness": "possible",
    }
    return row | ({} if onset_days is None else {"onset_days": onset_days}) | others


def measure(result, name, at, cause="", technique=""):
    rows = result.measures
    found = rows[
        (rows["measure"] == name)
        & (rows["at"] == at)
        & (rows["cause"] == cause)
        & (rows["technique"] == technique)
    ]
    assert len(found) == 1
    return found.iloc[0]


def computed(connection, cohort=None):
    return complications(CountReader(cohort or Cohort(), connection=connection))


def test_risk_counts_the_lost_as_followed_until_their_last_contact(tables_of):
    result = computed(
        tables_of(
            procedures=[
                REVIEWED,
                REVIEWED | {"last_contact_days": 2},
                REVIEWED,
                REVIEWED | {"death_days": 5},
            ],
            complications=[complication(1, "bleeding", 10), complication(3, "bleeding", 40)],
        )
    )
    by_month = measure(result, "complication_bleeding", 30)
    # Day 2: one of four lost. Day 5: one of three dies. Day 10: one of two bleeds: 2/3 * 1/2.
    assert (by_month["n"], by_month["N"], by_month["lost_before"]) == (1, 4, 1)
    assert by_month["value"] == pytest.approx(1 / 3)
    by_quarter = measure(result, "complication_bleeding", 90)
    assert by_quarter["n"] == 2
    assert by_quarter["value"] == pytest.approx(2 / 3)


def test_an_unreviewed_procedure_is_not_recorded_rather_than_free_of_events(tables_of):
    result = computed(
        tables_of(
            procedures=[
                REVIEWED,
                {},
                REVIEWED | {"reviewed_through_days": 10},
                REVIEWED | {"reviewed_through_days": 10, "death_days": 8},
                REVIEWED | {"observed_through_days": 20},
            ],
        )
    )
    by_month = measure(result, "complication_bleeding", 30)
    # In N: the first, and the fourth, who was reviewed to death (ruling 13).
    assert (by_month["n"], by_month["N"], by_month["not_recorded"]) == (0, 2, 2)
    assert json.loads(by_month["excluded"])["data cut before the day"] == 1
    assert by_month["upper"] == pytest.approx(1 - 0.05**0.5)
    row = result.rows[result.rows["label"] == "Bleeding"].iloc[0]
    assert "none seen; at most 78 %" in row["note"]
    assert "not recorded (2)" in row["note"]


def test_an_event_without_a_day_leaves_both_counts(tables_of):
    result = computed(
        tables_of(
            procedures=[REVIEWED] * 3,
            complications=[complication(1, "bleeding"), complication(2, "bleeding", 3)],
        )
    )
    by_month = measure(result, "complication_bleeding", 30)
    assert (by_month["n"], by_month["N"]) == (1, 2)
    assert "+1, day unknown" in result.rows.set_index("label").loc["Bleeding", "note"]
    assert measure(result, "complication_infection", 30)["N"] == 3


def test_an_event_after_the_last_contact_counts_and_keeps_its_procedure_followed(tables_of):
    result = computed(
        tables_of(
            procedures=[REVIEWED | {"last_contact_days": 5}] * 2,
            complications=[complication(1, "bleeding", 20)],
        )
    )
    # Ruling 4. Day 5: the other is lost; day 20: one of one at risk bleeds.
    by_month = measure(result, "complication_bleeding", 30)
    assert (by_month["n"], by_month["N"], by_month["lost_before"]) == (1, 2, 1)
    assert by_month["value"] == pytest.approx(1.0)
    # By day 1 nobody had bled, and both were still there.
    by_day_one = measure(result, "complication_bleeding", 1)
    assert (by_day_one["n"], by_day_one["N"], by_day_one["lost_before"]) == (0, 2, 0)


def test_techniques_stand_within_their_cause_and_never_over_causes(tables_of):
    result = computed(
        tables_of(
            procedures=[
                REVIEWED,
                REVIEWED | {"technique": "mixed"},
                REVIEWED | {"technique": "vertebroplasty", "cause": "cancer"},
            ],
            complications=[complication(3, "bleeding", 0.5)],
        )
    )
    strata = set(zip(result.measures["cause"], result.measures["technique"], strict=True))
    assert strata == {
        ("", ""),
        ("osteoporosis", ""),
        ("osteoporosis", "kyphoplasty"),
        ("cancer", ""),
        ("cancer", "vertebroplasty"),
    }
    assert measure(result, "complication_bleeding", 30, "osteoporosis")["N"] == 2
    by_day_one = measure(result, "complication_bleeding", 1, "cancer", "vertebroplasty")
    assert (by_day_one["n"], by_day_one["method"]) == (1, "proportion, Wilson interval")


def test_a_cohort_that_nobody_reviewed_says_so(tables_of):
    assert "reviewed" in computed(tables_of(procedures=[{}])).empty_reason
    assert "No procedure is in" in computed(tables_of()).empty_reason


def test_rows_name_the_cause_and_leave_techniques_to_the_measures(tables_of):
    result = computed(
        tables_of(
            procedures=[REVIEWED, REVIEWED | {"cause": "cancer"}],
            complications=[complication(2, "bleeding", 3)],
        )
    )
    labels = result.rows[result.rows["n"] > 0]["label"]
    assert list(labels) == [
        "Any related complication",
        "Bleeding",
        "Any related complication: Cancer",
        "Bleeding: Cancer",
    ]
    assert set(result.rows["technique"]) == {""}


def test_an_event_recorded_after_death_does_not_count(tables_of):
    result = computed(
        tables_of(
            procedures=[REVIEWED | {"death_days": 5}, REVIEWED | {"death_days": 5}],
            complications=[complication(1, "bleeding", 20), complication(2, "bleeding", 5)],
        )
    )
    # On one day the event counts before death; after it, it does not count at all.
    by_month = measure(result, "complication_bleeding", 30)
    assert (by_month["n"], by_month["N"], by_month["value"]) == (1, 2, 0.5)
