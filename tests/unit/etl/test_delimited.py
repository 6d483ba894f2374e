"""Reading delimited files: encodings, copies without ragged records, what the warehouse reads."""

import csv
import hashlib
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.sources import text_files
from etl.sources.delimited import DelimitedFile, read_csv_arguments, read_delimited
from warehouse.connection import open_for_building
from warehouse.errors import SourceUnreadable

SPECTRUM = Path(__file__).parents[4] / "shared" / "data" / "csv_spectrum"


@pytest.fixture
def read(tmp_path):
    """Return a function that writes bytes to a file and read-checks it."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()

    def read_bytes(text: bytes, name: str = "leaks.csv", **options) -> DelimitedFile:
        path = tmp_path / name
        path.write_bytes(text)
        return read_delimited(path, table="leaks", workspace=workspace, **options)

    return read_bytes


def rows_of(file: DelimitedFile) -> list[tuple[str | None, ...]]:
    """Return the rows that the warehouse's reader makes of a counted file."""
    arguments = read_csv_arguments(file)
    settings_text = ", ".join(f"{name} = {value!r}" for name, value in arguments.items())
    with open_for_building(None) as connection:
        connection.execute(
            f"create table t as select * from read_csv(?, {settings_text})",
            [str(file.readable_path)],
        )
        return connection.execute("select * from t order by rowid").fetchall()


def test_a_sound_file_is_read_where_it_stands(read):
    file = read(b"a,b\n1,x\n2,y\n")
    assert file.readable_path == file.path
    assert (file.encoding, file.delimiter, file.size) == ("utf-8", ",", 12)
    assert file.sha256 == hashlib.sha256(b"a,b\n1,x\n2,y\n").hexdigest()
    assert rows_of(file) == [("1", "x"), ("2", "y")]


def test_ragged_records_are_left_out_and_the_others_keep_their_numbers(read):
    file = read(b'a,b\n1,x\n2\n"3\n3",y\n4,z,\n\n5,w\n')
    assert rows_of(file) == [("1", "x"), ("3\n3", "y"), ("5", "w")]
    assert file.sound_records == 3
    assert [file.record_of(number) for number in (1, 2, 3)] == [1, 3, 6]
    assert [file.line_of(file.record_of(number)) for number in (1, 2, 3)] == [2, 4, 8]
    assert list(file.ragged_texts()) == ["2\n", "4,z,\n", "\n"]


def test_the_silent_shift_of_a_trailing_delimiter_does_not_reach_the_warehouse(read):
    # Read as it stands, DuckDB 2.0 makes ('2', 'y') a row here and loses nothing visibly.
    file = read(b"a,b\n1,x\n2,y,\n3,z\n")
    assert rows_of(file) == [("1", "x"), ("3", "z")]
    assert file.ragged[0].reason == "one delimiter too many at the end"


def test_line_ends_of_both_kinds_are_made_one(read):
    file = read(b'a,b\r\n1,x\n2,"y\r\nz"\r\n3,\n')
    assert rows_of(file) == [("1", "x"), ("2", "y\nz"), ("3", None)]
    assert file.ragged == ()


