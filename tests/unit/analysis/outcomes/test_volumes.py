"""Volumes by technique and cause."""

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.volumes import volumes

PROCEDURES = [
    {"procedure_year": 2023},
    {"procedure_year": 2024, "technique": "mixed", "procedure_status": "completed"},
    {"procedure_year": 2024, "cause": "cancer"},
    {"procedure_year": 2024, "procedure_status": "aborted"},
]


def computed(connection, cohort=None):
    return volumes(CountReader(cohort or Cohort(), connection=connection))


def test_every_technique_counts_and_aborted_sessions_do_not(tables_of, measure_of):
    result = computed(tables_of(procedures=PROCEDURES))
    assert measure_of(result, "procedures")["value"] == 3
    own = measure_of(result, "procedures", cause="osteoporosis", technique="mixed")
    assert own["value"] == 1
    assert result.title == "3 procedures, 2023 to 2024"
    assert "2 procedures without a status" in result.footnotes[0]
    assert ("aborted", 1) in result.explanation.waterfall


def test_the_matrix_holds_zeros_and_sums_to_the_total(tables_of):
    counts = computed(tables_of(procedures=PROCEDURES)).counts
    assert len(counts) == 25
    assert counts["procedures"].sum() == 3


def test_years_are_told_by_technique(tables_of):
    by_year = computed(tables_of(procedures=PROCEDURES)).by_year
    assert sorted(by_year.itertuples(index=False, name=None)) == [
        (2023, "kyphoplasty", 1),
        (2024, "kyphoplasty", 1),
        (2024, "mixed", 1),
    ]


def test_an_empty_cohort_says_so(tables_of):
    assert "No procedure" in computed(tables_of()).empty_reason
