"""Counts of a cohort are fetched once and stay as they were fetched."""

import pandas as pd
import pytest

from analysis import measure
from analysis.cohort import Cohort
from analysis.measure import CountReader


class Connection:
    def cursor(self):
        return self


@pytest.fixture
def fetched(monkeypatch):
    """Return what was fetched, with the reader of a connection that gives one row each time."""
    asked = []

    def fetch(_connection, _text, values):
        asked.append(values)
        return pd.DataFrame({"procedures": [7]})

    monkeypatch.setattr(measure, "fetch", fetch)
    return asked, CountReader(Cohort(), connection=Connection())


def test_what_was_counted_once_is_not_fetched_again(fetched):
    asked, reader = fetched
    assert reader.count("volume_counts").equals(reader.count("volume_counts"))
    assert len(asked) == 1


def test_the_same_query_with_another_parameter_is_another_count(fetched):
    asked, reader = fetched
    reader.count("wait_counts", definition="e1", horizon=135.0)
    reader.count("wait_counts", definition="half", horizon=135.0)
    assert [values["definition"] for values in asked] == ["e1", "half"]


def test_a_count_that_was_written_to_is_remembered_as_it_was(fetched):
    _, reader = fetched
    counts = reader.count("volume_counts")
    counts.loc[0, "procedures"] = 0
    assert reader.count("volume_counts")["procedures"].tolist() == [7]
