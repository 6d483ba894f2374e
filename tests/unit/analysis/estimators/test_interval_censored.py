import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.estimators.competing import aalen_johansen, area_under_incidence
from analysis.estimators.interval_censored import (
    area_bounds,
    incidence_bounds,
    quantile_bounds,
    turnbull,
    turnbull_competing,
)
from analysis.estimators.survival import kaplan_meier

quickly = settings(deadline=None, derandomize=True, max_examples=50)
exact = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), min_size=1, max_size=40)


@st.composite
def visits(draw):
    """Rows (left, right, competing, known): an event between visits, a death, or neither."""
    left = draw(st.integers(0, 10))
    kind = draw(st.sampled_from(["exact", "between", "competing", "neither"]))
    gap = draw(st.integers(1, 6))
    return {
        "exact": (left, left, np.nan, np.nan),
        "between": (left, left + gap, np.nan, np.nan),
        "competing": (left, np.inf, left + gap - 1, np.nan),
        "neither": (left, np.inf, np.nan, left + gap - 1),
    }[kind]


samples = st.lists(visits(), min_size=1, max_size=25)


def numbers(values, missing):
    return np.array([missing if value is None else value for value in values], dtype=float)


def columns(case):
    return (
        numbers(case["left"], np.nan),
        numbers(case["right"], np.inf),
        numbers(case["competing"], np.nan),
        numbers(case["known"], np.nan),
    )


def estimate_of(case):
    left, right, competing, known = columns(case)
    if case["has_competing"]:
        return turnbull_competing(left, right, competing, known)
    return turnbull(left, right)


def probability_of_each_row(estimate, left, right, competing, known):
    """Return the mass that each row's own statement allows, from the definitions alone."""
    cause, since, until, mass = (estimate.support[name].to_numpy() for name in estimate.support)
    allowed = []
    for row in zip(left, right, competing, known, strict=True):
        a, b, rival, free = row
        inside = np.where(since == until, (a < since) | ((a == b) & (a == since)), a <= since) & (
            until <= b
        )
        event = np.isin(cause, (0, 1)) & inside & (np.isnan(rival))
        if np.isfinite(rival):
            allowed.append(mass[(cause == 2) & (since == rival)].sum())
        elif np.isfinite(b):
            allowed.append(mass[event & (cause == 1)].sum())
        else:
            later = (cause == 2) & (since > (a if np.isnan(free) else free))
            allowed.append(mass[event | later].sum())
    return np.array(allowed)


def largest_gain(probability, left, right, competing, known):
    """Return by how much any day, for either cause, could still raise the likelihood."""
    days = np.unique(np.concatenate([left, right, competing, known]))
    days = days[np.isfinite(days)]
    places = np.concatenate([days, days + 1e-6, days - 1e-6])
    gains = []
    for place in places:
        event = np.where(left == right, place == left, (left < place) & (place <= right))
        gains.append(np.sum((event & np.isnan(competing)) / probability))
        free = np.where(np.isnan(known), left, known)
        rival = np.where(np.isfinite(competing), place == competing, place > free)
        gains.append(np.sum((rival & np.isinf(right)) / probability))
    return max(gains) / len(left) - 1


@pytest.mark.golden("interval_censored")
def test_the_likelihood_is_the_one_r_finds_over_all_atoms(case):
    estimate = estimate_of(case)
    assert estimate.gap < 1e-9
    assert estimate.log_likelihood == pytest.approx(case["log_likelihood"], abs=1e-7)
    fitted = probability_of_each_row(estimate, *columns(case))
    assert fitted == pytest.approx(np.array(case["fitted"], dtype=float), abs=1e-6)
    assert estimate.support["mass"].sum() == pytest.approx(1)


@pytest.mark.golden("interval_censored", answered="log_likelihood_by_optim")
def test_a_general_optimiser_finds_nothing_above(case):
    witness = case["log_likelihood_by_optim"]
    found = estimate_of(case).log_likelihood
    assert found >= witness - 1e-7
    assert found == pytest.approx(witness, abs=1e-6)


@pytest.mark.golden("interval_censored", answered="survfit")
def test_survfits_own_interval_curve_is_near(case):
    # Its expectation-maximisation stops once a step moves less than 5e-5, far from done.
    bounds = incidence_bounds(estimate_of(case), case["survfit"]["days"])
    free = np.array(case["survfit"]["event_free"])
    assert (1 - bounds["high"].to_numpy() <= free + 5e-3).all()
    assert (free <= 1 - bounds["low"].to_numpy() + 5e-3).all()


