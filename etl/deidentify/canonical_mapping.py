"""The mapping of an export that has the canonical tables already, but dates in place of days.

Column `onset_date` stands for `onset_days`, `birth_date` for `age_years`, `procedure_date` for
`procedure_year` and for the day from which all others are counted.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from etl.mapping import declaration
from etl.mapping.reading import parse_mapping
from etl.sources.text_table import TextTable
from warehouse.columns import Column, Table
from warehouse.errors import SourceUnreadable
from warehouse.source_schema import TABLES

PROCEDURE_DATE = "procedure_date"
_DATES = {"age_years": "birth_date", "procedure_year": PROCEDURE_DATE, "days": "assessment_date"}
_PARTS = {"age_years": "age", "procedure_year": "year"}
_COUNTED_BACK = {"fracture_age_days": "fracture_date", "referral_days": "referral_date"}
_NEVER_KEPT = "procedure_month"


def canonical_mapping(
    tables: Sequence[TextTable], *, date_format: str, day_zero: str
) -> declaration.Mapping:
    """Return the mapping of tables that are named and laid out as the canonical ones.

    Parameters
    ----------
    tables : sequence of TextTable
        Those with other names are left alone.
    date_format : str
        Of every date, such as 'DD/MM/YYYY'; never inferred.
    day_zero : {'before', 'after', 'unknown'}
        When scores of the procedure's own day were taken.

    Raises
    ------
    SourceUnreadable
        If procedures are missing, or a table lacks a required column.
    """
    found = {table.name.casefold(): table for table in tables}
    if "procedures" not in found:
        raise SourceUnreadable(
            "No table 'procedures' was found in the source\n"
            f"  Needed: files named {', '.join(table.name for table in TABLES)}, or --mapping."
        )
    blocks = [
        _block(table, found, date_format, is_dated=_is_dated(found))
        for table in TABLES
        if table.name in found
    ]
    text = "\n".join([f"day_zero = {json.dumps(day_zero)}", *blocks])
    return parse_mapping(text, "the canonical columns")


def date_column(name: str) -> str | None:
    """Return the dated column that stands for a canonical column of days, None where none does."""
    if name in _DATES or name in _COUNTED_BACK:
        return _DATES.get(name) or _COUNTED_BACK[name]
    return name.removesuffix("days") + "date" if name.endswith("_days") else None


def _is_dated(found: Mapping[str, TextTable]) -> bool:
    return PROCEDURE_DATE in found["procedures"].header


def _block(
    table: Table, found: Mapping[str, TextTable], date_format: str, *, is_dated: bool
) -> str:
    source = found[table.name]
    cells = {
        column.name: cell
        for column in table.columns
        if (cell := _cell(column, source.header, date_format, is_dated=is_dated))
    }
    _check_required(table, source, cells)
    lines = [f"[{table.name}]", f"source = {json.dumps(source.name)}"]
    if is_dated and any("format" in cell for cell in cells.values()):
        lines += _reference(table, found["procedures"], date_format)
    lines += [f"[{table.name}.columns]", *(f"{name} = {cell}" for name, cell in cells.items())]
    return "\n".join(lines)


def _cell(column: Column, header: Sequence[str], date_format: str, *, is_dated: bool) -> str:
    """Return how a canonical column is filled; empty where the source has nothing for it."""
    if column.name == _NEVER_KEPT:
        return ""
    if column.name == "score" and column.name in header:
        return '{ column = "score", scale = { odi = "percent" } }'  # as canonical scores are
    if column.name in header:
        return json.dumps(column.name)
    date = date_column(column.name)
    if not is_dated or date not in header:
        return ""
    how = f"column = {json.dumps(date)}, format = {json.dumps(date_format)}"
    if column.name in _PARTS:
        how += f", part = {json.dumps(_PARTS[column.name])}"
    if column.name in _COUNTED_BACK:
        how += ", multiply = -1"
    return f"{{ {how} }}"


def _reference(table: Table, procedures: TextTable, date_format: str) -> Iterable[str]:
    """Yield the lines that name the day of the procedure, joined where a child needs it."""
    column = PROCEDURE_DATE
    if table.name != "procedures":
        name = procedures.name
        column = f"{name}.{PROCEDURE_DATE}"
        on = '{ procedure_id = "procedure_id" }'
        yield f"join = {{ source = {json.dumps(name)}, on = {on} }}"
    how = f"column = {json.dumps(column)}, format = {json.dumps(date_format)}"
    yield f"reference_date = {{ {how} }}"


def _check_required(table: Table, source: TextTable, cells: Mapping[str, str]) -> None:
    missing = [name for name in table.required_columns if name not in cells]
    if missing:
        words = ", ".join(
            f"'{name}' (or '{date}')" if (date := date_column(name)) else f"'{name}'"
            for name in missing
        )
        raise SourceUnreadable(
            f"{source.title}: required column {words} is missing\n"
            "  Add it, or say with --mapping which column stands for it. Dates need "
            f"'{PROCEDURE_DATE}' in procedures."
        )
