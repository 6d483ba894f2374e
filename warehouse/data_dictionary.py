"""Write the data dictionary from the schema: `python -m warehouse.data_dictionary`."""

from pathlib import Path

from warehouse.columns import ANY, Column, Table
from warehouse.source_schema import SCHEMA_VERSION, TABLES
from warehouse.sql_files import sql_root

_INTRODUCTION = f"""# Data dictionary

The canonical tables, schema version {SCHEMA_VERSION}. This page is written from the schema that
loading and checking read. `*` marks a required column, `c` one whose completeness is scored. An
empty cell, blanks and `NA` mean not recorded. Days count from the procedure and may have decimals.
"""


def data_dictionary() -> str:
    """Return the whole page, in Markdown."""
    return "\n".join([_INTRODUCTION, *(_section(table) for table in TABLES)])


def _section(table: Table) -> str:
    lines = [
        f"## {table.name}",
        "",
        f"{table.grain[0].upper()}{table.grain[1:]}; key: {', '.join(table.key)}.",
        "",
        "| column | | meaning | unit | allowed | usual |",
        "|---|---|---|---|---|---|",
        *(_row(column) for column in table.columns),
        "",
    ]
    return "\n".join(lines)


def _row(column: Column) -> str:
    marks = ("*" if column.required else "") + ("c" if column.core else "")
    cells = [
        f"`{column.name}`",
        marks,
        column.description,
        column.unit,
        column.allowed,
        _usual(column),
    ]
    return f"| {' | '.join(cells)} |"


def _usual(column: Column) -> str:
    if column.soft == ANY:
        return ""
    low, high = ("" if limit is None else f"{limit:g}" for limit in column.soft)
    return f"{low} to {high}"


def dictionary_path() -> Path:
    """Return where the page lies in the checkout."""
    return sql_root().parent / "docs" / "data_dictionary.md"


if __name__ == "__main__":
    dictionary_path().write_text(data_dictionary(), encoding="utf-8", newline="\n")