@pytest.mark.golden("interval_censored", where={"name": "breast cosmesis, radiotherapy"})
def test_radiotherapy_as_published(case):
    # Finkelstein & Wolfe 1985, Biometrics 41:933-945; the estimate as tabulated in Klein &
    # Moeschberger, Survival Analysis, section 5.2: share without retraction after the
    # months 5, 7, 8, 12, 25, 34 and 40.
    estimate = estimate_of(case)
    after = incidence_bounds(estimate, [5, 7, 8, 12, 25, 34, 40])
    published = [0.954, 0.920, 0.832, 0.761, 0.668, 0.586, 0.467]
    assert list(1 - after["low"]) == pytest.approx(published, abs=2e-3)
    assert list(estimate.support["left"]) == [4, 6, 7, 11, 24, 33, 38, 46]
    assert list(estimate.support["right"]) == [5, 7, 8, 12, 25, 34, 40, 48]


def test_three_overlapping_intervals_by_hand():
    # (0, 2], (1, 3], (1, inf]: all meet in (1, 2], which carries everything.
    estimate = turnbull([0, 1, 1], [2, 3, np.inf])
    assert estimate.support.to_numpy().tolist() == [[1, 1, 2, 1]]
    bounds = incidence_bounds(estimate, [0, 1, 1.5, 2, 3])
    assert list(bounds["low"]) == [0, 0, 0, 1, 1]
    assert list(bounds["high"]) == [0, 0, 1, 1, 1]
    assert area_bounds(estimate, 10) == (8, 9)
    assert quantile_bounds(estimate, 0.5).loc[0].tolist() == [0.5, 1, 2]


def test_a_death_after_a_visit_puts_its_mass_on_its_day():
    # Relief in (0, 2] for two, death on day 9 after a visit on day 7 for one, one last
    # seen on day 7 and alive on day 60: halves and quarters, none to be shared.
    estimate = turnbull_competing(
        [0, 0, 7, 7], [2, 2, np.inf, np.inf], [np.nan, np.nan, 9, np.nan], [np.nan] * 3 + [60]
    )
    assert estimate.support.to_numpy().tolist() == [
        [1, 0, 2, pytest.approx(0.5)],
        [0, 7, np.inf, pytest.approx(0.25)],
        [2, 9, 9, pytest.approx(0.25)],
    ]
    bounds = incidence_bounds(estimate, [1, 7, 60])
    assert list(bounds["low"]) == pytest.approx([0, 0.5, 0.5])
    assert list(bounds["high"]) == pytest.approx([0.5, 0.5, 0.75])


def test_one_alive_before_a_death_shares_in_that_death():
    # One dies on day 9, one is last seen and alive on day 4. The second may die on day 9
    # or have the event after day 4: the likelihood p * 1 is greatest at p = 1.
    estimate = turnbull_competing([0, 4], [np.inf] * 2, [9, np.nan], [np.nan, 4])
    assert estimate.support.to_numpy().tolist() == [[2, 9, 9, 1]]


def test_the_open_mass_can_be_reached_at_once_or_never():
    estimate = turnbull([0, 3], [2, np.inf])
    assert quantile_bounds(estimate, [0.5, 0.8]).to_numpy().tolist() == [
        [0.5, 0, 2],
        [0.8, 3, np.inf],
    ]
    assert area_bounds(estimate, 10) == pytest.approx((4, 8.5))


@pytest.mark.parametrize(
    "estimate",
    [turnbull([], []), turnbull_competing([], [], [], []), turnbull([1], [2], counts=[0])],
)
def test_nobody_gives_an_empty_estimate_with_undefined_numbers(estimate):
    assert estimate.support.empty
    assert list(estimate.support.columns) == ["cause", "left", "right", "mass"]
    assert incidence_bounds(estimate, [1, 2])[["low", "high"]].isna().all(axis=None)
    assert np.isnan(area_bounds(estimate, 60)).all()
    assert quantile_bounds(estimate, 0.5)[["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (([3], [2], [np.nan], [np.nan]), "right must not be missing nor come before left"),
        (([np.nan], [2], [np.nan], [np.nan]), "days must be finite"),
        (([1], [2], [5], [np.nan]), "an event and a competing day"),
        (([4], [np.inf], [3], [np.nan]), "competing_day must be finite"),
        (([4], [np.inf], [np.nan], [np.nan]), "last_known_free must be given"),
        (([4], [np.inf], [np.nan], [3]), "last_known_free must be given"),
        (([4, 5], [np.inf] * 2, [np.nan], [6, 6]), "competing_day has 1 values"),
        (([4, 5], [np.inf] * 2, [np.nan] * 2, [6]), "last_known_free has 1 values"),
    ],
)
def test_contradictory_rows_are_refused(rows, words):
    with pytest.raises(ValueError, match=words):
        turnbull_competing(*rows)


