"""When relief is seen, and what ends the wait (endpoints.md E1, E2; rulings 1 to 5)."""

import pytest


def pain(key, *scores, instrument="pain_nrs"):
    """Return assessments of one procedure from (day, score) pairs."""
    return [
        {"procedure_key": key, "instrument": instrument, "days": day, "score": score}
        for day, score in scores
    ]


def waits(connection, definition="e1"):
    return connection.execute(
        "select procedure_key, last_free_days, first_seen_days, end_kind, end_days"
        f" from relief where definition = '{definition}' order by procedure_key"
    ).fetchall()


def test_relief_lies_between_the_last_unrelieved_and_the_first_relieved_score(tables_of):
    # Baseline 8: relieved at 8 - max(2, 2.4) = 5.6 or less.
    connection = tables_of(
        procedures=[{}], assessments=pain(1, (-1, 8), (1, 7), (7, 6), (42, 5), (90, 9))
    )
    assert waits(connection) == [(1, 7.0, 42.0, 1, 42.0)]


def test_the_threshold_itself_is_relief_and_two_points_are_the_least(tables_of):
    # Baseline 4: 4 - max(2, 1.2) = 2. Baseline 10: 10 - 3 = 7. 0.3 x 10 is not exact in binary.
    connection = tables_of(
        procedures=[{}, {}],
        assessments=pain(1, (0, 4), (1, 3), (7, 2)) + pain(2, (0, 10), (1, 7)),
    )
    assert [(row[1], row[2]) for row in waits(connection)] == [(1.0, 7.0), (0.0, 1.0)]


def test_baselines_below_four_techniques_not_compared_and_aborted_ones_are_left_out(tables_of):
    connection = tables_of(
        procedures=[{}, {"technique": "mixed"}, {"procedure_status": "aborted"}, {}],
        assessments=pain(1, (0, 3), (7, 0))
        + pain(2, (0, 8), (7, 0))
        + pain(3, (0, 8), (7, 0))
        + pain(4, (-31, 8), (7, 0)),
    )
    assert waits(connection) == []


def test_only_the_instrument_of_the_last_baseline_score_is_followed(tables_of):
    # Day -1: the numeric scale wins the tie, so that the other scale's 0 is no relief.
    connection = tables_of(
        procedures=[{}],
        assessments=pain(1, (-1, 8), (42, 5)) + pain(1, (-1, 6.5), (1, 0.0), instrument="pain_vas"),
    )
    assert waits(connection) == [(1, 0.0, 42.0, 1, 42.0)]


def test_without_an_event_the_wait_ends_at_the_last_unrelieved_score_or_day_0(tables_of):
    connection = tables_of(
        procedures=[{"last_contact_days": 200}, {"last_contact_days": 200}],
        assessments=pain(1, (0, 8), (7, 7), (42, 8)) + pain(2, (0, 8)),
    )
    assert waits(connection) == [(1, 42.0, None, 0, 42.0), (2, 0.0, None, 0, 0.0)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [(20, (20.0, 20.0, 1)), (7, (7.0, 42.0, 1)), (43, (7.0, 42.0, 1)), (0, (7.0, 42.0, 1))],
)
def test_a_given_relief_day_is_exact_only_where_the_scores_allow_it(tables_of, given, expected):
    connection = tables_of(
        procedures=[{"relief_days": given, "relief_status": "happened"}],
        assessments=pain(1, (0, 8), (7, 8), (42, 2)),
    )
    assert [row[1:4] for row in waits(connection)] == [expected]


def test_a_given_relief_day_after_the_last_unrelieved_score_is_exact(tables_of):
    connection = tables_of(
        procedures=[{"relief_days": 10, "relief_status": "happened"}],
        assessments=pain(1, (0, 8), (7, 8)),
    )
    assert waits(connection) == [(1, 10.0, 10.0, 1, 10.0)]


def test_death_competes_on_its_day_even_after_the_last_contact(tables_of):
    connection = tables_of(
        procedures=[{"death_days": 100, "last_contact_days": 42}],
        assessments=pain(1, (0, 8), (42, 8)),
    )
    assert [row[3:5] for row in waits(connection)] == [(2, 100.0)]


def test_on_one_day_relief_counts_before_death(tables_of):
    connection = tables_of(procedures=[{"death_days": 42}], assessments=pain(1, (0, 8), (42, 2)))
    assert [row[3:5] for row in waits(connection)] == [(1, 42.0)]


