import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimators.log_rank import log_rank

quickly = settings(deadline=None, derandomize=True, max_examples=50)
row = st.tuples(st.integers(0, 9), st.booleans(), st.sampled_from("abc"), st.sampled_from("xy"))
subjects = st.lists(row, min_size=2, max_size=40)


@pytest.mark.golden("log_rank")
def test_the_test_agrees_with_survdiff(case):
    found = log_rank(
        case["days"],
        case["status"],
        case["group"],
        strata=case["stratum"] if case["stratified"] else None,
        counts=case["counts"],
    )
    assert found.chi_square == pytest.approx(case["chi_square"], rel=1e-9)
    assert found.degrees_of_freedom == case["degrees_of_freedom"]
    assert found.p_value == pytest.approx(case["p_value"], rel=1e-8)
    assert list(found.groups["n"]) == case["n"]
    assert list(found.groups["observed"]) == pytest.approx(case["observed"])
    assert list(found.groups["expected"]) == pytest.approx(case["expected"], rel=1e-9)


def test_the_freireich_trial_as_published():
    # Freireich et al. 1963; chi-square 16.79 as in Kleinbaum & Klein, ch. 2, with
    # 19.3 and 10.7 relapses expected.
    treated = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    observed = [1] * 9 + [0] * 12 + [1] * 21
    found = log_rank(treated + placebo, observed, ["6-MP"] * 21 + ["placebo"] * 21)
    assert found.chi_square == pytest.approx(16.79, abs=5e-3)
    assert list(found.groups["expected"]) == pytest.approx([19.3, 10.7], abs=0.05)


@pytest.mark.parametrize(
    ("days", "observed", "group"),
    [([], [], []), ([1, 2], [1, 1], ["a", "a"]), ([1, 2], [0, 0], ["a", "b"])],
    ids=["nobody", "one group", "no events"],
)
def test_nothing_to_compare_gives_no_statistic(days, observed, group):
    found = log_rank(days, observed, group)
    assert np.isnan(found.chi_square)
    assert np.isnan(found.p_value)
    assert found.degrees_of_freedom == 0


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_a_missing_group_is_refused(missing):
    with pytest.raises(ValueError, match="group must name a group for every row"):
        log_rank([1, 2], [1, 1], ["a", missing])


@quickly
@given(subjects)
def test_relabelling_the_groups_leaves_the_statistic(rows):
    days, observed, group, strata = zip(*rows, strict=True)
    renamed = [{"a": 3, "b": 1, "c": 2}[label] for label in group]
    first = log_rank(days, observed, group, strata=strata)
    second = log_rank(days, observed, renamed, strata=strata)
    assert second.chi_square == pytest.approx(first.chi_square, nan_ok=True, abs=1e-9)


@quickly
@given(subjects, st.integers(1, 4))
def test_counts_equal_the_rows_they_stand_for(rows, count):
    days, observed, group, strata = (np.array(column) for column in zip(*rows, strict=True))
    counted = log_rank(days, observed, group, strata=strata, counts=[count] * len(rows))
    days, observed, group, strata = (
        np.repeat(column, count) for column in (days, observed, group, strata)
    )
    expanded = log_rank(days, observed, group, strata=strata)
    assert counted.chi_square == pytest.approx(expanded.chi_square, nan_ok=True)
    assert counted.groups.equals(expanded.groups)


@quickly
@given(subjects)
def test_expected_events_sum_to_those_observed(rows):
    days, observed, group, _ = zip(*rows, strict=True)
    groups = log_rank(days, observed, group).groups
    assert groups["expected"].sum() == pytest.approx(groups["observed"].sum())
