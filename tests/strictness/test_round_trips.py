"""Random canonical tables come back from every way of writing them as they were."""

import codecs
import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.canonical_files import check_columns, read_canonical_files
from etl.sources.delimited_tables import read_delimited_table
from etl.sources.text_table import write_records
from etl.stage import find_bad_cells, stage_files
from warehouse.columns import Column, Table
from warehouse.connection import open_for_building
from warehouse.source_schema import TABLES

SURROGATES = st.text(st.sampled_from("ABYZabyz0189-_."), min_size=1, max_size=64)
QUOTINGS = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)
ENCODINGS = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with a mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "UTF-16, low byte first": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "UTF-16, high byte first": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}


def values_of(column: Column):
    """Return what a column may hold, None where it is not required."""
    low, high = column.hard
    if column.kind == "identifier":
        value = SURROGATES.filter(lambda text: text != "NA")
    elif column.kind == "word":
        value = st.sampled_from(column.words)
    elif column.kind == "whole":
        value = st.integers(int(low if low is not None else -(2**31)), int(high or 2**31 - 1))
    else:
        value = st.floats(
            low, high, allow_nan=False, allow_infinity=False, exclude_min=column.above_lower
        ).map(lambda number: number + 0.0)
    return value if column.required else st.none() | value


def rows_of(table: Table):
    """Return some rows of a table."""
    return st.lists(st.tuples(*map(values_of, table.columns)), min_size=1, max_size=6)


def written(rows, names, delimiter, quoting, line_end):
    held = io.StringIO(newline="")
    writer = csv.writer(held, delimiter=delimiter, quoting=quoting, lineterminator=line_end)
    writer.writerow(names)
    # repr gives the fewest digits that come back as the same number
    writer.writerows([["" if v is None else str(v) for v in row] for row in rows])
    return held.getvalue()


def staged(folder: Path, table: Table, names):
    """Return the rows of a table as staging stores them, and how many bad cells it saw."""
    [file] = read_canonical_files(
        [
            folder / f"{table.name}{s}"
            for s in (".csv", ".tsv")
            if (folder / f"{table.name}{s}").exists()
        ],
        workspace=folder,
    )
    check_columns(file)
    with open_for_building(None) as connection:
        stage_files(connection, {table.name: file})
        find_bad_cells(connection)
        rows = connection.execute(
            f"select {', '.join(names)} from raw_{table.name} order by rowid"
        ).fetchall()
        bad = connection.execute("select column_name, problem from bad_cells").fetchall()
    return rows, bad, file.ragged


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@settings(deadline=None, derandomize=True, max_examples=12)
@given(drawn=st.data())
def test_a_random_table_is_staged_as_it_was_written(table, drawn):
    rows = drawn.draw(rows_of(table))
    order = drawn.draw(st.permutations(range(len(table.columns))))
    suffix, delimiter = drawn.draw(st.sampled_from([(".csv", ","), (".tsv", "\t")]))
    quoting, line_end = (
        drawn.draw(st.sampled_from(QUOTINGS)),
        drawn.draw(st.sampled_from(["\n", "\r\n"])),
    )
    encode = ENCODINGS[drawn.draw(st.sampled_from(sorted(ENCODINGS)))]
    names = [table.columns[place].name for place in order]
    meant = [tuple(row[place] for place in order) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        text = written(meant, names, delimiter, quoting, line_end)
        (Path(folder) / f"{table.name}{suffix}").write_bytes(encode(text))
        assert staged(Path(folder), table, names) == (meant, [], ())


CELLS = st.text(
    st.sampled_from("ab0,\" \n;\t'\\éﬀ😀\u00a0\u2028\u0085\ufeff\x1c\x0b"), max_size=6
).filter(lambda cell: cell != "NA")


@settings(deadline=None, derandomize=True, max_examples=50)
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8))
def test_the_text_of_any_source_comes_back_cell_by_cell(rows):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.csv"
        assert write_records(path, ("one", "two", "three"), rows) == len(rows)
        table = read_delimited_table(path, workspace=Path(folder))
        with open_for_building(None) as connection:
            read = connection.execute(
                "select * from read_csv($path, columns = {'one': 'varchar', 'two': 'varchar', "
                "'three': 'varchar'}, delim = ',', quote = '\"', escape = '\"', header = true, "
                "auto_detect = false, strict_mode = true, nullstr = '')",
                {"path": str(table.readable_path)},
            ).fetchall()
        assert table.faults == ()
        assert table.records == len(rows)
        assert read == [tuple(cell or None for cell in row) for row in rows]
