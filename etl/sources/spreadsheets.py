"""Read the worksheets of a workbook as tables of text, as a person sees their values."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from etl.sources.sheet_header import (
    LOOKED_AT,
    Merge,
    NoHeader,
    Row,
    SheetHeader,
    find_header,
    is_blank,
)
from etl.sources.sheet_look import SheetLook, cells_to_parse, look_over
from etl.sources.sheet_marks import Cell, SheetMalformed, cells_in, column_letters
from etl.sources.sheet_records import SheetRecords, StrayValue
from etl.sources.text_table import TextTable, write_records
from etl.sources.workbook_package import (
    SheetPart,
    WorkbookPackage,
    damaged_workbook,
    open_package,
)
from etl.sources.workspace_files import new_text_file
from warehouse.errors import SourceUnreadable

MOST_CELLS = 30_000_000
"""Cells of the rectangle that a sheet may span: the library holds all of it in memory."""


@dataclass(frozen=True)
class _Reading:
    """What is the same for every sheet of one workbook."""

    package: WorkbookPackage
    workspace: Path
    header_row: int | None
    missing_errors: Collection[str]

    def title_of(self, part: SheetPart) -> str:
        hidden = " (hidden)" if part.is_hidden else ""
        return f"{self.package.path.name}, sheet {part.name}{hidden}"

    def look_over(self, part: SheetPart) -> SheetLook:
        return look_over(self.package.blocks_of(part.member), self.package.shown_numbers)

    def cells_of(self, part: SheetPart, *, only_telling: bool = False) -> Iterator[Cell]:
        """Yield the cells of a sheet; only those that may need a mark where it is regular."""
        package = self.package
        blocks = package.blocks_of(part.member)
        if only_telling:
            blocks = cells_to_parse(blocks, package.shown_numbers)
        return cells_in(blocks, package.shown_numbers, is_uncalculated=package.is_uncalculated)


def read_spreadsheet(
    path: Path,
    *,
    workspace: Path,
    sheet: str | None = None,
    header_row: int | None = None,
    missing_errors: Collection[str] = (),
) -> list[TextTable]:
    """Read the worksheets of an .xlsx or .xlsm workbook, one table each.

    A cell is the value that a person sees in it, not its rounding: dates in ISO 8601 by the
    workbook's own date system, with the time where they have one; durations as h:mm:ss; whole
    numbers without a decimal point, others to the 15 digits that a spreadsheet shows; a number
    under a percent format as '36%', under a format of zeros ('000') padded; true and false as
    yes and no. Hidden sheets, rows and columns are read like any other, so that the identifier
    gate sees them; the title of a hidden sheet says that it is.

    A row is a fault, and no record, where a cell holds an error or a formula that was never
    calculated, is merged with others, or holds a number too large to be exact. Blank rows hold
    no record; blank sheets are left out.

    Parameters
    ----------
    path : Path
    workspace : Path
        An existing folder for the text; whoever made it removes it.
    sheet : str, optional
        Name of the only sheet to read, in any case; without it all are read.
    header_row : int, optional
        Row of the header, from 1. Without it the first row that is not blank must be the
        header. A second row of names under merged cells belongs to it: 'Pain / 6 weeks'.
    missing_errors : collection of str
        Error values, such as '#N/A', that stand for a missing value instead of a fault.

    Raises
    ------
    SourceUnreadable
        If the workbook, a sheet or its header cannot be read; the message says where and why.
    """
    package = open_package(path)
    reading = _Reading(package, workspace, header_row, missing_errors)
    parts = _chosen(package, sheet)
    with _explained(path.name), CalamineWorkbook.from_path(path) as workbook:
        tables = [_read_sheet(reading, workbook, part) for part in parts]
    filled = [table for table in tables if table]
    if not filled:
        raise SourceUnreadable(
            f"{path.name}: {'the sheet is' if sheet else 'all sheets are'} empty\n"
            "  Needed: a header and a record a row. Export it again."
        )
    return filled


def _chosen(package: WorkbookPackage, sheet: str | None) -> list[SheetPart]:
    if sheet is None:
        return list(package.sheets)
    found = [part for part in package.sheets if part.name.casefold() == sheet.casefold()]
    if not found:
        names = ", ".join(part.name for part in package.sheets[:10])
        raise SourceUnreadable(
            f"{package.path.name}: there is no sheet '{sheet}'\n"
            f"  Allowed: {names or 'none, the workbook has no worksheet'}. "
            "Correct the name in the mapping."
        )
    return found


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Turn what the library raises for a damaged workbook into words."""
    try:
        yield
    except (CalamineError, SheetMalformed):
        raise damaged_workbook(name, "its sheets cannot be read") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the library ends where it did not expect
            raise
        raise damaged_workbook(name, "its sheets cannot be read") from None


