"""Same-day discharge and hours of stay."""

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.stay import length_of_stay, same_day_discharge


def reader(connection):
    return CountReader(Cohort(), connection=connection)


def test_same_day_discharge_is_for_office_and_outpatient_only(tables_of, measure_of):
    connection = tables_of(
        procedures=[
            {"setting": "office", "same_day_discharge": "yes"},
            {"setting": "outpatient", "same_day_discharge": "no"},
            {"setting": "outpatient", "same_day_discharge": "unknown"},
            {"setting": "outpatient"},
            {"setting": "inpatient", "same_day_discharge": "yes"},
            {"same_day_discharge": "yes"},
        ]
    )
    result = same_day_discharge(reader(connection))
    own = measure_of(result, "same_day_discharge")
    assert (own["n"], own["N"], own["not_recorded"]) == (1, 2, 2)
    # Wilson for 1 of 2: (0.0945, 0.9055).
    assert own["lower"] == pytest.approx(0.0945, abs=1e-4)
    assert "not recorded (2)" in result.rows["note"].iloc[0]


def test_hours_of_stay_are_of_inpatients(tables_of, measure_of):
    connection = tables_of(
        procedures=[
            {"setting": "inpatient", "length_of_stay_hours": 24},
            {"setting": "inpatient", "length_of_stay_hours": 48},
            {"setting": "inpatient"},
            {"setting": "outpatient", "length_of_stay_hours": 3},
        ]
    )
    own = measure_of(length_of_stay(reader(connection)), "length_of_stay_hours")
    # Mean 36; standard error 12; t(1) = 12.706.
    assert (own["n"], own["value"], own["not_recorded"]) == (2, 36.0, 1)
    assert own["upper"] == pytest.approx(36 + 12.706 * 12, abs=0.01)


def test_without_a_record_there_is_a_reason(tables_of):
    connection = tables_of(procedures=[{"setting": "outpatient"}])
    assert "went home" in same_day_discharge(reader(connection)).empty_reason
    assert "inpatient" in length_of_stay(reader(connection)).empty_reason
