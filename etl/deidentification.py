"""The identifier gate: nothing that identifies a person passes, is kept, or is repeated.

One identifier-shaped value or column refuses the source. Findings name the column, the kind
and how many cells; never a value.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from etl.identifier_catalogue import DIGITS, MAYBE_DATE
from etl.identifier_expressions import sql_text
from etl.identifier_names import identifier_column_name
from etl.identifier_search import aggregate, count_kinds
from etl.identifier_shapes import kind_of_value
from etl.identifier_words import BIRTH_DATE, DATE, FREE_TEXT, POSTAL_CODE
from etl.mapping.reading_text import text_reader
from etl.sources.text_table import TextTable
from etl.staged_file import StagedFile
from warehouse.connection import Connection
from warehouse.errors import IdentifiersFound

PrivacyMode = Literal["safe_harbor", "limited_data_set"]

_MONTH_COLUMN, _RAGGED = "procedure_month", "(a record with the wrong number of fields)"
ALLOWED_IN_LIMITED_DATA_SET = (DATE, BIRTH_DATE, POSTAL_CODE)
_REMEDY = "Remove these from the export (ages: write 90 for 90 and over), and load again."


@dataclass(frozen=True)
class IdentifierFinding:
    """What was found in one column: the kind of identifier and the cells that hold it.

    `count` may be 0 where the column as such is refused and happens to be empty. `place` is the
    line of the mapping that reads the column; empty without one.
    """

    column: str
    kind: str
    count: int
    place: str = ""


def find_identifiers(
    connection: Connection,
    relation_name: str,
    columns: Sequence[str],
    *,
    privacy_mode: PrivacyMode,
    few_valued: Collection[str] = (),
) -> list[IdentifierFinding]:
    """Look at the names and the values of columns of a table or view, in one scan.

    Parameters
    ----------
    connection : Connection
    relation_name : str
        Table or view of text columns; numbers are looked at as text.
    columns : sequence of str
        Those to look at, as the source file names them. Columns of which each value is
        known to be a word of the vocabulary or a number within its limits need not be
        given, `age_years` and `procedure_month` excepted.
    privacy_mode : {'safe_harbor', 'limited_data_set'}
        Under safe_harbor dates finer than a year, dated columns even if empty, and a
        month of the procedure are identifiers.

    few_valued : collection of str
        Columns known to have few different values, which are looked at once each.

    Returns
    -------
    list of IdentifierFinding
        In the order of the columns; empty when nothing identifies.
    """
    if not columns:
        return []
    values = {column: f"{_quoted(column)}::varchar" for column in columns}
    return _findings(connection, relation_name, values, privacy_mode, few_valued=few_valued)


def find_identifiers_in_table(
    connection: Connection,
    table: TextTable,
    columns: Sequence[str] | None = None,
    *,
    privacy_mode: PrivacyMode,
    allowed_text: Collection[str] = (),
) -> list[IdentifierFinding]:
    """Look at the names and the values of columns of a table of any source.

    Parameters
    ----------
    connection : Connection
        It must be able to read the table's file.
    table : TextTable
    columns : sequence of str, optional
        Those to look at, by default all. Columns of which only days are kept (`date_columns` of
        a mapping) are left out by the caller.
    privacy_mode : {'safe_harbor', 'limited_data_set'}
    allowed_text : collection of str
        Columns of free text that may stay; every other kind of identifier in them still counts.

    Returns
    -------
    list of IdentifierFinding
        As `find_identifiers`.
    """
    chosen = table.header if columns is None else columns
    values = {name: f"c{table.header.index(name) + 1}" for name in chosen}
    if not values:
        return []
    return _findings(
        connection, text_reader(table), values, privacy_mode, allowed_text=allowed_text
    )


def find_identifiers_in_cells(
    connection: Connection,
    relation_name: str,
    *,
    column_name: str = "column_name",
    found: str = "found",
    privacy_mode: PrivacyMode,
) -> list[IdentifierFinding]:
    """Look at single cells: a table or view of one row per cell, its column and its text."""
    names = connection.execute(
        f"select distinct {column_name} from {relation_name} order by 1"
    ).fetchall()
    values = {
        name: f"case when {column_name} = {sql_text(name)} then {found} end" for (name,) in names
    }
    return _findings(connection, relation_name, values, privacy_mode) if values else []


def find_identifiers_in_ragged(
    file: StagedFile, *, privacy_mode: PrivacyMode
) -> list[IdentifierFinding]:
    """Look at the text of the records that are kept from the warehouse, cell by cell."""
    counts: dict[str, int] = {}
    for text in file.ragged_texts():
        for cell in text.split(file.delimiter):
            kind = kind_of_value(cell.strip('" \r\n'), dates_allowed=_dates_allowed(privacy_mode))
            if kind:
                counts[kind] = counts.get(kind, 0) + 1
    return [IdentifierFinding(_RAGGED, kind, count) for kind, count in counts.items()]


def refuse_identifiers(
    file_name: str, findings: Iterable[IdentifierFinding], *, remedy: str = _REMEDY
) -> None:
    """Raise IdentifiersFound naming column, kind and count of each finding, if there is one."""
    lines = [
        f"{file_name}, {_column_in_words(found.column)}: {found.kind}, "
        f"in {found.count:,} {'cell' if found.count == 1 else 'cells'}"
        f"{f' ({found.place})' if found.place else ''}"
        for found in findings
    ]
    if lines:
        raise IdentifiersFound(
            "\n".join(lines) + "\n  Allowed: surrogate keys, words, numbers and the year. Nothing "
            f"of this file was kept. {remedy}"
        )


def _findings(
    connection: Connection,
    relation_name: str,
    values: dict[str, str],
    privacy_mode: PrivacyMode,
    *,
    allowed_text: Collection[str] = (),
    few_valued: Collection[str] = (),
) -> list[IdentifierFinding]:
    """Return the findings in columns, given the SQL of each column's text."""
    kinds = count_kinds(
        connection,
        relation_name,
        values,
        dates_allowed=_dates_allowed(privacy_mode),
        few_valued=few_valued,
    )
    for name in kinds.keys() & set(allowed_text):
        kinds[name].pop(FREE_TEXT, None)
    named = [name for name in values if name == _MONTH_COLUMN or kind_of_name(name, allowed_text)]
    filled = aggregate(
        connection,
        relation_name,
        {name: f"count(*) filter (trim({values[name]}) not in ('', 'NA'))" for name in named},
    )
    return [
        finding
        for name in values
        for finding in _of_column(
            name,
            kind_of_name(name, allowed_text),
            kinds.get(name, {}),
            filled.get(name) or 0,
            privacy_mode,
        )
    ]


