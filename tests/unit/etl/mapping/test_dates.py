"""Dates are read in their declared format only, and become whole days."""

import pytest

from etl.mapping.dates import is_date_format

REFERENCE = 'reference_date = { column = "x", format = "DD/MM/YYYY" }\n'


@pytest.fixture
def days_of(mapped, procedures):
    """Return a function that gives the cells one line makes of a date y beside the date x."""

    def cells(line, records, top=""):
        toml = top + procedures.replace("[procedures.columns]", REFERENCE + "[procedures.columns]")
        toml = toml.replace("procedure_year = { value = 2024 }\n", "")
        if "procedure_year" not in line:
            toml += "procedure_year = { value = 2024 }\n"
        rows = [f"C{n},P{n},{record}" for n, record in enumerate(records)]
        made = mapped("procedures", toml + line, cases=["case,patient,x,y", *rows])
        return [row[line.split("=")[0].strip()] for row in made]

    return cells


def test_a_date_becomes_whole_days_since_the_procedure(days_of):
    line = 'death_days = { column = "y", format = "DD/MM/YYYY" }'
    # 2 January to 1 February 2014 are 30 days: the day comes first because the mapping says so.
    made = days_of(line, ["02/01/2014,01/02/2014", "02/01/2014,02/01/2014", "02/01/2014,"])
    assert made == ["30", "0", None]


def test_the_same_text_under_another_format_is_another_day(days_of):
    line = 'death_days = { column = "y", format = "MM/DD/YYYY" }'
    # The reference stays 2 January (DD/MM/YYYY); 01/12/2014 is 12 January here: 10 days.
    assert days_of(line, ["02/01/2014,01/12/2014"]) == ["10"]


def test_what_is_no_date_in_the_format_is_refused_without_being_repeated(days_of):
    line = 'death_days = { column = "y", format = "DD/MM/YYYY" }'
    bad = ["31/02/2014", "2014-02-01", "01/02/14", "13/13/2014", "later"]
    made = days_of(line, [f"02/01/2014,{text}" for text in bad])
    assert made == ["not a date as declared"] * 5


def test_a_missing_date_of_the_procedure_is_said(days_of):
    line = 'death_days = { column = "y", format = "DD/MM/YYYY" }'
    made = days_of(line, [",01/02/2014", "soon,01/02/2014"])
    assert made == ["no date of the procedure"] * 2


def test_a_year_is_kept_of_a_date(days_of):
    line = 'procedure_year = { column = "x", format = "DD/MM/YYYY", part = "year" }'
    assert days_of(line, ["31/12/2013,", "bad,"]) == ["2013", "not a date as declared"]


def test_a_month_is_kept_of_a_date_in_a_limited_data_set_only(days_of):
    line = 'procedure_month = { column = "x", format = "DD/MM/YYYY", part = "month" }'
    top = 'privacy_mode = "limited_data_set"\n'
    assert days_of(line, ["31/12/2013,"], top) == ["12"]


def test_an_age_is_whole_years_at_the_procedure_and_90_for_90_and_over(days_of):
    line = 'age_years = { column = "y", format = "DD/MM/YYYY", part = "age" }'
    # Born 2 January 1950: 64 on the day itself, 63 the day before; born 1910: 104, kept as 90.
    made = days_of(
        line, ["02/01/2014,02/01/1950", "01/01/2014,02/01/1950", "02/01/2014,01/01/1910"]
    )
    assert made == ["64", "63", "90"]


def test_a_date_may_be_given_in_hours(days_of):
    line = 'length_of_stay_hours = { column = "y", format = "DD/MM/YYYY", unit = "days -> hours" }'
    assert days_of(line, ["02/01/2014,04/01/2014"]) == ["48"]


@pytest.mark.parametrize(
    ("written", "is_known"),
    [
        ("DD/MM/YYYY", True),
        ("YYYY-MM-DDThh:mm:ss", True),
        ("DD-MON-YY", True),
        ("MM/YYYY", False),
        ("DD/DD/YYYY", False),
        ("%d/%m/%Y", False),
        ("YY-YYYY-MM-DD", False),
        ("", False),
    ],
)
def test_a_format_names_day_month_and_year_once(written, is_known):
    assert is_date_format(written) is is_known


@pytest.mark.parametrize(
    ("written", "text"),
    [("YYYY-MM-DDThh:mm:ss", "2014-02-01T23:30:00"), ("DD MON YYYY", "1 Feb 2014")],
)
def test_hours_and_names_of_months_are_read(days_of, written, text):
    line = f'death_days = {{ column = "y", format = "{written}" }}'
    assert days_of(line, [f"02/01/2014,{text}"]) == ["30"]
