"""Dates of FHIR as they stand where they were written: local days, never moved to another zone.

A dateTime of FHIR R4 is YYYY, YYYY-MM, YYYY-MM-DD or a full time with its offset. Its calendar
day is the one written: 23:30-05:00 stays on its day, although it is the next day in UTC.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_MOMENT = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)(?P<time>T(?P<hour>\d\d):(?P<minute>\d\d)"
    r":(?P<second>\d\d)(\.\d{1,9})?(?P<offset>Z|[+-](?P<ahead>\d\d):(?P<ahead_minute>\d\d)))?)?)?",
    re.ASCII,
)
OLDEST_YEARS = 90
"""Ages of 90 and over are one group: 45 CFR 164.514(b)(2)(i)(C)."""


@dataclass(frozen=True)
class Moment:
    """A date or time as written.

    Attributes
    ----------
    date : str
        YYYY, YYYY-MM or YYYY-MM-DD: what is written of the local day, never completed.
    precision : {'year', 'month', 'day', 'time'}
    instant : str
        The whole text where it holds a time; otherwise empty.
    """

    date: str
    precision: str
    instant: str = ""

    @property
    def offset(self) -> str:
        """What is written as distance from UTC, such as '-05:00' or 'Z'; empty without a time."""
        return "Z" if self.instant.endswith("Z") else self.instant[-6:]


@lru_cache(maxsize=65536)
def parse_moment(text: str) -> Moment:
    """Return a FHIR date, dateTime or instant.

    Raises
    ------
    ValueError
        If `text` is none of them; the message does not hold it.
    """
    match = _MOMENT.fullmatch(text)
    if not match or not _exists(match):
        raise ValueError("not a date or time of FHIR R4")
    if match["time"]:
        return Moment(text[:10], "time", text)
    return Moment(text, "day" if match["day"] else "month" if match["month"] else "year")


def days_between(first: str, second: str) -> int | None:
    """Return whole days from `first` to `second`, both dates as `Moment.date` holds them.

    None where either is missing or partial: a month is no day.

    Raises
    ------
    ValueError
        If one is no date.
    """
    start, end = _day_of(first), _day_of(second)
    return None if start is None or end is None else (end - start).days


def age_in_years(birth: str, on: str) -> int | None:
    """Return completed years from `birth` to `on`, 90 for 90 and over.

    None where either date is missing or partial, or where `on` is before birth.
    """
    born, day = _day_of(birth), _day_of(on)
    if born is None or day is None or day < born:
        return None
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return min(years, OLDEST_YEARS)


def _day_of(text: str) -> date | None:
    """Return the calendar day, or None where there is none or less than one."""
    moment = parse_moment(text) if text else None
    return date.fromisoformat(moment.date) if moment and len(moment.date) == 10 else None


def _exists(match: re.Match[str]) -> bool:
    """Tell whether the calendar and the clock have what is written; second 60 is a leap second."""
    try:
        date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        return False
    return not match["time"] or (
        int(match["hour"]) < 24
        and int(match["minute"]) < 60
        and int(match["second"]) <= 60
        and int(match["ahead"] or 0) <= 14
        and int(match["ahead_minute"] or 0) < 60
    )
