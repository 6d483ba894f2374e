"""Create the canonical text relations of a mapping: one pass over each block's own source."""

from collections.abc import Sequence
from dataclasses import dataclass

from etl.mapping.binding import OWN, BoundBlock, bind
from etl.mapping.code_columns import CodeColumns, code_columns, fill_lookup
from etl.mapping.declaration import Entry, Mapping, SourceColumn
from etl.mapping.expressions import CellWriter, SourceText, sql_text
from etl.mapping.joins import check_joins, join_sql
from etl.mapping.named_values import PART, NamedValues
from etl.mapping.reading_text import column_name, column_sql, numbered_records
from etl.mapping.rules import MAPPING_RULES
from etl.mapping.suspect_scales import ask_for_scales
from etl.sources.text_table import TextTable
from warehouse.connection import Connection
from warehouse.source_schema import TABLES, table_named

PLACE_COLUMNS = ("source_table", "source_record", "source_entry", "out_of_scope")


@dataclass(frozen=True)
class MappedTable:
    """A canonical table as a relation of text, ready to be staged as a canonical file would be.

    Attributes
    ----------
    table : str
        Canonical table.
    relation : str
        Name of the view: the mapped canonical columns as VARCHAR, then `source_table` (name of the
        TextTable), `source_record` (from 1), `source_entry` (number of the Entry that made the row)
        and `out_of_scope` (boolean: only the sacrum was treated). Rows are in no particular order.
    columns : tuple of str
        The canonical columns that it has, in the order of the schema.
    left_out : int
        Records that a block's `where` leaves out.
    is_in_order : bool
        True where row n is record n, and `source_record` is null: one row for every record.
    """

    table: str
    relation: str
    columns: tuple[str, ...]
    left_out: int
    is_in_order: bool = False


def map_tables(
    connection: Connection,
    mapping: Mapping,
    tables: Sequence[TextTable],
    *,
    is_staged: bool = False,
) -> tuple[MappedTable, ...]:
    """Create the view `mapped_<table>` of every canonical table that the mapping fills.

    Also creates the table `mapping_findings`: rule, severity, table_name, source_table,
    source_record, source_entry, column_name, found, allowed.

    Parameters
    ----------
    connection : Connection
        Of the load; it must be able to read the files of the tables.
    mapping : Mapping
    tables : sequence of TextTable
    is_staged : bool
        True where the caller writes the rows into tables, which number them, and then asks for
        undeclared scales itself (`ask_for_scales`): both are quicker of tables than of files.

    Raises
    ------
    SourceUnreadable
        If a table or a column is not there, a join would multiply rows, or an ODI is on a scale
        that has to be declared; the message names the line of the mapping.
    """
    built = [_BuiltBlock(connection, bound) for bound in bind(mapping, tables)]
    for block in built:
        block.prepare()
    mapped = tuple(
        _create_view(connection, table.name, built, is_staged=is_staged)
        for table in TABLES
        if mapping.blocks_of(table.name)
    )
    _create_findings(connection, built)
    if mapping.blocks_of("assessments") and not is_staged:
        ask_for_scales(connection, mapping, "mapped_assessments")
    return mapped


def _create_findings(connection: Connection, built: "Sequence[_BuiltBlock]") -> None:
    """Create `mapping_findings` from the lookups of codes and from the levels they count."""
    found = [block.findings(columns) for block in built for columns in block.codes]
    if any(block.block.table == "treated_levels" for block in built):
        found += [
            block.level_findings(columns)
            for block in built
            for columns in block.codes
            if block.block.table == "procedures" and columns.column == "technique"
        ]
    severities = ", ".join(f"({sql_text(r)}, {sql_text(s)})" for r, (s, _) in MAPPING_RULES.items())
    connection.execute(
        "create or replace temp table mapping_findings (rule varchar, severity varchar, "
        "table_name varchar, source_table varchar, source_record bigint, source_entry integer, "
        "column_name varchar, found varchar, allowed varchar)"
    )
    if found:
        connection.execute(
            f"insert into mapping_findings by name select found.*, severity from "
            f"({' union all '.join(found)}) as found "
            f"join (values {severities}) as rules (rule, severity) using (rule)"
        )