def _read_sheet(reading: _Reading, workbook: CalamineWorkbook, part: SheetPart) -> TextTable | None:
    """Return the table of one sheet, or None where nothing stands in it."""
    title = reading.title_of(part)
    look = reading.look_over(part)
    _check_extent(reading, part, look)
    sheet = workbook.get_sheet_by_name(part.name)
    if sheet.start is None:
        return None
    merges = [
        Merge(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    rows = _rows(sheet)
    head = _head(rows, reading.header_row)
    if all(map(is_blank, head)):
        return None
    header = _header(head, merges, reading.header_row, title)
    marked: Iterable[Cell] = ()
    if look.needs_parsing or not look.is_regular:
        marked = reading.cells_of(part, only_telling=look.is_regular)
    records = SheetRecords(header, merges, marked, reading.missing_errors)
    readable = new_text_file(reading.workspace)
    count = _write(readable, header, records.read(chain(head, rows)), title)
    return TextTable(
        part.name,
        reading.package.path,
        title,
        header.names,
        readable,
        count,
        places=records.places,
        place_word="row",
        faults=tuple(records.faults),
    )


def _check_extent(reading: _Reading, part: SheetPart, look: SheetLook) -> None:
    """Refuse a sheet whose cells reach too far."""
    rows, columns = look.rows, look.columns
    if not look.is_regular or rows * columns > MOST_CELLS:
        rows = columns = 0
        for cell in reading.cells_of(part):
            rows, columns = max(rows, cell.row), max(columns, cell.column)
    if rows * columns > MOST_CELLS:
        raise SourceUnreadable(
            f"{reading.title_of(part)}: its values reach to row {rows:,} and column "
            f"{column_letters(columns)}\n"
            f"  Allowed: {MOST_CELLS:,} cells from the first to there. Delete what stands far from "
            "the table, or split the sheet, and load again."
        )


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    """Yield the rows from row 1 and column A on; the library leaves out blank first columns."""
    blank_columns: list[object] = [""] * (sheet.start or (0, 0))[1]
    rows: Iterator[Row] = sheet.iter_rows()
    return (blank_columns + list(row) for row in rows) if blank_columns else rows


def _head(rows: Iterator[Row], header_row: int | None) -> list[Row]:
    """Take the rows that tell the header: to 50 beyond the first that could be it."""
    head: list[Row] = []
    wanted = (header_row or 0) + LOOKED_AT
    for row in rows:
        head.append(row)
        if header_row is None and is_blank(row) and len(head) == wanted - LOOKED_AT + 1:
            wanted += 1
        if len(head) >= wanted:
            break
    return head


def _header(
    head: list[Row], merges: list[Merge], header_row: int | None, title: str
) -> SheetHeader:
    try:
        return find_header(head, merges, header_row)
    except NoHeader as problem:
        raise SourceUnreadable(
            f"{title}: {problem}\n"
            "  Allowed: one row with a different name for each column, above all records. "
            "Correct the sheet, or declare in the mapping which sheet and header_row to read."
        ) from None


def _write(path: Path, header: SheetHeader, records: Iterable[list[str]], title: str) -> int:
    try:
        return write_records(path, header.names, records)
    except StrayValue as problem:
        raise SourceUnreadable(
            f"{title}, {problem}\n"
            "  Allowed: values under the names of the header. Name the column or clear the cell."
        ) from None
