"""Decimal commas, units and scales are declared, and never guessed."""

import pytest

from etl.mapping.conversions import scale_from, unit_from


def test_a_declared_decimal_comma_is_read_and_a_point_beside_it_is_refused(column_of):
    line = 'bmi = { column = "x", decimal_comma = true }'
    # 1.234 may mean 1234 where a comma is the decimal sign, so it stays no number.
    made = column_of(line, ['"27,5",', '"1.234",', "27,", '"1.234,5",', "tall,"])
    assert made == [
        "27.5",
        "1.234 (decimal comma declared)",
        "27",
        "1.234,5 (decimal comma declared)",
        "tall",
    ]


def test_a_source_with_decimal_commas_may_have_a_column_without(column_of):
    top = "decimal_comma = true\n"
    assert column_of('bmi = "x"', ['"27,5",'], top) == ["27.5"]
    assert column_of('bmi = { column = "x", decimal_comma = false }', ["27.5,"], top) == ["27.5"]


def test_a_comma_that_is_not_declared_stays_to_be_refused(column_of):
    assert column_of('bmi = "x"', ['"27,5",']) == ["27,5"]


@pytest.mark.parametrize(
    ("words", "number", "expected"),
    [
        ("hours -> days", "12", "0.5"),
        ("days -> hours", "1.5", "36"),
        ("weeks -> days", "6", "42"),
        ("minutes -> hours", "90", "1.5"),
        ("months -> days", "2", "60.875"),
        ("cGy -> mGy", "7", "70"),
    ],
)
def test_units_are_converted_exactly(column_of, words, number, expected):
    line = f'referral_days = {{ column = "x", unit = "{words}" }}'
    assert column_of(line, [f"{number},"]) == [expected]


def test_a_scale_is_stretched_so_that_whole_scores_stay_whole(column_of):
    line = 'height_loss_pct = { column = "x", scale = "0-100 -> 0-10" }'
    # 70 x 10 / 100 = 7 exactly; 120 is not on a scale of 0 to 100 and is said so.
    made = column_of(line, ["70,", "35,", "120,", "-1,", "bad,"])
    off = "(not on the declared scale)"
    assert made == ["7", "3.5", f"120 {off}", f"-1 {off}", "bad"]


def test_a_number_may_be_multiplied(column_of):
    line = 'fluoroscopy_minutes = { column = "x", multiply = 0.1 }'
    assert column_of(line, ["30,"]) == ["3"]


def test_a_comma_and_a_unit_are_read_together(column_of):
    line = 'referral_days = { column = "x", unit = "weeks -> days", decimal_comma = true }'
    assert column_of(line, ['"1,5",']) == ["10.5"]


@pytest.mark.parametrize(
    "words", ["0-0 -> 0-10", "10-0 -> 0-10", "0-100 -> 5-5", "0-100", "", "VAS"]
)
def test_a_scale_that_says_nothing_is_none(words):
    assert scale_from(words) is None


@pytest.mark.parametrize("words", ["hours", "hours -> mGy", "days -> fortnights", ""])
def test_a_unit_that_says_nothing_is_none(words):
    assert unit_from(words) is None
