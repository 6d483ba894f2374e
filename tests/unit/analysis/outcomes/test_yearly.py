"""A measure by year: blank where few, compared in neutral words."""

import math

import pytest

from analysis.outcomes.estimate_rows import proportion_cells
from analysis.outcomes.yearly import TOO_FEW, YearlyMeasure


def cells(n, total):
    return proportion_cells(n, total)


def measure(years, **others):
    before = {
        year: cells(*(sum(years[past][name] for past in years if past < year) for name in "nN"))
        for year in years
    }
    return YearlyMeasure("relief", "Relief", "relief", cells(1, 2), years, before, **others)


def test_a_change_is_the_latest_year_minus_the_one_before_with_newcombes_interval():
    # 56 of 70 against 48 of 80, Newcombe 1998, Stat Med 17:873-890, table II, method 10.
    row = measure({2023: cells(48, 80), 2024: cells(56, 70)}).row()
    assert row["change"] == pytest.approx(0.2)
    assert (row["change_lower"], row["change_upper"]) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert row["change_words"] == "+20.0 points on 2023 (+5.2 to +33.4)"
    assert row["variation"].startswith("higher than earlier years")


def test_usual_variation_is_said_where_the_interval_holds_zero():
    assert measure({2023: cells(50, 100), 2024: cells(52, 100)}).row()["variation"] == (
        "usual variation"
    )
    row = measure({2023: cells(60, 80), 2024: cells(20, 80)}).row()
    assert row["variation"].startswith("lower than earlier years")


def test_years_with_fewer_than_ten_cases_are_blank_and_not_compared():
    yearly = measure({2023: cells(4, 20), 2024: cells(1, 9)})
    assert [math.isnan(row["value"]) for row in yearly.trend_rows()] == [False, True]
    row = yearly.row()
    assert row["latest_year"] == 2023
    assert row["variation"] == row["change_words"] == TOO_FEW
    assert math.isnan(row["change"])


def test_short_follow_up_alone_is_no_change():
    # An incidence of 0.6 in both years; in the later one half were not followed so long, so that
    # n / N alone would fall by 30 points.
    full = {"n": 60, "N": 100, "value": 0.6, "lower": 0.5, "upper": 0.69}
    short = {"n": 30, "N": 100, "value": 0.6, "lower": 0.45, "upper": 0.73}
    row = YearlyMeasure("relief", "", "", full, {2023: full, 2024: short}, {2024: full}).row()
    assert row["change"] == 0
    assert row["variation"] == "usual variation"


def test_a_gap_between_years_is_no_year_before():
    row = measure({2021: cells(5, 20), 2024: cells(6, 20)}).row()
    assert row["change_words"] == TOO_FEW
    assert row["variation"] == "usual variation"


def test_levels_are_not_compared_without_their_clusters():
    row = measure({2023: cells(5, 20), 2024: cells(6, 20)}, is_clustered=True).row()
    assert "levels" in row["variation"]
    assert math.isnan(row["change"])
