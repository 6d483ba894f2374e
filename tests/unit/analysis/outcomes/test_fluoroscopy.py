"""Fluoroscopy minutes per treated level."""

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.fluoroscopy import fluoroscopy_minutes


def test_minutes_are_divided_by_the_levels_they_served(tables_of, measure_of):
    connection = tables_of(
        procedures=[
            {"fluoroscopy_minutes": 6.0},
            {"fluoroscopy_minutes": 9.0},
            {},
            {"fluoroscopy_minutes": 5.0},
        ],
        treated_levels=[
            {"procedure_key": 1, "level": "T12"},
            {"procedure_key": 2, "level": "T12"},
            {"procedure_key": 2, "level": "L1"},
            {"procedure_key": 3, "level": "T12"},
        ],
    )
    result = fluoroscopy_minutes(CountReader(Cohort(), connection=connection))
    own = measure_of(result, "fluoroscopy_minutes_per_level")
    # (6 + 9) minutes over 3 levels; one procedure without minutes, one without a level.
    assert (own["n"], own["value"], own["not_recorded"]) == (3, pytest.approx(5.0), 2)


def test_without_minutes_there_is_a_reason(tables_of):
    connection = tables_of(procedures=[{}])
    result = fluoroscopy_minutes(CountReader(Cohort(), connection=connection))
    assert "fluoroscopy minutes" in result.empty_reason
