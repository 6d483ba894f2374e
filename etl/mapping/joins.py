"""Join the other sources of a block; a join that would multiply rows unawares is refused."""

from etl.mapping.binding import OWN, BoundBlock, BoundTable
from etl.mapping.codes import GATHERED_BETWEEN
from etl.mapping.dates import date_sql
from etl.mapping.declaration import DatedColumn, Gather, Join
from etl.mapping.reading_text import column_sql, numbered_records
from etl.sources.text_table import TextTable
from warehouse.connection import Connection
from warehouse.errors import SourceUnreadable


def check_joins(connection: Connection, bound: BoundBlock) -> None:
    """Refuse a join whose key stands in several records of the joined source, unless declared.

    Raises
    ------
    SourceUnreadable
        Naming the mapping line, the source, the places of two such records and how many there are.
    """
    for join in bound.block.joins:
        if not join.many:
            _check_join(connection, bound, join)


def _check_join(connection: Connection, bound: BoundBlock, join: Join) -> None:
    other = bound.joined[join.source]
    keys = [f"c{other.place(name)}" for _, name in join.on]
    found = connection.execute(
        f"""
        select count(*), min(first_record), min_by(last_record, first_record)
        from (
            select min(record) as first_record, max(record) as last_record
            from {numbered_records(other.table, [name for _, name in join.on])}
            where {" and ".join(f"{key} is not null" for key in keys)}
            group by {", ".join(keys)}
            having count(*) > 1
        )
        """
    ).fetchall()[0]
    if found[0]:
        _refuse(bound.mapping.file, join, other.table, found)


def _refuse(file: str, join: Join, table: TextTable, found: tuple[int, int, int]) -> None:
    count, first, last = found
    keys = ", ".join(f"'{name}'" for _, name in join.on)
    raise SourceUnreadable(
        f"{file}, line {join.line}, key 'join': {table.title} holds the same {keys} more than once "
        f"({count:,} such keys; one in {table.place_of(first)} and {table.place_of(last)}), so "
        "that rows would be multiplied\n"
        "  Add the columns to 'on' that tell them apart, or declare many = true."
    )


def join_sql(bound: BoundBlock) -> str:
    """Return the SQL of the joins and the gathered cells, after the block's own records."""
    parts = [
        f"left join {numbered_records(other.table, _read_of(bound, other))} as {other.alias} "
        f"on {_keys(bound, other, join.on)}"
        for join in bound.block.joins
        for other in (bound.joined[join.source],)
    ]
    parts += [_gather(bound, gather) for gather in bound.block.gathers]
    return "\n".join(parts)


def _read_of(bound: BoundBlock, table: BoundTable) -> list[str]:
    return bound.columns_by_table[table.alias]


def _keys(bound: BoundBlock, other: BoundTable, on: tuple) -> str:  # type: ignore[type-arg]
    return " and ".join(
        f"{column_sql(bound.own, own.name)} = {column_sql(other, name)}" for own, name in on
    )


def _gather(bound: BoundBlock, gather: Gather) -> str:
    """Return the SQL of one gathered cell; it needs a second look at the block's own records."""
    other = bound.gathered[gather.name]
    own_names = [own.name for own, _ in gather.on]
    reference = bound.block.reference_date
    if gather.window is not None and reference is not None:
        own_names.append(reference.column.name)
    value = column_sql(other, gather.column)
    return f"""left join (
            select own.record, string_agg({value}, '{GATHERED_BETWEEN}' order by {value}) as cell
            from {numbered_records(bound.own.table, own_names)} as own
            join {numbered_records(other.table, _read_of(bound, other))} as {other.alias}
                on {_keys(bound, other, gather.on)}{_within(bound, gather, other)}
            group by own.record
        ) as {other.alias} on {other.alias}.record = {OWN}.record"""


def _within(bound: BoundBlock, gather: Gather, other: BoundTable) -> str:
    reference = bound.block.reference_date
    if gather.window is None or gather.date is None:
        return ""
    if reference is None or reference.column.alias:
        raise SourceUnreadable(
            f"{bound.mapping.file}, line {gather.line}, key 'gather': days need the date of the "
            "procedure in the block's own source\n"
            '  Add reference_date = { column = "...", format = "..." } to the block.'
        )
    first, last = gather.window
    days = f"date_diff('day', {_date(bound.own, reference)}, {_date(other, gather.date)})"
    return f" and {days} between {first} and {last}"


def _date(table: BoundTable, dated: DatedColumn) -> str:
    return date_sql(column_sql(table, dated.column.name), dated.format)
