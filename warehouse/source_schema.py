"""The canonical tables: one declaration, read by loading, checking and documenting alike."""

from warehouse.columns import Column, Table
from warehouse.tables.children import ASSESSMENTS, COMPLICATIONS, LEAKS, TREATED_LEVELS
from warehouse.tables.procedures import PROCEDURES
from warehouse.vocabulary import YES_NO, YES_NO_UNKNOWN

SCHEMA_VERSION = 1
"""Raised whenever a snapshot written before can no longer be read as it is."""

TABLES: tuple[Table, ...] = (PROCEDURES, TREATED_LEVELS, LEAKS, ASSESSMENTS, COMPLICATIONS)
"""Parents before children."""


def table_named(name: str) -> Table:
    """Return the canonical table called `name`; KeyError when there is none."""
    for table in TABLES:
        if table.name == name:
            return table
    raise KeyError(f"no canonical table is called {name!r}")


def enum_name(column: Column) -> str:
    """Return the name of the ENUM type that holds the words of `column` in the warehouse.

    Columns that share a tuple of words share a type, so that they join without a cast.
    """
    return _ENUM_NAMES[column.words]


def enum_types() -> dict[str, tuple[str, ...]]:
    """Return every ENUM type's name with its words, in the order first declared."""
    return {name: words for words, name in _ENUM_NAMES.items()}


def _name_enums() -> dict[tuple[str, ...], str]:
    names: dict[tuple[str, ...], str] = {YES_NO_UNKNOWN: "yes_no_unknown", YES_NO: "yes_no"}
    for table in TABLES:
        for column in table.columns:
            if column.kind == "word" and column.words not in names:
                names[column.words] = f"{column.name}_word"
    return names


_ENUM_NAMES = _name_enums()
