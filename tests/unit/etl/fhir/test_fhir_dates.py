"""Dates stay local, partial dates stay partial, and ages end at 90."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.fhir.dates import Moment, age_in_years, days_between, parse_moment

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024", Moment("2024", "year")),
        ("2024-02", Moment("2024-02", "month")),
        ("2024-02-29", Moment("2024-02-29", "day")),
        (
            "2024-02-29T23:30:00-05:00",
            Moment("2024-02-29", "time", "2024-02-29T23:30:00-05:00"),
        ),
        ("2015-02-07T13:28:17.239Z", Moment("2015-02-07", "time", "2015-02-07T13:28:17.239Z")),
        ("2016-12-31T23:59:60Z", Moment("2016-12-31", "time", "2016-12-31T23:59:60Z")),
    ],
)
def test_a_date_keeps_its_local_day_and_its_precision(text, moment):
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "", "24", "0000", "2024-13", "2024-00", "2024-1-2", "2024-02-30", "2023-02-29",
        "02/01/2014", "2024-02-29T12:00", "2024-02-29T12:00:00", "2024-02-29T12:00Z",
        "2024-02-29T24:00:00Z", "2024-02-29T12:60:00Z", "2024-02-29T12:00:61Z",
        "2024-02-29T12:00:00+15:00", "2024-02-29T12:00:00+05:60", "2024-02-29 12:00:00Z",
        "2024-02-29Z", "20240229", "2024-02-29T12:00:00z", "٢٠٢٤-02-29", "2024-02-29\n",
    ],
)  # fmt: skip
def test_what_is_no_date_of_fhir_is_refused_without_being_repeated(text):
    with pytest.raises(ValueError, match="not a date or time") as caught:
        parse_moment(text)
    assert not text or text not in str(caught.value)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(DAYS, st.integers(-40000, 40000))
def test_days_between_two_local_dates_is_their_distance(day, distance):
    other = day + timedelta(distance)
    if 1 < other.year < 9999:
        assert days_between(day.isoformat(), other.isoformat()) == distance


@pytest.mark.parametrize("partial", ["", "2024", "2024-01"])
def test_days_between_is_unknown_where_a_date_is_partial_or_missing(partial):
    assert days_between(partial, "2024-01-31") is None
    assert days_between("2024-01-31", partial) is None


def test_days_between_refuses_what_is_no_date():
    with pytest.raises(ValueError, match="not a date"):
        days_between("2024-01-31", "soon")


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        ("1950-06-30", "2024-06-29", 73),
        ("1950-06-30", "2024-06-30", 74),
        ("1952-02-29", "2023-02-28", 70),
        ("1952-02-29", "2023-03-01", 71),
        ("1934-01-01", "2024-01-01", 90),
        ("1920-01-01", "2024-01-01", 90),
        ("1934-01-02", "2024-01-01", 89),
        ("2024-01-01", "2024-01-01", 0),
        ("2024-01-02", "2024-01-01", None),
        ("1950", "2024-06-30", None),
        ("1950-06-30", "2024-06", None),
        ("", "2024-06-30", None),
    ],
)
def test_an_age_is_in_completed_years_and_ends_at_90(birth, on, age):
    assert age_in_years(birth, on) == age
