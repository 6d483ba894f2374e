"""Read how one canonical column is filled: `sex = { column = "gender", recode = {...} }`."""

from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field, replace
from math import isfinite

from etl.mapping.conversions import SCALE_FORM, UNIT_FORM, Conversion, scale_from, times, unit_from
from etl.mapping.dates import FORMAT_FORM, has_two_digit_year, is_date_format
from etl.mapping.declaration import Cell, CodeRule, DatedColumn, SourceColumn
from etl.mapping.statement import Statement
from warehouse.columns import Column, Table
from warehouse.source_schema import table_named
from warehouse.vocabulary import INSTRUMENTS

_PLACE = ("column", "columns", "value", "visit", "codes")
_CODES = (
    "units", "nearby_codes", "history_codes", "code_separator", "balloon", "device", "biopsy",
    "spine_context",
)  # fmt: skip
CELL_KEYS = (
    *_PLACE, "separator", "recode", "missing", "if_missing", "decimal_comma", "unit", "scale",
    "multiply", "format", "part", "split", *_CODES,
)  # fmt: skip
PARTS = ("day", "year", "month", "age")
_KEY_SEPARATORS = ("-", "_", ".")
_NUMBERS = ("whole", "decimal")


@dataclass(frozen=True)
class CellReader:
    """Reads the cells of one block.

    Attributes
    ----------
    table : Table
        The canonical table.
    joined : frozenset of str
        Names of the sources that the block joins.
    gathered : mapping of str to SourceColumn
        Name of a gathered cell -> the column it comes from.
    visits : mapping of str to str
        Visit -> day.
    """

    table: Table
    joined: frozenset[str] = frozenset()
    gathered: ReadOnly[str, SourceColumn] = field(default_factory=dict)
    visits: ReadOnly[str, str] = field(default_factory=dict)

    def source_column(self, statement: Statement) -> SourceColumn:
        """Return the column that a text such as 'gender' or 'patients.gender' names."""
        written = statement.text()
        if written in self.gathered:
            return self.gathered[written]
        alias, dot, name = written.partition(".")
        if dot and alias in self.joined:
            return SourceColumn(name, alias)
        return SourceColumn(written)

    def dated_column(self, statement: Statement) -> DatedColumn:
        """Return a column of dates, such as { column = "op_date", format = "DD/MM/YYYY" }."""
        keys = statement.entries(("column", "format"))
        for needed in ("column", "format"):
            if needed not in keys:
                raise statement.refusal(f"'{needed}' is missing", f"Needed: a date's {needed}.")
        return DatedColumn(
            self.source_column(keys["column"]), _date_format(keys["format"]), statement.line
        )

    def cell(self, name: str, statement: Statement) -> Cell:
        """Return how the canonical column `name` is filled."""
        column = self.table.column(name)
        if isinstance(statement.value, str):
            return Cell(name, statement.line, (self.source_column(statement),))
        if not isinstance(statement.value, dict):
            raise statement.refusal(
                f"'{statement.value}' names no column",
                f'Write "column name", or {{ value = "{statement.value}" }} for a constant.',
            )
        keys = statement.entries(CELL_KEYS)
        cell = self._placed(Cell(name, statement.line), statement, keys)
        cell = self._recoded(cell, column, keys)
        cell = self._converted(cell, column, keys)
        return self._dated(cell, column, keys)

    def columns(self, statement: Statement) -> tuple[SourceColumn, ...]:
        """Return the columns that an array of texts, or one text, names."""
        return tuple(self.source_column(item) for item in statement.items())

    def _placed(self, cell: Cell, statement: Statement, keys: dict[str, Statement]) -> Cell:
        """Read where the value comes from: exactly one way, but codes may stand by a column."""
        given = [key for key in _PLACE if key in keys]
        if len(given) != 1 and given != ["column", "codes"]:
            raise statement.refusal(
                "it must say once where the value comes from",
                f"Allowed: one of {', '.join(_PLACE)}; 'column' may stand beside 'codes'.",
            )
        cell = self._with_codes(cell, keys)
        if "value" in keys:
            return replace(cell, constant=_constant(keys["value"], self.table.column(cell.name)))
        if "visit" in keys:
            return self._visit(cell, keys["visit"])
        if "columns" in keys:
            return self._key(cell, keys)
        if "column" in keys:
            return replace(cell, columns=(self.source_column(keys["column"]),))
        return cell

    def _visit(self, cell: Cell, statement: Statement) -> Cell:
        if self.table.column(cell.name).unit != "days":
            raise statement.refusal("a visit gives a day", "Allowed: in a column of days.")
        if not self.visits:
            raise statement.refusal(
                "no day is declared for any visit",
                'Add a table [visits], such as baseline = -1 and "6w" = 42.',
            )
        return replace(cell, columns=(self.source_column(statement),), is_visit=True)

    def _key(self, cell: Cell, keys: dict[str, Statement]) -> Cell:
        if self.table.column(cell.name).kind != "identifier":
            raise keys["columns"].refusal(
                f"'{cell.name}' is no key", "Allowed: one column. Only keys have several parts."
            )
        separator = keys["separator"].one_of(_KEY_SEPARATORS) if "separator" in keys else "-"
        return replace(cell, columns=self.columns(keys["columns"]), separator=separator)

    def _with_codes(self, cell: Cell, keys: dict[str, Statement]) -> Cell:
        if "codes" not in keys:
            stray = next((keys[key] for key in _CODES if key in keys), None)
            if stray is not None:
                raise stray.refusal("it needs 'codes'", "Add codes = [...], or leave it out.")
            return cell
        if cell.name not in ("technique", "cause"):
            raise keys["codes"].refusal(
                f"codes do not give '{cell.name}'", "Allowed: for technique and cause."
            )
        return replace(cell, code_rule=self._code_rule(keys))

    def _code_rule(self, keys: dict[str, Statement]) -> CodeRule:
        lists = {
            name: self.columns(keys[key])
            for name, key in {
                "codes": "codes", "units": "units", "nearby": "nearby_codes",
                "history": "history_codes", "balloon": "balloon",
            }.items()
            if key in keys
        }  # fmt: skip
        if lists.get("units") and len(lists["units"]) != len(lists["codes"]):
            raise keys["units"].refusal(
                "it does not have one column for each of 'codes'", "Name as many columns of units."
            )
        return CodeRule(
            **lists,
            separator=keys["code_separator"].mark() if "code_separator" in keys else "",
            device=self._told(keys.get("device"), "technique", "procedures"),
            biopsy=self._told(keys.get("biopsy"), "biopsy", "treated_levels"),
            spine_context="spine_context" in keys and keys["spine_context"].flag(),
        )

    def _told(self, statement: Statement | None, name: str, table: str) -> Cell | None:
        """Read what tells the device or the biopsy, as a cell of the column that has its words."""
        if statement is None:
            return None
        return replace(self, table=table_named(table)).cell(name, statement)

    def _recoded(self, cell: Cell, column: Column, keys: dict[str, Statement]) -> Cell:
        if "split" in keys:
            cell = replace(cell, split=keys["split"].mark())
        if "missing" in keys:
            cell = replace(cell, missing=keys["missing"].scalars())
        if "if_missing" in keys:
            cell = replace(cell, if_missing=_constant(keys["if_missing"], column))
        if "decimal_comma" in keys:
            cell = replace(cell, decimal_comma=keys["decimal_comma"].flag())
        if "recode" not in keys:
            return cell
        recode = {
            found: _constant(value, column, may_be_empty=True)
            for found, value in keys["recode"].entries().items()
        }
        return replace(cell, recode=recode)

    def _converted(self, cell: Cell, column: Column, keys: dict[str, Statement]) -> Cell:
        given = [key for key in ("unit", "scale", "multiply") if key in keys]
        if not given:
            return cell
        statement = keys[given[0]]
        if len(given) > 1:
            raise statement.refusal(f"'{given[1]}' stands beside it", "Allowed: one of them.")
        if column.kind not in _NUMBERS:
            raise statement.refusal(f"'{cell.name}' is no number", "Leave it out.")
        if given[0] == "multiply":
            return replace(cell, conversion=times(statement.number()))
        if given[0] == "unit":
            return replace(cell, conversion=_unit(statement))
        if isinstance(statement.value, dict):
            return replace(cell, conversions=self._scales(cell, statement))
        return replace(cell, conversion=_scale(statement))

    def _scales(self, cell: Cell, statement: Statement) -> dict[str, Conversion]:
        if cell.name != "score":
            raise statement.refusal("only scores have instruments", 'Write scale = "..." instead.')
        return {
            instrument: _scale(scale)
            for instrument, scale in statement.entries(INSTRUMENTS).items()
        }

    def _dated(self, cell: Cell, column: Column, keys: dict[str, Statement]) -> Cell:
        if "format" not in keys:
            if "part" in keys:
                raise keys["part"].refusal("it needs a date", 'Add format = "DD/MM/YYYY".')
            return cell
        statement = keys["format"]
        if column.kind not in _NUMBERS or len(cell.columns) != 1 or cell.is_visit or cell.recode:
            raise statement.refusal(
                f"no date is stored in '{cell.name}'",
                "Allowed: in a column of numbers, with one source column and no recode; "
                'it gives the days since the reference date, or part = "year".',
            )
        part = keys["part"].one_of(PARTS) if "part" in keys else "day"
        _check_part(cell.name, part, column, statement)
        dated = DatedColumn(cell.columns[0], _date_format(statement), cell.line)
        if part == "age" and has_two_digit_year(dated.format):
            raise statement.refusal("two digits do not tell the century", "Export YYYY instead.")
        return replace(cell, columns=(), date=dated, part=part)


