"""Read the source files into typed rows, one pass a file, keeping every bad cell visible.

A file is read as text and cast in the same statement. A row with a cell that cannot be stored
keeps the text of all its cells in `cells`, so that a message and the quarantine can show it; the
other rows, nearly all, cost nothing more.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from etl.build import create_types, sql_type
from etl.sources.delimited import DelimitedFile, read_csv_arguments
from etl.sources.quarantine_columns import quarantine_columns
from warehouse.columns import ANY, Column, Table
from warehouse.connection import Connection, DatabaseError
from warehouse.errors import SourceUnreadable
from warehouse.source_schema import TABLES
from warehouse.sql_files import read_sql
from warehouse.tables.children import SCORE_RANGES, WHOLE_SCORES

_SPEAKING_NUMBERS = ("age_years", "procedure_month")
_SURROGATE = "[A-Za-z0-9_.-]{1,64}"
_NUMBERS = ("whole", "decimal")
_HASHED = ("procedure_id", "patient_id")


def stage_files(connection: Connection, files: Mapping[str, DelimitedFile]) -> None:
    """Create `raw_<table>` for every canonical table and `declared_columns`.

    The record number of a row is its rowid + 1, counted over the sound records of the file; a
    table without a file is empty. Columns that a file has beyond the declared ones are kept as
    text until the identifier gate has seen them.

    Raises
    ------
    SourceUnreadable
        If a file cannot be read as it was counted.
    """
    create_stage_types(connection)
    for table in TABLES:
        file = files.get(table.name)
        if file is None:
            empty_raw_table(connection, table)
        else:
            _stage_file(connection, table, file)
    declare_columns(connection, {name: file.header for name, file in files.items()})


def create_stage_types(connection: Connection) -> None:
    """Prepare an empty database for staging."""
    # What is staged is read a few times and thrown away: squeezing it costs more than it saves.
    connection.execute("set force_compression = 'uncompressed'")
    create_types(connection)


def empty_raw_table(connection: Connection, table: Table) -> None:
    """Create `raw_<table>` for a table that the source lacks."""
    typed = [f"{column.name} {sql_type(column)}" for column in table.columns]
    typed += [f"{name} ubigint" for name in _hashes(table, table.columns)]
    connection.execute(f"create table raw_{table.name} ({', '.join(typed)}, cells varchar[])")


def declare_columns(connection: Connection, headers: Mapping[str, Sequence[str]]) -> None:
    """Create `declared_columns`: what each canonical column may hold, and its place in `cells`."""
    connection.execute(read_sql("staging/declared_columns"))
    connection.execute(read_sql("staging/declared_scores"))
    columns = [row for table in TABLES for row in _declarations(table, headers.get(table.name, ()))]
    scores = [(name, *limits, name in WHOLE_SCORES) for name, limits in SCORE_RANGES.items()]
    _insert_at_once(connection, "declared_columns", columns)
    _insert_at_once(connection, "declared_scores", scores)


def show_unusual_cells(connection: Connection) -> None:
    """Create the view `unusual_cells`: stored numbers outside the soft limits of their column."""
    parts = [
        _unusual(table, column)
        for table in TABLES
        for column in table.columns
        if column.soft != ANY
    ]
    connection.execute(f"create or replace temp view unusual_cells as {' union all '.join(parts)}")


def find_bad_cells(connection: Connection) -> None:
    """Create `bad_cells`: every cell that cannot be stored, with what is wrong with it."""
    connection.execute(read_sql("staging/bad_cells"))
    for table in TABLES:
        connection.execute(
            "create or replace temp view raw_rows as "
            f"select rowid + 1 as record, cells from raw_{table.name} where cells is not null"
        )
        connection.execute(read_sql("staging/find_bad_cells"), {"table_name": table.name})


def show_text_to_gate(connection: Connection, table: Table, header: Sequence[str]) -> list[str]:
    """Create the view `text_of_<table>` of the columns that may identify, and return their names.

    These are the surrogates, the columns that the schema lacks, the age and the month. A child's
    procedure_id is left out: it is that of a procedure, or stands in `orphans`.
    """
    columns = {
        column.name: column.name
        for column in _present(table, header)
        if (column.kind == "identifier" or column.name in _SPEAKING_NUMBERS)
        and (column.name != "procedure_id" or table.name == "procedures")
    }
    for place, name in enumerate(_unknown(table, header)):
        columns[name] = f"unknown_{place}"
    shown = ", ".join(f"{stored} as {quoted(name)}" for name, stored in columns.items())
    if columns:
        connection.execute(
            f"create or replace temp view text_of_{table.name} as "
            f"select {shown} from raw_{table.name}"
        )
    return list(columns)


def quoted(name: str) -> str:
    """Return a column name of a source file as SQL."""
    return '"' + name.replace('"', '""') + '"'


def _present(table: Table, header: Sequence[str]) -> list[Column]:
    return [column for column in table.columns if column.name in header]


def _unknown(table: Table, header: Sequence[str]) -> list[str]:
    known = {*table.column_names, *quarantine_columns(header)}
    return [name for name in header if name not in known]


def _declarations(table: Table, header: Sequence[str]) -> list[tuple[object, ...]]:
    """Return the rows of declared_columns for one table."""
    places = {column.name: place for place, column in enumerate(_present(table, header), 1)}
    return [
        (
            table.name,
            column.name,
            places.get(column.name),
            column.kind,
            list(column.words),
            *column.hard,
            column.above_lower,
            column.required,
            column.allowed,
        )
        for column in table.columns
    ]


def _insert_at_once(connection: Connection, name: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert the schema's own rows in one statement: a hundred cost as much as a large file."""
    values = ", ".join(f"({', '.join(_literal(value) for value in row)})" for row in rows)
    connection.execute(f"insert into {name} values {values}")


