"""Worksheets read as the values that a person sees, and never another row's or column's."""

import csv
import datetime
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.spreadsheets import read_spreadsheet
from etl.sources.text_table import TextTable
from warehouse.errors import SourceUnreadable

REAL_WORKBOOKS = (
    Path(__file__).resolve().parents[4] / "shared" / "data" / "excel" / "agate_excel" / "examples"
)
needs_real_workbooks = pytest.mark.skipif(
    not REAL_WORKBOOKS.is_dir(), reason="third-party samples are not in ../shared/data"
)


def texts_of(table: TextTable) -> list[list[str]]:
    with table.readable_path.open(encoding="utf-8", newline="") as file:
        header, *records = csv.reader(file)
    assert tuple(header) == table.header
    assert len(records) == table.records == len(table.places)
    return records


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a workbook of one sheet from rows of (value, format)."""

    def write(rows: Sequence[Sequence[object]], **options: object) -> Path:
        path = tmp_path / "cases.xlsx"
        with xlsxwriter.Workbook(path, options) as workbook:
            worksheet = workbook.add_worksheet("Cases")
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    value, code = cell if isinstance(cell, tuple) else (cell, "")
                    shown = workbook.add_format({"num_format": code}) if code else None
                    if value is not None:
                        worksheet.write(row, column, value, shown)
        return path

    return write


def read_one(path: Path, **options: object) -> TextTable:
    [table] = read_spreadsheet(path, workspace=path.parent, **options)  # type: ignore[arg-type]
    return table


def rewrite(path: Path, member: str, old: bytes, new: bytes) -> None:
    """Replace bytes in one member of a workbook; they have to be there."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert old in contents[member]
    contents[member] = contents[member].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


DAY = "dd/mm/yyyy"


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (3, "", "3"),
        (3.0, "0.00", "3"),
        (-2.5, "", "-2.5"),
        (0.1 + 0.2, "", "0.3"),
        (7.25, "0", "7.25"),
        (1e-7, "", "0.0000001"),
        (123456789012345, "", "123456789012345"),
        (0.36, "0%", "36%"),
        (0.365, "0.0%", "36.5%"),
        (0.36, '0.00" %"', "0.36"),
        (7, "000", "007"),
        (1234, "000", "1234"),
        (True, "", "yes"),
        (False, "", "no"),
        ("007", "", "007"),
        (" 1,54 ", "", " 1,54 "),
        ("two\nlines", "", "two\nlines"),
        ("02/01/2014", "", "02/01/2014"),
        (datetime.date(2014, 1, 2), DAY, "2014-01-02"),
        (datetime.datetime(2014, 1, 2, 23, 5), DAY, "2014-01-02 23:05:00"),
        (datetime.time(7, 30), "hh:mm", "07:30:00"),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm", "30:05:00"),
        (datetime.timedelta(seconds=1.5), "[s].000", "0:00:01.500"),
    ],
)
def test_a_cell_reads_as_the_value_that_a_person_sees(sheet, value, code, text):
    table = read_one(sheet([["id", "x"], ["C1", (value, code)]]))
    assert texts_of(table) == [["C1", text]]


def test_dates_of_a_workbook_that_counts_from_1904_are_the_same_days(sheet):
    rows = [["id", "day"], ["C1", (datetime.date(2014, 1, 2), DAY)]]
    assert texts_of(read_one(sheet(rows, date_1904=True))) == [["C1", "2014-01-02"]]


def test_each_record_knows_its_row_past_blank_rows_and_columns(tmp_path):
    path = tmp_path / "cases.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        worksheet = workbook.add_worksheet()
        worksheet.write_row("C5", ["id", "x"])
        worksheet.write_row("C6", ["C1", 1])
        worksheet.write_row("C9", ["C2", 2])
        worksheet.write_row("C10", [" ", ""])
        worksheet.write_blank("J30", None, workbook.add_format({"bold": True}))
    table = read_one(path)
    assert (table.header, texts_of(table)) == (("id", "x"), [["C1", "1"], ["C2", "2"]])
    assert [table.place_of(1), table.place_of(2)] == ["row 6", "row 9"]
    assert table.faults == ()


def test_errors_are_faults_of_their_row_unless_declared_missing(tmp_path):
    path = tmp_path / "cases.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        worksheet = workbook.add_worksheet()
        worksheet.write_row("A1", ["id", "x"])
        worksheet.write_row("A2", ["C1", 1])
        worksheet.write_formula("B3", "=1/0", None, "#DIV/0!")
        worksheet.write_formula("B4", "=NA()", None, "#N/A")
        worksheet.write("A3", "C2")
        worksheet.write("A4", "C3")
    uncalculated = [(row, "column B: a formula that was never calculated") for row in (3, 4)]
    assert read_one(path).faults == tuple(uncalculated)
    rewrite(path, "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")
    table = read_one(path)
    assert (table.records, table.faults) == (
        1,
        ((3, "column B: the error value #DIV/0!"), (4, "column B: the error value #N/A")),
    )
    table = read_one(path, missing_errors={"#N/A"})
    assert texts_of(table) == [["C1", "1"], ["C3", ""]]
    assert table.faults == ((3, "column B: the error value #DIV/0!"),)