def _create_view(
    connection: Connection, table: str, built: "Sequence[_BuiltBlock]", *, is_staged: bool
) -> MappedTable:
    blocks = [block for block in built if block.bound.block.table == table]
    is_in_order = is_staged and len(blocks) == 1 and blocks[0].makes_a_row_of_each
    filled = {name for block in blocks for name in block.filled}
    columns = tuple(name for name in table_named(table).column_names if name in filled)
    parts = "\nunion all\n".join(
        block.select(columns, is_numbered=not is_in_order) for block in blocks
    )
    connection.execute(f"create or replace temp view mapped_{table} as {parts}")
    left_out = sum(block.left_out() for block in blocks)
    return MappedTable(table, f"mapped_{table}", columns, left_out, is_in_order)


class _BuiltBlock:
    """The SQL of one block.

    Its records with what is joined and gathered are `base`; each makes a row of `made` for every
    entry and every part of a cell that is split; lookups of codes are joined to these.
    """

    def __init__(self, connection: Connection, bound: BoundBlock) -> None:
        self.connection = connection
        self.bound = bound
        self.block = bound.block
        self.entries = bound.block.entries
        self.writer = CellWriter(
            table_named(self.block.table),
            self._text_of,
            dict(bound.mapping.visits),
            self.block.reference_date,
            NamedValues(),
        )
        self.lookups: dict[int, list[CodeColumns]] = {
            entry.number: code_columns(entry, self.writer) for entry in self.entries
        }
        self.meant = self.writer.where(self.block.where)
        self.cells = {entry.number: self._cells(entry) for entry in self.entries}

    @property
    def filled(self) -> set[str]:
        """Return the canonical columns that the block fills."""
        return {name for cells in self.cells.values() for name in cells}

    @property
    def codes(self) -> list[CodeColumns]:
        """Return the lookups of all entries."""
        return [columns for lookups in self.lookups.values() for columns in lookups]

    @property
    def makes_a_row_of_each(self) -> bool:
        """Return whether each record makes one row, found without any other table."""
        entry = self.entries[0]
        splits = any(cell.split for cell in entry.cells.values())
        several = len(self.entries) > 1 or splits or self.block.joins or self.block.gathers
        chooses = self.block.where or entry.where or entry.needs
        return not (several or chooses or self.codes)

    def prepare(self) -> None:
        """Check the joins, and derive technique and cause from the codes."""
        check_joins(self.connection, self.bound)
        for number, lookups in self.lookups.items():
            for columns in lookups:
                fill_lookup(self.connection, columns, self._rows(only=number))

    def select(self, columns: Sequence[str], *, is_numbered: bool) -> str:
        """Return the SQL of the block's canonical rows."""
        chosen = [f"({self._by_entry(self._cell(name))})::varchar as {name}" for name in columns]
        sacral = [f"coalesce({c.alias}.out_of_scope, false)" for c in self.codes]
        return f"""select
            {", ".join(chosen)},
            {sql_text(self.bound.own.table.name)} as source_table,
            record as source_record,
            source_entry,
            {" or ".join(sacral) or "false"} as out_of_scope
        from ({self._rows(is_numbered=is_numbered)}) as made
        {" ".join(columns.join for columns in self.codes)}"""

    def findings(self, columns: CodeColumns) -> str:
        """Return the SQL of what one lookup found, one row for each finding of a record."""
        return f"""select
            {self._found("found.rule", columns.column, "found.found", "found.allowed")}
        from ({self._rows(only=self._number_of(columns))}) as made
        join {columns.alias}_findings as found on found.key = {columns.key}"""

    def level_findings(self, columns: CodeColumns) -> str:
        """Return the SQL of the procedures that have fewer or more levels than were billed."""
        number = self._number_of(columns)
        found = f"coalesce(recorded, 0) || ' recorded; codes: ' || {columns.alias}.levels"
        allowed = "'as many levels as primary and add-on codes'"
        return f"""select
            {self._found("'levels_agree_with_codes'", "procedure_id", found, allowed)}
        from ({self._rows(only=number)}) as made
        join {columns.alias} on {columns.alias}.key = {columns.key}
        left join (
            select procedure_id, count(distinct level) as recorded
            from mapped_treated_levels
            group by procedure_id
        ) as counted on counted.procedure_id = {self.cells[number]["procedure_id"]}
        where {columns.alias}.levels <> coalesce(recorded, 0)"""

    def _found(self, rule: str, column: str, found: str, allowed: str) -> str:
        return f"""{rule} as rule,
            {sql_text(self.block.table)} as table_name,
            {sql_text(self.bound.own.table.name)} as source_table,
            record as source_record,
            source_entry,
            '{column}' as column_name,
            {found} as found,
            {allowed} as allowed"""

    def _number_of(self, columns: CodeColumns) -> int:
        return next(number for number, lookups in self.lookups.items() if columns in lookups)

    def left_out(self) -> int:
        """Return how many records the block's filter leaves out."""
        if not self.block.where:
            return 0
        others = f"select count(*) from ({self._base()}) as base where not ({self.meant})"
        counted = self.connection.execute(others)
        return int(counted.fetchall()[0][0])

    def _cells(self, entry: Entry) -> dict[str, str]:
        """Return canonical column -> SQL for one entry."""
        instrument = entry.cells.get("instrument")
        cells = {
            name: self.writer.cell(cell, instrument)
            for name, cell in entry.cells.items()
            if cell.code_rule is None
        }
        for columns in self.lookups[entry.number]:
            cells |= columns.cells(entry)
        return cells

    def _cell(self, name: str) -> dict[int, str]:
        return {number: cells.get(name, "null") for number, cells in self.cells.items()}

    def _by_entry(self, sql_of: dict[int, str]) -> str:
        """Return one expression for all entries; one by one only where they differ."""
        if len(set(sql_of.values())) == 1:
            return next(iter(sql_of.values()))
        cases = " ".join(f"when {number} then {sql}" for number, sql in sql_of.items())
        return f"case source_entry {cases} end"

    def _base(self, *, is_numbered: bool = True) -> str:
        """Return the SQL of the records with what belongs to them, each column under one name."""
        read = self.bound.columns_by_table
        tables = [self.bound.own, *self.bound.joined.values()]
        chosen = [
            f"{column_sql(table, name)} as {column_name(table, name)}"
            for table in tables
            for name in read[table.alias]
        ]
        chosen += [f"{table.alias}.cell as {table.alias}" for table in self.bound.gathered.values()]
        own = numbered_records(self.bound.own.table, read[OWN], is_numbered=is_numbered)
        return f"""select {", ".join(["own.record", *chosen])}
            from {own} as own
            {join_sql(self.bound)}"""

    def _rows(self, *, only: int | None = None, is_numbered: bool = True) -> str:
        """Return the SQL of the rows before they are canonical, of one entry or of all."""
        numbers = [entry.number for entry in self.entries if only in (None, entry.number)]
        kept = {e.number: self._kept(e) for e in self.entries if e.number in numbers}
        base = self._base(is_numbered=is_numbered)
        meant = f"select * from ({base}) as base where {self.meant}"
        entry = str(numbers[0]) if len(numbers) == 1 else f"unnest({numbers})"
        values = self.writer.values.computed(meant, of_part=False)
        rows = f"select *, {entry} as source_entry from ({values}) as meant"
        if any(cell.split for e in self.entries for cell in e.cells.values()):
            parts = self._by_entry({e.number: self._parts(e) for e in self.entries})
            rows = f"select *, unnest({parts}) as {PART} from ({rows}) as entered"
            rows = self.writer.values.computed(rows, of_part=True)
        return f"select * from ({rows}) as parted where {self._by_entry(kept)}"

    def _parts(self, entry: Entry) -> str:
        """Return the SQL of the list of parts that make a row each."""
        for cell in entry.cells.values():
            if cell.split:
                text = self._text_of(cell.columns[0]).sql
                split = f"string_split(coalesce({text}, ''), {sql_text(cell.split)})"
                return f"list_filter({split}, lambda part: trim(part) <> '')"
        return "['']"

    def _kept(self, entry: Entry) -> str:
        tests = [self.writer.where(entry.where), self.writer.needs(entry)]
        for cell in entry.cells.values():
            if cell.split:
                column = self.writer.table.column(cell.name)
                tests.append(f"{self.writer.given(cell, cell.columns[0], column)} is not null")
        return " and ".join(f"({test})" for test in tests)

    def _text_of(self, column: SourceColumn) -> SourceText:
        table = self.bound.table_of(column)
        if table in self.bound.gathered.values():
            return SourceText(table.alias)
        source = table.source
        return SourceText(column_name(table, column.name), source.missing, source.decimal_comma)
