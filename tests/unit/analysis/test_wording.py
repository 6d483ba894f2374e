"""Numbers said in words."""

import pytest

from analysis.wording import (
    counted,
    n_of_N,
    number,
    number_interval,
    percent,
    percent_interval,
    percent_range,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.823, "82 %"),
        (0, "0 %"),
        (1, "100 %"),
        (0.0004, "0.1 %"),
        (0.004, "0.4 %"),
        (0.9999, "99.9 %"),
        (NAN, "not known"),
    ],
)
def test_a_percentage_reads_0_or_100_only_when_it_is(value, words):
    assert percent(value) == words


def test_an_interval_follows_its_value_and_is_left_out_where_there_is_none():
    assert percent_interval(0.82, 0.801, 0.842) == "82 % (80 to 84 %)"
    assert percent_interval(0.82, NAN, NAN) == "82 %"
    assert number_interval(-4.25, -4.41, -4.04) == "-4.2 (-4.4 to -4.0)"
    assert number_interval(-4.25, NAN, NAN) == "-4.2"


def test_a_range_that_reads_alike_at_both_ends_is_said_once():
    assert percent_range(0.61, 0.74) == "61 to 74 %"
    assert percent_range(0.611, 0.612) == "61 %"
    assert percent_range(NAN, 0.5) == "not known"


def test_numbers_keep_their_decimals_and_never_read_minus_zero():
    assert number(-0.01) == "0.0"
    assert number(1234.56) == "1,234.6"
    assert number(NAN) == "not known"


def test_counts_take_their_noun_in_the_right_number():
    assert counted(1, "procedure") == "1 procedure"
    assert counted(2143, "procedure") == "2,143 procedures"
    assert counted(2, "body", "bodies") == "2 bodies"
    assert n_of_N(1204, 2143) == "1,204 of 2,143"
