"""One canonical cell as an SQL expression over text columns of the source.

What cannot be converted is never made null: the text stays, or a few words say what is wrong, and
the ordinary checks refuse it. A date that cannot be read is not repeated in those words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from etl.mapping.conversions import Conversion
from etl.mapping.dates import date_sql
from etl.mapping.declaration import Cell, DatedColumn, Entry, Filter, SourceColumn
from etl.mapping.named_values import PART, NamedValues
from warehouse.columns import Column, Table

NO_DATE = "not a date as declared"
NO_REFERENCE_DATE = "no date of the procedure"
SEPARATOR_IN_KEY = "separator within a part"
UNDECLARED_VISIT = "undeclared visit "
POINT_WITH_COMMA = " (decimal comma declared)"
OFF_SCALE = " (not on the declared scale)"
_WRITTEN_MISSING = "NA"
_COMMA_NUMBER = "[+-]?[0-9]*,?[0-9]+"


def sql_text(value: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def listed(values: Sequence[str]) -> str:
    """Return texts as SQL writes them, commas between."""
    return ", ".join(map(sql_text, values))


@dataclass(frozen=True)
class SourceText:
    """The text of one source column in SQL, and how its source is written."""

    sql: str
    missing: tuple[str, ...] = ()
    decimal_comma: bool = False


@dataclass(frozen=True)
class CellWriter:
    """Writes the cells of one block.

    Attributes
    ----------
    table : Table
        The canonical table.
    text_of : callable
        Source column -> its text in SQL.
    visits : mapping of str to str
    reference_date : DatedColumn or None
    values : NamedValues
        Gathers what several expressions share.
    """

    table: Table
    text_of: Callable[[SourceColumn], SourceText]
    visits: dict[str, str]
    reference_date: DatedColumn | None
    values: NamedValues

    def cell(self, cell: Cell, instrument: Cell | None = None) -> str:
        """Return the SQL of one canonical cell; of a score, `instrument` tells which scale."""
        if cell.constant is not None:
            return sql_text(cell.constant)
        column = self.table.column(cell.name)
        if cell.date is not None:
            value = self._from_date(cell, cell.date)
        elif cell.is_visit:
            value = self._visit_day(cell)
        elif len(cell.columns) > 1:
            value = self._key(cell)
        elif column.kind in ("whole", "decimal"):
            value = self._number(cell, instrument)
        else:
            value = self._recoded(cell, self.given(cell, cell.columns[0], column))
        if cell.if_missing is None:
            return value
        return f"coalesce({value}, {sql_text(cell.if_missing)})"

    def given(self, cell: Cell, source_column: SourceColumn, column: Column | None) -> str:
        """Return the SQL of a source cell, null where it is blank or a code for missing.

        Codes declared for all columns are not looked for in keys, whose values may be any.
        """
        text = self.text_of(source_column)
        if cell.split:
            text = replace(text, sql=f"trim({PART})")
        is_key = column is not None and column.kind == "identifier"
        codes = (*cell.missing, *(() if is_key else text.missing), _WRITTEN_MISSING)
        codes = tuple(dict.fromkeys(code for code in codes if code not in cell.recode))
        if codes == (_WRITTEN_MISSING,):
            return self.values.name(f"nullif({text.sql}, '{_WRITTEN_MISSING}')")
        return self.values.name(
            f"case when trim({text.sql}) in ({listed(codes)}) then null else {text.sql} end"
        )

    def where(self, filters: Filter) -> str:
        """Return the SQL that is true where every filter's column holds one of its values."""
        tests = [
            f"coalesce(trim({self.text_of(column).sql}) in ({listed(values)}), false)"
            for column, values in filters.items()
        ]
        return " and ".join(tests) or "true"

    def needs(self, entry: Entry) -> str:
        """Return the SQL that is true where one of the columns that an entry needs is given."""
        tests = [
            f"trim({self.given(_as_read(entry, column), column, None)}) <> ''"
            for column in entry.needs
        ]
        return f"coalesce({' or '.join(tests)}, false)" if tests else "true"

    def _recoded(self, cell: Cell, text: str) -> str:
        if not cell.recode:
            return text
        cases = " ".join(
            f"when {sql_text(found)} then {sql_text(value) if value else 'null'}"
            for found, value in cell.recode.items()
        )
        return self.values.name(f"case trim({text}) {cases} else {text} end")

    def _number(self, cell: Cell, instrument: Cell | None) -> str:
        column = cell.columns[0]
        text = self._recoded(cell, self.given(cell, column, self.table.column(cell.name)))
        comma = self.text_of(column).decimal_comma
        if cell.decimal_comma if cell.decimal_comma is not None else comma:
            text = self.values.name(_with_decimal_point(text))
        if cell.conversion is not None:
            return self._converted(text, cell.conversion)
        if not cell.conversions or instrument is None:
            return text
        cases = " ".join(
            f"when {sql_text(name)} then {self._converted(text, conversion)}"
            for name, conversion in cell.conversions.items()
        )
        return f"case {self.cell(instrument)} {cases} else {text} end"

    def _converted(self, text: str, conversion: Conversion) -> str:
        number = self.values.name(f"try_cast({text} as double)")
        result = self.values.name(conversion.sql(number))
        return (
            f"case when {number} is null then {text} when {conversion.outside(number)} "
            f"then {text} || '{OFF_SCALE}' else {_as_text(result)} end"
        )

    def _visit_day(self, cell: Cell) -> str:
        text = self.given(cell, cell.columns[0], None)
        cases = " ".join(
            f"when {sql_text(visit)} then {sql_text(day) if day else 'null'}"
            for visit, day in self.visits.items()
        )
        return f"case trim({text}) {cases} else '{UNDECLARED_VISIT}' || {text} end"

    def _key(self, cell: Cell) -> str:
        """Return the parts of a key with a separator, which only the first of them may hold."""
        column = self.table.column(cell.name)
        parts = [f"trim({self.given(cell, part, column)})" for part in cell.columns]
        held = " or ".join(f"contains({part}, {sql_text(cell.separator)})" for part in parts[1:])
        blank = " or ".join(f"{part} = ''" for part in parts)
        joined = f" || {sql_text(cell.separator)} || ".join(parts)
        return (
            f"case when {blank} then null when {held} then '{SEPARATOR_IN_KEY}' else {joined} end"
        )

    def _from_date(self, cell: Cell, dated: DatedColumn) -> str:
        text = self.given(cell, dated.column, None)
        day = self.values.name(date_sql(text, dated.format))
        if cell.part in ("year", "month"):
            made = f"{cell.part}({day})"
            return f"case when {text} is not null then coalesce({made}::varchar, '{NO_DATE}') end"
        if self.reference_date is None:
            raise ValueError(f"'{cell.name}' has no date to count from")
        reference = self._date(self.reference_date)
        made = f"date_diff('day', {reference}, {day})"
        if cell.part == "age":
            made = f"least(date_sub('year', {day}, {reference}), 90)"
        if cell.conversion is not None:
            made = self.values.name(cell.conversion.sql(made))
        return (
            f"case when {text} is null then null when {day} is null then '{NO_DATE}' "
            f"when {reference} is null then '{NO_REFERENCE_DATE}' else {_as_text(made)} end"
        )

    def _date(self, dated: DatedColumn) -> str:
        text = self.given(Cell("", 0), dated.column, None)
        return self.values.name(date_sql(text, dated.format))


def _as_read(entry: Entry, column: SourceColumn) -> Cell:
    """Return a cell with every code that an entry declares as missing for one source column."""
    cells = [cell for cell in entry.cells.values() if column in cell.every_column]
    codes = [code for cell in cells for code in cell.missing]
    codes += [found for cell in cells for found, value in cell.recode.items() if not value]
    return Cell("", entry.line, missing=tuple(codes))


def _with_decimal_point(text: str) -> str:
    """Return a number that was written with a comma; one with a point is not read as one."""
    return (
        f"case when regexp_full_match(trim({text}), '{_COMMA_NUMBER}') "
        f"then replace({text}, ',', '.') "
        f"when contains({text}, '.') then {text} || '{POINT_WITH_COMMA}' else {text} end"
    )


def _as_text(number: str) -> str:
    """Return a number as people write it: 7, not 7.0."""
    return (
        f"case when {number} = trunc({number}) and abs({number}) < 1e15 "
        f"then ({number})::bigint::varchar else ({number})::varchar end"
    )
