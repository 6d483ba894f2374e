"""Which columns of a source a mapping reads, and for what, so that the gate can look at them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from etl.mapping.declaration import (
    Block,
    Cell,
    DatedColumn,
    Entry,
    Filter,
    Gather,
    Join,
    Mapping,
    SourceColumn,
)
from etl.sources.text_table import TextTable

JOINS, FILTERS, DATES, CODES, CARRIES, MAKES = "join", "filter", "date", "code", "carry", "make"
"""For what a column is read: records are joined or chosen by it, a cell is made of its date, of its
codes, is its very text, or is made of its text."""


@dataclass(frozen=True)
class ColumnUse:
    """One reading of a source column.

    Attributes
    ----------
    source : str
        The source as the mapping calls it.
    column : str
    role : str
        One of the words above.
    line : int
        Line of the mapping.
    fills : str
        Canonical column of the cell; empty where no cell is filled.
    declared : frozenset of str
        Texts whose meaning the mapping itself writes down: recoded, chosen, visits or missing.
    format : str
        Of a date, as it is declared.
    """

    source: str
    column: str
    role: str
    line: int
    fills: str = ""
    declared: frozenset[str] = frozenset()
    format: str = ""


def column_uses(mapping: Mapping) -> dict[str, list[ColumnUse]]:
    """Return table name -> every reading of its columns, in the order of the mapping."""
    found: dict[str, list[ColumnUse]] = {}
    for block in mapping.blocks:
        for use in dict.fromkeys(_uses(mapping, block)):
            source = mapping.source_named(use.source)
            meant = replace(use, declared=use.declared.union(source.missing))
            found.setdefault(source.table, []).append(meant)
    return found


def used_columns(mapping: Mapping) -> dict[str, list[str]]:
    """Return table name -> the columns that the mapping reads, sorted; others are not read."""
    return {
        table: sorted({use.column for use in uses}) for table, uses in column_uses(mapping).items()
    }


def dropped_columns(mapping: Mapping, tables: Sequence[TextTable]) -> dict[str, list[str]]:
    """Return table name -> columns that no line of the mapping reads, in header order."""
    used = used_columns(mapping)
    dropped = {t.name: [n for n in t.header if n not in used.get(t.name, [])] for t in tables}
    return {table: names for table, names in dropped.items() if names}


def _uses(mapping: Mapping, block: Block) -> Iterator[ColumnUse]:
    yield from _filters(block, block.where, block.line)
    if block.reference_date is not None:
        yield _dated(block, block.reference_date)
    for entry in block.entries:
        yield from _of_entry(mapping, block, entry)
    for own, other, join in _pairs(block):
        yield replace(_placed(block, own), role=JOINS, line=join.line)
        yield ColumnUse(join.source, other, JOINS, join.line)
    for gather in block.gathers:
        yield from _of_gather(block, gather)


def _of_entry(mapping: Mapping, block: Block, entry: Entry) -> Iterator[ColumnUse]:
    """Yield the readings of one entry; a needed column is read by a cell, or chosen by."""
    yield from _filters(block, entry.where, entry.line)
    read: set[SourceColumn] = set()
    for cell in entry.cells.values():
        yield from _of_cell(mapping, block, cell)
        read |= set(cell.every_column)
    for column in entry.needs:
        if column not in read:
            yield replace(_placed(block, column), role=FILTERS, line=entry.line)


def _of_gather(block: Block, gather: Gather) -> Iterator[ColumnUse]:
    """Yield the date of what is gathered, and what is gathered where no cell reads it."""
    if gather.date is not None:
        yield replace(_dated(block, gather.date), source=gather.source)
    cells = [cell for entry in block.entries for cell in entry.cells.values()]
    if SourceColumn(gather.column, gather.name) not in {c for o in cells for c in o.every_column}:
        yield ColumnUse(gather.source, gather.column, FILTERS, gather.line)


def _of_cell(mapping: Mapping, block: Block, cell: Cell) -> Iterator[ColumnUse]:
    declared = {*cell.missing, *cell.recode, *(mapping.visits if cell.is_visit else ())}
    is_carried = len(cell.columns) == 1 and not (
        cell.recode or cell.split or cell.is_visit or cell.conversion or cell.conversions
    )
    for column in cell.columns:
        use = replace(_placed(block, column), line=cell.line, fills=cell.name)
        role = CARRIES if is_carried and cell.code_rule is None else MAKES
        yield replace(use, role=role, declared=frozenset(declared))
    if cell.date is not None:
        yield replace(_dated(block, cell.date), fills=cell.name, declared=frozenset(declared))
    if cell.code_rule is not None:
        yield from _of_codes(mapping, block, cell)


def _of_codes(mapping: Mapping, block: Block, cell: Cell) -> Iterator[ColumnUse]:
    """Yield the readings of a code rule: its codes, and what tells the device or the biopsy."""
    rule = cell.code_rule
    assert rule is not None
    told = [told for told in (rule.device, rule.biopsy) if told is not None]
    for other in told:
        yield from _of_cell(mapping, block, other)
    by_cells = {column for other in told for column in other.columns}
    for column in rule.columns:
        if column not in by_cells:
            yield replace(_placed(block, column), role=CODES, line=cell.line, fills=cell.name)


def _filters(block: Block, filters: Filter, line: int) -> Iterator[ColumnUse]:
    for column, values in filters.items():
        use = replace(_placed(block, column), role=FILTERS, line=line)
        yield replace(use, declared=frozenset(values))


def _pairs(block: Block) -> Iterable[tuple[SourceColumn, str, Join | Gather]]:
    joined: tuple[Join | Gather, ...] = (*block.joins, *block.gathers)
    for join in joined:
        for own, other in join.on:
            yield own, other, join


def _dated(block: Block, dated: DatedColumn) -> ColumnUse:
    use = _placed(block, dated.column)
    return replace(use, role=DATES, line=dated.line, format=dated.format)


def _placed(block: Block, column: SourceColumn) -> ColumnUse:
    """Return a reading of a column, under the name that the mapping gives its source."""
    gathers = {gather.name: gather.source for gather in block.gathers}
    source = gathers.get(column.alias, column.alias) or block.source
    return ColumnUse(source, column.name, MAKES, block.line)
