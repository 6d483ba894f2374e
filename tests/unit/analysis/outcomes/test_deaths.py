"""Deaths by cause of the fracture, once a patient (endpoints.md rulings 4 and 11)."""

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.deaths import deaths


def computed(connection, cohort=None):
    return deaths(CountReader(cohort or Cohort(), connection=connection))


def test_a_death_counts_once_a_patient_on_the_latest_procedure(tables_of, measure_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1, "death_days": 40},
            {"patient_key": 1, "augmentation_number": 2, "days_since_previous_procedure": 20},
            {"last_contact_days": 10},
            {},
        ]
    )
    by_month = measure_of(computed(connection), "deaths", at=30)
    # Death on day 40 of the first is day 20 of the second. One of three is lost on day 10.
    assert (by_month["n"], by_month["N"], by_month["lost_before"]) == (1, 3, 1)
    assert by_month["value"] == pytest.approx(0.5)


def test_a_latest_procedure_outside_the_cohort_takes_its_patient_out(tables_of, measure_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1, "procedure_year": 2022},
            {
                "patient_key": 1,
                "augmentation_number": 2,
                "procedure_year": 2024,
                "days_since_previous_procedure": 600,
                "death_days": 10,
            },
            {"procedure_year": 2022},
        ]
    )
    until = computed(connection, Cohort(year_to=2023))
    assert (measure_of(until, "deaths", at=30)["n"], measure_of(until, "deaths", at=30)["N"]) == (
        0,
        1,
    )


def test_deaths_are_never_told_by_technique(tables_of):
    result = computed(tables_of(procedures=[{"death_days": 5}, {"technique": "vertebroplasty"}]))
    assert set(result.measures["technique"]) == {""}
    assert set(result.rows["technique"]) == {""}


def test_a_patient_known_dead_later_was_alive_until_then(tables_of, measure_of):
    connection = tables_of(procedures=[{"last_contact_days": 3, "death_days": 200}])
    by_month = measure_of(computed(connection), "deaths", at=30)
    assert (by_month["n"], by_month["N"], by_month["lost_before"]) == (0, 1, 0)


def test_without_observation_there_is_a_reason(tables_of):
    connection = tables_of(procedures=[{"observed_through_days": 10}])
    assert "observed to day 30" in computed(connection).empty_reason


def test_a_patient_whose_procedures_have_no_order_has_no_latest_one(tables_of, measure_of):
    tied = {"patient_key": 1, "death_days": 5}
    by_month = measure_of(computed(tables_of(procedures=[tied, tied, {}])), "deaths", at=30)
    assert (by_month["n"], by_month["N"]) == (0, 1)
