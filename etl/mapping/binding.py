"""Tie what a mapping names to the tables that were read; a name that is not there is refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from etl.mapping.declaration import Block, Gather, Mapping, Source, SourceColumn
from etl.mapping.statement import nearest
from etl.sources.text_table import TextTable
from warehouse.errors import SourceUnreadable

OWN = "own"


@dataclass(frozen=True)
class BoundTable:
    """A table of the source under the name that SQL gives it, with what is declared of it."""

    alias: str
    table: TextTable
    source: Source

    def place(self, column: str) -> int:
        """Return the place of a column in the header, from 1."""
        return self.table.header.index(column) + 1


@dataclass(frozen=True)
class BoundBlock:
    """A block with its tables: its own, and by source or gather name the joined and gathered."""

    mapping: Mapping
    block: Block
    own: BoundTable
    joined: dict[str, BoundTable]
    gathered: dict[str, BoundTable]

    def table_of(self, column: SourceColumn) -> BoundTable:
        """Return the table that holds a column."""
        if not column.alias:
            return self.own
        return self.joined.get(column.alias) or self.gathered[column.alias]

    @property
    def columns_by_table(self) -> dict[str, list[str]]:
        """Return alias -> columns that are read of it, in header order."""
        found: dict[str, set[str]] = {}
        for column in columns_of(self.block):
            found.setdefault(self.table_of(column).alias, set()).add(column.name)
        for own, other, bound in self._pairs():
            found.setdefault(OWN, set()).add(own)
            found.setdefault(bound.alias, set()).add(other)
        for gather in self.block.gathers:
            names = found.setdefault(self.gathered[gather.name].alias, set())
            names |= {gather.column} | ({gather.date.column.name} if gather.date else set())
        tables = [self.own, *self.joined.values(), *self.gathered.values()]
        return {
            bound.alias: [name for name in bound.table.header if name in found.get(bound.alias, ())]
            for bound in tables
        }

    def _pairs(self) -> Iterable[tuple[str, str, BoundTable]]:
        for join in self.block.joins:
            for own, other in join.on:
                yield own.name, other, self.joined[join.source]
        for gather in self.block.gathers:
            for own, other in gather.on:
                yield own.name, other, self.gathered[gather.name]


def columns_of(block: Block) -> list[SourceColumn]:
    """Return the columns that a block's cells, filters and reference date read."""
    columns = list(block.where)
    if block.reference_date is not None:
        columns.append(block.reference_date.column)
    for entry in block.entries:
        columns += [*entry.where, *entry.needs]
        columns += [column for cell in entry.cells.values() for column in cell.every_column]
    return columns


def bind(mapping: Mapping, tables: Sequence[TextTable]) -> tuple[BoundBlock, ...]:
    """Return every block with its tables.

    Raises
    ------
    SourceUnreadable
        If the mapping names a table or a column that is not there; the message names its line.
    """
    return tuple(_bind_block(mapping, block, tables) for block in mapping.blocks)


def _bind_block(mapping: Mapping, block: Block, tables: Sequence[TextTable]) -> BoundBlock:
    def bound(alias: str, name: str, line: int) -> BoundTable:
        source = mapping.source_named(name)
        return BoundTable(alias, _table_called(mapping, source, tables, line), source)

    found = BoundBlock(
        mapping,
        block,
        bound(OWN, block.source, block.line),
        {j.source: bound(f"joined_{n}", j.source, j.line) for n, j in enumerate(block.joins)},
        {g.name: bound(f"gathered_{n}", g.source, g.line) for n, g in enumerate(block.gathers)},
    )
    _check_columns(found)
    return found


def _table_called(
    mapping: Mapping, source: Source, tables: Sequence[TextTable], line: int
) -> TextTable:
    for table in tables:
        if table.name == source.table:
            return table
    names = [table.name for table in tables]
    raise SourceUnreadable(
        f"{mapping.file}, line {line}: no table of the source is called '{source.table}'"
        f"{nearest(source.table, names)}\n"
        f"  Found: {', '.join(names) or 'none'}. Correct the mapping, or give the missing source."
    )


def _check_columns(bound: BoundBlock) -> None:
    for column, line in _named_columns(bound):
        table = bound.table_of(column).table
        if column.name not in table.header:
            raise SourceUnreadable(
                f"{bound.mapping.file}, line {line}: {table.title} has no column "
                f"'{column.name}'{nearest(column.name, table.header)}\n"
                "  Mind blanks and capitals. Correct the mapping or the source, and load again."
            )


def _named_columns(bound: BoundBlock) -> Iterable[tuple[SourceColumn, int]]:
    """Yield every column that a block names, with the line to correct."""
    block = bound.block
    for entry in block.entries:
        for cell in entry.cells.values():
            yield from ((column, cell.line) for column in cell.every_column)
        yield from ((column, entry.line) for column in (*entry.where, *entry.needs))
    yield from ((column, block.line) for column in block.where)
    if block.reference_date is not None:
        yield block.reference_date.column, block.reference_date.line
    for join in block.joins:
        for own, other in join.on:
            yield from ((own, join.line), (SourceColumn(other, join.source), join.line))
    for gather in block.gathers:
        yield from _gathered_columns(gather)


def _gathered_columns(gather: Gather) -> Iterable[tuple[SourceColumn, int]]:
    dated = [gather.date.column.name] if gather.date else []
    for name in (gather.column, *dated, *(other for _, other in gather.on)):
        yield SourceColumn(name, gather.name), gather.line
    yield from ((own, gather.line) for own, _ in gather.on)
