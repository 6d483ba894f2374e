import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimators.competing import aalen_johansen, area_under_incidence, incidence_at
from analysis.estimators.restricted_mean import restricted_mean
from analysis.estimators.survival import kaplan_meier

quickly = settings(deadline=None, derandomize=True, max_examples=50)
subjects = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), min_size=1, max_size=40)


def numbers(values):
    return np.array(values, dtype=float)


@pytest.mark.golden("competing")
def test_aalen_johansen_agrees_with_multi_state_survfit(case):
    curve = aalen_johansen(case["days"], case["status"], counts=case["counts"])
    assert len(curve) == case["n_days"]
    chosen = curve.iloc[case["rows"]]
    columns = ("day", "at_risk", "events", "competing", "censored", "incidence")
    for column in columns:
        assert chosen[column].to_numpy(float) == pytest.approx(numbers(case[column]), abs=1e-9), (
            column
        )
    # A variance of 0 comes out as rounding, and its root as up to 1e-8.
    assert chosen["std_error"].to_numpy() == pytest.approx(numbers(case["std_error"]), abs=2e-8)


@pytest.mark.golden("competing")
def test_the_band_agrees_with_multi_state_survfit(case, band):
    curve = aalen_johansen(
        case["days"],
        case["status"],
        counts=case["counts"],
        interval=band["interval"],
        conf_level=band["conf_level"],
    )
    chosen = curve.iloc[case["rows"]]
    for column in ("lower", "upper"):
        expected = pytest.approx(numbers(band[column]), abs=1e-7, nan_ok=True)
        assert chosen[column].to_numpy() == expected, column


@pytest.mark.golden("competing")
def test_the_area_and_its_error_agree_with_survfit(case, area):
    found = area_under_incidence(case["days"], case["status"], area["tau"], counts=case["counts"])
    assert found.value == pytest.approx(area["value"], abs=1e-9)
    assert found.std_error == pytest.approx(area["std_error"], abs=1e-9)
    assert found.at_risk == area["at_risk"]
    assert found.n == sum(case["counts"])


@pytest.mark.golden("competing", answered="witness")
def test_the_incidence_agrees_with_cuminc(case):
    curve = aalen_johansen(case["days"], case["status"], counts=case["counts"])
    found = incidence_at(curve, case["witness_days"])
    assert list(found["incidence"]) == pytest.approx(case["witness"], abs=1e-9)


def test_a_hand_calculation_with_ties_of_all_kinds():
    # n = 6. Day 2: event, competing and censored together: F = 1/6, S = 4/6, 3 left.
    # Day 5: event and competing: F = 1/6 + 4/6 * 1/3 = 7/18, S = 4/6 * 1/3. Day 8: event.
    curve = aalen_johansen([2, 2, 2, 5, 5, 8], [1, 2, 0, 1, 2, 1])
    assert list(curve["incidence"]) == pytest.approx([1 / 6, 7 / 18, 11 / 18])
    assert list(curve["at_risk"]) == [6, 3, 1]


def test_the_curve_is_read_as_steps_up_to_the_last_day():
    curve = aalen_johansen([2, 5, 9], [1, 2, 0])
    found = incidence_at(curve, [0, 1.9, 2, 4, 9, 9.1])
    assert list(found["incidence"]) == pytest.approx(
        [0, 0, 1 / 3, 1 / 3, 1 / 3, np.nan], nan_ok=True
    )
    assert list(found["at_risk"]) == [3, 3, 2, 2, 0, 0]


def test_the_curve_goes_on_for_ever_once_nobody_is_left():
    curve = aalen_johansen([2, 5], [1, 2])
    assert list(incidence_at(curve, [400])["incidence"]) == [0.5]


def test_no_subjects_give_empty_curves_and_undefined_numbers():
    curve = aalen_johansen([], [])
    assert curve.empty
    assert list(curve.columns) == [
        *["day", "at_risk", "events", "competing", "censored"],
        *["incidence", "std_error", "lower", "upper"],
    ]
    assert incidence_at(curve, [0, 30])["incidence"].isna().all()
    area = area_under_incidence([], [], 60)
    assert np.isnan(area.value)
    assert (area.n, area.at_risk) == (0, 0)


def test_all_censored_means_no_incidence_and_no_limits():
    curve = aalen_johansen([3, 8], [0, 0])
    assert list(curve["incidence"]) == [0, 0]
    assert curve[["lower", "upper"]].isna().all(axis=None)
    assert area_under_incidence([3, 8], [0, 0], 8).value == 0


def test_a_horizon_beyond_follow_up_is_refused():
    with pytest.raises(ValueError, match="tau 61 lies beyond the last day followed, 60"):
        area_under_incidence([10, 60], [1, 0], 61)


def test_a_horizon_beyond_follow_up_is_fine_when_nobody_is_left():
    # Half are relieved of risk by the event on day 10: 90 days of one half until day 100.
    assert area_under_incidence([10, 60], [1, 2], 100).value == pytest.approx(45)


def test_an_unknown_cause_is_refused():
    with pytest.raises(ValueError, match="cause must be one of 0, 1, 2"):
        aalen_johansen([1, 2], [1, 3])


@quickly
@given(subjects, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))
    first, second = (aalen_johansen(*zip(*each, strict=True)) for each in (rows, shuffled))
    pd.testing.assert_frame_equal(first, second)


@quickly
@given(subjects, st.integers(2, 5))
def test_counts_equal_the_rows_they_stand_for(rows, count):
    days, cause = zip(*rows, strict=True)
    counted = aalen_johansen(days, cause, counts=[count] * len(rows))
    expanded = aalen_johansen(np.repeat(days, count), np.repeat(cause, count))
    pd.testing.assert_frame_equal(counted, expanded)


@quickly
@given(subjects)
def test_without_competing_events_it_is_one_minus_kaplan_meier(rows):
    days, cause = zip(*[(day + 1, min(cause, 1)) for day, cause in rows], strict=True)
    curve, survival = aalen_johansen(days, cause), kaplan_meier(days, cause)
    assert list(curve["incidence"]) == pytest.approx(list(1 - survival["event_free"]), abs=1e-12)
    tau = max(days)
    area, mean = area_under_incidence(days, cause, tau), restricted_mean(days, cause, tau)
    assert area.value + mean.value == pytest.approx(tau)
    assert area.std_error == pytest.approx(mean.std_error, abs=1e-12)


@quickly
@given(subjects)
def test_event_competing_and_free_shares_sum_to_one(rows):
    days, cause = np.array(rows).T
    event = aalen_johansen(days, cause)["incidence"]
    competing = aalen_johansen(days, np.array([0, 2, 1])[cause])["incidence"]
    free = kaplan_meier(days, cause > 0)["event_free"]
    assert list(event + competing + free) == pytest.approx([1] * len(free))
