"""Turn the rows of a worksheet into records of text, and set apart those that cannot be one."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from etl.sources.cell_texts import CellUnreadable, fault_of_texts, text_of_value
from etl.sources.number_formats import text_as_shown
from etl.sources.sheet_header import Merge, Row, SheetHeader
from etl.sources.sheet_marks import Cell, Mark, MarkKind, column_letters

Marks = Mapping[int, Mark]
"""Column, from 0, -> mark."""


class StrayValue(ValueError):
    """A value in a column without a name; the message says where."""


class SheetRecords:
    """The records of one worksheet, read once.

    Attributes
    ----------
    places : array of int
        Row of the sheet of each record that was read.
    faults : list of (int, str)
        Row and reason of each record that was left out.

    Parameters
    ----------
    header : SheetHeader
    merges : sequence of Merge
    marked : iterable of Cell
        In the order of rows; those without a mark are passed over.
    missing_errors : collection of str
        Error values, such as '#N/A', that stand for a missing value.
    """

    def __init__(
        self,
        header: SheetHeader,
        merges: Sequence[Merge],
        marked: Iterable[Cell],
        missing_errors: Collection[str] = (),
    ) -> None:
        self.places = array("I")
        self.faults: list[tuple[int, str]] = []
        self._header = header
        self._merges = [merge for merge in merges if merge.bottom > header.last_row]
        self._missing_errors = missing_errors
        self._marked = (cell for cell in marked if cell.mark and cell.row > header.last_row)
        self._next_marked = next(self._marked, None)

    def read(self, rows: Iterable[Row]) -> Iterator[list[str]]:
        """Yield the texts of each record; `rows` starts with row 1 of the sheet.

        Raises
        ------
        StrayValue
            If a value stands in a column without a name.
        """
        merged = self._merged_rows()
        for number, row in enumerate(rows, 1):
            if number <= self._header.last_row:
                continue
            marks = self._marks_of(number) if self._next_marked else {}
            try:
                texts = self._texts(row, marks)
            except CellUnreadable as problem:
                self.faults.append((number, str(problem)))
                continue
            if not (joined := "".join(texts)) or joined.isspace():
                continue
            if fault := merged.get(number) or fault_of_texts(texts):
                self.faults.append((number, fault))
                continue
            self.places.append(number)
            yield self._named(texts, number)
        self._fault_rows_below()

    def _texts(self, row: Row, marks: Marks) -> list[str]:
        try:
            texts = [cell if type(cell) is str else text_of_value(cell) for cell in row]
        except CellUnreadable:
            texts = [_text_in(column, cell) for column, cell in enumerate(row)]
        for column, mark in marks.items():
            if mark.kind in (MarkKind.ERROR, MarkKind.UNCALCULATED):
                if mark.detail not in self._missing_errors:
                    raise CellUnreadable(_reason(column, mark))
            elif column < len(row) and isinstance(row[column], int | float):
                texts[column] = text_as_shown(texts[column], mark)
        return texts

    def _named(self, texts: list[str], number: int) -> list[str]:
        """Return the texts of the columns that have a name, once no other holds any."""
        columns = self._header.columns
        if len(columns) == len(texts):
            return texts
        named = set(columns)
        for column, text in enumerate(texts):
            if column not in named and text.strip():
                raise StrayValue(
                    f"row {number}, column {column_letters(column + 1)}: a value in a column "
                    "that has no name"
                )
        return [texts[column] if column < len(texts) else "" for column in columns]

    def _marks_of(self, number: int) -> Marks:
        """Return the marks of a row; those of rows before it were in no row."""
        marks = {}
        while self._next_marked and self._next_marked.row <= number:
            cell = self._next_marked
            if cell.row == number and cell.mark:
                marks[cell.column - 1] = cell.mark
            self._next_marked = next(self._marked, None)
        return marks

    def _fault_rows_below(self) -> None:
        """List rows below the last that the library sees: it drops those without a value."""
        while self._next_marked:
            number = self._next_marked.row
            try:
                self._texts((), self._marks_of(number))
            except CellUnreadable as problem:
                self.faults.append((number, str(problem)))

    def _merged_rows(self) -> dict[int, str]:
        """Return row -> fault, for rows with merged cells: only one of these has the value."""
        return {
            row: f"merged cells (columns {column_letters(merge.left)} to "
            f"{column_letters(merge.right)}, rows {merge.top} to {merge.bottom})"
            for merge in self._merges
            for row in range(max(merge.top, self._header.last_row + 1), merge.bottom + 1)
        }


def _text_in(column: int, cell: object) -> str:
    try:
        return text_of_value(cell)
    except CellUnreadable as problem:
        raise CellUnreadable(f"column {column_letters(column + 1)}: {problem}") from None


def _reason(column: int, mark: Mark) -> str:
    letters = column_letters(column + 1)
    if mark.kind is MarkKind.ERROR:
        return f"column {letters}: the error value {mark.detail or 'of a formula'}"
    return f"column {letters}: a formula that was never calculated"
