"""What audience outside may see: no count of 1 to 10, and nothing that returns one."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.cohort import Cohort
from analysis.disclosure import (
    WITHHELD_COLUMNS,
    check_audience,
    protect,
    shows_totals_only,
)
from analysis.measure import CountReader
from analysis.results import measures_table
from warehouse.errors import SourceUnreadable

TECHNIQUES = ("kyphoplasty", "vertebroplasty", "implant")
CAUSES = ("osteoporosis", "cancer", "trauma")
COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 400))


def row(n, N, **others):
    share = n / N if n is not None and N else None
    bounds = {"value": share, "lower": share, "upper": share}
    return {"measure": "leak", "cause": "", "technique": "", "n": n, "N": N, **bounds, **others}


def table(*rows):
    return measures_table(list(rows))


def suppressed(rows):
    return list(protect(table(*rows), "outside")["suppressed"])


def test_inside_sees_the_table_unchanged():
    measures = table(row(3, 40))
    assert protect(measures, "inside") is measures


@pytest.mark.parametrize(
    ("n", "N", "withheld"),
    [
        (0, 234, False),
        (1, 234, True),
        (10, 234, True),
        (11, 234, False),
        (224, 234, True),
        (223, 234, False),
        (234, 234, False),
        (0, 10, True),
        (0, 11, False),
        (0, 0, False),
    ],
)
def test_a_row_is_withheld_when_n_or_its_rest_or_the_denominator_is_1_to_10(n, N, withheld):
    assert suppressed([row(n, N)]) == [withheld]


def test_a_withheld_row_keeps_its_labels_and_loses_every_number():
    measures = table(
        row(4, 90, unit="proportion", conf_level=0.95, lost_before=20, excluded='{"aborted": 30}')
    )
    shown = protect(measures, "outside").iloc[0]
    assert shown["suppressed"] is np.True_
    assert shown["measure"] == "leak"
    assert shown["unit"] == "proportion"
    assert shown[list(WITHHELD_COLUMNS)].isna().all()


def test_a_true_zero_keeps_its_bound():
    shown = protect(table(row(0, 234, upper=0.0127)), "outside").iloc[0]
    assert (shown["n"], shown["N"], shown["upper"]) == (0, 234, 0.0127)
    assert not shown["suppressed"]


def test_the_smallest_other_arm_goes_where_a_total_would_return_the_withheld_one():
    # 104 = 4 + 30 + 70: without the 30, the 4 is 104 - 30 - 70.
    rows = [
        row(4, 200, technique="implant"),
        row(30, 300, technique="vertebroplasty"),
        row(70, 400, technique="kyphoplasty"),
        row(104, 900),
    ]
    assert suppressed(rows) == [True, True, False, False]


def test_a_total_that_is_not_shown_costs_no_second_arm():
    rows = [row(4, 200, technique="implant"), row(30, 300, technique="vertebroplasty")]
    assert suppressed(rows) == [True, False]


def test_a_zero_is_the_last_to_go_so_the_total_goes_instead():
    # Vertebroplasty: 95 of 100, so 5 without; the only other arm is a true 0.
    rows = [
        row(95, 100, technique="vertebroplasty"),
        row(0, 300, technique="kyphoplasty"),
        row(95, 400),
    ]
    assert suppressed(rows) == [True, False, True]


def test_arms_that_together_make_a_small_count_take_a_larger_one_with_them():
    # 3 + 4 = 107 - 100 is itself a count of 1 to 10.
    rows = [
        row(3, 200, technique="implant"),
        row(4, 300, technique="vertebroplasty"),
        row(100, 400, technique="kyphoplasty"),
        row(107, 900),
    ]
    assert suppressed(rows) == [True, True, True, False]


def test_what_a_total_holds_beyond_its_arms_is_protected_too():
    # Mixed techniques count in totals only: 5 = 105 - 40 - 60.
    rows = [
        row(40, 200, technique="vertebroplasty"),
        row(60, 300, technique="kyphoplasty"),
        row(105, 620),
    ]
    assert suppressed(rows) == [True, False, False]


def test_a_shorter_horizon_goes_when_it_differs_from_a_longer_one_by_1_to_10():
    # 15 by day 30 and 18 by day 90: three events in between. 40 by day 365 is 25 more than 15.
    rows = [row(15, 500, at=30), row(18, 500, at=90), row(40, 500, at=365)]
    assert suppressed(rows) == [True, False, False]


def test_the_symptomatic_are_withheld_where_they_are_nearly_all_of_any():
    # 20 of any kind, 14 of them with symptoms: 6 without.
    rows = [row(20, 500, modality="any"), row(14, 500, modality="symptomatic")]
    assert suppressed(rows) == [False, True]


def test_visit_windows_are_not_nested_so_their_difference_is_no_count():
    assert suppressed([row(215, 500, at="6w"), row(218, 500, at="3mo")]) == [False, False]


def test_a_count_withheld_under_one_name_is_withheld_under_every_name():
    rows = [
        row(4, 200, technique="implant", at=14),
        row(30, 300, technique="vertebroplasty", at=14),
        row(34, 500, at=14),
        row(30, 300, technique="vertebroplasty", at=14, measure="leak_other_estimate"),
        row(None, 300, technique="vertebroplasty", at=14, measure="leak_bounds", value=0.1),
        row(30, 300, technique="vertebroplasty", at=60, measure="leak_other_day"),
    ]
    assert suppressed(rows) == [True, True, False, True, True, False]


def test_an_estimate_without_any_count_is_not_shown():
    assert suppressed([row(None, None, value=12.5), row(None, None)]) == [True, False]


def test_a_count_inside_the_method_is_cut_off():
    rows = [row(40, 200, method="not estimable: 7 at risk at day 60")]
    assert list(protect(table(*rows), "outside")["method"]) == ["not estimable"]


def test_side_counts_are_emptied_where_one_of_them_is_small():
    rows = [
        row(40, 200, technique="vertebroplasty", lost_before=20, not_recorded=50),
        row(60, 300, technique="kyphoplasty", lost_before=6, not_recorded=40),
    ]
    shown = protect(table(*rows), "outside")
    assert shown["lost_before"].isna().all()
    assert list(shown["not_recorded"]) == [50, 40]
    assert not shown["suppressed"].any()


def test_an_answered_count_goes_when_due_minus_answered_is_small():
    shown = protect(table(row(40, 200, due=203, answered=150)), "outside")
    assert pd.isna(shown["due"].iloc[0])
    assert shown["answered"].iloc[0] == 150


def test_exclusion_reasons_are_null_where_small_and_kept_where_not():
    reasons = json.dumps({"aborted": 3, "not reviewed": 230, "no baseline": 0})
    shown = protect(table(row(40, 200, excluded=reasons)), "outside")
    assert json.loads(shown["excluded"].iloc[0]) == {
        "aborted": None,
        "not reviewed": 230,
        "no baseline": 0,
    }


def test_with_fewer_than_three_surgeons_only_totals_are_shown():
    rows = [row(40, 200, cause="cancer"), row(60, 300, technique="implant"), row(200, 900)]
    shown = protect(table(*rows), "outside", totals_only=True)
    assert list(shown["suppressed"]) == [True, True, False]


def test_row_order_does_not_choose_what_is_withheld():
    rows = [
        row(4, 200, technique="implant"),
        row(30, 300, technique="vertebroplasty"),
        row(30, 300, technique="kyphoplasty"),
        row(64, 800),
    ]
    forwards, backwards = suppressed(rows), suppressed(rows[::-1])
    assert forwards == backwards[::-1]


def test_surgeons_are_refused_outside_and_allowed_inside():
    cohort = Cohort(surgeon=("S1",))
    check_audience(cohort, "inside")
    with pytest.raises(SourceUnreadable, match="chosen surgeons"):
        check_audience(cohort, "outside")


def test_an_unknown_audience_is_refused_with_the_allowed_ones():
    with pytest.raises(SourceUnreadable, match="Allowed: inside, outside"):
        check_audience(Cohort(), "public")


@pytest.mark.parametrize(
    ("surgeons", "only_totals"), [(["S1", "S2", None], True), (["S1", "S2", "S3"], False)]
)
def test_a_site_of_fewer_than_three_recorded_surgeons_shows_totals_only(
    tables_of, surgeons, only_totals
):
    connection = tables_of(procedures=[{"surgeon_id": name} for name in surgeons])
    reader = CountReader(Cohort(site=("A",)), connection=connection)
    assert shows_totals_only(reader) is only_totals


# What an attacker can do: subtract. Every published total is an equation over the withheld counts,
# each of which is known to be at least 1, since a true 0 is shown.


def cross_table(counts, rests):
    """Return the rows of techniques x causes with every total."""
    leaves = {
        (cause, technique): (n, n + rest)
        for (cause, technique), n, rest in zip(
            [(cause, technique) for cause in CAUSES for technique in TECHNIQUES],
            counts,
            rests,
            strict=True,
        )
    }
    rows = []
    for cause in (*CAUSES, ""):
        for technique in (*TECHNIQUES, ""):
            cells = [
                cell for (c, t), cell in leaves.items() if cause in ("", c) and technique in ("", t)
            ]
            n, N = (sum(numbers) for numbers in zip(*cells, strict=True))
            rows.append(row(n, N, cause=cause, technique=technique))
    return table(*rows)


def feasible_range(shown, column, position):
    """Return the least and greatest value that the withheld count could have."""
    places = {
        (cause, technique): place
        for place, (cause, technique) in enumerate(
            zip(shown["cause"], shown["technique"], strict=True)
        )
    }
    equations = []
    for cause in (*CAUSES, ""):
        equations.append([(places[cause, ""], 1), *((places[cause, t], -1) for t in TECHNIQUES)])
    for technique in (*TECHNIQUES, ""):
        equations.append(
            [(places["", technique], 1), *((places[c, technique], -1) for c in CAUSES)]
        )
    matrix = np.zeros((len(equations), len(shown)))
    for number, terms in enumerate(equations):
        for place, sign in terms:
            matrix[number, place] = sign
    known = [None if pd.isna(value) else int(value) for value in shown[column]]
    least = 1 if column == "n" else 0
    bounds = [(least, None) if value is None else (value, value) for value in known]
    aim = np.zeros(len(shown))
    aim[position] = 1
    ends = [
        linprog(sign * aim, A_eq=matrix, b_eq=np.zeros(len(equations)), bounds=bounds)
        for sign in (1, -1)
    ]
    low, high = ends
    return low.x[position], np.inf if high.status == 3 else high.x[position]


def withheld_without_zeros(measures, shown):
    return [place for place in np.flatnonzero(shown["suppressed"]) if measures["n"].iloc[place] > 0]


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.lists(COUNTS, min_size=9, max_size=9))
def test_no_withheld_count_can_be_solved_for_from_the_totals(counts):
    measures = cross_table(counts, [5000] * 9)
    shown = protect(measures, "outside")
    for place in withheld_without_zeros(measures, shown):
        low, high = feasible_range(shown, "n", place)
        assert high - low >= 1


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.lists(COUNTS, min_size=9, max_size=9), st.lists(COUNTS, min_size=9, max_size=9))
def test_no_withheld_denominator_can_be_solved_for_from_the_totals(counts, rests):
    measures = cross_table(counts, rests)
    shown = protect(measures, "outside")
    for place in withheld_without_zeros(measures, shown):
        low, high = feasible_range(shown, "N", place)
        assert high - low >= 1


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(COUNTS, min_size=9, max_size=9), st.lists(COUNTS, min_size=9, max_size=9))
def test_nothing_shown_is_small_and_every_shown_number_is_the_true_one(counts, rests):
    measures = cross_table(counts, rests)
    shown = protect(measures, "outside")
    visible = shown.loc[~shown["suppressed"]]
    for numbers in (visible["n"], visible["N"], visible["N"] - visible["n"]):
        assert not numbers.between(1, 10).any()
    truth = measures.loc[visible.index]
    assert (visible["n"].astype(int) == truth["n"]).all()
    assert (visible["N"].astype(int) == truth["N"]).all()


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(COUNTS, min_size=4, max_size=4))
def test_no_difference_between_shown_horizons_is_small(steps):
    reached = np.cumsum(steps)
    rows = [row(int(n), 5000, at=at) for n, at in zip(reached, (1, 30, 90, 365), strict=True)]
    shown = protect(table(*rows), "outside")
    visible = shown.loc[~shown["suppressed"], "n"].astype(int).to_numpy()
    for i, earlier in enumerate(visible):
        assert not any(1 <= later - earlier <= 10 for later in visible[i + 1 :])
