"""Time to relief from hand-made records (endpoints.md E1, E2; rulings 1, 4, 18)."""

import json
import math

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.relief_if_nobody_died import relief_if_nobody_died
from analysis.outcomes.time_to_relief import DEFINITIONS, time_to_relief
from analysis.results import AT_RISK_COLUMNS, BOUND_COLUMNS, CURVE_COLUMNS, MEASURE_COLUMNS


def pain(key, *scores):
    """Return assessments of one procedure from (day, score) pairs."""
    return [
        {"procedure_key": key, "instrument": "pain_nrs", "days": day, "score": score}
        for day, score in scores
    ]


FIVE = {
    # Relieved at day 1; at day 7; died at day 10 unrelieved; lost after day 7; never asked again.
    "procedures": [
        {"technique": "kyphoplasty"},
        {"technique": "vertebroplasty"},
        {"technique": "kyphoplasty", "death_days": 10},
        {"technique": "vertebroplasty"},
        {"technique": "kyphoplasty"},
    ],
    "assessments": pain(1, (0, 8), (1, 2))
    + pain(2, (0, 8), (1, 8), (7, 2))
    + pain(3, (0, 8), (7, 8))
    + pain(4, (0, 8), (7, 8))
    + pain(5, (0, 8)),
}


def relief(connection, cohort=None, **options):
    return time_to_relief(CountReader(cohort or Cohort(), connection=connection), **options)


def row(result, measure, at, cause="", technique=""):
    rows = result.measures
    found = rows[
        (rows["measure"] == measure)
        & (rows["at"] == at)
        & (rows["cause"] == cause)
        & (rows["technique"] == technique)
    ]
    assert len(found) == 1
    return found.iloc[0]


def test_the_curve_of_five_patients_by_hand(tables_of):
    result = relief(tables_of(**FIVE))
    # Day 1: 1 of 4 at risk, the fifth left at day 0. Day 7: 1 of 3. Day 10: the death competes.
    # F = 1/4, then 1/4 + 3/4 x 1/3 = 1/2, and nobody is left.
    by_day_2, by_day_14 = (row(result, "relief_incidence", at) for at in ("2", "14"))
    assert by_day_2[["n", "N", "lost_before"]].tolist() == [1, 5, 1]
    assert by_day_2["value"] == pytest.approx(1 / 4)
    assert by_day_14[["n", "N", "lost_before"]].tolist() == [2, 5, 2]
    assert by_day_14["value"] == pytest.approx(1 / 2)
    assert row(result, "relief_incidence", "135")["value"] == pytest.approx(1 / 2)


def test_the_counts_under_the_curve_sum_to_everybody_at_each_day(tables_of):
    at_risk = relief(tables_of(**FIVE)).at_risk
    whole = at_risk[at_risk["cause"] == ""].set_index("day")
    counts = ["at_risk", "events", "competing", "censored"]
    assert whole.loc[0, counts].tolist() == [4, 0, 0, 1]
    assert whole.loc[7, counts].tolist() == [1, 2, 0, 2]
    assert whole.loc[14, counts].tolist() == [0, 2, 1, 2]
    assert set(whole[counts].sum(axis=1)) == {5}


def test_visits_alone_bound_the_share_by_the_competing_likelihood(tables_of):
    # Masses a in (0, 1], b in (1, 7], d at day 10, o after everything seen; the fourth says o, the
    # fifth a, b or o. a b d o (a + b + o) is greatest at a = b = o = 4/15, d = 1/5.
    bounds = row(relief(tables_of(**FIVE)), "relief_incidence_npmle", "14")
    assert bounds["low_bound"] == pytest.approx(8 / 15)
    assert bounds["high_bound"] == pytest.approx(12 / 15)


def test_if_nobody_had_died_stands_apart_from_the_headline(tables_of):
    result = relief_if_nobody_died(CountReader(Cohort(), connection=tables_of(**FIVE)))
    assert row(result, "relief_if_no_death", "2")["value"] == pytest.approx(1 / 4)
    # The last known day is 10, with one still waiting: nothing is said of day 14.
    assert math.isnan(row(result, "relief_if_no_death", "14")["value"])


def test_days_gained_are_not_estimated_with_few_at_risk(tables_of):
    gained = row(relief(tables_of(**FIVE)), "relieved_days_gained", "60")
    assert math.isnan(gained["value"])
    assert gained["method"] == "not estimable: 0 at risk at day 60"


def test_days_gained_are_the_area_under_the_incidence(tables_of):
    # 10 relieved at day 20, 12 followed unrelieved to day 90: F = 10/22 from day 20 to 60.
    connection = tables_of(
        procedures=[{} for _ in range(22)],
        assessments=[
            assessment
            for key in range(1, 23)
            for assessment in pain(key, (0, 8), (20, 2) if key <= 10 else (90, 8))
        ],
    )
    gained = row(relief(connection), "relieved_days_gained", "60")
    assert gained["value"] == pytest.approx(10 / 22 * 40)
    # Relief lies in (0, 20]: the area is at least 40 x 10/22 and at most 60 x 10/22.
    assert gained["low_bound"] == pytest.approx(10 / 22 * 40)
    assert gained["high_bound"] == pytest.approx(10 / 22 * 60)


