import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimators.proportions import (
    clopper_pearson,
    katz_risk_ratio,
    newcombe_difference,
    upper_bound_zero,
    wilson,
    woolf_odds_ratio,
)

quickly = settings(deadline=None, derandomize=True, max_examples=50)
two_groups = st.tuples(*[st.integers(0, 30)] * 4).map(
    lambda counts: (counts[0], sum(counts[:2]), counts[2], sum(counts[2:]))
)
singles = pytest.mark.golden("proportions", where={"kind": "proportion"})
pairs = pytest.mark.golden("proportions", where={"kind": "pair"})


def limits(frame):
    return frame[["lower", "upper"]].to_numpy()[0]


def triple(estimate):
    return [estimate.value, estimate.lower, estimate.upper]


@singles
@pytest.mark.parametrize(
    ("interval", "level", "golden"),
    [
        (wilson, 0.95, "wilson"),
        (wilson, 0.9, "wilson_90"),
        (clopper_pearson, 0.95, "clopper_pearson"),
        (clopper_pearson, 0.9, "clopper_pearson_90"),
    ],
)
def test_intervals_agree_with_r(case, interval, level, golden):
    found = interval(case["successes"], case["total"], conf_level=level)
    assert limits(found) == pytest.approx(case[golden], abs=1e-9)


@singles
def test_the_upper_bound_of_none_agrees_with_the_one_sided_exact_limit(case):
    assert upper_bound_zero(case["total"]) == pytest.approx([case["upper_bound_zero"]], abs=1e-9)


@pairs
@pytest.mark.parametrize(("level", "golden"), [(0.95, "newcombe"), (0.9, "newcombe_90")])
def test_differences_agree_with_r(case, level, golden):
    found = newcombe_difference(*case["counts"], conf_level=level)
    assert triple(found) == pytest.approx(case[golden], abs=1e-9)


@pytest.mark.golden("proportions", answered="risk_ratio")
def test_risk_ratios_agree_with_epitools(case):
    assert triple(katz_risk_ratio(*case["counts"])) == pytest.approx(case["risk_ratio"], rel=1e-9)


@pytest.mark.golden("proportions", answered="odds_ratio")
def test_odds_ratios_agree_with_epitools(case):
    assert triple(woolf_odds_ratio(*case["counts"])) == pytest.approx(case["odds_ratio"], rel=1e-9)


@pytest.mark.parametrize(
    ("counts", "lower", "upper"),
    [
        # Newcombe 1998, Stat Med 17:873-890, Table II, method 10.
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_differences_agree_with_newcombes_table(counts, lower, upper):
    found = newcombe_difference(*counts)
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=5e-5)


def test_proportions_come_back_in_the_order_and_index_given():
    found = wilson(pd.Series([3, 0], index=["first", "second"]), pd.Series([9, 4]))
    assert list(found.index) == ["first", "second"]
    assert list(found["proportion"]) == pytest.approx([1 / 3, 0])


@pytest.mark.parametrize("interval", [wilson, clopper_pearson])
def test_none_of_none_is_undefined(interval):
    found = interval([0, 1], [0, 2])
    assert found[["proportion", "lower", "upper"]].isna().all(axis=1).tolist() == [True, False]


@pytest.mark.parametrize("interval", [wilson, clopper_pearson])
def test_no_rows_give_no_rows(interval):
    assert interval([], []).empty


def test_the_upper_bound_of_none_follows_the_rule_of_three():
    # 1 - 0.05 ** (1 / 100) = 0.029513; the rule of three says 3 %. None of none: unknown.
    assert upper_bound_zero([100, 0]) == pytest.approx([0.0295130, np.nan], abs=1e-7, nan_ok=True)


@pytest.mark.parametrize(
    ("counts", "risk_ratio", "odds_ratio"),
    [
        ((0, 10, 3, 10), 0, 0),
        ((3, 10, 0, 10), np.inf, np.inf),
        ((0, 10, 0, 10), np.nan, np.nan),
        ((10, 10, 10, 10), 1, np.nan),
        ((0, 0, 3, 10), np.nan, np.nan),
    ],
)
def test_ratios_with_empty_cells_have_a_value_and_no_limits(counts, risk_ratio, odds_ratio):
    expected = [[value, np.nan, np.nan] for value in (risk_ratio, odds_ratio)]
    found = [triple(katz_risk_ratio(*counts)), triple(woolf_odds_ratio(*counts))]
    assert found == [pytest.approx(numbers, nan_ok=True) for numbers in expected]


@pytest.mark.parametrize(
    ("successes", "totals", "words"),
    [
        ([5], [4], "cannot exceed the total"),
        ([-1], [4], "counts must be whole numbers"),
        ([1.5], [4], "counts must be whole numbers"),
        ([np.nan], [4], "counts must be whole numbers"),
        ([1, 2], [4], "needed"),
    ],
)
def test_impossible_counts_are_refused(successes, totals, words):
    with pytest.raises(ValueError, match=words):
        wilson(successes, totals)


@quickly
@given(two_groups)
def test_exchanging_the_groups_turns_the_difference_round(counts):
    forward = newcombe_difference(*counts)
    backward = newcombe_difference(*counts[2:], *counts[:2])
    turned = [-backward.value, -backward.upper, -backward.lower]
    assert triple(forward) == pytest.approx(turned, nan_ok=True, abs=1e-12)


@quickly
@given(two_groups)
def test_exchanging_the_groups_inverts_the_ratio(counts):
    forward = katz_risk_ratio(*counts)
    backward = katz_risk_ratio(*counts[2:], *counts[:2])
    if np.isfinite(forward.lower):
        turned = [1 / backward.value, 1 / backward.upper, 1 / backward.lower]
        assert triple(forward) == pytest.approx(turned)
    else:
        assert np.isnan(backward.upper)


@quickly
@given(st.integers(0, 50), st.integers(0, 50), st.sampled_from([wilson, clopper_pearson]))
def test_counting_the_others_mirrors_the_interval(found, others, interval):
    one, other = interval(found, found + others), interval(others, found + others)
    assert limits(one) == pytest.approx(1 - limits(other)[::-1], nan_ok=True, abs=1e-12)
