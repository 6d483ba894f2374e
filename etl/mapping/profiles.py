"""Look at the columns of a text table: what they hold, never which patient's."""

from collections.abc import Sequence
from dataclasses import dataclass

from etl.deidentification import find_identifiers
from etl.identifier_names import identifier_column_name
from etl.mapping.reading_text import text_reader
from etl.sources.text_table import TextTable
from warehouse.connection import Connection

_MOST_VALUES = 200


@dataclass(frozen=True)
class ColumnProfile:
    """What a column holds.

    Attributes
    ----------
    name : str
    identifies : str
        Kind of identifier by its name or its values; empty where it has none.
    values : tuple of str
        Its distinct values, sorted, where they are at most 200; else empty.
    given, distinct : int
        Cells that are not missing, and how many different ones.
    low, high : float or None
        Of its numbers, where every given cell is a number.
    has_comma : bool
        Every given cell would be a number with the comma as decimal sign, and some have one.
    """

    name: str
    identifies: str
    values: tuple[str, ...]
    given: int
    distinct: int
    low: float | None
    high: float | None
    has_comma: bool


def profile(connection: Connection, table: TextTable) -> list[ColumnProfile]:
    """Return the profile of every column of a table, in header order."""
    kinds = _identifying(connection, table)
    return [
        _profile(connection, table, place, name, kinds.get(name, ""))
        for place, name in enumerate(table.header, start=1)
    ]


def _identifying(connection: Connection, table: TextTable) -> dict[str, str]:
    """Return column -> kind for those that identify, dates among them."""
    kinds = {name: kind for name in table.header if (kind := identifier_column_name(name))}
    names = _apart(table.header)
    chosen = ", ".join(
        f'c{place} as "{name.replace(chr(34), chr(34) * 2)}"' for place, name in enumerate(names, 1)
    )
    connection.execute(
        f"create or replace temp view profiled as select {chosen} from {text_reader(table)}"
    )
    for found in find_identifiers(connection, "profiled", names, privacy_mode="safe_harbor"):
        if found.column in names:
            kinds.setdefault(table.header[names.index(found.column)], found.kind)
    return kinds


def _apart(header: Sequence[str]) -> list[str]:
    """Return names that differ in more than capitals, as names in SQL must."""
    taken: set[str] = set()
    names = []
    for name in header:
        while name.casefold() in taken:
            name += "_"
        taken.add(name.casefold())
        names.append(name)
    return names


def _profile(
    connection: Connection, table: TextTable, place: int, name: str, identifies: str
) -> ColumnProfile:
    cell = f"nullif(nullif(trim(c{place}), ''), 'NA')"
    given, distinct, numbers, low, high, commas, with_comma = connection.execute(
        f"""
        select
            count(cell), count(distinct cell), count(number), min(number), max(number),
            count(try_cast(replace(cell, ',', '.') as double)),
            count_if(contains(cell, ','))
        from (
            select {cell} as cell, try_cast({cell} as double) as number from {text_reader(table)}
        )
        """
    ).fetchall()[0]
    values: tuple[str, ...] = ()
    if not identifies and distinct <= _MOST_VALUES:
        found = connection.execute(
            f"select distinct {cell} as cell from {text_reader(table)} "
            "where cell is not null order by cell"
        ).fetchall()
        values = tuple(value for (value,) in found)
    is_number = given > 0 and numbers == given
    return ColumnProfile(
        name=name,
        identifies=identifies,
        values=values,
        given=given,
        distinct=distinct,
        low=low if is_number else None,
        high=high if is_number else None,
        has_comma=not is_number and given > 0 and commas == given and with_comma > 0,
    )
