"""Find the canonical files of a source, and check their columns."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from etl.sources.delimited import DELIMITERS, DelimitedFile, read_delimited
from etl.sources.quarantine_columns import quarantine_columns
from warehouse.errors import SourceUnreadable
from warehouse.source_schema import TABLES, table_named

_NAMES = tuple(table.name for table in TABLES)
_COUNTED_AT_ONCE = 2
_MOST_UNKNOWN = 0.4
"""Share of unknown columns above which a header may hold a record, whose cells are not shown."""
_FILES_IN_WORDS = ", ".join(f"{name}.csv" for name in _NAMES) + " (or .tsv)"


def find_canonical_files(sources: Iterable[Path]) -> dict[str, Path]:
    """Return canonical table -> file, parents first, for folders and files given.

    A folder's other files are left alone; a file given by itself must be a canonical one.

    Raises
    ------
    SourceUnreadable
        If a path does not exist, a file has another name, a table has two files, or no
        canonical file is there.
    """
    found: dict[str, Path] = {}
    for path in (file for source in sources for file in _canonical_files_in(source)):
        name = path.stem.lower()
        if name in found and path.resolve() != found[name].resolve():
            raise SourceUnreadable(
                f"{path.name}: table {name} has two files, the other is {found[name].name}\n"
                "  Allowed: one file for each table. Leave one out and load again."
            )
        found[name] = path
    if not found:
        raise SourceUnreadable(
            f"No file to load was found\n  Looked for: {_FILES_IN_WORDS}. "
            "For other files give --mapping."
        )
    return {name: found[name] for name in _NAMES if name in found}


def read_canonical_files(sources: Iterable[Path], *, workspace: Path) -> tuple[DelimitedFile, ...]:
    """Find and read-check the canonical files; columns are checked after the identifier gate.

    Raises
    ------
    SourceUnreadable
        As `find_canonical_files` and `read_delimited`, and where procedures has no record.
    """
    found = find_canonical_files(sources)
    with ThreadPoolExecutor(_COUNTED_AT_ONCE) as pool:
        files = tuple(
            pool.map(
                lambda item: read_delimited(item[1], table=item[0], workspace=workspace),
                found.items(),
            )
        )
    for file in files:
        if file.table == "procedures" and not file.records:
            raise SourceUnreadable(
                f"{file.path.name}: has a header and no record\n"
                "  Needed: at least one procedure. Export the file again."
            )
    return files


def check_columns(file: DelimitedFile) -> None:
    """Raise SourceUnreadable where a required column is missing or a column is unknown.

    To be called once the identifier gate has passed: it repeats names from the header.
    """
    table = table_named(file.table)
    missing = [name for name in table.required_columns if name not in file.header]
    known = {*table.column_names, *quarantine_columns(file.header)}
    unknown = [name for name in file.header if name not in known]
    if missing:
        raise SourceUnreadable(
            f"{file.path.name}, line 1: required column {_in_words(missing)} missing"
            f"{_near_names(missing, unknown)}\n"
            f"  Needed: {', '.join(table.required_columns)}. Correct the header "
            "and load again."
        )
    if len(unknown) > _MOST_UNKNOWN * len(file.header):
        raise SourceUnreadable(
            f"{file.path.name}, line 1: {len(unknown)} of {len(file.header)} columns are not part "
            f"of table {file.table}\n"
            f"  Allowed: {', '.join(table.column_names)}. Does the header end with its line? "
            "Correct it and load again."
        )
    if unknown:
        raise SourceUnreadable(
            f"{file.path.name}, line 1: column {_in_words(unknown)} not part of table "
            f"{file.table}\n"
            f"  Allowed: {', '.join(table.column_names)}. Leave it out "
            "and load again."
        )


def _canonical_files_in(source: Path) -> list[Path]:
    """Return the canonical files that a folder holds, or the one file itself."""
    if source.is_dir() and not _is_canonical(source):
        return sorted(path for path in source.iterdir() if _is_canonical(path))
    if not source.exists():
        raise SourceUnreadable(f"{source}: there is no such file or folder\n  Check the path.")
    if not _is_canonical(source):
        raise SourceUnreadable(
            f"{source.name}: not the name of a table\n  Allowed: {_FILES_IN_WORDS}. "
            "For other files give --mapping."
        )
    return [source]


def _is_canonical(path: Path) -> bool:
    return path.suffix.lower() in DELIMITERS and path.stem.lower() in _NAMES


def _in_words(names: Sequence[str]) -> str:
    """Say which columns, ready for 'missing' or 'not part of'."""
    shown = ", ".join(repr(name) for name in names[:10])
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return f"{shown}{more} {'is' if len(names) == 1 else 'are'}"


def _near_names(missing: Sequence[str], unknown: Sequence[str]) -> str:
    """Name headers that differ from a missing one in blanks and capitals only."""
    near = [name for name in unknown if name.strip().casefold() in missing]
    return f" ({', '.join(repr(name) for name in near)}: mind blanks and capitals)" if near else ""