def _of_column(
    name: str,
    kind: str | None,
    kinds: dict[str, int],
    filled: int,
    privacy_mode: PrivacyMode,
) -> list[IdentifierFinding]:
    """Return the findings of one column: its name first, or else the kinds of its values."""
    if kind and not (_dates_allowed(privacy_mode) and kind in ALLOWED_IN_LIMITED_DATA_SET):
        return [IdentifierFinding(name, kind, filled)]
    if name == _MONTH_COLUMN:
        is_refused = filled and not _dates_allowed(privacy_mode)
        return [IdentifierFinding(name, "month", filled)] if is_refused else []
    told = settle_dates(kinds)
    return [IdentifierFinding(name, kind, count) for kind, count in sorted(told.items())]


def settle_dates(kinds: Mapping[str, int]) -> dict[str, int]:
    """Return the kinds with whole numbers told apart: they are dates where most read as dates."""
    told = dict(kinds)
    maybe_dates, digits = told.pop(MAYBE_DATE, 0), told.pop(DIGITS, 0)
    if maybe_dates > digits:
        told[DATE] = told.get(DATE, 0) + maybe_dates
    return told


def kind_of_name(name: str, allowed_text: Collection[str] = ()) -> str | None:
    """Return the kind of identifier that a column is made to hold or that its name itself is."""
    kind = identifier_column_name(name) or _kind_of_header(name)
    return None if kind == FREE_TEXT and name in allowed_text else kind


def _kind_of_header(name: str) -> str | None:
    """Return the kind of identifier that a header itself is, as where the header line is missing.

    Long headers are questions asked, not free text about somebody.
    """
    kind = kind_of_value(name, dates_allowed=False)
    return None if kind == FREE_TEXT else kind


def is_identifying_header(name: str) -> bool:
    """Tell whether a column's name is itself an identifier, as where a header line is missing."""
    return _kind_of_header(name) is not None


def _column_in_words(name: str) -> str:
    """Name a column, unless its name is an identifier too."""
    return "a column with an identifying name" if _kind_of_header(name) else f"column {name!r}"


def _dates_allowed(privacy_mode: PrivacyMode) -> bool:
    return privacy_mode == "limited_data_set"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