def test_too_many_distinct_intervals_are_refused_with_the_remedy():
    left = np.arange(2001)
    with pytest.raises(ValueError, match="round the days to fewer values first"):
        turnbull(left, left + 1)


def test_a_share_outside_zero_to_one_is_refused():
    with pytest.raises(ValueError, match="probabilities must lie above 0"):
        quantile_bounds(turnbull([1], [2]), 0)


def test_a_rare_row_among_a_million_keeps_the_gap():
    estimate = turnbull([0, 2, 2, 7], [2, 7, np.inf, 14], counts=[600_000, 399_998, 1, 1])
    assert estimate.gap < 1e-9
    # The open row may have the event in (2, 7] as well, and (7, 14] holds a row of its own
    # and the open one: masses 600000, 399998 and 1, the open row split as they are.
    masses = np.array([600_000, 399_998 * (1 + 1 / 399_999), 1 * (1 + 1 / 399_999)]) / 1e6
    assert list(estimate.support["mass"]) == pytest.approx(list(masses), rel=1e-9)


def test_four_hundred_exact_days_are_all_kept():
    days = np.arange(1.0, 401)
    estimate = turnbull(days, days, counts=np.arange(1, 401))
    assert len(estimate.support) == 400
    assert list(estimate.support["mass"]) == pytest.approx(list(days / days.sum()), rel=1e-6)


@quickly
@given(exact)
def test_with_exact_days_it_is_kaplan_meier(rows):
    days, cause = np.array(rows, dtype=float).T
    estimate = turnbull(days, np.where(cause > 0, days, np.inf))
    curve = kaplan_meier(days, cause > 0)
    bounds = incidence_bounds(estimate, curve["day"])
    assert list(bounds["low"]) == pytest.approx(list(1 - curve["event_free"]), abs=1e-9)


@quickly
@given(exact)
def test_with_exact_days_the_competing_estimate_is_aalen_johansen(rows):
    days, cause = np.array(rows, dtype=float).T
    days = days + 1
    right = np.where(cause == 1, days, np.inf)
    estimate = turnbull_competing(days, right, np.where(cause == 2, days, np.nan), days)
    curve = aalen_johansen(days, cause)
    low = incidence_bounds(estimate, curve["day"])["low"]
    assert list(low) == pytest.approx(list(curve["incidence"]), abs=1e-9)
    area = area_under_incidence(days, cause, days.max()).value
    assert area_bounds(estimate, days.max())[0] == pytest.approx(area, abs=1e-9)


@quickly
@given(samples)
def test_no_day_of_either_cause_could_raise_the_likelihood(rows):
    left, right, competing, known = np.array(rows, dtype=float).T
    estimate = turnbull_competing(left, right, competing, known)
    probability = probability_of_each_row(estimate, left, right, competing, known)
    assert np.log(probability).sum() == pytest.approx(estimate.log_likelihood)
    assert largest_gain(probability, left, right, competing, known) < 1e-7


@quickly
@given(samples, st.integers(2, 4), st.randoms(use_true_random=False))
def test_order_and_counts_do_not_matter(rows, count, random):
    repeated = random.sample(rows * count, len(rows) * count)
    counted = turnbull_competing(*np.array(rows, float).T, counts=[count] * len(rows))
    expanded = turnbull_competing(*np.array(repeated, float).T)
    days = np.arange(20)
    for column in ("low", "high"):
        first, second = (incidence_bounds(each, days)[column] for each in (counted, expanded))
        assert list(first) == pytest.approx(list(second), abs=1e-7)


@quickly
@given(samples)
def test_without_competing_rows_both_estimates_agree(rows):
    left, right, competing, _ = np.array(rows, dtype=float).T
    kept = np.isnan(competing)
    assume(kept.any())
    left, right, nowhere = left[kept], right[kept], competing[kept]
    plain, with_causes = turnbull(left, right), turnbull_competing(left, right, nowhere, left)
    assert plain.log_likelihood == pytest.approx(with_causes.log_likelihood, abs=1e-9)


@quickly
@given(samples)
def test_bounds_are_ordered_and_rise(rows):
    estimate = turnbull_competing(*np.array(rows, dtype=float).T)
    bounds = incidence_bounds(estimate, np.arange(20))
    assert (bounds["low"] <= bounds["high"] + 1e-12).all()
    assert (np.diff(bounds[["low", "high"]], axis=0) >= -1e-12).all()
    low, high = area_bounds(estimate, 15)
    assert 0 <= low <= high + 1e-12
