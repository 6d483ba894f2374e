"""Find and read the SQL files: the only place that knows where they lie."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve().parent


@cache
def sql_root() -> Path:
    """Return the folder of SQL files: packed beside this module, else beside this room."""
    packed = _HERE / "sql"
    return packed if packed.is_dir() else _HERE.parent / "sql"


@cache
def records_root() -> Path:
    """Return the folder that holds `sample` and `reference`, packed or in the checkout."""
    packed = _HERE / "records"
    return packed if packed.is_dir() else _HERE.parent / "data"


@cache
def read_sql(name: str) -> str:
    """Return the text of one SQL file.

    Parameters
    ----------
    name : str
        Path below the SQL folder without suffix, such as 'queries/relief_counts'.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    return (sql_root() / f"{name}.sql").read_text(encoding="utf-8")


def sql_names(folder: str) -> tuple[str, ...]:
    """Return the names of the SQL files in `folder`, sorted, as `read_sql` takes them."""
    return tuple(sorted(f"{folder}/{path.stem}" for path in (sql_root() / folder).glob("*.sql")))


def header_of(text: str) -> str:
    """Return the leading comment block of an SQL text, without its dashes."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line[2:].removeprefix(" "))
    return "\n".join(lines)


def header_field(text: str, field: str) -> str:
    """Return one field of a header, such as 'Severity'; empty when it has none."""
    for line in header_of(text).splitlines():
        name, separator, value = line.partition(":")
        if separator and name.strip().lower() == field.lower():
            return value.strip()
    return ""
