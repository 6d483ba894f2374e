"""Counting records and fields: what is found, and that both ways of counting agree."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.field_count import FieldCount
from etl.sources.field_counter import count_fields
from etl.sources.parsed_records import RecordParser
from etl.sources.regular_blocks import RegularBlocks
from warehouse.errors import SourceUnreadable

HEADER = b"a,b,c\n"

steady = settings(deadline=None, derandomize=True, max_examples=50)


def counted(text: bytes, **options: bool) -> FieldCount:
    return count_fields(io.BytesIO(text), name="leaks.csv", delimiter=",", **options)


def reasons(text: bytes) -> list[str]:
    return [record.reason for record in counted(text).ragged]


def test_a_sound_file_has_no_ragged_record():
    count = counted(HEADER + b'1,2,3\n"4","5",""\n,,\n7,8,9')
    assert count.header == ("a", "b", "c")
    assert (count.records, count.ragged) == (4, ())


@pytest.mark.parametrize(
    ("record", "reason", "found"),
    [
        (b"1,2", "too few fields", 2),
        (b"1,2,3,4", "too many fields", 4),
        (b"1,2,3,", "one delimiter too many at the end", 4),
        (b"", "blank line", 1),
        (b"1,5'2\",3", "a quote inside an unquoted field", 3),
        (b'1, "2",3', "a quote inside an unquoted field", 3),
        (b'1,"2"x,3', "text after a closing quote", 3),
        (b'1,"2" ,3', "text after a closing quote", 3),
        (b"1," + b"x" * 10_001 + b",3", "a cell of more than 10,000 characters", 3),
    ],
)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_record_that_cannot_be_read_safely_is_named(record, reason, found, line_end):
    text = line_end.join([b"a,b,c", b"1,2,3", record, b"4,5,6", b""])
    count = counted(text)
    assert count.records == 3
    [ragged] = count.ragged
    assert (ragged.record, ragged.line, ragged.reason) == (2, 3, reason)
    assert (ragged.found_fields, ragged.expected_fields) == (found, 3)
    assert len(ragged.excerpt) <= 40
    [(start, end)] = count.ragged_spans
    assert text[start:end] == record + line_end


def test_a_long_cell_of_allowed_length_passes():
    assert reasons(HEADER + b"1," + "é".encode() * 10_000 + b",3\n") == []


def test_lines_are_physical_where_quoted_cells_hold_line_ends():
    text = HEADER + b'1,"two\nlines",3\n1,2\n"three\n\nlines",2,3,4\n1\n'
    assert [(r.record, r.line) for r in counted(text).ragged] == [(2, 4), (3, 5), (4, 8)]


def test_a_stray_quote_is_a_character_where_that_is_allowed():
    text = HEADER + b'1,5\'2",3\n1, "2",3\n'
    [ragged] = counted(text, allow_stray_quotes=True).ragged
    assert (ragged.record, ragged.reason) == (2, "a quote inside an unquoted field")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "empty"),
        (b"\n\n", "line 1: the header is blank"),
        (b"a,b\n1,\x002\n", "line 2: holds a NUL"),
        (b"a,b\n1,2\r3,4\n", "line 2: holds a carriage return without a line feed"),
        (b"a,b\r1,2\r3,4\r", "line 1: holds a carriage return without a line feed"),
        (b"a,b\n1,2\nx,Andr\xe9\n", "line 3: holds bytes that are not UTF-8"),
        (b'a,b\n1,2\n1,"2\n3,4\n', "line 3: a quote opens in this record and is not closed"),
        (b'a,"b\n1,2\n', "line 1: a quote opens in this record and is not closed"),
        (b"a;b;c\n1;2;3\n", "the header is one field: it is separated by a semicolon"),
        (b"a\tb\n1\t2\n", "the header is one field: it is separated by a tab"),
        (b"a|b\n1|2\n", "the header is one field: it is separated by a vertical bar"),
        (b"a,,c\n1,2,3\n", "column 2 has no name"),
        (b"a,b,\n1,2,3\n", "column 3 has no name"),
        (b"a,b,A\n1,2,3\n", "columns 1 and 3 have the same name"),
        (b'a,"b"x\n1,2\n', "the header has text after a closing quote"),
        (b",".join(b"c%d" % i for i in range(501)) + b"\n", "501 columns, more than 500"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_refused_with_its_line(text, message):
    with pytest.raises(SourceUnreadable, match=r"^leaks\.csv") as refusal:
        counted(text)
    assert message in str(refusal.value)
    assert refusal.value.exit_code == 2
    assert "\n  " in str(refusal.value), "the remedy stands on a line of its own"


class CountingStream(io.BytesIO):
    """A stream that remembers how much of it was asked for."""

    bytes_read = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.bytes_read += len(piece)
        return piece


@pytest.mark.parametrize("filler", [b"x" * 99, b"x" * 99 + b"\n"])
def test_a_record_over_one_mebibyte_stops_the_reading_at_once(filler):
    stream = CountingStream(HEADER + b'1,"' + filler * 100_000)
    with pytest.raises(SourceUnreadable, match="line 2: the record that starts here is too long"):
        count_fields(stream, name="leaks.csv", delimiter=",")
    assert stream.bytes_read < 2_000_000


def test_a_file_without_line_feeds_is_told_apart_from_a_long_record():
    with pytest.raises(SourceUnreadable, match="carriage return"):
        counted(b"a,b\r" + b"1,2\r" * 600_000)


def test_a_file_full_of_faults_is_not_read_on():
    with pytest.raises(SourceUnreadable, match="line 2: too few fields, and 200,000 more"):
        counted(HEADER + b"1,2\n" * 200_001)


def test_no_refusal_quotes_the_text_of_the_file():
    with pytest.raises(SourceUnreadable) as refusal:
        counted(b"Miller,Miller,Smith\n1,2,3\n")
    assert "Miller" not in str(refusal.value)


CELLS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=("Cs",)), max_size=6)
QUOTINGS = st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])


@st.composite
def written_tables(draw) -> tuple[bytes, list[list[str]]]:
    """Draw rows, some too short or too long, and the file that the csv module makes of them."""
    width = draw(st.integers(2, 5))
    rows = draw(st.lists(st.lists(CELLS, min_size=width - 1, max_size=width + 1), max_size=12))
    quoting, line_end = draw(QUOTINGS), draw(st.sampled_from(["\n", "\r\n"]))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=quoting, lineterminator=line_end)
    writer.writerow([f"column_{number}" for number in range(width)])
    writer.writerows(rows)
    return stream.getvalue().encode(), rows


@steady
@given(written_tables())
def test_counts_widths_and_lines_agree_with_the_csv_module(table):
    text, _ = table
    reader = csv.reader(io.StringIO(text.decode(), newline=""))
    width, line, expected, records = len(next(reader)), reader.line_num, [], 0
    for record, row in enumerate(reader, start=1):
        if len(row) != width:
            expected.append((record, line + 1, max(len(row), 1)))
        line, records = reader.line_num, record
    count = counted(text)
    assert count.records == records
    assert [(r.record, r.line, r.found_fields) for r in count.ragged] == expected


@steady
@given(st.text(alphabet='ab,"\n', max_size=60).map(lambda text: text.encode() + b"\n"))
def test_a_block_counted_at_a_glance_is_counted_alike_record_by_record(block):
    parser = RecordParser(",")
    parser.width = 3
    records = list(parser.records_in(block))
    at_a_glance = RegularBlocks(b",", 3).records_in(block)
    if at_a_glance is not None:
        assert at_a_glance == len(records)
        assert not any(record.fault or record.is_open for record in records)


REGULAR_CELLS = st.sampled_from(["", '""', "7", '"7"', "word", '"a word"', "é"])


@steady
@given(
    st.lists(st.lists(REGULAR_CELLS, min_size=3, max_size=3), min_size=1, max_size=20),
    st.sampled_from(["\n", "\r\n"]),
)
def test_records_quoted_at_the_edges_of_fields_are_counted_at_a_glance(rows, line_end):
    block = "".join(",".join(row) + line_end for row in rows).encode()
    assert RegularBlocks(b",", 3).records_in(block) == len(rows)


@pytest.mark.parametrize(
    "block", [b'",",","\n', b'"a,b",c,d\n', b'"a"b",c,d\n', b'"""",b,c\n', b'a,"b\nc",d\n', b"\n"]
)
def test_a_block_that_needs_parsing_is_not_counted_at_a_glance(block):
    assert RegularBlocks(b",", 3).records_in(block) is None


@steady
@given(written_tables(), st.integers(1, 40))
def test_the_size_of_the_blocks_read_does_not_matter(table, size):
    class SmallReads(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            return super().read(max(size, 3))

    text, _ = table
    in_pieces = count_fields(SmallReads(text), name="leaks.csv", delimiter=",")
    at_once = counted(text)
    assert vars(in_pieces) == vars(at_once)
