"""Related complications by mechanism and by grade."""

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.complication_profile import (
    complications_by_grade,
    complications_by_mechanism,
)

EVENT = {"procedure_key": 1, "type": "bleeding", "relatedness": "definite", "onset_days": 2}


def reader(tables_of, *events):
    return CountReader(
        Cohort(),
        connection=tables_of(
            procedures=[{"complications_reviewed": "yes"}] * 4,
            complications=[
                EVENT | {"complication_id": f"K{place}"} | event
                for place, event in enumerate(events)
            ],
        ),
    )


def test_each_mechanism_counts_a_procedure_once(tables_of, measure_of):
    result = complications_by_mechanism(
        reader(
            tables_of,
            {"mechanism": "bleeding"},
            {"mechanism": "bleeding", "type": "dural_tear"},
            {"mechanism": "thermal"},
            {"procedure_key": 2, "mechanism": "bleeding", "relatedness": "unrelated"},
        )
    )
    own = measure_of(result, "complication_by_mechanism", modality="bleeding")
    assert (own["n"], own["N"], own["value"]) == (1, 4, 0.25)
    whole = result.rows[result.rows["cause"] == ""]
    assert sorted(whole["label"]) == ["Bleeding", "Thermal"]


def test_grading_systems_are_never_pooled(tables_of, measure_of):
    result = complications_by_grade(
        reader(
            tables_of,
            {"grade": 3, "grade_system": "sir"},
            {"procedure_key": 2, "grade": 3, "grade_system": "ctcae"},
            {"procedure_key": 3, "grade": 3},
        )
    )
    whole = result.rows[result.rows["cause"] == ""]
    assert list(whole["label"]) == ["SIR grade 3", "CTCAE grade 3"]
    assert measure_of(result, "complication_by_grade", modality="sir_3")["n"] == 1


def test_without_a_recorded_grade_there_is_a_reason(tables_of):
    assert "grade recorded" in complications_by_grade(reader(tables_of, {})).empty_reason
