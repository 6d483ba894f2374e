import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimators.survival import kaplan_meier, survival_quantiles

quickly = settings(deadline=None, derandomize=True, max_examples=50)
subjects = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


def numbers(values):
    return np.array(values, dtype=float)


@pytest.mark.golden("survival")
def test_kaplan_meier_agrees_with_survfit(case):
    curve = kaplan_meier(case["days"], case["status"], counts=case["counts"])
    assert len(curve) == case["n_days"]
    chosen = curve.iloc[case["rows"]]
    for column in ("day", "at_risk", "events", "censored", "event_free"):
        assert chosen[column].to_numpy(float) == pytest.approx(numbers(case[column]), abs=1e-9), (
            column
        )


@pytest.mark.golden("survival")
def test_the_band_agrees_with_survfit(case, band):
    curve = kaplan_meier(
        case["days"],
        case["status"],
        counts=case["counts"],
        interval=band["interval"],
        conf_level=band["conf_level"],
    )
    chosen = curve.iloc[case["rows"]]
    for column in ("lower", "upper"):
        expected = pytest.approx(numbers(band[column]), abs=1e-9, nan_ok=True)
        assert chosen[column].to_numpy() == expected, column


@pytest.mark.golden("survival")
def test_quantiles_and_their_limits_agree_with_survfit(case, band):
    curve = kaplan_meier(
        case["days"],
        case["status"],
        counts=case["counts"],
        interval=band["interval"],
        conf_level=band["conf_level"],
    )
    found = survival_quantiles(curve, case["probabilities"])
    columns = {"day": "quantile", "lower": "quantile_lower"}
    if not band["upper_turns_back"]:
        columns["upper"] = "quantile_upper"
    for column, golden in columns.items():
        assert found[column].to_numpy() == pytest.approx(numbers(band[golden]), nan_ok=True), column


def test_kaplan_meier_agrees_with_the_freireich_leukaemia_trial():
    # 6-mercaptopurine arm, n = 21. Freireich et al. 1963, Blood 21:699-716;
    # estimates as tabulated in Kleinbaum & Klein, Survival Analysis, ch. 2.
    relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = kaplan_meier(relapsed + censored, [True] * 9 + [False] * 12)
    with_events = curve[curve["events"] > 0]
    assert list(with_events["at_risk"]) == [21, 17, 15, 12, 11, 7, 6]
    assert list(with_events["event_free"]) == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )


def test_a_quantile_ends_where_the_upper_edge_first_crosses():
    # The upper edge falls below 0.9 on day 3, and rises again when two are left.
    curve = pd.DataFrame({"day": [1.0, 3, 6, 8], "event_free": [0.9, 0.8, 0.6, 0.3]})
    curve = curve.assign(lower=[0.7, 0.5, 0.3, 0.1], upper=[1.0, 0.85, 0.8, 0.95])
    assert list(survival_quantiles(curve, 0.1).loc[0]) == [0.1, 2.0, 1.0, 3.0]


def test_no_subjects_give_a_curve_without_rows():
    curve = kaplan_meier([], [])
    assert curve.empty
    assert list(curve.columns) == [
        "day",
        "at_risk",
        "events",
        "censored",
        "event_free",
        "lower",
        "upper",
    ]
    assert survival_quantiles(curve, 0.5)["day"].isna().all()


def test_rows_that_count_nobody_are_left_out():
    curve = kaplan_meier([1, 2, 9], [1, 1, 1], counts=[2, 3, 0])
    assert list(curve["day"]) == [1, 2]


def test_nullable_pandas_columns_are_read():
    observed = pd.Series([True, False, True], dtype="boolean")
    curve = kaplan_meier(pd.Series([1, 2, 3], dtype="Int64"), observed)
    assert list(curve["events"]) == [1, 0, 1]


@pytest.mark.parametrize(
    ("days", "observed", "options", "words"),
    [
        ([-1, 2], [1, 1], {}, "days must be 0 or more"),
        ([float("nan"), 2], [1, 1], {}, "days must be finite"),
        ([1, 2], [1], {}, "observed has 1 values where 2 are needed"),
        ([1, 2], [1, float("nan")], {}, "observed must be one of 0, 1"),
        ([1, 2], [1, 2], {}, "observed must be one of 0, 1"),
        ([1, 2], [1, 1], {"counts": [1, -1]}, "counts must be whole numbers"),
        ([1, 2], [1, 1], {"counts": [1, 0.5]}, "counts must be whole numbers"),
        ([1, 2], [1, 1], {"conf_level": 95}, "conf_level must lie between"),
        ([1, 2], [1, 1], {"interval": "logit"}, "interval must be one of"),
        ([[1, 2]], [1, 1], {}, "days must have one dimension"),
    ],
)
def test_what_cannot_be_a_survival_time_is_refused_in_words(days, observed, options, words):
    with pytest.raises(ValueError, match=words):
        kaplan_meier(days, observed, **options)


def test_a_quantile_outside_zero_to_one_is_refused():
    with pytest.raises(ValueError, match="probabilities must lie between"):
        survival_quantiles(kaplan_meier([1], [1]), [0.5, 1.5])


@quickly
@given(subjects, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))
    first, second = (kaplan_meier(*zip(*each, strict=True)) for each in (rows, shuffled))
    pd.testing.assert_frame_equal(first, second)


@quickly
@given(subjects, st.integers(1, 5))
def test_counts_equal_the_rows_they_stand_for(rows, count):
    days, observed = zip(*rows, strict=True)
    counted = kaplan_meier(days, observed, counts=[count] * len(rows))
    expanded = kaplan_meier(np.repeat(days, count), np.repeat(observed, count))
    pd.testing.assert_frame_equal(counted, expanded)


@quickly
@given(subjects)
def test_without_censoring_the_curve_is_the_share_beyond_each_day(rows):
    days = np.array([day for day, _ in rows])
    curve = kaplan_meier(days, np.ones(len(days)))
    beyond = [(days > day).mean() for day in curve["day"]]
    assert list(curve["event_free"]) == pytest.approx(beyond, abs=1e-12)
