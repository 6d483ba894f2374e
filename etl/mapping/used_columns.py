"""Which columns of a source a mapping reads, so that the identifier gate looks at those."""

from collections.abc import Iterable, Sequence

from etl.mapping.declaration import Block, Mapping, SourceColumn
from etl.sources.text_table import TextTable


def used_columns(mapping: Mapping) -> dict[str, list[str]]:
    """Return table name -> the columns that the mapping reads, sorted; others are not read."""
    return _by_table(mapping, _columns)


def date_columns(mapping: Mapping) -> dict[str, list[str]]:
    """Return table name -> columns read as dates only: of these nothing but days is kept."""
    dated = _by_table(mapping, _dated)
    plain = _by_table(mapping, _not_dated)
    only = {
        table: [n for n in names if n not in plain.get(table, [])] for table, names in dated.items()
    }
    return {table: names for table, names in only.items() if names}


def dropped_columns(mapping: Mapping, tables: Sequence[TextTable]) -> dict[str, list[str]]:
    """Return table name -> columns that no line of the mapping reads, in header order."""
    used = used_columns(mapping)
    dropped = {t.name: [n for n in t.header if n not in used.get(t.name, [])] for t in tables}
    return {table: names for table, names in dropped.items() if names}


def _by_table(mapping: Mapping, chosen) -> dict[str, list[str]]:  # type: ignore[no-untyped-def]
    found: dict[str, set[str]] = {}
    for block in mapping.blocks:
        for source, name in chosen(block):
            found.setdefault(mapping.source_named(source).table, set()).add(name)
    return {table: sorted(names) for table, names in found.items()}


def _columns(block: Block) -> Iterable[tuple[str, str]]:
    yield from _not_dated(block)
    yield from _dated(block)


def _dated(block: Block) -> Iterable[tuple[str, str]]:
    """Yield source and name of every column of dates."""
    if block.reference_date is not None:
        yield _placed(block, block.reference_date.column)
    for entry in block.entries:
        for cell in entry.cells.values():
            if cell.date is not None:
                yield _placed(block, cell.date.column)
    for gather in block.gathers:
        if gather.date is not None:
            yield gather.source, gather.date.column.name


def _not_dated(block: Block) -> Iterable[tuple[str, str]]:
    """Yield source and name of every column whose text is looked at."""
    dates = {cell.date.column for e in block.entries for cell in e.cells.values() if cell.date}
    yield from (_placed(block, column) for column in block.where)
    for entry in block.entries:
        yield from (_placed(block, column) for column in entry.where)
        yield from (_placed(block, column) for column in entry.needs if column not in dates)
        for cell in entry.cells.values():
            codes = () if cell.code_rule is None else cell.code_rule.columns
            yield from (_placed(block, column) for column in (*cell.columns, *codes))
    pairs = [(join.source, join.on) for join in block.joins]
    pairs += [(gather.source, gather.on) for gather in block.gathers]
    for source, on in pairs:
        for own, other in on:
            yield from (_placed(block, own), (source, other))
    yield from ((gather.source, gather.column) for gather in block.gathers)


def _placed(block: Block, column: SourceColumn) -> tuple[str, str]:
    """Return the source of a column as the mapping calls it, and its name."""
    if not column.alias:
        return block.source, column.name
    gathers = {gather.name: gather.source for gather in block.gathers}
    return gathers.get(column.alias, column.alias), column.name
