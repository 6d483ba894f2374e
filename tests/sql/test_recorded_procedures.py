"""What a cohort leaves out, counted by its own filters; and why some count towards no relief."""

from analysis.cohort import Cohort
from analysis.measure import CountReader


def test_the_aborted_and_the_later_ones_are_counted_within_the_same_filters(tables_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1, "procedure_status": "completed"},
            {"patient_key": 1, "augmentation_number": 2, "days_since_previous_procedure": 9},
            {"procedure_status": "aborted"},
            {"procedure_status": "aborted", "cause": "cancer"},
            {},
        ]
    )
    reader = CountReader(Cohort(cause=("osteoporosis",)), connection=connection)
    rows = reader.count("recorded_procedures")
    assert rows.drop(columns=["cause", "technique"]).to_dict("records") == [
        {"recorded": 4, "aborted": 1, "not_index": 1, "status_not_given": 1}
    ]


def test_each_procedure_of_the_cohort_has_one_reason(tables_of):
    pain = [(1, 0, 8), (1, 7, 2), (2, 0, 8), (3, 0, 3), (4, -40, 8), (5, 0, 8)]
    connection = tables_of(
        procedures=[{}, {}, {}, {}, {"technique": "kyphoplasty_or_mechanical"}],
        assessments=[
            {"procedure_key": key, "instrument": "pain_nrs", "days": day, "score": score}
            for key, day, score in pain
        ],
    )
    rows = CountReader(Cohort(), connection=connection).count("relief_eligibility")
    assert rows.set_index("reason")["procedures"].to_dict() == {
        "asked_again": 1,
        "never_asked_again": 1,
        "below_floor": 1,
        "no_baseline": 1,
        "technique_not_compared": 1,
    }
