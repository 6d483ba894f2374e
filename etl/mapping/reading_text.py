"""Read a text table in SQL: every cell as text, columns by their place, records numbered."""

from collections.abc import Sequence

from etl.mapping.binding import BoundTable
from etl.mapping.expressions import sql_text
from etl.sources.field_counter import LONGEST_RECORD
from etl.sources.text_table import TextTable


def text_reader(table: TextTable) -> str:
    """Return the call that reads a text table with its columns named c1, c2, ... by place.

    Names of a source may differ in capitals only, which names in SQL may not.
    """
    columns = ", ".join(f"c{place}: 'VARCHAR'" for place in range(1, len(table.header) + 1))
    return (
        f"read_csv({sql_text(str(table.readable_path))}, columns = {{{columns}}}, delim = ',', "
        "quote = '\"', escape = '\"', header = true, auto_detect = false, strict_mode = true, "
        f"null_padding = false, nullstr = '', max_line_size = {LONGEST_RECORD})"
    )


def numbered_records(table: TextTable, columns: Sequence[str], *, is_numbered: bool = True) -> str:
    """Return the SQL of a table's records, from 1, with the named columns only.

    Numbering keeps to one thread; without it, `record` is null and threads share the reading.
    """
    places = [f"c{table.header.index(name) + 1}" for name in dict.fromkeys(columns)]
    number = "row_number() over ()" if is_numbered else "null::bigint"
    chosen = ", ".join([f"{number} as record", *places])
    return f"(select {chosen} from {text_reader(table)})"


def column_sql(bound: BoundTable, name: str) -> str:
    """Return a column of a bound table in SQL."""
    return f"{bound.alias}.c{bound.place(name)}"


def column_name(bound: BoundTable, name: str) -> str:
    """Return the one name of a column once tables are joined, such as 'own_c3'."""
    return f"{bound.alias}_c{bound.place(name)}"
