"""Which events count for a procedure, and on which day (endpoints.md E4-E8, rulings 10 and 16)."""


def first_events(connection, kind):
    return connection.execute(
        "select procedure_key, first_days from first_events where kind = $kind order by all",
        {"kind": kind},
    ).fetchall()


def complication(procedure_key, type_name, onset_days, **others):
    row = {
        "complication_id": f"K{procedure_key}-{type_name}-{onset_days}",
        "procedure_key": procedure_key,
        "type": type_name,
        "relatedness": "probable",
    }
    return row | ({} if onset_days is None else {"onset_days": onset_days}) | others


TWO_SESSIONS = [
    {"patient_key": 1, "augmentation_number": 1},
    {"patient_key": 1, "augmentation_number": 2, "days_since_previous_procedure": 50},
]


def test_a_complication_counts_only_when_judged_related(tables_of):
    connection = tables_of(
        procedures=[{}, {}, {}],
        complications=[
            complication(1, "bleeding", 3),
            complication(1, "bleeding", 1),
            complication(2, "bleeding", 2, relatedness="unrelated"),
            complication(3, "bleeding", 2, relatedness="unknown"),
        ],
    )
    assert first_events(connection, "complication_bleeding") == [(1, 1.0)]


def test_infections_and_unplanned_readmissions_of_a_later_procedure_count_at_gap_and_onset(
    tables_of,
):
    connection = tables_of(
        procedures=TWO_SESSIONS,
        complications=[
            complication(2, "infection", 10, infection_depth="deep"),
            complication(2, "readmission", 5, planned="no", relatedness="unrelated"),
            complication(2, "bleeding", 1),
        ],
    )
    assert first_events(connection, "infection_deep") == [(1, 60.0), (2, 10.0)]
    assert first_events(connection, "readmission") == [(1, 55.0), (2, 5.0)]
    assert first_events(connection, "complication_bleeding") == [(2, 1.0)]


def test_an_event_without_any_day_is_kept_with_no_day(tables_of):
    connection = tables_of(
        procedures=[{}, {}],
        complications=[
            complication(1, "bleeding", None),
            complication(2, "bleeding", None),
            complication(2, "bleeding", 4),
        ],
    )
    assert first_events(connection, "complication_bleeding") == [(1, None), (2, 4.0)]


def test_planned_readmissions_and_those_before_discharge_do_not_count(tables_of):
    connection = tables_of(
        procedures=[{}, {"length_of_stay_hours": 72}, {"length_of_stay_hours": 72}],
        complications=[
            complication(1, "readmission", 5, planned="yes"),
            complication(2, "readmission", 2, planned="no"),
            complication(3, "readmission", 4, planned="no"),
        ],
    )
    # The stay of 72 hours ends on day 3.
    assert first_events(connection, "readmission") == [(3, 4.0)]


def test_nested_neurological_events_are_dated_at_the_first(tables_of):
    connection = tables_of(
        procedures=[{}],
        complications=[
            complication(1, "spinal_cord_injury", 2),
            complication(1, "weakness_numbness_tingling", 0.5),
        ],
    )
    assert first_events(connection, "neurological") == [(1, 0.5)]


def test_a_readmission_whose_planning_is_not_recorded_does_not_count(tables_of):
    connection = tables_of(procedures=[{}], complications=[complication(1, "readmission", 5)])
    assert first_events(connection, "readmission") == []