def test_strata_are_all_each_cause_and_techniques_within_a_cause_only(tables_of):
    rows = relief(tables_of(**FIVE)).measures
    assert set(zip(rows["cause"], rows["technique"], strict=True)) == {
        ("", ""),
        ("osteoporosis", ""),
        ("osteoporosis", "kyphoplasty"),
        ("osteoporosis", "vertebroplasty"),
    }


def test_the_frames_have_their_declared_columns(tables_of):
    result = relief(tables_of(**FIVE))
    assert tuple(result.measures.columns) == MEASURE_COLUMNS
    assert tuple(result.curves.columns) == CURVE_COLUMNS
    assert tuple(result.at_risk.columns) == AT_RISK_COLUMNS
    assert tuple(result.bounds.columns) == BOUND_COLUMNS
    assert (result.bounds["low_bound"] <= result.bounds["high_bound"]).all()


def test_those_left_out_are_counted_by_reason(tables_of):
    connection = tables_of(
        procedures=[
            {"augmentation_number": 1},
            {"technique": "mixed"},
            {},
            {},
            {"procedure_status": "aborted"},
            {"patient_key": 1, "augmentation_number": 2, "days_since_previous_procedure": 400},
        ],
        assessments=pain(1, (0, 8), (7, 2)) + pain(2, (0, 8)) + pain(3, (0, 3)),
    )
    result = relief(connection)
    steps = dict(result.explanation.waterfall)
    assert steps["recorded"] == 6
    assert steps["aborted"] == 1
    assert steps["not the index procedure of its patient"] == 1
    assert steps["in the cohort"] == 4
    assert steps["counted in N"] == 1
    excluded = json.loads(row(result, "relief_incidence", "14")["excluded"])
    assert excluded == {"technique_not_compared": 1, "no_baseline": 1, "below_floor": 1}
    eligible = result.measures[result.measures["measure"] == "relief_eligible"].iloc[0]
    assert eligible[["n", "N"]].tolist() == [1, 4]


def test_being_in_relief_at_a_visit_is_not_first_relief(tables_of):
    # Relieved at day 1, relapsed at day 42: the curve stays up, the share in relief does not.
    connection = tables_of(procedures=[{}], assessments=pain(1, (0, 8), (1, 2), (42, 8)))
    result = relief(connection)
    assert row(result, "relief_incidence", "60")["value"] == 1
    assert row(result, "in_relief_share", "24h")[["n", "N"]].tolist() == [1, 1]
    assert row(result, "in_relief_share", "6w")[["n", "N"]].tolist() == [0, 1]


@pytest.mark.parametrize("definition", sorted(DEFINITIONS))
def test_every_definition_names_its_own_measures_and_says_its_finding(tables_of, definition):
    connection = tables_of(
        procedures=[{} for _ in range(3)],
        assessments=[
            score for key in (1, 2, 3) for score in pain(key, (0, 8), (1, 8), (7, 1), (42, 1))
        ],
    )
    result = relief(connection, definition=definition)
    stated = DEFINITIONS[definition]
    assert row(result, f"{stated.measure}_incidence", "14")["n"] == 3
    assert result.outcome == stated.outcome
    assert result.title == f"100 % {stated.event} by day 14"


def test_a_title_says_the_finding_of_the_whole_cohort_with_its_interval(tables_of):
    result = relief(tables_of(**FIVE))
    assert result.title.startswith("50 % had pain relief by day 14 (")
    assert "plasty" not in result.title
    assert "At 2 h anaesthetic and sedation speak too" in " ".join(result.footnotes)


@pytest.mark.parametrize(
    "records",
    [
        {"procedures": []},
        {"procedures": [{}]},
        {"procedures": [{}], "assessments": pain(1, (0, 8))},
        {"procedures": [{}], "assessments": pain(1, (0, 3), (7, 1))},
    ],
)
def test_without_relief_to_be_seen_the_result_says_why_and_keeps_its_frames(tables_of, records):
    result = relief(tables_of(**records))
    assert result.is_empty
    assert "baseline pain score of 4 or more" in result.empty_reason
    assert tuple(result.curves.columns) == CURVE_COLUMNS
    assert tuple(result.measures.columns) == MEASURE_COLUMNS
    assert result.curves.empty
    assert result.bounds.empty


def test_a_cohort_of_one_technique_has_one_arm(tables_of):
    result = relief(tables_of(**FIVE), Cohort(technique=("kyphoplasty",)))
    assert set(result.curves["technique"]) == {"", "kyphoplasty"}


def test_when_every_procedure_counts_the_footnote_says_what_the_intervals_assume(tables_of):
    result = relief(tables_of(**FIVE), Cohort(unit="all"))
    assert "independent" in " ".join(result.footnotes)
    assert set(result.measures["unit"]) == {"all"}
