"""Read a Parquet file as a table of text, through the warehouse's own reader."""

import glob
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path

from etl.sources.cell_texts import LONE_RETURN, LONG_CELL, NO, NOT_TEXT, YES, fault_of_texts
from etl.sources.regular_blocks import LONGEST_CELL
from etl.sources.sheet_header import MOST_COLUMNS
from etl.sources.text_files import cannot_be_opened
from etl.sources.text_table import TextTable
from etl.sources.workspace_files import new_text_file
from warehouse.connection import Connection, DatabaseError, open_for_building
from warehouse.errors import SourceUnreadable

SUFFIXES = (".parquet",)

_REAL = ("DOUBLE", "FLOAT")
_READ_AS_TEXT = (
    *("VARCHAR", "BOOLEAN", *_REAL),
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
    *("DECIMAL", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"),
    *("TIMESTAMP WITH TIME ZONE", "TIME WITH TIME ZONE", "UUID", "ENUM", '"NULL"'),
)


def read_parquet(path: Path, *, workspace: Path) -> TextTable:
    """Read a Parquet file of flat columns, every value as its exact text.

    Decimals keep their zeros, doubles are the shortest text that reads back the same (whole ones
    without a decimal point), dates and times are ISO 8601 with a blank between; a time stored as
    UTC says so (+00) and is not moved to another zone. True and false read as yes and no; null,
    an empty text and a double that is not a number are missing. Rows without any value hold no
    record. A row is a fault where a text is over 10,000 characters or holds a NUL, or a number is
    infinite.

    Parameters
    ----------
    path : Path
    workspace : Path
        An existing folder for the text; whoever made it removes it.

    Raises
    ------
    SourceUnreadable
        If the file cannot be opened, is damaged or no Parquet file, or a column is nested, holds
        bytes, or has no name of its own.
    """
    _check_open(path)
    readable = new_text_file(workspace)
    try:
        with open_for_building(None) as connection:
            connection.execute("set TimeZone = 'UTC'")
            types = _column_types(connection, path)
            count = _copy(connection, path, types, readable)
            places, faults = _places(connection, path, types, count)
    except DatabaseError:
        raise SourceUnreadable(
            f"{path.name}: not a Parquet file that can be read, or a damaged one\n"
            "  Export it again."
        ) from None
    return TextTable(
        path.stem,
        path,
        path.name,
        tuple(types),
        readable,
        count,
        places=places,
        place_word="row",
        faults=faults,
    )


def _check_open(path: Path) -> None:
    try:
        with path.open("rb") as stream:
            if not stream.read(1):
                raise SourceUnreadable(f"{path.name}: the file is empty\n  Export it again.")
    except OSError as error:
        raise cannot_be_opened(path, error) from None


def _column_types(connection: Connection, path: Path) -> dict[str, str]:
    """Return column -> type without its parameters, once all can be read as text."""
    described = connection.execute(f"describe select * from {_source(path)}").fetchall()
    types = {name: kind.partition("(")[0] for name, kind, *_ in described}
    for name, kind, *_ in described:
        if kind.endswith("]") or types[name] not in _READ_AS_TEXT:
            held = "lists" if kind.endswith("]") else types[name].lower()
            raise SourceUnreadable(
                f"{path.name}, column '{name[:40]}': its values are of the kind '{held}'\n"
                "  Allowed: texts, numbers, dates, true and false. Flatten or drop the column and "
                "load again."
            )
    _check_names(connection, path)
    return types


def _check_names(connection: Connection, path: Path) -> None:
    """Refuse names that stand twice: the reader would rename one without a word."""
    schema = connection.execute(
        "select name from parquet_schema($path) where num_children is null",
        {"path": glob.escape(str(path))},
    )
    names = [name for (name,) in schema.fetchall()]
    folded = [name.strip().casefold() for name in names]
    problem = ""
    if fault := fault_of_texts(names):
        problem = f"a column name has {fault}"
    elif not all(folded):
        problem = f"column {folded.index('') + 1} has no name"
    elif len(set(folded)) < len(folded):
        twice = next(place for place, name in enumerate(folded) if name in folded[:place])
        problem = f"columns {folded.index(folded[twice]) + 1} and {twice + 1} have the same name"
    elif len(names) > MOST_COLUMNS:
        problem = f"it has {len(names):,} columns, more than {MOST_COLUMNS}"
    if problem:
        raise SourceUnreadable(
            f"{path.name}: {problem}\n"
            "  Allowed: one different name for each column. Correct the export and load again."
        )


def _copy(connection: Connection, path: Path, types: Mapping[str, str], readable: Path) -> int:
    """Write all sound records as text and return how many."""
    columns = ", ".join(f"{_as_text(name, kind)} as {_name(name)}" for name, kind in types.items())
    target = str(readable).replace("'", "''")
    copied = connection.execute(
        f"copy (select {columns} from {_source(path)} "
        f"where {_fault(types)} is null and not ({_is_blank(types)})) "
        f"to '{target}' (format csv, header, nullstr '', use_tmp_file false)"
    )
    return int(copied.fetchall()[0][0])


def _places(
    connection: Connection, path: Path, types: Mapping[str, str], count: int
) -> tuple[Sequence[int], tuple[tuple[int, str], ...]]:
    """Return the row of each record, and row and reason of each fault."""
    source = _source(path)
    total = connection.execute(f"select count(*) from {source}").fetchall()[0][0]
    if total == count:
        return range(1, count + 1), ()
    left_out = connection.execute(
        f"select file_row_number + 1, {_fault(types)} from {_source(path, numbered=True)} "
        f"where {_fault(types)} is not null or ({_is_blank(types)}) order by 1"
    ).fetchall()
    rows = {row for row, _ in left_out}
    places = array("Q", (row for row in range(1, total + 1) if row not in rows))
    return places, tuple((row, fault) for row, fault in left_out if fault)


def _source(path: Path, *, numbered: bool = False) -> str:
    literal = glob.escape(str(path)).replace("'", "''")
    return f"read_parquet('{literal}', file_row_number = {str(numbered).lower()})"


def _as_text(name: str, kind: str) -> str:
    column = _name(name)
    if kind == "BOOLEAN":
        return f"case {column} when true then '{YES}' when false then '{NO}' end"
    if kind in _REAL:
        plain = f"regexp_replace(cast({column} as varchar), '\\.0$', '')"
        return f"case when not isnan({column}) then {plain} end"
    return f"nullif(cast({column} as varchar), '')"


def _is_blank(types: Mapping[str, str]) -> str:
    return " and ".join(f"{_as_text(name, kind)} is null" for name, kind in types.items())


def _fault(types: Mapping[str, str]) -> str:
    """Return an expression for why a row cannot be a record, null where it can."""
    cases = []
    for place, (name, kind) in enumerate(types.items(), 1):
        column = _name(name)
        faults = {}
        if kind == "VARCHAR":
            faults[f"contains({column}, chr(0))"] = NOT_TEXT
            faults[f"regexp_matches({column}, '\\r([^\\n]|$)')"] = LONE_RETURN
            faults[f"length({column}) > {LONGEST_CELL}"] = LONG_CELL
        if kind in _REAL:
            faults[f"isinf({column})"] = "an infinite number"
        cases += [f"when {test} then 'column {place}: {fault}'" for test, fault in faults.items()]
    return f"case {' '.join(cases)} end" if cases else "null"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
