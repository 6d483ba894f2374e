"""Readmission, deep infection, embolism, repeat procedures (E6-E8, rulings 9, 10 and 13)."""

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.key_events import key_events

REVIEWED = {"complications_reviewed": "yes"}


def event(procedure_key, type_name, onset_days, **others):
    return {
        "complication_id": f"{procedure_key}{type_name}{onset_days}",
        "procedure_key": procedure_key,
        "type": type_name,
        "onset_days": onset_days,
        "relatedness": "possible",
    } | others


def computed(connection):
    return key_events(CountReader(Cohort(), connection=connection))


def test_readmission_days_start_at_discharge_and_need_no_relatedness(tables_of, measure_of):
    stay = REVIEWED | {"length_of_stay_hours": 96}
    result = computed(
        tables_of(
            procedures=[stay, stay, stay, stay | {"death_days": 2}],
            complications=[
                event(1, "readmission", 33, planned="no", relatedness="unrelated"),
                event(2, "readmission", 35, planned="no"),
                event(3, "readmission", 10, planned="yes"),
            ],
        )
    )
    own = measure_of(result, "readmission_30d", at=30)
    # Discharged on day 4: day 33 is the 29th after it, day 35 the 31st. One died before discharge.
    assert (own["n"], own["N"]) == (1, 3)
    assert own["value"] == pytest.approx(1 / 3)


def test_infections_of_unknown_depth_are_a_bound(tables_of, measure_of):
    result = computed(
        tables_of(
            procedures=[REVIEWED] * 4,
            complications=[
                event(1, "infection", 100, infection_depth="deep"),
                event(2, "infection", 20),
                event(3, "infection", 20, infection_depth="superficial"),
            ],
        )
    )
    own = measure_of(result, "infection_365d", at=365)
    assert (own["n"], own["N"], own["value"]) == (1, 4, pytest.approx(0.25))
    assert (own["low_bound"], own["high_bound"]) == (pytest.approx(0.25), pytest.approx(0.5))
    note = result.rows["note"][result.rows["label"].str.startswith("Deep infection")].iloc[0]
    assert "25 to 50 % as unknown depths are read" in note


def test_embolism_without_symptoms_counts_among_chest_cts_only(tables_of, measure_of):
    result = computed(
        tables_of(
            procedures=[REVIEWED | {"chest_ct_done": "yes"}, REVIEWED, REVIEWED],
            complications=[
                event(1, "pulmonary_cement_embolism", 1, symptomatic="no"),
                event(2, "pulmonary_cement_embolism", 1, symptomatic="no"),
                event(3, "pulmonary_cement_embolism", 1, symptomatic="yes"),
            ],
        )
    )
    imaging = measure_of(result, "cement_embolism_imaging", at=30)
    assert (imaging["n"], imaging["N"]) == (1, 1)
    symptomatic = measure_of(result, "cement_embolism_symptomatic", at=30)
    assert (symptomatic["n"], symptomatic["N"]) == (1, 3)


def test_another_augmentation_is_read_from_the_procedures_without_review(tables_of, measure_of):
    result = computed(
        tables_of(
            procedures=[
                {"patient_key": 1, "augmentation_number": 1},
                {"patient_key": 1, "augmentation_number": 2, "days_since_previous_procedure": 80},
                {},
            ]
        )
    )
    own = measure_of(result, "repeat_procedure", at=90)
    assert (own["n"], own["N"]) == (1, 2)
    assert measure_of(result, "repeat_procedure", at=30)["n"] == 0
