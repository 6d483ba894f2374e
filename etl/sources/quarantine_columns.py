"""The columns that a quarantine file has beside the canonical ones, so that it can be loaded."""

from collections.abc import Sequence

PLACE_COLUMNS = ("record", "line", "reasons")
UNREAD_COLUMN = "unread_record"


def quarantine_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a header that only say why its records were refused.

    None, unless the header is that of a quarantine file: these names mean nothing elsewhere.
    """
    is_quarantine = tuple(header[:3]) == PLACE_COLUMNS and header[-1] == UNREAD_COLUMN
    return (*PLACE_COLUMNS, UNREAD_COLUMN) if is_quarantine else ()