def test_an_error_that_was_pasted_as_a_value_is_a_fault_too(tmp_path):
    workbook = openpyxl.Workbook()
    for row in (["id", "x"], ["C1", "#REF!"], ["C2", 1]):
        workbook.active.append(row)
    workbook.save(tmp_path / "cases.xlsx")
    table = read_one(tmp_path / "cases.xlsx")
    assert texts_of(table) == [["C2", "1"]]
    assert table.faults == ((2, "column B: the error value #REF!"),)


def test_a_calculated_formula_is_its_value_and_an_uncalculated_one_a_fault(tmp_path):
    path = tmp_path / "cases.xlsx"
    workbook = openpyxl.Workbook()
    workbook.calculation.fullCalcOnLoad = False
    worksheet = workbook.active
    for row in (["id", "x"], ["C1", 1], ["C2", "=B2+1"], ["C3", "=B2+2"], ["C4", '=""'], ["=1+1"]):
        worksheet.append(row)
    workbook.save(path)
    rewrite(path, "xl/worksheets/sheet1.xml", b"<f>B2+2</f><v />", b"<f>B2+2</f><v>3</v>")
    rewrite(
        path, "xl/worksheets/sheet1.xml", b'"B5"><f>""</f><v />', b'"B5" t="str"><f>""</f><v />'
    )
    table = read_one(path)
    assert texts_of(table) == [["C1", "1"], ["C3", "3"], ["C4", ""]]
    assert table.faults == (
        (3, "column B: a formula that was never calculated"),
        (6, "column A: a formula that was never calculated"),
    )


def test_a_number_too_large_to_be_exact_is_a_fault_and_as_text_is_kept(sheet):
    table = read_one(sheet([["id"], ["12345678901234567890"], [12345678901234567890]]))
    assert texts_of(table) == [["12345678901234567890"]]
    [(row, reason)] = table.faults
    assert (row, reason.split(";")[0]) == (3, "column A: a number too large to be held exactly")


def test_names_under_merged_cells_are_joined_from_top_to_bottom(tmp_path):
    path = tmp_path / "cases.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        worksheet = workbook.add_worksheet()
        worksheet.merge_range("A1:A2", "id")
        worksheet.merge_range("B1:C1", "Pain")
        worksheet.write_row("B2", ["before", "6 weeks"])
        worksheet.write_row("A3", ["C1", 8, 3])
    table = read_one(path)
    assert table.header == ("id", "Pain / before", "Pain / 6 weeks")
    assert (texts_of(table), list(table.places)) == ([["C1", "8", "3"]], [3])


def test_merged_names_without_names_of_their_own_below_are_refused(tmp_path):
    # Row 2 is a record: read as part of the header it would be lost, and shown in messages.
    path = tmp_path / "cases.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        worksheet = workbook.add_worksheet()
        worksheet.write("A1", "id")
        worksheet.merge_range("B1:C1", "name")
        worksheet.write_row("A2", ["C1", "Doe", "Jane"])
    with pytest.raises(
        SourceUnreadable, match=r"row 1 has merged cells \(columns B to C\)"
    ) as told:
        read_one(path)
    assert "Doe" not in str(told.value)


def test_rows_with_merged_values_are_faults_since_only_one_has_the_value(tmp_path):
    path = tmp_path / "cases.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        worksheet = workbook.add_worksheet()
        worksheet.write_row("A1", ["id", "site"])
        worksheet.write_column("A2", ["C1", "C2", "C3"])
        worksheet.merge_range("B2:B3", "A")
        worksheet.write("B4", "B")
    table = read_one(path)
    assert texts_of(table) == [["C3", "B"]]
    reason = "merged cells (columns B to B, rows 2 to 3)"
    assert table.faults == ((2, reason), (3, reason))


def test_each_sheet_is_a_table_a_hidden_one_says_so_and_a_blank_one_is_left_out(tmp_path):
    path = tmp_path / "cases.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for name in ("Cases", "Notes", "Names"):
            workbook.add_worksheet(name)
        for name in ("Cases", "Names"):
            workbook.get_worksheet_by_name(name).write_column("A1", [f"{name} id", "C1"])
        workbook.get_worksheet_by_name("Names").hide()
        workbook.get_worksheet_by_name("Cases").set_column("A:A", None, None, {"hidden": True})
    tables = read_spreadsheet(path, workspace=tmp_path)
    assert [(t.name, t.title, t.header) for t in tables] == [
        ("Cases", "cases.xlsx, sheet Cases", ("Cases id",)),
        ("Names", "cases.xlsx, sheet Names (hidden)", ("Names id",)),
    ]
    assert [t.name for t in read_spreadsheet(path, workspace=tmp_path, sheet="names")] == ["Names"]
    with pytest.raises(SourceUnreadable, match=r"no sheet 'Case'\n  Allowed: Cases, Notes, Names"):
        read_spreadsheet(path, workspace=tmp_path, sheet="Case")


