"""Count the identifiers in the columns of a relation: a cheap test of every cell, then the shapes.

The shapes are many, so that their patterns are compiled once for all columns that are looked at
alike, and tried on each different value once.
"""

from collections.abc import Collection, Mapping
from typing import Any

from etl.identifier_expressions import (
    Look,
    fits_a_shape,
    is_candidate,
    kind_of_candidate,
    look_of,
)
from warehouse.connection import Connection

_CANDIDATES = "identifier_candidates"
_FEW_COLUMNS = 12
"""Up to which rows are sifted first: the patterns of hundreds, used twice, fill the memory."""


def count_kinds(
    connection: Connection,
    relation_name: str,
    values: Mapping[str, str],
    *,
    dates_allowed: bool = False,
    looks: Mapping[str, Look] | None = None,
    few_valued: Collection[str] = (),
) -> dict[str, dict[str, int]]:
    """Return column -> kind of identifier -> cells, of the columns that hold any.

    Parameters
    ----------
    connection : Connection
    relation_name : str
        Table or view; it is scanned once, and once more where a cell is not plainly harmless.
    values : mapping of str to str
        Column -> SQL of its text.
    dates_allowed : bool
    looks : mapping of str to Look, optional
        Column -> how it is looked at, where its name is not what tells it.
    few_valued : collection of str
        Columns of few different values: each value is tried once, which costs a scan a column.
    """
    if looks is None:
        looks = {name: look_of(name, dates_allowed=dates_allowed) for name in values}
    suspicious = aggregate(
        connection,
        relation_name,
        {
            name: f"count_if({is_candidate(looks[name], sql)})"
            for name, sql in values.items()
            if name not in few_valued
        },
    )
    suspects = {name: values[name] for name, cells in suspicious.items() if cells}
    told_by_value = {name: sql for name, sql in values.items() if name in few_valued}
    names = [*suspects, *told_by_value]
    if not names:
        return {}
    connection.execute(
        f"create or replace temp table {_CANDIDATES} (place integer, found varchar, cells bigint)"
    )
    try:
        if suspects:
            _take_candidates(connection, relation_name, suspects, looks)
        for place, (name, sql) in enumerate(told_by_value.items(), len(suspects)):
            _take_values(connection, relation_name, (place, sql), looks[name])
        return _kinds_of_candidates(connection, {name: looks[name] for name in names})
    finally:
        connection.execute(f"drop table {_CANDIDATES}")


def aggregate(
    connection: Connection, relation_name: str, aggregates: Mapping[str, str]
) -> dict[str, Any]:
    """Return the value of each aggregate over the whole relation, in one scan."""
    if not aggregates:
        return {}
    [row] = connection.execute(
        f"select {', '.join(aggregates.values())} from {relation_name}"
    ).fetchall()
    return dict(zip(aggregates, row, strict=True))


def _take_candidates(
    connection: Connection,
    relation_name: str,
    suspects: Mapping[str, str],
    looks: Mapping[str, Look],
) -> None:
    """Take the different values to be looked at: place of their column, text, cells."""
    is_suspect = {name: is_candidate(looks[name], sql) for name, sql in suspects.items()}
    cells = ", ".join(
        f"case when {is_suspect[name]} then struct_pack(place := {place}, found := {sql}) end"
        for place, (name, sql) in enumerate(suspects.items())
    )
    is_few = len(is_suspect) <= _FEW_COLUMNS
    filtered = f"where {' or '.join(is_suspect.values())}" if is_few else ""
    connection.execute(
        f"""
        insert into {_CANDIDATES}
        select cell.place as place, cell.found as found, count(*) as cells
        from (select unnest([{cells}]) as cell from {relation_name} {filtered})
        where cell is not null
        group by all
        """
    )


def _take_values(
    connection: Connection, relation_name: str, column: tuple[int, str], look: Look
) -> None:
    place, sql = column
    connection.execute(
        f"""
        insert into {_CANDIDATES}
        select {place}, found, cells
        from (select {sql} as found, count(*) as cells from {relation_name} group by 1)
        where {is_candidate(look, "found")}
        """
    )


def _kinds_of_candidates(
    connection: Connection, looks: Mapping[str, Look]
) -> dict[str, dict[str, int]]:
    names = list(looks)
    kinds: dict[str, dict[str, int]] = {}
    for look in dict.fromkeys(looks.values()):
        places = ", ".join(str(n) for n, name in enumerate(names) if looks[name] == look)
        # All patterns cost a third of a second to prepare, the one that joins them a tenth.
        fitting = connection.execute(
            f"select 1 from {_CANDIDATES} where place in ({places}) "
            f"and ({fits_a_shape(look, 'found')}) limit 1"
        ).fetchall()
        if not fitting:
            continue
        rows = connection.execute(
            f"""
            select place, kind, sum(cells)::bigint
            from (
                select place, cells, {kind_of_candidate(look, "found")} as kind
                from {_CANDIDATES}
                where place in ({places})
            )
            where kind is not null
            group by all
            """
        ).fetchall()
        for place, kind, cells in rows:
            kinds.setdefault(names[place], {})[kind] = cells
    return kinds
