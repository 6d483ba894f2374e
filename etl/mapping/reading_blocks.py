"""Read one block of a mapping: the source of a canonical table, its joins, columns and rows."""

from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, replace
from decimal import Decimal

from etl.mapping.declaration import (
    Block,
    Cell,
    Entry,
    Filter,
    Gather,
    Join,
    SourceColumn,
)
from etl.mapping.reading_cells import CellReader
from etl.mapping.statement import Statement, nearest
from warehouse.columns import Table
from warehouse.vocabulary import INSTRUMENTS

_BLOCK_KEYS = ("source", "where", "join", "gather", "reference_date", "columns", "rows", "wide")
_WIDE_KEYS = ("instrument", "columns", "scale", "recode", "missing", "decimal_comma", "multiply")


@dataclass(frozen=True)
class BlockReader:
    """Reads one block of `table` from its statement."""

    table: Table
    visits: ReadOnly[str, str]
    statement: Statement

    def block(self, first_number: int) -> Block:
        """Return what the block declares; its entries are numbered from `first_number`."""
        keys = self.statement.entries(_BLOCK_KEYS)
        source = _needed(self.statement, keys, "source").text()
        joins = _joins(keys.get("join"))
        cells = CellReader(self.table, frozenset(join.source for join in joins), visits=self.visits)
        gathers = _gathers(keys.get("gather"), cells)
        gathered = {gather.name: SourceColumn(gather.column, gather.name) for gather in gathers}
        cells = replace(cells, gathered=gathered)
        entries = self._entries(keys, cells, first_number)
        reference = keys.get("reference_date")
        block = Block(
            table=self.table.name,
            source=source,
            where=_filter(keys.get("where"), cells),
            entries=entries,
            joins=joins,
            gathers=gathers,
            reference_date=None if reference is None else cells.dated_column(reference),
            line=self.statement.line,
        )
        self._check(block)
        return block

    def _entries(
        self, keys: dict[str, Statement], reader: CellReader, first: int
    ) -> tuple[Entry, ...]:
        shared = self._cells(keys["columns"], reader) if "columns" in keys else {}
        made: list[Entry] = []
        for rows in keys["rows"].items() if "rows" in keys else ():
            made.append(self._row(rows, reader, shared))
        for wide in keys["wide"].items() if "wide" in keys else ():
            made += self._wide(wide, reader, shared)
        if "rows" not in keys and "wide" not in keys:
            made = [Entry(0, shared, {}, (), self.statement.line)]
        return tuple(replace(entry, number=first + place) for place, entry in enumerate(made))

    def _cells(self, statement: Statement, reader: CellReader) -> dict[str, Cell]:
        names = statement.entries(self.table.column_names)
        return {name: reader.cell(name, names[name]) for name in names}

    def _row(self, statement: Statement, reader: CellReader, shared: dict[str, Cell]) -> Entry:
        keys = statement.entries((*self.table.column_names, "where", "needs"))
        own = {
            name: reader.cell(name, keys[name]) for name in keys if name not in ("where", "needs")
        }
        needs = (
            reader.columns(keys["needs"])
            if "needs" in keys
            else tuple(column for cell in own.values() for column in cell.every_column)
        )
        where = _filter(keys.get("where"), reader)
        return Entry(0, shared | own, where, needs, statement.line)

    def _wide(
        self, statement: Statement, reader: CellReader, shared: dict[str, Cell]
    ) -> list[Entry]:
        """Read columns that are scores of one instrument at one visit each."""
        if self.table.name != "assessments":
            raise statement.refusal("only assessments are wide", "Use [[...rows]] instead.")
        keys = statement.entries(_WIDE_KEYS)
        instrument = _needed(statement, keys, "instrument").one_of(INSTRUMENTS)
        columns = _needed(statement, keys, "columns").entries()
        how = {key: keys[key].value for key in _WIDE_KEYS[2:] if key in keys}
        made = []
        for name, day in columns.items():
            score = replace(day, value={"column": name} | how)
            cells = {
                "instrument": Cell("instrument", statement.line, constant=instrument),
                "days": self._day(day, reader),
                "score": replace(reader.cell("score", score), line=day.line),
            }
            needs = (reader.source_column(replace(day, value=name)),)
            made.append(Entry(0, shared | cells, {}, needs, day.line))
        return made

    def _day(self, statement: Statement, reader: CellReader) -> Cell:
        """Read the day of a wide column: a number, a visit, or a cell of its own."""
        if isinstance(statement.value, dict):
            return reader.cell("days", statement)
        if isinstance(statement.value, int | Decimal):
            return Cell("days", statement.line, constant=str(statement.number()))
        visit = statement.text()
        if visit not in self.visits:
            raise statement.refusal(
                f"visit '{visit}' has no day{nearest(visit, self.visits)}",
                f'Add "{visit}" = a number of days to [visits], such as 42 for 6 weeks.',
            )
        return Cell("days", statement.line, constant=self.visits[visit])

    def _check(self, block: Block) -> None:
        """Refuse a block that cannot fill its table."""
        for entry in block.entries:
            missing = [name for name in self.table.required_columns if name not in entry.cells]
            if missing:
                raise self.statement.refusal(
                    f"required column {', '.join(missing)} of {block.table} is not mapped "
                    f"(line {entry.line})",
                    "Add a line for it under columns.",
                )
            if sum(1 for cell in entry.cells.values() if cell.split) > 1:
                raise self.statement.refusal("two columns are split", "Allowed: one of a row.")
            _check_reference(block, entry, self.statement)


