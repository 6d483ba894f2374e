"""JSON lines read as the text that stands in them, line by line."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.json_lines import read_json_lines
from etl.sources.text_table import TextTable
from warehouse.errors import SourceUnreadable


def read(folder: Path, content: bytes) -> TextTable:
    path = folder / "cases.jsonl"
    path.write_bytes(content)
    return read_json_lines(path, workspace=folder)


def texts_of(table: TextTable) -> list[list[str]]:
    with table.readable_path.open(encoding="utf-8", newline="") as file:
        header, *records = csv.reader(file)
    assert tuple(header) == table.header
    assert len(records) == table.records == len(table.places)
    return records


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"1.10", "1.10"),
        (b"-0", "-0"),
        (b"1E5", "1E5"),
        (b"12345678901234567890123", "12345678901234567890123"),
        (b"0.1000000000000000055511", "0.1000000000000000055511"),
        (b"true", "yes"),
        (b"false", "no"),
        (b"null", ""),
        (b'""', ""),
        (b'"007"', "007"),
        (b'"\\u00e9 \\ud83d\\udc4d"', "é 👍"),
        (b'"say \\"so\\", 1\\n2"', 'say "so", 1\n2'),
    ],
)
def test_a_value_reads_as_it_is_written(tmp_path, value, text):
    table = read(tmp_path, b'{"id": "C1", "x": ' + value + b"}\n")
    assert texts_of(table) == [["C1", text]]


def test_keys_are_united_in_the_order_in_which_they_first_appear(tmp_path):
    table = read(tmp_path, b'{"id": 1}\n{"x": 2, "id": 3}\n{"y": 4}\n')
    assert table.header == ("id", "x", "y")
    assert texts_of(table) == [["1", "", ""], ["3", "2", ""], ["", "", "4"]]


def test_a_byte_order_mark_blank_lines_and_other_line_ends_hold_no_record(tmp_path):
    table = read(tmp_path, b'\xef\xbb\xbf{"id": 1}\r\n\r\n  \n{"id": null}\n{}\n{"id": 2}')
    assert texts_of(table) == [["1"], ["2"]]
    assert [table.place_of(1), table.place_of(2)] == ["line 1", "line 6"]
    assert table.faults == ()


def test_text_in_utf_16_with_its_mark_is_read(tmp_path):
    assert texts_of(read(tmp_path, '{"id": "é"}\n'.encode("utf-16"))) == [["é"]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": 1', "not a valid JSON object"),
        (b'{"id": 1} {"id": 2}', "not a valid JSON object"),
        (b"{'id': 1}", "not a valid JSON object"),
        (b'{"id": 01}', "not a valid JSON object"),
        (b"[" * 100_000, "not a valid JSON object"),
        (b"[1]", "not a JSON object"),
        (b"7", "not a JSON object"),
        (b'{"id": 1, "id": 1}', "a key that stands twice"),
        (b'{"id": NaN}', "a number that JSON does not have"),
        (b'{"id": -Infinity}', "a number that JSON does not have"),
        (b'{"id": "\\ud800"}', "a character that is not text"),
        (b'{"id": "\\u0000"}', "a character that is not text"),
        (b'{"id": "a\\r", "x": "\\nb"}', "a carriage return without a line feed"),
        (b'{"\\ud800": "x"}', "a character that is not text"),
        (b'{"id": "' + b"x" * 10_001 + b'"}', "a cell of more than 10,000 characters"),
    ],
)
def test_a_line_that_holds_no_record_is_a_fault_and_others_are_read(tmp_path, line, reason):
    table = read(tmp_path, b'{"id": 1}\n' + line + b'\n{"id": 3}\n')
    assert table.faults == ((2, reason),)
    assert (texts_of(table), list(table.places)) == ([["1"], ["3"]], [1, 3])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b'{"id": 1}\n{"x": [1]}\n', "line 2: the value of 'x' is an object or a list"),
        (b'{"id": {}}\n', "line 1: the value of 'id' is an object or a list"),
        (b'{"id": 1}\n{"ID": 2}\n', "line 2: the key 'ID' differs from another only in case"),
        (b'{" ": 1}\n', "line 1: a key is blank"),
        (json.dumps({f"k{n}": n for n in range(501)}).encode(), "more than 500 different keys"),
        (b'[{"id": 1},\n{"id": 2}]\n', "no line, or hardly any, holds a JSON object"),
        (b'{"id": "' + b"x" * 1_048_577, "line 1: the line has more than 1 MiB"),
        (b'{"id": 1}\n\0\n', "line 2: holds a NUL byte"),
        (b'{"id": 1}\n{"id": "\xe9"}\n', "line 2: holds bytes that are not UTF-8"),
        (b"PK\x03\x04", "a zip archive"),
        (b"PAR1", "a Parquet file"),
    ],
)
def test_a_file_that_cannot_be_one_table_is_refused(tmp_path, content, told):
    with pytest.raises(SourceUnreadable) as refused:
        read(tmp_path, content)
    assert told in str(refused.value)
    assert str(refused.value).startswith("cases.jsonl")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SourceUnreadable, match="there is no such file"):
        read_json_lines(tmp_path / "none.jsonl", workspace=tmp_path)


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), max_size=12)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    st.lists(
        TEXTS.filter(str.strip), min_size=1, max_size=4, unique_by=lambda t: t.strip().casefold()
    ),
    st.lists(st.lists(TEXTS, min_size=4, max_size=4), min_size=1, max_size=6),
    st.booleans(),
)
def test_tables_of_text_come_back_exactly(tmp_path_factory, names, rows, ascii_only):
    records = [dict(zip(names, row, strict=False)) for row in rows] + [dict.fromkeys(names, "x")]
    lines = [json.dumps(record, ensure_ascii=ascii_only) for record in records]
    table = read(tmp_path_factory.mktemp("round"), "\n".join(lines).encode())
    assert table.header == tuple(names)
    assert texts_of(table) == [list(r.values()) for r in records if any(r.values())]
