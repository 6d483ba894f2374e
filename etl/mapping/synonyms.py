"""What practices call things: names of columns, visits and values, as the reference lists them."""

import csv
import re
from dataclasses import dataclass, field
from functools import cache

from warehouse.source_schema import TABLES
from warehouse.sql_files import records_root

_TABLES = {table.name for table in TABLES}


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
    """Return a name in lower case with one blank between its words."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[^\W_]+", apart.casefold()))


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
