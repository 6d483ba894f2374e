"""The identifier gate for what a mapping reads: every source column it touches, by its role.

The canonical cells are looked at as those of canonical files are. Here it is the columns behind
them: keys that only join, columns that only choose records, and texts of which something else is
made. What the mapping itself declares passes, since only what it declares is kept of it: recoded
values, the values of a filter, visits, and dates in their declared format.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from etl.deidentification import (
    ALLOWED_IN_LIMITED_DATA_SET,
    IdentifierFinding,
    PrivacyMode,
    kind_of_name,
    refuse_identifiers,
    settle_dates,
)
from etl.identifier_expressions import Look, look_of, sql_text
from etl.identifier_names import words_of
from etl.identifier_scopes import PERSONS, SURROGATES, Scope, scope_of
from etl.identifier_search import aggregate, count_kinds
from etl.identifier_words import BIRTH_DATE, DATE
from etl.mapping.dates import date_sql
from etl.mapping.declaration import Mapping
from etl.mapping.reading_text import text_reader
from etl.mapping.used_columns import (
    CARRIES,
    CODES,
    DATES,
    FILTERS,
    JOINS,
    MAKES,
    ColumnUse,
    column_uses,
)
from etl.sources.text_table import TextTable
from warehouse.connection import Connection

_REMEDY = (
    "Take these columns out of the mapping or remove them from the export, and load again; or make "
    "the export safe with `vertebra deidentify SOURCE --mapping FILE --out DIR`."
)
_OF_DAYS = (DATE, BIRTH_DATE)


def refuse_identifying_columns(
    connection: Connection,
    mapping: Mapping,
    tables: Sequence[TextTable],
    *,
    privacy_mode: PrivacyMode,
) -> None:
    """Look at every column that the mapping reads, before anything made of it is kept.

    Parameters
    ----------
    connection : Connection
        It must be able to read the files of the tables.
    mapping : Mapping
    tables : sequence of TextTable
    privacy_mode : {'safe_harbor', 'limited_data_set'}

    Raises
    ------
    IdentifiersFound
        Naming column, kind, count and the line of the mapping; never a value.
    """
    uses = column_uses(mapping)
    for table in tables:
        looked_at = [_Looked(table, use, uses[table.name]) for use in uses.get(table.name, ())]
        found = _by_value(connection, table, looked_at, privacy_mode)
        found += _by_name(connection, table, looked_at, privacy_mode)
        placed = [
            IdentifierFinding(use.column, kind, count, f"{mapping.file}, line {use.line}")
            for use, kind, count in found
        ]
        refuse_identifiers(table.title, _once(placed), remedy=_REMEDY)


@dataclass(frozen=True)
class _Looked:
    """One reading of a column of a table, among all readings of that table."""

    table: TextTable
    use: ColumnUse
    others: Sequence[ColumnUse]

    @property
    def formats(self) -> list[str]:
        """Return the formats of dates that are declared for the column in its role."""
        if self.use.role not in (DATES, JOINS, FILTERS):
            return []
        same = [use for use in self.others if use.column == self.use.column]
        return list(dict.fromkeys(use.format for use in same if use.format))

    @property
    def declared(self) -> list[str]:
        """Return the texts that pass: a key may be any that is declared for its column."""
        if self.use.role not in (JOINS, FILTERS):
            return sorted(self.use.declared)
        same = [use for use in self.others if use.column == self.use.column]
        return sorted({text for use in same for text in use.declared})

    @property
    def text(self) -> str:
        """Return the SQL of what is not declared in the column's cells, null for the rest."""
        cell = f"c{self.table.header.index(self.use.column) + 1}"
        tests = [f"{date_sql(cell, written)} is not null" for written in self.formats]
        if self.declared:
            tests.append(f"trim({cell}) in ({', '.join(map(sql_text, self.declared))})")
        return f"case when {' or '.join(tests)} then null else {cell} end" if tests else cell

    def scopes(self) -> set[Scope]:
        """Return as what the column's texts are looked at."""
        use = self.use
        by_name = scope_of(use.column)
        if use.role == JOINS:
            names_persons = by_name == "person" or PERSONS & set(words_of(use.column))
            return {"key", "person"} if names_persons else {"key"}
        if use.role == CODES:
            return {"code"}
        filled = scope_of(use.fills) if use.role == MAKES and use.fills else by_name
        is_told = filled in SURROGATES or (filled == "number" and not use.declared)
        return {filled if is_told else by_name}


def _by_value(
    connection: Connection,
    table: TextTable,
    looked_at: Sequence[_Looked],
    privacy_mode: PrivacyMode,
) -> list[tuple[ColumnUse, str, int]]:
    """Return use, kind and cells; a cell carried as it stands is looked at where it stands then."""
    texts: dict[str, str] = {}
    looks: dict[str, Look] = {}
    used: dict[str, ColumnUse] = {}
    for looked in looked_at:
        if looked.use.role == CARRIES:
            continue
        is_limited = privacy_mode == "limited_data_set"
        look = look_of(looked.use.column, dates_allowed=is_limited and looked.use.role != DATES)
        for scope in sorted(looked.scopes()):
            place = str(len(texts))
            texts[place], used[place] = looked.text, looked.use
            looks[place] = Look(scope, look.per_year, look.dates_allowed)
    if not texts:
        return []
    found = count_kinds(connection, text_reader(table), texts, looks=looks)
    return [
        (used[place], kind, count)
        for place in texts
        for kind, count in sorted(settle_dates(found.get(place, {})).items())
        if used[place].role != DATES or kind not in _OF_DAYS
    ]


def _by_name(
    connection: Connection,
    table: TextTable,
    looked_at: Sequence[_Looked],
    privacy_mode: PrivacyMode,
) -> list[tuple[ColumnUse, str, int]]:
    """Return use, kind and filled cells of columns that are made to hold identifiers."""
    told = [(looked, kind) for looked in looked_at if (kind := _kind_of(looked, privacy_mode))]
    filled = aggregate(
        connection,
        text_reader(table),
        {
            str(place): f"count(*) filter (trim({looked.text}) not in ('', 'NA'))"
            for place, (looked, _) in enumerate(told)
        },
    )
    return [
        (looked.use, kind, filled[str(place)])
        for place, (looked, kind) in enumerate(told)
        if filled[str(place)] or not looked.declared
    ]


def _kind_of(looked: _Looked, privacy_mode: PrivacyMode) -> str | None:
    """Return what a column's name says that it holds, where its role does not allow that."""
    kind = None if looked.use.role == DATES else kind_of_name(looked.use.column)
    is_allowed = privacy_mode == "limited_data_set" and kind in ALLOWED_IN_LIMITED_DATA_SET
    return None if is_allowed or (looked.formats and kind in _OF_DAYS) else kind


def _once(found: Sequence[IdentifierFinding]) -> list[IdentifierFinding]:
    """Return each column and kind once, as it was found most often."""
    most: dict[tuple[str, str], IdentifierFinding] = {}
    for finding in found:
        key = (finding.column, finding.kind)
        if key not in most or finding.count > most[key].count:
            most[key] = finding
    return list(most.values())