def _check_reference(block: Block, entry: Entry, statement: Statement) -> None:
    for cell in entry.cells.values():
        if cell.date and cell.part in ("day", "age") and block.reference_date is None:
            raise statement.refusal(
                f"'{cell.name}' (line {cell.line}) counts from the date of the procedure, "
                "which is not declared",
                'Add reference_date = { column = "...", format = "DD/MM/YYYY" }.',
            )


def _needed(statement: Statement, keys: dict[str, Statement], key: str) -> Statement:
    if key not in keys:
        raise statement.refusal(f"'{key}' is missing", f"Needed: {key} = ...")
    return keys[key]


def _filter(statement: Statement | None, reader: CellReader) -> Filter:
    if statement is None:
        return {}
    return {
        reader.source_column(replace(values, value=name)): values.scalars()
        for name, values in statement.entries().items()
    }


def _joins(statement: Statement | None) -> tuple[Join, ...]:
    joins: list[Join] = []
    for item in () if statement is None else statement.items():
        keys = item.entries(("source", "on", "many"))
        source = _needed(item, keys, "source").text()
        if source in [join.source for join in joins]:
            raise item.refusal(f"'{source}' is joined twice", "Declare it once in [sources].")
        many = "many" in keys and keys["many"].flag()
        joins.append(Join(source, _pairs(_needed(item, keys, "on")), many, item.line))
    return tuple(joins)


def _gathers(statement: Statement | None, reader: CellReader) -> tuple[Gather, ...]:
    gathers: list[Gather] = []
    for item in () if statement is None else statement.items():
        keys = item.entries(("name", "source", "column", "on", "date", "days"))
        gathers.append(
            Gather(
                name=_needed(item, keys, "name").text(),
                source=_needed(item, keys, "source").text(),
                column=_needed(item, keys, "column").text(),
                on=_pairs(_needed(item, keys, "on")),
                date=reader.dated_column(keys["date"]) if "date" in keys else None,
                window=_window(item, keys),
                line=item.line,
            )
        )
    return tuple(gathers)


def _window(item: Statement, keys: dict[str, Statement]) -> tuple[int, int] | None:
    """Read the days around the reference date, such as [-30, 30]; they need a date."""
    if "days" not in keys:
        return None
    if "date" not in keys:
        raise item.refusal("days need a date", 'Add date = { column = "...", format = "..." }.')
    days = [int(day.number()) for day in keys["days"].items()]
    if len(days) != 2 or days[0] > days[1]:
        raise keys["days"].refusal("it is not a first and a last day", "Such as [-30, 30].")
    return days[0], days[1]


def _pairs(statement: Statement) -> tuple[tuple[SourceColumn, str], ...]:
    """Read own column = column of the other source."""
    pairs = statement.entries()
    if not pairs:
        raise statement.refusal("no column is named", 'Such as on = { patient_no = "id" }.')
    return tuple((SourceColumn(name), other.text()) for name, other in pairs.items())
