"""How many procedures were recorded, and which of them are not in the cohort."""

from analysis.measure import CountReader


def recorded_steps(reader: CountReader) -> list[tuple[str, int]]:
    """Return the first steps of a waterfall: recorded, aborted, not the index, in the cohort."""
    recorded = reader.count("recorded_procedures")
    total, aborted, not_index, not_given = (
        int(recorded[column].sum())
        for column in ("recorded", "aborted", "not_index", "status_not_given")
    )
    return [
        ("recorded", total),
        ("aborted", aborted),
        ("not the index procedure of its patient", not_index),
        ("in the cohort", total - aborted - not_index),
        ("of these with no procedure_status, taken as completed", not_given),
    ]
