"""Where a procedure stands in its patient's course (endpoints.md rulings 9 and 11)."""


def timeline(connection, columns):
    return connection.execute(
        f"select {columns} from procedure_timeline order by procedure_key"
    ).fetchall()


def test_days_to_the_next_procedure_are_summed_over_an_aborted_one(tables_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1},
            {
                "patient_key": 1,
                "augmentation_number": 2,
                "days_since_previous_procedure": 30,
                "procedure_status": "aborted",
            },
            {"patient_key": 1, "augmentation_number": 3, "days_since_previous_procedure": 60},
        ]
    )
    # The aborted session ends nothing: the first waits 30 + 60 days for the third.
    assert timeline(connection, "next_procedure_days") == [(90.0,), (60.0,), (None,)]


def test_a_later_procedure_at_an_unknown_distance_ends_nothing(tables_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1},
            {"patient_key": 1, "augmentation_number": 2},
        ]
    )
    assert timeline(connection, "next_procedure_days") == [(None,), (None,)]


def test_procedures_that_share_a_place_leave_the_patient_without_an_order(tables_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "procedure_year": 2023},
            {"patient_key": 1, "procedure_year": 2023},
            {"patient_key": 2, "procedure_year": 2023},
        ]
    )
    assert timeline(connection, "is_order_known") == [(False,), (False,), (True,)]


def test_a_death_stands_on_the_latest_completed_row_and_counts_back(tables_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1, "death_days": 150},
            {"patient_key": 1, "augmentation_number": 2, "days_since_previous_procedure": 50},
        ]
    )
    # Death 150 days after the first is 100 days after the second.
    assert timeline(connection, "death_days, is_latest_completed") == [
        (150.0, False),
        (100.0, True),
    ]
