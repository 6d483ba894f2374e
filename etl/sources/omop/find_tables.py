"""Find the tables of an OMOP source: a folder of CSV or Parquet, or a DuckDB database."""

from collections.abc import Collection
from pathlib import Path

from etl.sources.delimited import DelimitedFile, read_delimited
from etl.sources.omop.cdm_table import CdmTable, literal, quoted
from etl.sources.omop.vocabulary_files import is_vocabulary_export, read_vocabulary_file
from warehouse.connection import Connection, DatabaseError
from warehouse.errors import SourceUnreadable

_TEXT, _PARQUET = (".csv", ".tsv", ".txt"), ".parquet"
_FORMS = (
    "Give a folder that holds a CSV file with a header or a Parquet file for each table, "
    "or a DuckDB database file."
)


def find_tables(
    connection: Connection, source: Path, wanted: Collection[str], workspace: Path
) -> dict[str, CdmTable]:
    """Return table name -> where it lies, for those of `wanted` that the source has.

    Raises
    ------
    SourceUnreadable
        If the source is of no known form, a table stands twice, or a file cannot be read.
    """
    if not source.exists():
        raise SourceUnreadable(f"{source}: there is no such file or folder\n  Check the path.")
    if source.is_file():
        return _tables_in_database(connection, source, wanted)
    found: dict[str, Path] = {}
    for path in sorted(source.iterdir()):
        name = path.stem.lower()
        if name not in wanted or not _is_table_file(path):
            continue
        if name in found:
            raise SourceUnreadable(
                f"{path.name}: table {name} stands twice, also in {found[name].name}\n"
                "  Allowed: one file for each table. Leave one out."
            )
        found[name] = path
    return {name: _table_in(connection, name, path, workspace) for name, path in found.items()}


def _is_table_file(path: Path) -> bool:
    if path.is_dir():
        return any(path.glob(f"*{_PARQUET}"))
    return path.suffix.lower() in (*_TEXT, _PARQUET)


def _table_in(connection: Connection, name: str, path: Path, workspace: Path) -> CdmTable:
    if path.is_dir() or path.suffix.lower() == _PARQUET:
        return _parquet_table(connection, name, path)
    if is_vocabulary_export(path):
        return read_vocabulary_file(path, name)
    file = read_delimited(path, table=name, workspace=workspace, delimiter=_delimiter_of(path))
    return _text_table(file, name)


def _delimiter_of(path: Path) -> str | None:
    """Return a tab where the header has tabs and no comma; otherwise the suffix tells."""
    with path.open("rb") as stream:
        header = stream.readline(65536)
    return "\t" if b"\t" in header and b"," not in header else None


def _text_table(file: DelimitedFile, name: str) -> CdmTable:
    columns = {column.strip().lower(): column for column in file.header}
    types = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in file.header)
    relation = (
        f"read_csv({literal(file.readable_path)}, columns = {{{types}}}, "
        f"delim = {literal(file.delimiter)}, quote = '\"', escape = '\"', header = true, "
        "auto_detect = false, strict_mode = true, null_padding = false, "
        "nullstr = ['', 'NA', '\\N'], max_line_size = 1048576)"
    )
    return CdmTable(
        name=name,
        origin=file.path,
        title=file.path.name,
        columns=columns,
        types=dict.fromkeys(columns, "VARCHAR"),
        relation=relation,
        record="row_number() over ()",
        records=file.sound_records,
        is_counted=True,
        place_word="line",
        place_of=lambda record: file.line_of(file.record_of(record)),
        faults=tuple((ragged.line, ragged.reason) for ragged in file.ragged),
    )


def _parquet_table(connection: Connection, name: str, path: Path) -> CdmTable:
    """Rows of several files are counted on from one file to the next, in order of their names."""
    files = sorted(path.glob(f"*{_PARQUET}")) if path.is_dir() else [path]
    listed = ", ".join(literal(file) for file in files)
    relation = f"read_parquet([{listed}], file_row_number = true)"
    record = "file_row_number + 1" if len(files) == 1 else "row_number() over ()"
    return _counted(connection, name, path, title=path.name, relation=relation, record=record)


def _tables_in_database(
    connection: Connection, source: Path, wanted: Collection[str]
) -> dict[str, CdmTable]:
    """Attach a database read-only; views are left alone, since they may read any other file."""
    _check_is_duckdb(source)
    try:
        connection.execute(f"attach {literal(source)} as cdm (read_only)")
    except DatabaseError:
        raise SourceUnreadable(
            f"{source.name}: cannot be opened as a DuckDB database\n"
            "  Close programs that write to it, or export its tables as Parquet."
        ) from None
    rows = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = 'cdm' order by all"
    ).fetchall()
    schemas = sorted({schema for schema, table in rows if table.lower() == "person"})
    if len(schemas) > 1:
        raise SourceUnreadable(
            f"{source.name}: table person stands in {len(schemas)} schemas\n"
            "  Allowed: one. Export the tables of one schema as Parquet."
        )
    return {
        table.lower(): _counted(
            connection,
            table.lower(),
            source,
            title=f"{source.name}, table {table}",
            relation=f"cdm.{quoted(schema)}.{quoted(table)}",
            record="rowid + 1",
        )
        for schema, table in rows
        if table.lower() in wanted and [schema] == schemas
    }


def _check_is_duckdb(source: Path) -> None:
    with source.open("rb") as stream:
        start = stream.read(16)
    if start.startswith(b"SQLite format 3"):
        kind = "an SQLite database"
    elif start[8:12] == b"DUCK":
        return
    else:
        kind = "neither a folder nor a DuckDB database"
    raise SourceUnreadable(f"{source.name}: this is {kind}\n  {_FORMS}")


def _counted(
    connection: Connection, name: str, origin: Path, *, title: str, relation: str, record: str
) -> CdmTable:
    """Return a table whose number of rows its own file tells."""
    try:
        described = connection.execute(f"describe select * from {relation}").fetchall()
        total = connection.execute(f"select count(*) from {relation}").fetchall()[0][0]
    except DatabaseError:
        raise SourceUnreadable(f"{title}: cannot be read\n  {_FORMS}") from None
    fields = [(row[0], row[1]) for row in described if row[0] != "file_row_number"]
    return CdmTable(
        name=name,
        origin=origin,
        title=title,
        columns={column.lower(): column for column, _ in fields},
        types={column.lower(): type_name for column, type_name in fields},
        relation=relation,
        record=record,
        records=int(total),
        is_counted=False,
        place_word="row",
        place_of=int,
    )
