"""Write typed values of a source as text, the same in every kind of source."""

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from etl.sources.regular_blocks import LONGEST_CELL

YES, NO = "yes", "no"
"""How a true and a false of a typed source read: the canonical words."""

LARGEST_EXACT_WHOLE = 2**53
"""From here on a double no longer holds every whole number."""

NOT_TEXT = "a character that is not text"
LONE_RETURN = "a carriage return without a line feed"
LONG_CELL = f"a cell of more than {LONGEST_CELL:,} characters"

_NOT_TEXT = re.compile("[\0\ud800-\udfff]")
_LONE_RETURN = re.compile("\r(?!\n)")


class CellUnreadable(ValueError):
    """A cell that has no exact text; the message says why, and never holds its value."""


@lru_cache(maxsize=65536, typed=True)  # few different values fill most columns
def text_of_value(value: object) -> str:
    """Return the text of a value as a spreadsheet cell hands it over.

    Numbers are written as a spreadsheet shows them in full: whole ones without a decimal
    point, others to 15 significant digits, never with an exponent. Dates are ISO 8601, with
    the time where they have one; durations are hours, minutes and seconds.

    Raises
    ------
    CellUnreadable
        If the number is too large to be held exactly.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime.timedelta):
        return _duration_text(value)
    return str(value)  # date, datetime and time write themselves in ISO form


def number_text(number: int | float) -> str:
    """Return a number as plain digits; see `text_of_value`."""
    if isinstance(number, int) or number.is_integer():
        if abs(number) >= LARGEST_EXACT_WHOLE:
            raise CellUnreadable("a number too large to be held exactly; store it as text")
        return str(int(number))
    text = format(number, ".15g")
    return plain_digits(Decimal(text)) if "e" in text else text


def plain_digits(number: Decimal) -> str:
    """Return a decimal number without exponent and without zeros at its end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def fault_of_texts(texts: Sequence[str]) -> str:
    """Say why a record cannot be handed on as text, or nothing; never one of its values."""
    joined = "\t".join(texts)
    if _NOT_TEXT.search(joined):
        return NOT_TEXT
    if "\r" in joined and _LONE_RETURN.search(joined):
        return LONE_RETURN
    if len(joined) > LONGEST_CELL and max(map(len, texts)) > LONGEST_CELL:
        return LONG_CELL
    return ""


def _duration_text(duration: datetime.timedelta) -> str:
    """Return hours, minutes and seconds; the hours may pass 24."""
    sign = "-" if duration < datetime.timedelta(0) else ""
    milliseconds = abs(duration) // datetime.timedelta(milliseconds=1)
    minutes, rest = divmod(milliseconds, 60_000)
    seconds = f"{rest / 1000:06.3f}".removesuffix(".000")
    return f"{sign}{minutes // 60}:{minutes % 60:02d}:{seconds}"
