"""Files from the screen withhold what the screen inside shows."""

import csv
import io
import json
import zipfile

import pytest

from analysis.cohort import Cohort
from dashboard.downloads import file_name, pack_zip, table_csv


@pytest.fixture(autouse=True)
def _warehouse(sample_warehouse, monkeypatch):
    monkeypatch.setenv("VERTEBRA_WAREHOUSE", str(sample_warehouse))


def rows_of(contents):
    return list(csv.DictReader(io.StringIO(contents.decode("utf-8-sig"))))


def test_a_table_withholds_counts_of_one_to_ten_with_all_that_returns_them():
    rows = rows_of(table_csv("complications", Cohort(cause=("cancer",))))
    counts = [int(row["n"]) for row in rows if row["n"]]
    withheld = [row for row in rows if row["suppressed"] == "true"]
    assert withheld
    assert all(row["value"] == row["upper"] == row["N"] == "" for row in withheld)
    assert [n for n in counts if 1 <= n <= 10] == []


def test_a_pack_names_its_audience_and_opens_whole():
    pack = zipfile.ZipFile(io.BytesIO(pack_zip(Cohort(cause=("trauma",)), ("csv",), "outside")))
    assert pack.testzip() is None
    assert {"measures.csv", "measures_dictionary.csv", "manifest.json"} == set(pack.namelist())
    assert json.loads(pack.read("manifest.json"))["audience"] == "outside"


def test_a_file_name_carries_period_and_snapshot(sample_warehouse):
    name = file_name("relief", Cohort(year_from=2023), "csv")
    assert name.startswith("relief_2023-latest_")
    assert name.endswith(".csv")
