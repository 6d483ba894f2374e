"""Lifting again before day 42 (endpoints.md E3: adherence, never recovery)."""

import json

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.lifting import lifted_before_day_42


def lifting(status, days=None, asked=None, **others):
    return {
        "resumed_lifting_status": status,
        "resumed_lifting_days": days,
        "resumed_lifting_asked_days": asked,
        **others,
    }


def test_only_answers_of_day_42_or_later_tell_who_lifted_before(tables_of, measure_of):
    connection = tables_of(
        procedures=[
            lifting("happened", 41),
            lifting("happened", 42),  # on day 42 is not before it
            lifting("not_yet", asked=42),
            lifting("not_yet", asked=41),
            lifting("happened", 10, asked=41),  # asked so early, only early ones could say so
            lifting("happened", 10, asked=60),
            lifting("happened"),
            lifting("not_applicable"),
            lifting("not_asked"),
            lifting("not_asked", death_days=30),
            lifting("not_asked", observed_through_days=30, last_contact_days=30),
            lifting("happened", 10, death_days=30),
        ]
    )
    result = lifted_before_day_42(CountReader(Cohort(), connection=connection))
    row = measure_of(result, "lifted_before_day_42")
    # Before: days 41 and 10. Known: days 41, 42, 10 and 'not yet' on day 42.
    assert (row["n"], row["N"], row["at"]) == (2, 4, 42)
    assert json.loads(row["excluded"]) == {
        "does not apply": 1,
        "data cut before day 42": 1,
        "died by day 42": 2,
        "lifted on a day not known": 1,
        "last asked before day 42": 2,
        "not recorded": 1,
    }
    assert row["not_recorded"] == 7


def test_without_any_answer_there_is_a_reason(tables_of):
    connection = tables_of(procedures=[lifting("not_asked")])
    assert (
        "lifted" in lifted_before_day_42(CountReader(Cohort(), connection=connection)).empty_reason
    )
