"""Measures as CSV: safe in a spreadsheet, and numbers as they are."""

import csv
import io

import pytest

from analysis.disclosure import protect, typed_measures
from analysis.results import MEASURE_COLUMNS, measures_table
from reports.tables import DICTIONARY, dictionary_csv, measures_csv, neutralised


def read(contents):
    return list(csv.DictReader(io.StringIO(contents.decode("utf-8-sig"), newline="")))


def one_row(**cells):
    row = {"measure": "leak", "n": 40, "N": 200, "value": 0.2, "suppressed": False, **cells}
    return typed_measures(measures_table([row])).assign(cohort="", snapshot="ab12")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_is_neutralised_and_can_be_read_back(start):
    harmful = f"{start}HYPERLINK(1)"
    (row,) = read(measures_csv(one_row(method=harmful)))
    assert row["method"] == f"'{harmful}"
    assert row["method"].removeprefix("'") == harmful


def test_other_text_stays_as_it_is():
    assert neutralised("Aalen-Johansen") == "Aalen-Johansen"


def test_negative_numbers_stay_numbers():
    (row,) = read(measures_csv(one_row(value=-2.5, lower=-3.25)))
    assert (row["value"], row["lower"]) == ("-2.5", "-3.25")


def test_estimates_keep_full_precision_and_counts_have_no_decimals():
    (row,) = read(measures_csv(one_row(value=1 / 3)))
    assert float(row["value"]) == 1 / 3
    assert (row["n"], row["N"]) == ("40", "200")


def test_a_withheld_cell_is_empty_and_marked_by_its_own_column():
    protected = typed_measures(protect(one_row(n=4), "outside")).assign(cohort="", snapshot="ab12")
    (row,) = read(measures_csv(protected))
    assert row["suppressed"] == "true"
    assert {row[name] for name in ("n", "N", "value", "lower", "upper")} == {""}


def test_a_true_zero_is_written_as_zero():
    protected = protect(one_row(n=0, value=0.0, upper=0.0127), "outside")
    (row,) = read(measures_csv(protected.assign(cohort="", snapshot="ab12")))
    assert (row["n"], row["value"], row["suppressed"]) == ("0", "0.0", "false")


def test_the_file_opens_as_utf_8_in_a_spreadsheet():
    assert measures_csv(one_row()).startswith(b"\xef\xbb\xbf")


def test_the_dictionary_explains_every_column_in_order():
    names = [row["column"] for row in read(dictionary_csv())]
    assert names == [*MEASURE_COLUMNS, "cohort", "snapshot", "note"]
    assert all(meaning for _, _, meaning in DICTIONARY)
