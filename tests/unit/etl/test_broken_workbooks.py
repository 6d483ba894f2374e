"""Workbooks that cannot be trusted are refused in words: before the library sees them, or after."""

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from etl.sources import spreadsheets, workbook_package
from etl.sources.sheet_marks import column_letters, column_number
from etl.sources.spreadsheets import read_spreadsheet
from warehouse.errors import SourceUnreadable

SHEET = "xl/worksheets/sheet1.xml"
MUTATED = ("xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml")


@pytest.fixture
def members() -> dict[str, bytes]:
    """Return the parts of a sound workbook: a header and three records."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        worksheet = workbook.add_worksheet("Cases")
        percent = workbook.add_format({"num_format": "0%"})
        for row, cells in enumerate([["id", "x"], ["C1", 0.5], ["C2", 0.25], ["C3", 1]]):
            worksheet.write_row(row, 0, cells, percent)
        worksheet.merge_range("D9:E9", "")
    with zipfile.ZipFile(content) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def packed(tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    """Return a function that writes the parts of a workbook as one."""

    def write(parts: dict[str, bytes]) -> Path:
        path = tmp_path / "cases.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return path

    return write


def refusal_of(path: Path) -> str:
    with pytest.raises(SourceUnreadable) as refused:
        read_spreadsheet(path, workspace=path.parent)
    return str(refused.value)


def records_of(path: Path) -> list[str]:
    [table] = read_spreadsheet(path, workspace=path.parent)
    return table.readable_path.read_text(encoding="utf-8").splitlines()[1:]


SOUND = ["C1,50%", "C2,25%", "C3,100%"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"id,x\nC1,5\n", "not a workbook, whatever its name says"),
        (b"<html><table>", "not a workbook"),
        (b"PK\x03\x04 and no more", "the archive is broken or cut short"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "the old binary kind"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(80),
            "protected with a password",
        ),
    ],
)
def test_what_is_no_open_workbook_is_told_apart(tmp_path, content, told):
    path = tmp_path / "cases.xlsx"
    path.write_bytes(content)
    assert told in refusal_of(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "cannot be opened" in refusal_of(tmp_path / "none.xlsx")
    assert "cannot be opened" in refusal_of(tmp_path)


@pytest.mark.parametrize("other", ["xl/workbook.bin", "mimetype"])
def test_archives_of_other_programs_are_refused_by_their_kind(packed, other):
    assert "Allowed: .xlsx and .xlsm" in refusal_of(packed({other: b"x"}))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET])
def test_a_workbook_without_a_part_that_it_needs_is_refused(packed, members, part):
    assert "a damaged workbook" in refusal_of(packed(members | {part: b"<none/>"}))
    del members[part]
    assert "a damaged workbook" in refusal_of(packed(members))


def test_a_workbook_cut_short_is_refused(packed, members):
    path = packed(members)
    path.write_bytes(path.read_bytes()[:-200])
    assert "broken or cut short" in refusal_of(path)


def test_a_workbook_that_expands_too_far_is_refused(packed, members, monkeypatch):
    monkeypatch.setattr(workbook_package, "LARGEST_EXPANDED", 100_000)
    assert records_of(packed(members)) == SOUND
    assert "expands to more than" in refusal_of(packed(members | {"xl/x.xml": b"x" * 100_000}))


def test_a_part_longer_than_it_declares_is_refused(packed, members):
    # With the checksum of its first part, so that nothing but the length gives it away.
    path, whole = packed(members), members[SHEET]
    content = path.read_bytes()
    for of in (len, zlib.crc32):
        true, false = (of(text).to_bytes(4, "little") for text in (whole, whole[:-9]))
        assert content.count(true) == 2
        content = content.replace(true, false)
    path.write_bytes(content)
    assert "broken or cut short" in refusal_of(path)


def test_a_sheet_in_another_encoding_is_refused_and_not_read_as_empty(packed, members):
    text = members[SHEET].decode().replace("UTF-8", "UTF-16")
    assert "a damaged workbook" in refusal_of(packed(members | {SHEET: text.encode("utf-16")}))
    latin = members[SHEET].replace(b"UTF-8", b"ISO-8859-1")
    assert "a damaged workbook" in refusal_of(packed(members | {SHEET: latin}))


def test_a_stray_value_far_away_is_refused_and_a_far_format_is_not(packed, members):
    far = b'<row r="1048576"><c r="XFD1048576"%s</row></sheetData>'
    value = far % b"><v>1</v></c>"
    told = refusal_of(packed(members | {SHEET: with_end(members, value)}))
    assert "its values reach to row 1,048,576 and column XFD" in told
    blank = with_end(members, far % b' s="1"/>')
    assert records_of(packed(members | {SHEET: blank})) == SOUND


def test_the_extent_is_known_of_cells_that_do_not_say_where_they_are(packed, members, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_CELLS", 7)
    unplaced = re.sub(rb' r="[A-Z]*\d+"', b"", members[SHEET])
    assert "row 4 and column B" in refusal_of(packed(members | {SHEET: unplaced}))


def with_end(members: dict[str, bytes], end: bytes) -> bytes:
    assert b"</sheetData>" in members[SHEET]
    return members[SHEET].replace(b"</sheetData>", end)


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda xml: re.sub(rb' r="[A-Z]*\d+"', b"", xml),
        lambda xml: xml.replace(b'"', b"'"),
        lambda xml: re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x="),
        lambda xml: xml.replace(b'" s="1"', b'"\n s = "1"'),
        lambda xml: xml.replace(b"</v>", b"</v><!-- kept -->"),
    ],
    ids=["no places", "single quotes", "prefix", "blanks around", "comments"],
)
def test_other_ways_to_write_the_same_sheet_read_the_same(packed, members, rewritten):
    changed = rewritten(members[SHEET])
    assert changed != members[SHEET]
    assert records_of(packed(members | {SHEET: changed})) == SOUND


def test_no_mutation_ends_in_anything_but_a_table_or_words(packed, members, tmp_path):
    chance = random.Random(7)
    outcomes = set()
    for _ in range(150):
        parts = dict(members)
        name = chance.choice(
            [SHEET, SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]
        )
        content = bytearray(parts[name])
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(len(content))] = chance.choice(b'<>"/=&019AZ \n')
        parts[name] = bytes(content)
        try:
            tables = read_spreadsheet(packed(parts), workspace=tmp_path)
        except SourceUnreadable as refused:
            outcomes.add(str(refused).splitlines()[-1])
        else:
            outcomes.add("read")
            assert all(len(table.places) == table.records for table in tables)
    assert len(outcomes) > 2


@pytest.mark.parametrize(("letters", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("XFD", 16384)])
def test_columns_count_as_spreadsheets_do(letters, number):
    assert (column_number(letters), column_letters(number)) == (number, letters)
