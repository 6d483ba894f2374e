"""Completeness of the core columns."""

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.completeness import SCORED_TABLES, completeness, core_columns


def computed(connection):
    return completeness(CountReader(Cohort(), connection=connection))


def test_a_cell_counts_as_recorded_when_it_has_a_value_even_unknown(tables_of, measure_of):
    result = computed(
        tables_of(
            procedures=[{"same_day_discharge": "unknown"}, {"same_day_discharge": "yes"}, {}],
            treated_levels=[
                {"procedure_key": 1, "level": "T12", "cement_ml": 4},
                {"procedure_key": 1, "level": "L1"},
            ],
        )
    )
    own = measure_of(result, "completeness", modality="same_day_discharge")
    assert (own["n"], own["N"], own["not_recorded"]) == (2, 3, 1)
    cement = measure_of(result, "completeness", modality="cement_ml")
    assert (cement["n"], cement["N"], cement["unit"]) == (1, 2, "level")


def test_every_core_column_is_scored(tables_of):
    rows = computed(tables_of(procedures=[{}])).rows
    core = [column.name for table in SCORED_TABLES for column in core_columns(table)]
    assert list(rows["label"]) == core


def test_a_column_nobody_filled_is_not_recorded_rather_than_zero_quality(tables_of):
    rows = computed(tables_of(procedures=[{}])).rows.set_index("label")
    assert rows.loc["asa_class", "note"] == "your file does not record this"


def test_an_empty_cohort_says_so(tables_of):
    assert "No procedure" in computed(tables_of()).empty_reason
