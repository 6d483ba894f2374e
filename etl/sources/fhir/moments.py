"""Date and time elements of a resource as columns."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from etl.sources.fhir.dates import OLDEST_YEARS, Moment, parse_moment
from etl.sources.fhir.elements import (
    ResourceFault,
    choice_in,
    number_in,
    object_in,
    text_in,
    token_in,
    words_in,
)
from etl.sources.fhir.strict_json import is_text

PERFORMED = ("DateTime", "Period", "String", "Age", "Range")
ONSET = ("DateTime", "Age", "Period", "Range", "String")
EFFECTIVE = ("DateTime", "Period", "Timing", "Instant")

_YEARS_OF_UNITS = {
    "a": Decimal(1),
    "mo": Decimal(1) / 12,
    "wk": Decimal(7) / Decimal("365.25"),
    "d": 1 / Decimal("365.25"),
    "h": 1 / Decimal("8766"),
    "min": 1 / Decimal("525960"),
}
_TYPE_WORDS = {"DateTime": "dateTime", "Instant": "instant", "String": "string"}


def moment_columns(name: str, holder: Mapping[str, Any], element: str) -> dict[str, str]:
    """Return date, precision and instant of the element; nothing where it has no value."""
    text = text_in(holder, element)
    return columns_of_moment(name, _moment(text, element)) if text else {}


def columns_of_moment(name: str, moment: Moment) -> dict[str, str]:
    """Return the three columns of a date or time."""
    return {
        f"{name}_date": moment.date,
        f"{name}_precision": moment.precision,
        f"{name}_instant": moment.instant,
    }


def period_columns(name: str, period: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns of both ends of a Period.

    Raises
    ------
    ResourceFault
        If an end is no date, or the end is certainly before the start.
    """
    start, end = text_in(period, "start"), text_in(period, "end")
    if start and end:
        _check_order(_moment(start, "start"), _moment(end, "end"))
    return {
        **moment_columns(f"{name}_start", period, "start"),
        **moment_columns(f"{name}_end", period, "end"),
    }


def when_columns(
    name: str, holder: Mapping[str, Any], types: tuple[str, ...], element: str = ""
) -> dict[str, str]:
    """Return the columns of a choice such as performed[x], whichever type it has.

    `element` is its name in the resource where that is not `name`.
    """
    element = element or name
    kind = choice_in(holder, element, types)
    key = element + kind
    columns = {f"{name}_type": _TYPE_WORDS.get(kind, kind)} if kind else {}
    match kind:
        case "DateTime" | "Instant":
            columns |= moment_columns(f"{name}_start", holder, key)
            if kind == "Instant" and columns.get(f"{name}_start_precision") != "time":
                raise ResourceFault(f"'{key}' is not an instant: it has no time of day")
        case "Period":
            columns |= period_columns(name, object_in(holder, key))
        case "Timing":
            columns |= _timing_columns(name, object_in(holder, key))
        case "Age":
            columns |= _age_columns(name, object_in(holder, key), {})
        case "Range":
            ages = object_in(holder, key)
            columns |= _age_columns(name, object_in(ages, "low"), object_in(ages, "high"))
        case "String":
            columns[f"{name}_text"] = words_in(holder, key)
    return columns


def _moment(text: str, element: str) -> Moment:
    try:
        return parse_moment(text)
    except ValueError as error:
        raise ResourceFault(f"'{element}' is {error}") from None


def _check_order(start: Moment, end: Moment) -> None:
    """Compare what both ends say; days of two offsets cannot be compared."""
    if start.instant and end.instant and start.offset != end.offset:
        return
    width = min(len(start.date), len(end.date))
    if end.date[:width] < start.date[:width]:
        raise ResourceFault("'end' of a Period is before its 'start'")


def _timing_columns(name: str, timing: Mapping[str, Any]) -> dict[str, str]:
    """Return first and last event of a Timing, or the bounds within which it repeats."""
    events = timing.get("event") or []
    if not isinstance(events, list) or not all(is_text(event) for event in events):
        raise ResourceFault("'event' is not a list of times")
    if not events:
        return period_columns(name, object_in(object_in(timing, "repeat"), "boundsPeriod"))
    moments = sorted((_moment(event, "event") for event in events), key=lambda m: m.date)
    columns = columns_of_moment(f"{name}_start", moments[0])
    if len(moments) > 1:
        columns |= columns_of_moment(f"{name}_end", moments[-1])
    return columns


def _age_columns(name: str, low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, str]:
    """Return an age or a range of ages; one of 90 years and over is 90 years."""
    units = {unit for end in (low, high) if (unit := token_in(end, "code"))}
    if not units and not number_in(low, "value") and not number_in(high, "value"):
        return {}
    if len(units) != 1 or not units <= _YEARS_OF_UNITS.keys():
        raise ResourceFault(f"an age of '{name}[x]' has no unit of time of UCUM")
    unit = units.pop()
    ends = [number_in(end, "value") for end in (low, high)]
    if any(_is_oldest(end, unit) for end in ends if end):
        return {f"{name}_age_low": str(OLDEST_YEARS), f"{name}_age_unit": "a"}
    return {
        f"{name}_age_low": ends[0],
        f"{name}_age_high": ends[1],
        f"{name}_age_unit": unit,
    }


def _is_oldest(number: str, unit: str) -> bool:
    """Tell whether an age counts as 90 and over; one too large to reckon with does."""
    try:
        return Decimal(number) * _YEARS_OF_UNITS[unit] >= OLDEST_YEARS
    except ArithmeticError:
        return True
