"""Cement leaks by modality, per level and per procedure (endpoints.md E4, rulings 15 and 18)."""

import json

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.leaks import leaks


def level(procedure_key, name, modality="ct", **others):
    return {
        "procedure_key": procedure_key,
        "level": name,
        "leak_checked": "yes",
        "leak_modality": modality,
    } | others


def leak(procedure_key, name, route="epidural", **others):
    return {"procedure_key": procedure_key, "level": name, "route": route} | others


def measure(result, name, modality, cause="", technique=""):
    rows = result.measures
    found = rows[
        (rows["measure"] == name)
        & (rows["modality"] == modality)
        & (rows["cause"] == cause)
        & (rows["technique"] == technique)
    ]
    assert len(found) == 1
    return found.iloc[0]


def computed(connection):
    return leaks(CountReader(Cohort(), connection=connection))


def test_modalities_have_denominators_of_their_own(tables_of):
    result = computed(
        tables_of(
            procedures=[{}, {}],
            treated_levels=[
                level(1, "T12"),
                level(1, "L1", "fluoroscopy"),
                level(2, "L2"),
                {"procedure_key": 2, "level": "L3", "leak_checked": "no"},
                {"procedure_key": 2, "level": "L4", "leak_checked": "yes"},
            ],
            leaks=[leak(1, "T12"), leak(1, "T12", "intradiscal"), leak(2, "L3")],
        )
    )
    ct = measure(result, "leak_any_per_level", "ct")
    assert (ct["n"], ct["N"], ct["value"]) == (1, 2, 0.5)
    assert ct["not_recorded"] == 1
    assert json.loads(ct["excluded"])["way of looking not recorded"] == 1
    fluoroscopy = measure(result, "leak_any_per_level", "fluoroscopy")
    assert (fluoroscopy["n"], fluoroscopy["N"]) == (0, 1)
    assert "1 level with a leak recorded but leak_checked not yes" in " ".join(result.footnotes)


def test_a_procedure_leaks_when_any_of_its_checked_levels_does(tables_of):
    result = computed(
        tables_of(
            procedures=[{}, {}],
            treated_levels=[
                level(1, "T12"),
                level(1, "L1"),
                level(2, "L2"),
                {"procedure_key": 2, "level": "L3"},
            ],
            leaks=[leak(1, "L1")],
        )
    )
    own = measure(result, "leak_any_per_procedure", "ct")
    assert (own["n"], own["N"], own["not_recorded"]) == (1, 2, 1)


def test_unknown_symptoms_are_bounds_and_never_symptoms(tables_of):
    result = computed(
        tables_of(
            procedures=[{}] * 4,
            treated_levels=[level(key, "T12") for key in (1, 2, 3, 4)],
            leaks=[
                leak(1, "T12", symptomatic="yes"),
                leak(2, "T12", symptomatic="unknown"),
                leak(3, "T12", symptomatic="no"),
                leak(3, "T12", "intradiscal", symptomatic="no"),
            ],
        )
    )
    own = measure(result, "leak_symptomatic_per_level", "ct")
    assert (own["n"], own["N"]) == (1, 4)
    assert (own["low_bound"], own["high_bound"]) == (0.25, 0.5)


def test_levels_of_one_procedure_are_clustered_and_ten_procedures_are_needed(tables_of):
    # Nine procedures: no interval. Ten with one level each, three leaking: with clusters of one
    # the CR2 interval is the t interval of a mean: 0.3 -/+ 2.262 * sqrt(0.3 * 0.7 / 9) on 9 df.
    def of(count):
        return computed(
            tables_of(
                procedures=[{}] * count,
                treated_levels=[level(key, "T12") for key in range(1, count + 1)],
                leaks=[leak(key, "T12") for key in (1, 2, 3)],
            )
        )

    nine = measure(of(9), "leak_any_per_level", "ct")
    assert nine[["lower", "upper"]].isna().all()
    ten = measure(of(10), "leak_any_per_level", "ct")
    assert ten["upper"] == pytest.approx(0.3 + 2.2622 * (0.21 / 9) ** 0.5, abs=1e-4)
    assert ten["lower"] == 0


def test_a_level_counts_under_its_procedures_technique(tables_of):
    result = computed(
        tables_of(
            procedures=[{"technique": "vertebroplasty"}],
            treated_levels=[level(1, "T12", technique="kyphoplasty")],
            leaks=[],
        )
    )
    own = measure(result, "leak_any_per_level", "ct", "osteoporosis", "vertebroplasty")
    assert (own["n"], own["N"]) == (0, 1)


def test_without_checked_levels_there_is_a_reason_and_no_rate(tables_of):
    result = computed(
        tables_of(procedures=[{}], treated_levels=[{"procedure_key": 1, "level": "T12"}])
    )
    assert "No treated level of this cohort was checked" in result.empty_reason