def test_a_later_procedure_competes_and_takes_the_scores_after_its_day(tables_of):
    # Recorded under the first: day 60 is the second's day 0 and still the first's; day 67 is the
    # second's day 7; day 102 is the second's day 42, where its own score wins.
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1},
            {"patient_key": 1, "augmentation_number": 2, "days_since_previous_procedure": 60},
        ],
        assessments=pain(1, (0, 8), (7, 8), (60, 7), (67, 9), (102, 1)) + pain(2, (-3, 9), (42, 8)),
    )
    assert waits(connection) == [
        (1, 60.0, None, 2, 60.0),
        (2, 42.0, None, 0, 42.0),
    ]
    moved = connection.execute(
        "select days, score, baseline_score from followed_scores where procedure_key = 2"
    )
    assert sorted(moved.fetchall()) == [(7.0, 9.0, 9.0), (42.0, 8.0, 9.0)]


def test_an_aborted_procedure_is_no_competing_event(tables_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1},
            {
                "patient_key": 1,
                "augmentation_number": 2,
                "days_since_previous_procedure": 10,
                "procedure_status": "aborted",
            },
        ],
        assessments=pain(1, (0, 8), (42, 2)),
    )
    assert waits(connection) == [(1, 0.0, 42.0, 1, 42.0)]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        # Day 1 is lost at day 7; day 42 is confirmed at 90.
        (((1, 2), (7, 8), (42, 2), (90, 2)), (7.0, 42.0, 1, 42.0)),
        # Confirmed over several scores, none of them 7 days from the next.
        (((1, 2), (5, 2), (8, 2)), (0.0, 1.0, 1, 1.0)),
        # Six days are too few: censored at the last unrelieved score.
        (((1, 8), (36, 2), (42, 2)), (1.0, None, 0, 1.0)),
        (((1, 2), (42, 8)), (42.0, None, 0, 42.0)),
    ],
)
def test_sustained_relief_is_dated_at_the_first_score_of_a_week_or_more(
    tables_of, scores, expected
):
    connection = tables_of(procedures=[{}], assessments=pain(1, (0, 8), *scores))
    assert [row[1:5] for row in waits(connection, "sustained")] == [expected]


def test_a_death_before_confirmation_competes_with_sustained_relief(tables_of):
    connection = tables_of(
        procedures=[{"death_days": 45}], assessments=pain(1, (0, 8), (7, 8), (42, 2))
    )
    assert [row[3:5] for row in waits(connection, "sustained")] == [(2, 45.0)]


def test_the_other_thresholds_share_the_floor_and_differ_in_the_day(tables_of):
    # Baseline 8: two points at 6, half at 4, mild at 3.
    connection = tables_of(
        procedures=[{}], assessments=pain(1, (0, 8), (1, 6), (7, 4), (42, 3), (90, 8), (180, 3))
    )
    found = {name: waits(connection, name)[0][1:3] for name in ("two_points", "half", "mild")}
    assert found == {"two_points": (0.0, 1.0), "half": (1.0, 7.0), "mild": (7.0, 42.0)}


def opioid(key, *doses):
    return [
        {"procedure_key": key, "instrument": "opioid_mme", "days": day, "score": dose}
        for day, dose in doses
    ]


def test_relief_at_or_after_a_new_opioid_is_none_without_a_new_opioid(tables_of):
    # Baseline 8, relieved at 5.6 or less: procedure 1 on day 7, its opioid on day 7; procedure 2
    # on day 7, its opioid only on day 42; procedure 3 took opioids before; procedure 4 has dose 0.
    before = {"opioid_at_baseline": "no"}
    scores = [(0, 8), (1, 8), (7, 5), (42, 3)]
    connection = tables_of(
        procedures=[before, before, {"opioid_at_baseline": "yes"}, before],
        assessments=[
            *(row for key in (1, 2, 3, 4) for row in pain(key, *scores)),
            *opioid(1, (7, 20)),
            *opioid(2, (42, 20)),
            *opioid(3, (1, 20)),
            *opioid(4, (1, 0)),
        ],
    )
    assert [row[:3] for row in waits(connection, "no_new_opioid")] == [
        (1, 42.0, None),
        (2, 1.0, 7.0),
        (3, 1.0, 7.0),
        (4, 1.0, 7.0),
    ]
    assert [row[2] for row in waits(connection)] == [7.0] * 4


def test_a_given_relief_day_says_nothing_of_opioids(tables_of):
    connection = tables_of(
        procedures=[{"relief_days": 3, "relief_status": "happened"}],
        assessments=pain(1, (0, 8), (7, 5)),
    )
    assert [row[1:3] for row in waits(connection, "no_new_opioid")] == [(0.0, 7.0)]