def _unusual(table: Table, column: Column) -> str:
    low, high = column.soft
    tests = [] if low is None else [f"{column.name} < {low}"]
    tests += [] if high is None else [f"{column.name} > {high}"]
    words = f"usually {low:g} to {high:g}" if low is not None and high is not None else "usual"
    return (
        f"select '{table.name}' as table_name, record, '{column.name}' as column_name, "
        f"{column.name}::varchar as found, '{words}' as allowed "
        f"from stg_{table.name} where {' or '.join(tests)}"
    )


def _stage_file(connection: Connection, table: Table, file: DelimitedFile) -> None:
    try:
        connection.execute(staging_statement(table, file.header, _reader(file)))
    except DatabaseError:
        raise _unreadable(file.path) from None
    read = connection.execute(f"select count(*) from raw_{table.name}").fetchall()[0][0]
    if read != file.sound_records:
        raise _unreadable(file.path)


def _unreadable(path: Path) -> SourceUnreadable:
    return SourceUnreadable(
        f"{path.name}: two ways of reading it disagree on its records\n"
        "  Check its quotes and line ends, export it again as CSV UTF-8, and load again."
    )


def staging_statement(
    table: Table, header: Sequence[str], reader: str, carried: Sequence[str] = ()
) -> str:
    """Return the statement that reads, casts and marks the rows of one table.

    `reader` is a relation of text with the columns of `header`; `carried` are further expressions
    over it, to be kept as they are.
    """
    present = _present(table, header)
    absent = [column for column in table.columns if column not in present]
    typed = [f"{_typed(column)} as {column.name}" for column in present]
    typed += [f"null::{sql_type(column)} as {column.name}" for column in absent]
    typed += [f"{value} as {name}" for name, value in _hashes(table, present).items()]
    typed += [
        f"text_of.{quoted(name)} as unknown_{place}"
        for place, name in enumerate(_unknown(table, header))
    ]
    typed += carried
    faults = _faults(table, present)
    cells = ", ".join(f"text_of.{column.name}" for column in present)
    numbers = [
        f", try_cast({column.name} as double) as {column.name}__number"
        for column in present
        if column.kind in _NUMBERS
    ]
    return f"""
        create table raw_{table.name} as
        select
            {", ".join(typed)},
            case when {faults} then [{cells}] end as cells
        from (select *{"".join(numbers)} from {reader}) as text_of
    """


def _hashes(table: Table, present: Sequence[Column]) -> dict[str, str]:
    """Return name -> SQL of the numbers that stand for a row's procedure and patient while staged.

    They are computed as a row is read, so that a child finds its procedure without being written
    a second time with the key that the warehouse will give.
    """
    hashes = {f"{name.removesuffix('_id')}_hash": name for name in _HASHED}
    if table.name != "procedures":
        del hashes["patient_hash"]
    given = {column.name: _typed(column) for column in present}
    return {
        name: f"case when {given[source]} is not null then hash({given[source]}) end"
        if source in given
        else "null::ubigint"
        for name, source in hashes.items()
    }


def _typed(column: Column) -> str:
    """Return the stored value of a cell; of a whole number, nothing is rounded unnoticed."""
    if column.kind == "identifier":
        return f"nullif(trim(text_of.{column.name}), '')"
    if column.kind == "word":
        return f"try_cast(text_of.{column.name} as {sql_type(column)})"
    if column.kind == "whole":
        return f"try_cast({column.name}__number as integer)"
    return f"{column.name}__number"


def _faults(table: Table, present: Sequence[Column]) -> str:
    """Return when a row has a cell that cannot be stored; null counts as no fault.

    It is generous, since the bad cells are looked at again.
    """
    tests = [test for column in present for test in _cell_faults(table, column)]
    numbers = [f"text_of.{column.name}" for column in present if column.kind in _NUMBERS]
    if numbers:
        # A cast reads 6_2 as 62 and +-1 as -1. One test of all numbers of a row at once, for a
        # test of each cell costs as much as reading it.
        joined = f"concat({', '.join(numbers)})"
        tests += [f"contains({joined}, '_')", f"contains({joined}, '+')"]
    return " or ".join(tests) or "false"


def _cell_faults(table: Table, column: Column) -> list[str]:
    text = f"text_of.{column.name}"
    tests = [f"{text} is null"] if column.required else []
    if column.kind == "identifier":
        if column.name != "procedure_id" or table.name == "procedures":
            tests.append(f"not regexp_full_match({text}, '{_SURROGATE}')")
    elif column.kind == "word":
        # Cheaper than asking for a text without a word: it is computed for all rows at once.
        tests.append(f"({text} is null) <> (try_cast({text} as {sql_type(column)}) is null)")
    else:
        tests.append(f"({text} is null) <> ({column.name}__number is null)")
        tests += _number_faults(column)
    return tests


def _number_faults(column: Column) -> list[str]:
    number, (low, high) = f"{column.name}__number", column.hard
    tests = [f"not isfinite({number})"] if high is None else [f"{number} > {high}"]
    if low is not None:
        tests.append(f"{number} {'<=' if column.above_lower else '<'} {low}")
    if column.kind == "whole":
        tests.append(f"{number} <> trunc({number})")
    return tests


def _reader(file: DelimitedFile) -> str:
    """Return the call that reads a file as text, exactly as it was counted."""
    arguments = read_csv_arguments(file)
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in arguments.pop("columns"))
    options = ", ".join(f"{name} = {_literal(value)}" for name, value in arguments.items())
    return f"read_csv({_text(str(file.readable_path))}, columns = {{{columns}}}, {options})"


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
