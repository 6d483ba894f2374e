import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimators.means import cluster_mean, mean_of_sums

quickly = settings(deadline=None, derandomize=True, max_examples=50)
clusters = st.lists(st.tuples(st.integers(1, 9), st.integers(-20, 20)), min_size=2, max_size=20)


@pytest.mark.golden("means")
def test_the_mean_of_clusters_agrees_with_clubsandwich(case):
    found = cluster_mean(case["n"], case["totals"])
    assert found.value == pytest.approx(case["mean"])
    assert found.std_error == pytest.approx(case["std_error"], rel=1e-8)
    assert found.degrees_of_freedom == pytest.approx(case["degrees_of_freedom"], rel=1e-7)
    assert [found.lower, found.upper] == pytest.approx(case["limits"], rel=1e-7)
    assert (found.n, found.n_clusters) == (sum(case["n"]), len(case["n"]))


@pytest.mark.golden("means")
def test_the_mean_of_sums_agrees_with_t_test(case):
    found = mean_of_sums(sum(case["n"]), sum(case["totals"]), case["sum_of_squares"])
    assert found.std_error == pytest.approx(case["unclustered_std_error"], rel=1e-9)
    assert [found.lower, found.upper] == pytest.approx(case["unclustered_limits"], rel=1e-9)


def test_a_hand_calculation():
    # 1, 2, 3: mean 2, variance 1, t with 2 degrees of freedom 4.302653.
    found = mean_of_sums(3, 6, 14)
    assert (found.value, found.degrees_of_freedom) == (2, 2)
    assert found.upper - 2 == pytest.approx(4.302653 / np.sqrt(3), rel=1e-6)


def test_no_values_have_no_mean_and_one_value_has_no_interval():
    none, one = mean_of_sums(0, 0, 0), mean_of_sums(1, 6, 36)
    assert np.isnan([none.value, none.lower, one.lower, one.upper]).all()
    assert (one.value, none.n, one.n) == (6, 0, 1)


def test_values_that_do_not_differ_have_an_interval_without_width():
    # Three times 0.1: the sums differ from exact ones by rounding only.
    found = mean_of_sums(3, 0.1 + 0.1 + 0.1, 3 * 0.1**2)
    assert [found.lower, found.upper] == pytest.approx([0.1, 0.1], abs=1e-7)


@pytest.mark.parametrize(
    ("n", "totals", "mean"), [([], [], np.nan), ([4], [8], 2), ([4, 0], [8, 0], 2)]
)
def test_fewer_than_two_clusters_have_no_interval(n, totals, mean):
    found = cluster_mean(n, totals)
    assert found.value == pytest.approx(mean, nan_ok=True)
    assert np.isnan([found.lower, found.upper, found.std_error]).all()


@pytest.mark.parametrize(
    ("sums", "words"),
    [
        ((3, 6, 11), "sum of squares is smaller"),
        ((-1, 0, 0), "counts must be whole numbers"),
        ((2, float("nan"), 3), "must be finite"),
    ],
)
def test_sums_that_contradict_each_other_are_refused(sums, words):
    with pytest.raises(ValueError, match=words):
        mean_of_sums(*sums)


def test_a_missing_total_of_a_cluster_is_refused():
    with pytest.raises(ValueError, match="totals must be finite"):
        cluster_mean([2, 3], [1, float("nan")])


@quickly
@given(clusters, st.randoms(use_true_random=False))
def test_the_order_of_clusters_does_not_matter(rows, random):
    first = cluster_mean(*zip(*rows, strict=True))
    second = cluster_mean(*zip(*random.sample(rows, len(rows)), strict=True))
    assert (first.lower, first.upper) == pytest.approx((second.lower, second.upper))


@quickly
@given(st.lists(st.integers(-20, 20), min_size=2, max_size=20))
def test_clusters_of_one_give_the_ordinary_t_interval(values):
    clustered = cluster_mean([1] * len(values), values)
    plain = mean_of_sums(len(values), sum(values), sum(value**2 for value in values))
    assert clustered.degrees_of_freedom == pytest.approx(plain.degrees_of_freedom)
    assert (clustered.lower, clustered.upper) == pytest.approx((plain.lower, plain.upper), abs=1e-9)