def test_a_byte_order_mark_is_not_part_of_the_first_name(read):
    file = read(b"\xef\xbb\xbfa,b\n1,x\n2\n3,y\n")
    assert file.header == ("a", "b")
    assert rows_of(file) == [("1", "x"), ("3", "y")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_a_byte_order_mark_is_read(read, encoding):
    text = "\ufeffa,b\r\n1,é\r\n2,ʤ\r\n".encode(encoding)
    file = read(text)
    assert (file.encoding, file.size) == ("utf-16", len(text))
    assert file.sha256 == hashlib.sha256(text).hexdigest()
    assert rows_of(file) == [("1", "é"), ("2", "ʤ")]


def test_an_encoding_that_is_declared_is_read(read):
    file = read("a,b\n1,André\n".encode("latin-1"), encoding="latin-1")
    assert rows_of(file) == [("1", "André")]


def test_a_tsv_file_is_separated_by_tabs(read):
    assert rows_of(read(b"a\tb\n1,5\tx\n", name="leaks.tsv")) == [("1,5", "x")]


def test_types_that_are_asked_for_are_passed_on(read):
    columns = read_csv_arguments(read(b"a,b\n1,x\n"), {"a": "DOUBLE"})["columns"]
    assert columns == {"a": "DOUBLE", "b": "VARCHAR"}


def test_missing_text_is_null(read):
    assert rows_of(read(b'a,b\nNA,""\n,x\n')) == [(None, None), (None, "x")]


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (b"", "empty"),
        ("a,b\n1,André\n".encode("latin-1"), "line 2: holds bytes that are not UTF-8"),
        ("a,b\n1,2\n".encode("utf-16-le"), "holds a NUL byte"),
        ("a,b\n".encode("utf-32"), "UTF-32"),
        (b"\xff\xfea\x00,", "holds bytes that are not UTF-16"),
        (b"PK\x03\x04rest", "a spreadsheet workbook"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x1f\x8b\x08", "a compressed file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "leaks.csv: this is a picture"),
        (b"\x00\x01\x02\x03\r\n", "leaks.csv, line 1"),
    ],
)
def test_what_is_not_text_in_a_known_encoding_is_refused(read, start, message):
    with pytest.raises(SourceUnreadable) as refusal:
        read(start)
    assert message in str(refusal.value)


def test_a_folder_in_place_of_a_file_is_refused(tmp_path):
    (tmp_path / "leaks.csv").mkdir()
    with pytest.raises(SourceUnreadable, match="a folder, where a file is needed"):
        read_delimited(tmp_path / "leaks.csv", table="leaks", workspace=tmp_path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SourceUnreadable, match="there is no such file"):
        read_delimited(tmp_path / "leaks.csv", table="leaks", workspace=tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes exist on POSIX systems only")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "leaks.csv")
    with pytest.raises(SourceUnreadable, match="not an ordinary file"):
        read_delimited(tmp_path / "leaks.csv", table="leaks", workspace=tmp_path)


def test_a_file_over_the_limit_is_refused_before_it_is_read(read, monkeypatch):
    monkeypatch.setattr(text_files, "LARGEST_FILE", 10)
    with pytest.raises(SourceUnreadable, match="Allowed: 4 GiB"):
        read(b"a,b\n1,2\n3,4\n")


CELLS = st.text(alphabet="ab1 ,\"\n\té#'", max_size=5)


@settings(
    deadline=None,
    derandomize=True,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=10),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_the_warehouse_reads_just_what_the_csv_module_reads(read, rows, quoting, line_end):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=quoting, lineterminator=line_end)
    writer.writerows([["a", "b", "c"], *rows])
    file = read(stream.getvalue().encode())
    reader = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    sound = [tuple(cell or None for cell in row) for row in list(reader)[1:] if len(row) == 3]
    assert rows_of(file) == sound
    assert file.records == len(rows)


def spectrum_files() -> list[Path]:
    return sorted((SPECTRUM / "csvs").glob("*.csv"))


needs_spectrum = pytest.mark.skipif(
    not SPECTRUM.is_dir(), reason="third-party samples are not in ../shared/data"
)


@needs_spectrum
@pytest.mark.parametrize("path", spectrum_files(), ids=lambda path: path.stem)
def test_csv_spectrum_parses_as_its_json_says(path, tmp_path):
    file = read_delimited(path, table="", workspace=tmp_path, allow_stray_quotes=True)
    expected = json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_text("utf-8"))
    parsed = [
        {name: cell or "" for name, cell in zip(file.header, row, strict=True)}
        for row in rows_of(file)
    ]
    if path.stem == "location_coordinates":
        # One object in place of a list, and its telephone number is not the one in the CSV.
        expected = [expected | {"Contact Phone Number": "2095257564"}]
    assert file.ragged == ()
    assert parsed == expected


@needs_spectrum
def test_a_stray_quote_of_csv_spectrum_is_listed_unless_it_is_allowed(tmp_path):
    path = SPECTRUM / "csvs" / "location_coordinates.csv"
    [ragged] = read_delimited(path, table="", workspace=tmp_path).ragged
    assert (ragged.line, ragged.reason) == (2, "a quote inside an unquoted field")
