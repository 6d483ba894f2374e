"""Days of the events of a longitudinal project: declared, never told from their names."""

from collections.abc import Iterable, Mapping
from math import isfinite
from pathlib import Path

from etl.sources.redcap.layout import EVENT, Layout
from warehouse.errors import SourceUnreadable

EVENT_DAY = "redcap_event_day"
UNDATED = "undated"
"""Declared for an event that takes place on no particular day, such as an extra visit."""

MAPPING_SECTION = "visits"

EventDays = Mapping[str, float | str]


def check_event_days(
    path: Path, layout: Layout, events: Iterable[str], event_days: EventDays | None
) -> None:
    """Raise SourceUnreadable unless exactly the events of a longitudinal export have a day.

    `events` are the names that stand in the export, in order of appearance. Days declared for
    other events are allowed: nobody may have reached them yet.
    """
    if EVENT not in layout.system:
        if event_days:
            raise SourceUnreadable(
                f"{path.name}: days are declared for events, but the export has no column "
                f"{EVENT!r}\n  Leave [{MAPPING_SECTION}] out, or export with the events."
            )
        return
    _check_days(event_days or {})
    lacking = [event for event in events if event not in (event_days or {})]
    if lacking:
        lines = "\n".join(f'    "{event}" = ' for event in lacking)
        raise SourceUnreadable(
            f"{path.name}: the project is longitudinal and {len(lacking)} of its events have no "
            "day\n  Needed: days since the procedure for each, before it negative, or "
            f'"{UNDATED}". Add to the mapping:\n    [{MAPPING_SECTION}]\n{lines}'
        )


def day_of(event: str, event_days: EventDays | None) -> str:
    """Return the declared day of an event as text, empty for an undated event."""
    day = (event_days or {}).get(event, "")
    return "" if day == UNDATED else str(day)


def _check_days(event_days: EventDays) -> None:
    for event, day in event_days.items():
        if day != UNDATED and not _is_day(day):
            raise SourceUnreadable(
                f"[{MAPPING_SECTION}]: {event!r} has the day {day!r}\n"
                f'  Allowed: a number of days since the procedure, or "{UNDATED}".'
            )


def _is_day(day: object) -> bool:
    """Return whether `day` is a finite number, or the text of one."""
    if isinstance(day, bool) or not isinstance(day, int | float | str):
        return False
    try:
        return isfinite(float(day))
    except ValueError:
        return False
