"""Bone health by day 90 after an osteoporotic fracture."""

import json

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.bone_health import bone_health


def test_only_osteoporotic_procedures_alive_at_day_90_count(tables_of, measure_of):
    connection = tables_of(
        procedures=[
            {"dxa_by_90d": "yes", "osteoporosis_drug_by_90d": "no"},
            {"dxa_by_90d": "yes", "osteoporosis_drug_by_90d": "yes"},
            {"dxa_by_90d": "no"},
            {"dxa_by_90d": "unknown"},
            {"dxa_by_90d": "yes", "death_days": 60},
            {"dxa_by_90d": "yes", "observed_through_days": 80},
            {"dxa_by_90d": "yes", "cause": "cancer"},
        ]
    )
    result = bone_health(CountReader(Cohort(), connection=connection))
    dxa = measure_of(result, "bone_health_90d", modality="dxa")
    assert (dxa["n"], dxa["N"], dxa["not_recorded"]) == (2, 3, 1)
    assert json.loads(dxa["excluded"]) == {
        "died by day 90": 1,
        "data cut before day 90": 1,
        "not recorded": 1,
    }
    drug = measure_of(result, "bone_health_90d", modality="drug")
    assert (drug["n"], drug["N"]) == (1, 2)
    # The third had no bone density measured, so that both cannot have been.
    both = measure_of(result, "bone_health_90d", modality="dxa_and_drug")
    assert (both["n"], both["N"]) == (1, 3)
    assert set(result.measures["cause"]) == {"", "osteoporosis"}


def test_without_osteoporotic_procedures_there_is_a_reason(tables_of):
    connection = tables_of(procedures=[{"cause": "cancer", "dxa_by_90d": "yes"}])
    assert "osteoporotic" in bone_health(CountReader(Cohort(), connection=connection)).empty_reason
