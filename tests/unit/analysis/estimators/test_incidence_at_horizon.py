"""The incidence of many groups at one day agrees with the curve of each."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.estimators.competing import aalen_johansen, incidence_at
from analysis.estimators.incidence_at_horizon import incidence_at_horizon

leavings = arrays(np.int64, (2, 5, 3), elements=st.integers(0, 4))


@settings(deadline=None, derandomize=True, max_examples=50)
@given(leavings)
def test_each_group_reads_as_its_own_curve_does_at_the_last_day(leaving):
    at_once = incidence_at_horizon(leaving)
    for group in range(2):
        day, cause = np.meshgrid(np.arange(1, 6), np.arange(3), indexing="ij")
        curve = aalen_johansen(day.ravel(), cause.ravel(), counts=leaving[group].ravel())
        expected = incidence_at(curve, [5]).iloc[0]
        for name in ("incidence", "std_error", "lower", "upper"):
            assert at_once[name][group] == pytest.approx(expected[name], abs=1e-9, nan_ok=True)


def test_a_hand_calculation_with_a_death_between_two_events():
    # Ten at risk: event day 1 (1/10), death day 2 (1/9), event day 3 (1/8), seven followed.
    # F = 0.1 + 0.9 * 8/9 * 1/8 = 0.1 + 0.1 = 0.2; without censoring its variance is F(1-F)/10.
    leaving = [[[0, 1, 0], [0, 0, 1], [7, 1, 0]]]
    estimate = incidence_at_horizon(leaving).iloc[0]
    assert estimate["incidence"] == pytest.approx(0.2)
    assert estimate["std_error"] == pytest.approx(np.sqrt(0.2 * 0.8 / 10))
    assert (estimate["total"], estimate["events"]) == (10, 2)


def test_a_group_that_nobody_followed_to_the_day_has_no_incidence():
    leaving = [[[3, 1, 0], [0, 0, 0]]]
    assert np.isnan(incidence_at_horizon(leaving)["incidence"][0])


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="0 or more"):
        incidence_at_horizon([[[-1, 0, 0]]])
