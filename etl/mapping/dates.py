"""Declared date formats; a date that is not in its declared format is never guessed at."""

import re

_TOKENS = {
    "YYYY": "%Y",
    "YY": "%y",
    "MON": "%b",
    "MM": "%m",
    "DD": "%d",
    "hh": "%H",
    "mm": "%M",
    "ss": "%S",
}
_TOKEN = re.compile("|".join(_TOKENS))
_BETWEEN = re.compile(r"[-/. :T,]*")
_FIRST_YEAR, _LAST_YEAR = 1880, 2100

FORMAT_FORM = "DD, MM or MON, YYYY or YY, and hh, mm, ss, such as 'DD/MM/YYYY' or 'YYYY-MM-DD'"


def is_date_format(written: str) -> bool:
    """Return whether a format names day, month and year once, and nothing unknown."""
    found = _TOKEN.findall(written)
    parts = {token[0] + token[-1] if token != "MON" else "MM" for token in found}
    known = all(_BETWEEN.fullmatch(between) for between in _TOKEN.split(written))
    return known and len(found) == len(parts) and {"DD", "MM", "YY"} <= parts


def has_two_digit_year(written: str) -> bool:
    """Return whether a format leaves the century open."""
    return "YYYY" not in written


def date_sql(text: str, written: str) -> str:
    """Return the SQL of the date that a text holds in a declared format, null where it is none."""
    pattern = _TOKEN.sub(lambda token: _TOKENS[token.group()], written)
    read = f"try_strptime(trim({text}), '{pattern}')::date"
    return f"case when year({read}) between {_FIRST_YEAR} and {_LAST_YEAR} then {read} end"
