"""New fractures over a year (endpoints.md E5, rulings 10, 12, 14 and 16)."""

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.new_fractures import fracture_classes, new_fractures

REVIEWED = {"complications_reviewed": "yes"}


def fracture(procedure_key, level, onset_days, symptomatic="yes"):
    row = {
        "complication_id": f"{procedure_key}{level}{onset_days}",
        "procedure_key": procedure_key,
        "type": "adjacent_fracture",
        "level": level,
        "symptomatic": symptomatic,
    }
    return row | ({} if onset_days is None else {"onset_days": onset_days})


def treated(procedure_key, **others):
    return {"procedure_key": procedure_key, "level": "T12"} | others


def computed(connection):
    return new_fractures(CountReader(Cohort(), connection=connection))


def test_symptomatic_and_imaging_found_fractures_stand_apart(tables_of, measure_of):
    result = computed(
        tables_of(
            procedures=[REVIEWED] * 4,
            treated_levels=[
                treated(1, post_image_days=90),
                treated(2, post_image_days=60),
                treated(3, post_image_days=61),
                treated(4),
            ],
            complications=[
                fracture(1, "L1", 100),
                fracture(2, "L1", 100, "no"),
                fracture(3, "L1", 100, "no"),
                fracture(4, "L1", 100, "unknown"),
            ],
        )
    )
    found = {
        modality: measure_of(result, "fracture_adjacent", modality=modality)
        for modality in ("any", "symptomatic", "imaging")
    }
    assert {name: (row["n"], row["N"]) for name, row in found.items()} == {
        "any": (4, 4),
        "symptomatic": (1, 4),
        "imaging": (1, 2),
    }


def test_death_competes_and_the_curve_ends_where_the_risk_is_read(tables_of, measure_of):
    connection = tables_of(
        procedures=[REVIEWED, REVIEWED | {"death_days": 50}, REVIEWED, REVIEWED],
        treated_levels=[treated(key) for key in (1, 2, 3, 4)],
        complications=[fracture(1, "L1", 100), fracture(3, "L3", 10), fracture(4, "L1", None)],
    )
    result = computed(connection)
    own = measure_of(result, "fracture_adjacent", modality="any")
    # The fourth has no day and leaves. Day 50: one of three dies; day 100: one of two breaks.
    assert (own["n"], own["N"]) == (1, 3)
    assert own["value"] == pytest.approx(1 / 3)
    whole = result.curves[result.curves["cause"] == ""]
    assert whole["incidence"].iloc[-1] == pytest.approx(own["value"])
    classes = fracture_classes(CountReader(Cohort(), connection=connection))
    assert measure_of(classes, "fracture_remote", modality="any")["n"] == 1
    last = result.at_risk[(result.at_risk["cause"] == "") & (result.at_risk["day"] == 365)]
    counts = last[["at_risk", "events", "competing", "censored"]].iloc[0]
    assert list(counts) == [1, 1, 1, 0]


def test_a_fracture_of_a_later_procedure_counts_for_the_index(tables_of, measure_of):
    course = {"patient_key": 1} | REVIEWED
    result = computed(
        tables_of(
            procedures=[
                course | {"augmentation_number": 1},
                course | {"augmentation_number": 2, "days_since_previous_procedure": 50},
            ],
            treated_levels=[treated(1), treated(2, level="L4")],
            complications=[fracture(2, "L1", 20)],
        )
    )
    own = measure_of(result, "fracture_adjacent", modality="any")
    assert (own["n"], own["N"]) == (1, 1)


def test_without_a_years_review_there_is_a_reason(tables_of):
    connection = tables_of(procedures=[REVIEWED | {"observed_through_days": 200}])
    assert "day 365" in computed(connection).empty_reason


def test_classes_and_ways_of_finding_stand_in_rows_of_their_own(tables_of):
    connection = tables_of(
        procedures=[REVIEWED] * 2,
        treated_levels=[treated(1, post_image_days=90), treated(2)],
        complications=[fracture(1, "T12", 30, "no"), fracture(2, "L1", 30)],
    )
    rows = fracture_classes(CountReader(Cohort(), connection=connection)).rows
    whole = rows[rows["cause"] == ""]
    found = {row.label: (row.n, row.N) for row in whole.itertuples()}
    assert found["Refracture of a treated level, found by imaging only"] == (1, 1)
    assert found["Refracture of a treated level, with symptoms"] == (0, 2)
    assert found["New adjacent fracture, with symptoms"] == (1, 2)
    assert len(found) == 9
