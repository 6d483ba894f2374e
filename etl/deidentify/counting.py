"""Count what was done, column by column and record by record; no value leaves this module."""

from collections.abc import Iterator, Sequence

from etl.deidentify.cells import SURROGATE_KINDS, is_capped, is_emptied, is_text
from etl.deidentify.records import PARENT_LEFT_OUT, columns_of, not_left_out
from etl.deidentify.report import ColumnDone, LeftOut, Noticed, TableDone
from etl.identifier_names import identifier_column_name
from etl.identifier_shapes import kind_of_value
from etl.mapping.building import MappedTable
from etl.mapping.declaration import Mapping
from etl.mapping.reading_text import text_reader
from etl.mapping.used_columns import dropped_columns
from etl.sources.any_source import AnySource
from etl.sources.text_table import TextTable
from warehouse.columns import Column
from warehouse.connection import Connection

UNREADABLE = "a record that could not be read"
_EMPTIED = "looks identifying, or is more than a short name"
_EXAMPLES = 5


def tables_done(
    connection: Connection,
    mapping: Mapping,
    mapped: Sequence[MappedTable],
    sources: Sequence[TextTable],
) -> dict[str, TableDone]:
    """Return how many records of each canonical table are read, written and left out."""
    done = {}
    for table in mapped:
        name = table.table
        given, left, with_parent = connection.execute(
            f"""
            select
                (select count(*) from given_{name}),
                count(*),
                count(*) filter (reason = $parent)
            from left_out where table_name = $name
            """,
            {"name": name, "parent": PARENT_LEFT_OUT},
        ).fetchall()[0]
        unread = sum(len(source.faults) for source in _own_sources(mapping, name, sources))
        done[name] = TableDone(
            read=given + unread,
            written=given - left,
            left_out=left + unread,
            left_out_with_parent=with_parent,
        )
    return done


def left_out_records(
    connection: Connection,
    mapping: Mapping,
    mapped: Sequence[MappedTable],
    sources: Sequence[TextTable],
) -> tuple[LeftOut, ...]:
    """Return the records that are not written by table, column and reason, with first places."""
    return tuple(
        left
        for table in mapped
        for left in (
            *_unread(table.table, _own_sources(mapping, table.table, sources)),
            *_left_out_of(connection, mapping, table.table, sources),
        )
    )


def columns_done(
    connection: Connection,
    mapping: Mapping,
    mapped: Sequence[MappedTable],
    sources: Sequence[TextTable],
) -> tuple[ColumnDone, ...]:
    """Return what became of every column, written and dropped."""
    return (
        *(done for table in mapped for done in _written(connection, mapping, table)),
        *_dropped(connection, mapping, sources),
    )


def noticed(connection: Connection, source: AnySource) -> tuple[Noticed, ...]:
    """Return what the readers and the mapping noticed, without the cells that they noticed."""
    rows = connection.execute(
        "select rule, table_name, count(distinct (source_table, source_record)) "
        "from mapping_findings group by all order by all"
    ).fetchall()
    by_readers = [Noticed(found.rule, found.table, found.count) for found in source.findings]
    return (*by_readers, *(Noticed(*row) for row in rows))


def _own_sources(mapping: Mapping, table: str, sources: Sequence[TextTable]) -> list[TextTable]:
    """Return the sources whose unreadable records count to a table: to the first one only."""
    first: dict[str, str] = {}
    for block in mapping.blocks:
        first.setdefault(mapping.source_named(block.source).table, block.table)
    return [source for source in sources if first.get(source.name) == table]


def _unread(table: str, sources: Sequence[TextTable]) -> Iterator[LeftOut]:
    for source in sources:
        if source.faults:
            places = [f"{source.place_word} {place}" for place, _ in source.faults[:_EXAMPLES]]
            yield LeftOut(table, "", UNREADABLE, len(source.faults), tuple(places))


def _left_out_of(
    connection: Connection, mapping: Mapping, table: str, sources: Sequence[TextTable]
) -> Iterator[LeftOut]:
    rows = connection.execute(
        f"""
        select column_name, min(source_entry), reason, count(*), list_slice(
            list(struct_pack(name := source_table, record := source_record)
                order by source_table, source_record), 1, {_EXAMPLES})
        from left_out
        join given_{table} as given on given.rowid = given_row
        where table_name = $name
        group by column_name, reason
        order by count(*) desc, column_name, reason
        """,
        {"name": table},
    ).fetchall()
    named = {source.name: source for source in sources}
    for column, entry, reason, records, first in rows:
        column = _with_source(column, mapping.source_words(entry, column))
        places = tuple(named[one["name"]].place_of(one["record"]) for one in first)
        yield LeftOut(table, column, reason, records, places)


def _written(connection: Connection, mapping: Mapping, table: MappedTable) -> Iterator[ColumnDone]:
    """Yield what was done to the columns of one table that are written."""
    name, columns = table.table, columns_of(table)
    filled = ", ".join(f"count({column.name})" for column in columns)
    changed = ", ".join(f"count(*) filter (coalesce({_changed(c)}, false))" for c in columns)
    cells = connection.execute(f"select {filled} from clean_{name}").fetchall()[0]
    changes = connection.execute(
        f"select {changed} from given_{name} as given where {not_left_out(name)}"
    ).fetchall()[0]
    for column, count, change in zip(columns, cells, changes, strict=True):
        yield ColumnDone(name, column.name, _how(mapping, name, column.name), count)
        if change and is_text(column):
            yield ColumnDone(name, column.name, "emptied", change, _EMPTIED)
        elif change:
            yield ColumnDone(name, column.name, "capped at 90", change)


def _changed(column: Column) -> str:
    """Return the SQL that is true where a cell is emptied or capped."""
    if is_text(column):
        return is_emptied(column)
    return is_capped(column) if column.name == "age_years" else "false"


def _how(mapping: Mapping, table: str, column: str) -> str:
    if column in SURROGATE_KINDS:
        return "surrogate"
    cells = [
        e.cells[column] for b in mapping.blocks_of(table) for e in b.entries if column in e.cells
    ]
    return "from a date" if any(cell.date is not None for cell in cells) else "kept"


def _dropped(
    connection: Connection, mapping: Mapping, sources: Sequence[TextTable]
) -> Iterator[ColumnDone]:
    dropped = dropped_columns(mapping, sources)
    for source in sources:
        names = dropped.get(source.name, [])
        if not names:
            continue
        counts = ", ".join(f"count(c{source.header.index(name) + 1})" for name in names)
        cells = connection.execute(f"select {counts} from {text_reader(source)}").fetchall()[0]
        for name, filled in zip(names, cells, strict=True):
            yield ColumnDone(
                source.name,
                _shown(name),
                "dropped",
                filled,
                identifier_column_name(name) or "not asked for",
            )


def _with_source(column: str, source: str) -> str:
    """Return a canonical column, with the column of the source that it is made from."""
    return column if source in ("", column) else f"{column} from {_shown(source)}"


def _shown(name: str) -> str:
    """Return a column's name, unless the name itself looks like an identifier."""
    return name if kind_of_value(name, dates_allowed=False) is None else "(an identifying name)"
