"""What practices call things: names of columns, visits and values, as the reference lists them."""

import csv
import re
from dataclasses import dataclass, field
from functools import cache

from warehouse.source_schema import TABLES, table_named
from warehouse.sql_files import records_root

_TABLES = {table.name for table in TABLES}
_TIME = (
    "d", "day", "days", "h", "hr", "hrs", "hour", "hours", "min", "mins", "minute", "minutes",
    "wk", "wks", "week", "weeks", "mo", "month", "months",
)  # fmt: skip
_UNITS = {
    "days": _TIME,
    "hours": _TIME,
    "minutes": _TIME,
    "years": ("y", "yr", "yrs", "year", "years"),
    "mL": ("ml", "cc"),
    "kg/m2": ("kg", "m2", "m²"),
    "mGy": ("mgy", "gy", "cgy"),
    "degrees": ("deg", "degree", "degrees"),
    "%": ("pct", "percent"),
    "% of neighbours": ("pct", "percent"),
}
"""Unit of a canonical column -> words that may end the name of a column of such numbers."""
_UNIT_WORDS = frozenset(word for words in _UNITS.values() for word in words)


@dataclass
class Synonyms:
    """Names, written plainly, and what they stand for.

    Attributes
    ----------
    columns : dict of str to list of (str, str)
        Name -> canonical tables and columns.
    instruments, visits, values : dict of str to str
        Name -> instrument; visit -> day; value -> canonical word.
    """

    columns: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    instruments: dict[str, str] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)


def plain_name(name: str) -> str:
    """Return a name in lower case with one blank between its words, 'level(s)' as 'levels'."""
    whole = re.sub(r"\((e?s)\)", r"\1", name)
    apart = re.sub(r"(?<=[a-z][a-z])(?=[A-Z])", " ", whole)
    return " ".join(re.findall(r"[^\W_]+", apart.casefold()))


def columns_called(name: str) -> list[tuple[str, str]]:
    """Return the canonical tables and columns for which a column's name stands.

    A unit at the end of the name is no part of it where the canonical column has one like it, so
    that 'Stay (days)' is a length of stay and 'Procedure days' is no procedure.
    """
    known = synonyms().columns
    words = plain_name(name).split()
    found = list(known.get(" ".join(words), []))
    while len(words) > 1 and words[-1] in _UNIT_WORDS:
        *words, unit = words
        found += [
            place
            for place in known.get(" ".join(words), [])
            if unit in _UNITS.get(_unit_of(*place), ()) and place not in found
        ]
    return found


def _unit_of(table: str, column: str) -> str:
    found = table_named(table).column(column)
    return "" if found is None else found.unit


def instrument_and_visit(name: str) -> tuple[str, str, str] | None:
    """Return instrument, visit as written and its usual day of a wide column such as pain_6w."""
    known = synonyms()
    words = plain_name(name).split()
    for cut in range(1, len(words)):
        for first, second in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            instrument = known.instruments.get(" ".join(first))
            day = known.visits.get("".join(second))
            if instrument and day:
                return instrument, "".join(second), day
    return None


@cache
def synonyms() -> Synonyms:
    """Return the reference list, with every canonical name standing for itself."""
    found = Synonyms()
    with (records_root() / "reference" / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            _add(found, row["table"], row["column"], row["name"])
    for table in TABLES:
        for column in table.columns:
            _add(found, table.name, column.name, plain_name(column.name))
            found.values |= {plain_name(word): word for word in column.words}
    return found


def _add(found: Synonyms, table: str, column: str, name: str) -> None:
    if table in _TABLES:
        places = found.columns.setdefault(name, [])
        if (table, column) not in places:
            places.append((table, column))
        return
    {"instruments": found.instruments, "visits": found.visits, "values": found.values}[table][
        name
    ] = column
