"""Read whatever a practice has into text tables: the one place that knows every kind of source."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.sources.delimited_tables import read_delimited_table
from etl.sources.text_table import TextTable
from warehouse.errors import SourceUnreadable


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written, where its mapping declares it."""

    delimiter: str | None = None
    encoding: str | None = None


def read_tables(
    paths: Iterable[Path], *, workspace: Path, dialects: Mapping[str, Dialect] | None = None
) -> list[TextTable]:
    """Return every table of files, folders and exports.

    Parameters
    ----------
    paths : iterable of Path
        Files or folders; of a folder, its readable files.
    workspace : Path
        An existing folder for copies; whoever made it removes it.
    dialects : mapping of str to Dialect, optional
        Table name -> how its delimited file is written.

    Raises
    ------
    SourceUnreadable
        If a path does not exist, a file is of no known kind, two tables have one name, or a file
        cannot be read.
    """
    tables: list[TextTable] = []
    for path in paths:
        tables += _tables_of(path, workspace, dialects or {})
    _check_names(tables)
    return tables


def _tables_of(path: Path, workspace: Path, dialects: Mapping[str, Dialect]) -> Sequence[TextTable]:
    if not path.exists():
        raise SourceUnreadable(f"{path}: there is no such file or folder\n  Check the path.")
    if not path.is_dir():
        return _read_file(path, workspace, dialects)
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in _READERS)
    if not files:
        raise SourceUnreadable(
            f"{path.name}: no file of a known kind is there\n  Allowed: {_kinds()}."
        )
    return [table for file in files for table in _read_file(file, workspace, dialects)]


def _read_file(path: Path, workspace: Path, dialects: Mapping[str, Dialect]) -> Sequence[TextTable]:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise SourceUnreadable(
            f"{path.name}: files of this kind are not read\n  Allowed: {_kinds()}."
        )
    return reader(path, workspace, dialects)


def _read_delimited(
    path: Path, workspace: Path, dialects: Mapping[str, Dialect]
) -> Sequence[TextTable]:
    dialect = dialects.get(path.stem, Dialect())
    return [
        read_delimited_table(
            path, workspace=workspace, delimiter=dialect.delimiter, encoding=dialect.encoding
        )
    ]


def _check_names(tables: Sequence[TextTable]) -> None:
    titles: dict[str, str] = {}
    for table in tables:
        if table.name in titles:
            raise SourceUnreadable(
                f"{table.title}: another table is called '{table.name}' too: {titles[table.name]}\n"
                "  Rename one of the files and load again."
            )
        titles[table.name] = table.title


def _kinds() -> str:
    return ", ".join(_READERS)


Reader = Callable[[Path, Path, Mapping[str, Dialect]], Sequence[TextTable]]

_READERS: dict[str, Reader] = {
    ".csv": _read_delimited,
    ".tsv": _read_delimited,
    ".txt": _read_delimited,
}
"""File name suffix -> what reads such a file."""