def _check_part(name: str, part: str, column: Column, statement: Statement) -> None:
    wanted = {"procedure_year": "year", "procedure_month": "month", "age_years": "age"}
    if wanted.get(name, "day") != part:
        raise statement.refusal(
            f"part = \"{part}\" does not give '{name}'",
            f'Allowed: part = "{wanted.get(name, "day")}".',
        )
    if part == "day" and column.unit not in ("days", "hours"):
        raise statement.refusal(f"days do not give '{name}'", "Allowed: in a column of days.")


def _date_format(statement: Statement) -> str:
    written = statement.text()
    if not is_date_format(written):
        raise statement.refusal(f"'{written}' is not a date format", f"Allowed: {FORMAT_FORM}.")
    return written


def _unit(statement: Statement) -> Conversion:
    found = unit_from(statement.text())
    if found is None:
        raise statement.refusal(f"'{statement.value}' is no known unit", f"Allowed: {UNIT_FORM}.")
    return found


def _scale(statement: Statement) -> Conversion:
    found = scale_from(statement.text())
    if found is None:
        raise statement.refusal(f"'{statement.value}' is no known scale", f"Allowed: {SCALE_FORM}.")
    return found


def _constant(statement: Statement, column: Column, *, may_be_empty: bool = False) -> str:
    """Return a canonical value that the mapping itself gives, checked as a cell would be."""
    value = statement.scalar()
    if may_be_empty and not value:
        return value
    if column.kind == "word":
        return statement.one_of(column.words)
    if column.kind in _NUMBERS and not _is_number(value):
        raise statement.refusal(f"'{value[:40]}' is not a number", f"Allowed: {column.allowed}.")
    return value


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False
