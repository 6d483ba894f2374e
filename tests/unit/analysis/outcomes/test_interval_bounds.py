"""Intervals binned outward, and bounds read from them."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimators.interval_censored import incidence_bounds
from analysis.outcomes.interval_bounds import (
    MOST_PATTERNS,
    bound_rows,
    few_patterns,
    intervals_by_stratum,
)

NAN = float("nan")


def intervals(rows, *, cause="cancer", technique="kyphoplasty"):
    """Return rows of `wait_intervals` from (left, right, competing, known free, procedures)."""
    names = ["left_days", "right_days", "competing_days", "known_free_days", "procedures"]
    return pd.DataFrame(rows, columns=names).assign(cause=cause, technique=technique)


def many(generator, size):
    left = generator.integers(0, 90, size) + generator.random(size).round(2)
    width = generator.integers(1, 45, size)
    return intervals(
        [(start, start + wide, NAN, NAN, 1) for start, wide in zip(left, width, strict=True)]
    )


def test_few_intervals_stay_as_they_are():
    counts = intervals([(7, 42.5, NAN, NAN, 3), (0, NAN, 30, NAN, 2), (7, NAN, NAN, 400, 5)])
    patterns = few_patterns(counts)
    found = sorted(zip(patterns.left, patterns.right, patterns.procedures, strict=True))
    assert [row[0] for row in found] == [0, 7, 7]
    assert sorted(patterns.procedures) == [2, 3, 5]
    assert np.nanmax(patterns.right) == 42.5
    assert np.nanmax(patterns.known_free) == 400


def test_many_intervals_are_binned_until_they_are_few_and_only_outward():
    counts = many(np.random.default_rng(1), 3000)
    patterns = few_patterns(counts)
    assert len(patterns.procedures) <= MOST_PATTERNS
    assert patterns.procedures.sum() == 3000
    # Outward: every mean end moved away from the other.
    assert np.average(patterns.left, weights=patterns.procedures) < counts["left_days"].mean()
    assert np.average(patterns.right, weights=patterns.procedures) > counts["right_days"].mean()


@pytest.mark.parametrize("close", [0.5, 2, 14, 60, 135])
def test_a_day_at_which_a_visit_closes_is_never_moved(close):
    counts = many(np.random.default_rng(2), 3000)
    ends = intervals([(close, close + 200, NAN, NAN, 1), (0, close, NAN, NAN, 1)])
    patterns = few_patterns(pd.concat([counts, ends]))
    assert close in patterns.left
    assert close in patterns.right


def test_bounds_of_four_patients_by_hand():
    # Relief in (0, 2], in (2, 14], death at day 5, and (0, 14]: the last is explained by either
    # interval. By day 2 one of four is certain; its interval and the third's may hold up to 2.
    counts = intervals(
        [(0, 2, NAN, NAN, 1), (2, 14, NAN, NAN, 1), (0, NAN, 5, NAN, 1), (0, 14, NAN, NAN, 1)]
    )
    rows = bound_rows(intervals_by_stratum(counts), "relief_incidence_npmle", (14.0,))
    whole = rows[0]
    assert (whole["cause"], whole["technique"], whole["N"]) == ("", "", 4)
    # Death takes a quarter, relief the other three quarters, all of it by day 14.
    assert whole["low_bound"] == pytest.approx(0.75)
    assert whole["high_bound"] == pytest.approx(0.75)


def test_between_visits_only_bounds_are_known():
    # Both had relief in (2, 14]: at day 7 anything from nobody to everybody may have had it.
    counts = intervals([(2, 14, NAN, NAN, 2)])
    estimate = intervals_by_stratum(counts)[0].estimate
    read = incidence_bounds(estimate, [7.0]).iloc[0]
    assert (read["low"], read["high"]) == (0, 1)
