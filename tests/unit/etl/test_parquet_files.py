"""Parquet files read as the exact text of their values."""

import csv
import random
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.parquet_files import read_parquet
from etl.sources.text_table import TextTable
from warehouse.connection import open_for_building
from warehouse.errors import SourceUnreadable


def written(path: Path, query: str, **parameters: object) -> Path:
    """Write the rows of a query as a Parquet file."""
    with open_for_building(None) as connection:
        connection.execute(f"create table cases as {query}", parameters)
        connection.execute(f"copy cases to '{path}' (format parquet)")
    return path


def read(path: Path) -> TextTable:
    return read_parquet(path, workspace=path.parent)


def texts_of(table: TextTable) -> list[list[str]]:
    with table.readable_path.open(encoding="utf-8", newline="") as file:
        header, *records = csv.reader(file)
    assert tuple(header) == table.header
    assert len(records) == table.records == len(table.places)
    return records


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("9007199254740993", "9007199254740993"),
        ("18446744073709551615::ubigint", "18446744073709551615"),
        ("1.10::decimal(10, 2)", "1.10"),
        ("-0.01::decimal(38, 4)", "-0.0100"),
        ("3::double", "3"),
        ("0.1::double + 0.2::double", "0.30000000000000004"),
        ("0.1::float", "0.1"),
        ("'nan'::double", ""),
        ("true", "yes"),
        ("false", "no"),
        ("null::varchar", ""),
        ("''", ""),
        ("'007'", "007"),
        ("' NA '", " NA "),
        ("'say \"so\", 1' || chr(13) || chr(10) || '2'", 'say "so", 1\r\n2'),
        ("'kyphoplasty'::enum('kyphoplasty', 'vertebroplasty')", "kyphoplasty"),
        ("date '2014-01-02'", "2014-01-02"),
        ("time '07:30'", "07:30:00"),
        ("timestamp '2014-01-02 23:05:00.5'", "2014-01-02 23:05:00.5"),
        ("timestamptz '2014-01-02 23:05:00-05'", "2014-01-03 04:05:00+00"),
    ],
)
def test_a_value_reads_as_its_exact_text(tmp_path, value, text):
    path = written(tmp_path / "cases.parquet", f"select 'C1' as id, {value} as x")
    assert texts_of(read(path)) == [["C1", text]]


def test_a_double_comes_back_as_the_same_double(tmp_path):
    chance = random.Random(3)
    doubles = [chance.uniform(-1, 1) * 10.0 ** chance.randint(-12, 12) for _ in range(500)]
    path = written(tmp_path / "x.parquet", "select unnest($doubles) as x", doubles=doubles)
    assert [float(text) for [text] in texts_of(read(path))] == doubles


def test_a_record_knows_its_row_past_blank_and_faulty_ones(tmp_path):
    rows = [
        "('C1', 1::double)",
        "(null, null)",
        "('C3', 'inf'::double)",
        "('C' || chr(0), 4)",
        "(repeat('x', 10001), 5)",
        "('C6' || chr(13), 6)",
        "('C7' || chr(13) || chr(10), 7)",
    ]
    query = f"select * from (values {', '.join(rows)}) as t(id, x)"
    table = read(written(tmp_path / "cases.parquet", query))
    assert texts_of(table) == [["C1", "1"], ["C7\r\n", "7"]]
    assert [table.place_of(1), table.place_of(2)] == ["row 1", "row 7"]
    assert table.faults == (
        (3, "column 2: an infinite number"),
        (4, "column 1: a character that is not text"),
        (5, "column 1: a cell of more than 10,000 characters"),
        (6, "column 1: a carriage return without a line feed"),
    )


def test_the_order_of_many_records_is_that_of_the_file(tmp_path):
    path = written(tmp_path / "cases.parquet", "select range as x from range(150000)")
    table = read(path)
    assert table.places == range(1, 150_001)
    assert texts_of(table) == [[str(number)] for number in range(150_000)]


def test_the_text_can_be_read_by_its_owner_only(tmp_path):
    table = read(written(tmp_path / "cases.parquet", "select 1 as x"))
    assert stat.S_IMODE(table.readable_path.stat().st_mode) == 0o600


def test_a_file_name_is_never_a_pattern(tmp_path):
    written(tmp_path / "cases1.parquet", "select 1 as x")
    path = written(tmp_path / "cases[1].parquet", "select 2 as x")
    assert texts_of(read(path)) == [["2"]]
    quoted = tmp_path / "o'neil.parquet"
    path.rename(quoted)
    assert texts_of(read(quoted)) == [["2"]]


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("[1, 2] as scores", "column 'scores': its values are of the kind 'lists'"),
        ("{'a': 1} as score", "column 'score': its values are of the kind 'struct'"),
        ("map {'a': 1} as score", "column 'score': its values are of the kind 'map'"),
        ("'x'::blob as note", "column 'note': its values are of the kind 'blob'"),
        ("'{}'::json as note", "column 'note': its values are of the kind 'json'"),
        ('1 as " "', "column 2 has no name"),
        ('1 as "id "', "columns 1 and 2 have the same name"),
        (", ".join(f"1 as c{n}" for n in range(500)), "501 columns, more than 500"),
    ],
)
def test_columns_that_are_no_single_texts_under_a_name_are_refused(tmp_path, column, told):
    path = written(tmp_path / "cases.parquet", f"select 'C1' as id, {column}")
    with pytest.raises(SourceUnreadable) as refused:
        read(path)
    assert told in str(refused.value)


def test_what_is_no_whole_parquet_file_is_refused(tmp_path):
    path = written(tmp_path / "cases.parquet", "select 1 as x")
    content = path.read_bytes()
    for broken in (content[:-20], content[: len(content) // 2], b"id,x\n1,2\n", b"PAR1PAR1"):
        path.write_bytes(broken)
        with pytest.raises(SourceUnreadable, match="not a Parquet file that can be read"):
            read(path)
    path.write_bytes(b"")
    with pytest.raises(SourceUnreadable, match="the file is empty"):
        read(path)
    with pytest.raises(SourceUnreadable, match="cannot be opened"):
        read(tmp_path / "none.parquet")


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), max_size=12)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    st.lists(
        TEXTS.filter(str.strip), min_size=1, max_size=4, unique_by=lambda t: t.strip().casefold()
    ),
    st.lists(st.lists(TEXTS, min_size=4, max_size=4), max_size=6),
)
def test_tables_of_text_come_back_exactly(tmp_path_factory, names, rows):
    path = tmp_path_factory.mktemp("round") / "cases.parquet"
    records = [row[: len(names)] for row in rows]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    columns = ", ".join(f"r[{place}] as {name}" for place, name in enumerate(quoted, 1))
    written(path, f"select {columns} from (select unnest($r::varchar[][]) as r)", r=records)
    table = read(path)
    assert table.header == tuple(names)
    assert texts_of(table) == [record for record in records if any(record)]
