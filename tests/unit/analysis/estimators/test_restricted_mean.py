import numpy as np
import pytest

from analysis.estimators.competing import area_under_incidence
from analysis.estimators.restricted_mean import difference, restricted_mean
from analysis.estimators.risk_table import number_at_risk


@pytest.mark.golden("survival")
def test_the_restricted_mean_agrees_with_survfit(case, restricted_mean_golden):
    golden = restricted_mean_golden
    found = restricted_mean(case["days"], case["status"], golden["tau"], counts=case["counts"])
    assert found.value == pytest.approx(golden["value"], abs=1e-9)
    assert found.std_error == pytest.approx(golden["std_error"], abs=1e-9)
    assert found.at_risk == golden["at_risk"]


def test_a_hand_calculation():
    # S = 1 to day 2, 3/4 to day 6, 3/8 to day 10: 2 + 4 * 3/4 + 4 * 3/8 = 6.5.
    # Variance: 4.5**2 / (4 * 3) + 1.5**2 / (2 * 1) = 2.8125.
    found = restricted_mean([2, 3, 6, 10], [1, 0, 1, 0], 10)
    assert found.value == pytest.approx(6.5)
    assert found.std_error == pytest.approx(np.sqrt(2.8125))
    assert found.upper - found.value == pytest.approx(1.959964 * np.sqrt(2.8125), rel=1e-6)


def test_a_horizon_before_the_first_day_is_all_event_free():
    found = restricted_mean([5, 8], [1, 0], 3)
    assert (found.value, found.std_error, found.at_risk) == (3, 0, 2)


def test_a_horizon_beyond_follow_up_is_refused_while_somebody_is_event_free():
    with pytest.raises(ValueError, match="tau 9 lies beyond the last day followed, 8"):
        restricted_mean([5, 8], [1, 0], 9)


def test_a_horizon_beyond_the_last_event_is_fine_once_nobody_is_event_free():
    # The day on which the last has the event adds no variance: 1.5**2 / (2 * 1) stays.
    found = restricted_mean([5, 8], [1, 1], 30)
    assert found.value == pytest.approx(6.5)
    assert found.std_error == pytest.approx(np.sqrt(1.5**2 / 2))


@pytest.mark.parametrize("tau", [0, -1, float("nan"), float("inf")])
def test_a_horizon_that_is_no_day_is_refused(tau):
    with pytest.raises(ValueError, match="tau must be a finite day above 0"):
        restricted_mean([1, 2], [1, 1], tau)


def test_no_subjects_give_undefined_numbers():
    found = restricted_mean([], [], 60)
    assert np.isnan([found.value, found.lower, found.upper, found.std_error]).all()


def test_the_difference_adds_variances_and_changes_sign_with_the_arms():
    first = restricted_mean([2, 3, 6, 10], [1, 0, 1, 0], 10)
    second = restricted_mean([4, 7, 12, 15], [1, 1, 0, 0], 10)
    forward, backward = difference(first, second), difference(second, first)
    assert forward.value == pytest.approx(first.value - second.value)
    assert forward.std_error**2 == pytest.approx(first.std_error**2 + second.std_error**2)
    assert (backward.lower, backward.upper) == pytest.approx((-forward.upper, -forward.lower))


def test_areas_up_to_different_days_are_not_compared():
    first = area_under_incidence([5, 80], [1, 0], 60)
    second = area_under_incidence([5, 80], [1, 0], 30)
    with pytest.raises(ValueError, match="areas up to different days"):
        difference(first, second)


def test_who_leaves_on_the_day_itself_is_not_at_risk_after_it():
    # Event-free and uncensored at day 60: the third and the fourth row, 3 + 1 subjects.
    assert number_at_risk([10, 60, 61, 90], 60, counts=[5, 2, 3, 1]) == 4
    assert number_at_risk([], 60) == 0