TWO_LINES_ABOVE = [["Registry of 2024"], [], ["site", "A"], ["id", "x", "y"], ["C1", 1, 2]]


def test_lines_above_the_header_are_refused_with_the_row_that_looks_like_it(sheet):
    path = sheet(TWO_LINES_ABOVE)
    with pytest.raises(SourceUnreadable, match=r"row 1, column B: .* declare header_row = 4"):
        read_one(path)
    table = read_one(path, header_row=4)
    assert (table.header, texts_of(table)) == (("id", "x", "y"), [["C1", "1", "2"]])
    assert table.place_of(1) == "row 5"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["id", "ID"], ["C1", "C1"]], "row 1: columns A and B have the same name"),
        ([["id", None, "x"], ["C1", 5, 1]], "row 1, column B: the column has no name"),
        (
            [["id"], *[[f"C{n}"] for n in range(60)], ["C61", 5]],
            "row 62, column B: a value in a column that has no name",
        ),
        ([[f"c{n}" for n in range(501)]], "501 columns, more than 500"),
        ([["id", 2.0**60]], "row 1, column B: a number too large"),
    ],
)
def test_a_header_that_does_not_name_every_column_once_is_refused(sheet, rows, told):
    with pytest.raises(SourceUnreadable) as refused:
        read_one(sheet(rows))
    assert told in str(refused.value)
    assert "Cases" in str(refused.value)


def test_a_declared_header_row_that_is_blank_is_refused(sheet):
    with pytest.raises(SourceUnreadable, match="row 9, declared as the header, is blank"):
        read_one(sheet([["id"], ["C1"]]), header_row=9)


def test_a_blank_column_between_named_ones_is_dropped(sheet):
    table = read_one(sheet([["id", None, "x"], ["C1", None, 1]]))
    assert (table.header, texts_of(table)) == (("id", "x"), [["C1", "1"]])


def test_a_carriage_return_alone_is_a_fault_and_before_a_line_feed_it_is_kept(sheet):
    table = read_one(sheet([["id"], ["a\rb"], ["a\r\nb"]]))
    assert texts_of(table) == [["a\r\nb"]]
    assert table.faults == ((2, "a carriage return without a line feed"),)


def test_a_cell_longer_than_a_cell_may_be_is_a_fault_of_its_row(sheet):
    table = read_one(sheet([["id", "note"], ["C1", "x" * 10_001], ["C2", "y" * 10_000]]))
    assert table.records == 1
    assert table.faults == ((2, "a cell of more than 10,000 characters"),)


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff_"),
    max_size=12,
)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.lists(
        TEXTS.filter(str.strip), min_size=1, max_size=5, unique_by=lambda t: t.strip().casefold()
    ),
    st.lists(st.lists(TEXTS, min_size=5, max_size=5), max_size=6),
)
def test_tables_of_text_come_back_exactly(tmp_path_factory, names, rows):
    path = tmp_path_factory.mktemp("round") / "cases.xlsx"
    records = [row[: len(names)] for row in rows]
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
        worksheet = workbook.add_worksheet()
        for row, cells in enumerate([names, *records]):
            for column, text in enumerate(cells):
                worksheet.write_string(row, column, text)
    table = read_one(path)
    filled = [record for record in records if "".join(record).strip()]
    assert table.header == tuple(name.strip() for name in names)
    assert texts_of(table) == filled


REAL = [
    ["number", "text", "boolean", "date", "datetime"],
    ["1", "a", "yes", "2015-11-04", "2015-11-04 12:22:00"],
    ["2", "👍", "no", "2015-11-05", "2015-11-04 12:45:00"],
    ["", "b", "", "", ""],
]


@needs_real_workbooks
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("test.xlsx", [2, 3, 4]),
        ("test_sheets.xlsx", [2, 3, 4]),
        ("test_skip_lines.xlsx", [5, 6, 7]),
    ],
)
def test_a_real_workbook_reads_as_text_without_surprise_dates(tmp_path, name, rows):
    [table] = read_spreadsheet(REAL_WORKBOOKS / name, workspace=tmp_path)
    assert [list(table.header), *texts_of(table)] == REAL
    assert list(table.places) == rows


@needs_real_workbooks
def test_the_first_day_that_a_workbook_can_hold_is_that_day(tmp_path):
    [table] = read_spreadsheet(REAL_WORKBOOKS / "test_ambiguous_date.xlsx", workspace=tmp_path)
    assert texts_of(table) == [["1900-01-01"]]


@needs_real_workbooks
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("test_empty.xlsx", "all sheets are empty"),
        ("test_numeric_column_name.xlsx", "sheet Sheet1: row 1, column C: the column has no name"),
        ("test.xls", "a workbook of the old binary kind"),
    ],
)
def test_a_real_workbook_that_is_no_table_is_refused_in_words(tmp_path, name, told):
    with pytest.raises(SourceUnreadable, match=told):
        read_spreadsheet(REAL_WORKBOOKS / name, workspace=tmp_path)
