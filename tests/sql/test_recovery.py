"""When activity, work and walking are back (endpoints.md E3; rulings 5, 6 and 16)."""

import pytest

ABLE = {"activity_before": "independent"}


def scores(instrument, *pairs, key=1):
    """Return assessments of one procedure from (day, score) pairs."""
    return [
        {"procedure_key": key, "instrument": instrument, "days": day, "score": score}
        for day, score in pairs
    ]


def waits(connection, definition="activity"):
    return connection.execute(
        "select last_free_days, first_seen_days, end_kind, end_days, source from recovery"
        f" where definition = '{definition}' order by procedure_key"
    ).fetchall()


def test_activity_is_back_between_the_last_odi_above_20_and_the_first_of_20_or_less(tables_of):
    connection = tables_of(
        procedures=[ABLE], assessments=scores("odi", (-1, 60), (42, 30), (90, 20), (180, 40))
    )
    assert waits(connection) == [(42.0, 90.0, 1, 90.0, "score")]


def test_a_given_day_is_exact_and_wins_over_the_odi(tables_of):
    answer = {"return_to_activity_status": "happened", "return_to_activity_days": 100}
    connection = tables_of(procedures=[ABLE | answer], assessments=scores("odi", (0, 60), (42, 10)))
    assert waits(connection) == [(100.0, 100.0, 1, 100.0, "day")]
    assert waits(connection, "activity_odi") == [(0.0, 42.0, 1, 42.0, "score")]


def test_an_answer_not_yet_is_a_day_without_the_event(tables_of):
    answer = {"return_to_activity_status": "not_yet", "return_to_activity_asked_days": 50}
    connection = tables_of(
        procedures=[ABLE | answer] * 3,
        assessments=scores("odi", (0, 60), (42, 10), (90, 15))
        + scores("odi", (0, 60), key=2)
        + scores("odi", (0, 60), (70, 30), (90, 15), key=3),
    )
    # The ODI of 10 at day 42 came before the patient said not yet: only later ones count.
    assert waits(connection) == [
        (50.0, 90.0, 1, 90.0, "score"),
        (50.0, None, 0, 50.0, None),
        (70.0, 90.0, 1, 90.0, "score"),
    ]
    assert waits(connection, "activity_day") == [(50.0, None, 0, 50.0, None)] * 3


@pytest.mark.parametrize(
    ("before", "baseline"), [("dependent", 60), (None, 60), ("independent", 20)]
)
def test_activity_needs_some_before_and_a_baseline_odi_above_20(tables_of, before, baseline):
    connection = tables_of(
        procedures=[{"activity_before": before}],
        assessments=scores("odi", (0, baseline), (42, 10)),
    )
    assert waits(connection) == []


def test_happened_on_a_day_not_known_stands_outside_unless_the_odi_dates_it(tables_of):
    happened = ABLE | {"return_to_activity_status": "happened"}
    connection = tables_of(
        procedures=[happened, happened],
        assessments=scores("odi", (0, 60), (42, 30)) + scores("odi", (0, 60), (42, 10), key=2),
    )
    assert waits(connection) == [(0.0, 42.0, 1, 42.0, "score")]


def test_activity_on_the_day_of_death_counts_and_later_does_not(tables_of):
    answer = ABLE | {"return_to_activity_status": "happened", "return_to_activity_days": 30}
    connection = tables_of(
        procedures=[answer | {"death_days": 30}, answer | {"death_days": 29}],
        assessments=scores("odi", (0, 60)) + scores("odi", (0, 60), key=2),
    )
    assert [row[2:4] for row in waits(connection)] == [(1, 30.0), (2, 29.0)]


def test_work_is_asked_only_of_those_employed_before(tables_of):
    answer = {"return_to_work_status": "happened", "return_to_work_days": 40}
    connection = tables_of(
        procedures=[
            answer | {"employed_before": "yes"},
            answer | {"employed_before": "no"},
            {"employed_before": "yes"},
            {
                "employed_before": "yes",
                "return_to_work_status": "not_yet",
                "return_to_work_asked_days": 60,
            },
            {"employed_before": "yes", "return_to_work_status": "not_applicable"},
        ]
    )
    assert [row[1:4] for row in waits(connection, "work")] == [
        (40.0, 1, 40.0),
        (None, 0, 0.0),
        (None, 0, 60.0),
    ]


def test_walking_is_back_at_the_first_score_of_3_of_those_below_it_before(tables_of):
    connection = tables_of(
        procedures=[{}, {}],
        assessments=scores("walking_ability", (0, 1), (7, 2), (42, 3))
        + scores("walking_ability", (0, 3), (7, 2), (42, 3), key=2),
    )
    assert waits(connection, "walking") == [(7.0, 42.0, 1, 42.0, "score")]
