"""Correction of kyphosis and change of height per level (endpoints.md, E9-E10, ruling 18)."""

import json

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.restoration import height_change, kyphosis_correction


def level(procedure_key, name, before, after, positions=("supine", "supine")):
    return {
        "procedure_key": procedure_key,
        "level": name,
        "kyphotic_angle_pre": before,
        "kyphotic_angle_post": after,
        "image_position_pre": positions[0],
        "image_position_post": positions[1],
    }


def reader(connection):
    return CountReader(Cohort(), connection=connection)


def test_correction_is_before_minus_after_in_images_of_one_position(tables_of, measure_of):
    connection = tables_of(
        procedures=[{}, {}],
        treated_levels=[
            level(1, "T12", 14.0, 10.0),
            level(1, "L1", 14.0, 12.0, ("standing", "standing")),
            level(2, "T12", 20.0, 5.0, ("supine", "standing")),
            level(2, "L1", 20.0, 5.0, ("supine", None)),
            level(2, "L2", 20.0, None),
        ],
    )
    own = measure_of(kyphosis_correction(reader(connection)), "kyphosis_correction")
    assert (own["n"], own["N"], own["value"]) == (2, 2, 3.0)
    assert json.loads(own["excluded"]) == {
        "positions differ": 1,
        "a position not recorded": 1,
        "before or after not recorded": 1,
    }


def test_an_interval_over_levels_clusters_by_procedure_and_needs_ten(tables_of, measure_of):
    # Ten procedures of one level, corrections 1..10: mean 5.5, sd 3.0277, t(9) = 2.2622.
    connection = tables_of(
        procedures=[{}] * 10,
        treated_levels=[level(key, "T12", 10.0 + key, 10.0) for key in range(1, 11)],
    )
    own = measure_of(kyphosis_correction(reader(connection)), "kyphosis_correction")
    assert own["value"] == pytest.approx(5.5)
    assert own["upper"] == pytest.approx(5.5 + 2.2622 * 3.0277 / 10**0.5, abs=1e-3)
    few = tables_of(procedures=[{}], treated_levels=[level(1, "T12", 12.0, 10.0)])
    result = kyphosis_correction(reader(few))
    assert measure_of(result, "kyphosis_correction")[["lower", "upper"]].isna().all()
    assert "fewer than 10 procedures" in result.rows["note"].iloc[0]


def test_height_change_is_after_minus_before(tables_of, measure_of):
    heights = {"anterior_height_pct_pre": 60.0, "anterior_height_pct_post": 72.0}
    row = level(1, "T12", None, None) | heights
    result = height_change(reader(tables_of(procedures=[{}], treated_levels=[row])))
    assert measure_of(result, "height_change")["value"] == 12.0
    assert result.unit == "% of neighbours"


def test_without_pairs_there_is_a_reason(tables_of):
    assert "both values" in kyphosis_correction(reader(tables_of(procedures=[{}]))).empty_reason
