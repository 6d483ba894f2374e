"""Read a wide workbook of 100,000 rows as text, with and without formulas, beside the libraries."""

import random
import sys
from pathlib import Path

import xlsxwriter

from bench.measuring import SCRATCH, Measured, median_of, remember, run_measured

ROWS, COLUMNS = 100_000, 60
RUNS = 3
WORDS = ("kyphoplasty", "vertebroplasty", "yes", "no", "unknown")

READ = (
    "import sys, tempfile; from pathlib import Path;"
    "from etl.sources.spreadsheets import read_spreadsheet;"
    "folder = tempfile.TemporaryDirectory(dir=sys.argv[2]);"
    "[t] = read_spreadsheet(Path(sys.argv[1]), workspace=Path(folder.name));"
    "print(t.records, len(t.faults))"
)
BARE = (
    "import sys; from python_calamine import CalamineWorkbook;"
    "sheet = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0);"
    "print(sum(1 for _ in sheet.iter_rows()) - 1, 0)"
)
OPENPYXL = (
    "import sys; from openpyxl import load_workbook;"
    "book = load_workbook(sys.argv[1], read_only=True, data_only=True);"
    "print(sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 1, 0)"
)


def measure(rows: int = ROWS) -> None:
    """Measure our reader on both workbooks, and the bare libraries on the plain one."""
    plain, calculated = _workbook(rows, formulas=False), _workbook(rows, formulas=True)
    bare = median_of([_read(BARE, plain, rows) for _ in range(RUNS)])
    results = [
        _row("bare python-calamine, values dropped (floor)", bare, bare),
        _row("read_spreadsheet, aim 15 s and 2,048 MiB", _ours(plain, rows), bare),
        _row("the same with a column of formulas", _ours(calculated, rows), bare),
        _row("openpyxl, values dropped", _read(OPENPYXL, plain, rows), bare),
    ]
    remember("spreadsheets", results)


def _ours(path: Path, rows: int) -> Measured:
    return median_of([_read(READ, path, rows) for _ in range(RUNS)])


def _read(script: str, path: Path, rows: int) -> Measured:
    measured = run_measured([sys.executable, "-c", script, str(path), str(SCRATCH)])
    if measured.exit_code != 0 or measured.output.split() != [str(rows), "0"]:
        raise SystemExit(f"{path.name} was not read whole: {measured.output}")
    return measured


def _workbook(rows: int, *, formulas: bool) -> Path:
    """Write a workbook of numbers, words, days and identifiers, once."""
    path = SCRATCH / f"wide-{rows}{'-formulas' if formulas else ''}.xlsx"
    if path.exists():
        return path
    SCRATCH.mkdir(exist_ok=True)
    chance = random.Random(1)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        # As a spreadsheet program leaves it: formulas have been calculated.
        workbook.set_calc_mode("manual")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet("Cases")
        sheet.write_row(0, 0, [f"column_{column}" for column in range(COLUMNS)])
        for row in range(1, rows + 1):
            for column in range(COLUMNS):
                _write_cell(sheet, row, column, chance, day)
            if formulas:
                sheet.write_formula(row, 2, f"=A{row + 1}+1", None, row)
    return path


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, chance: random.Random, day: object
) -> None:
    kind = column % 4
    if kind == 0:
        sheet.write_number(row, column, chance.randrange(100))
    elif kind == 1:
        sheet.write_string(row, column, chance.choice(WORDS))
    elif kind == 2:
        sheet.write_number(row, column, round(chance.random() * 10, 2))
    elif column == 3:
        sheet.write_number(row, column, 45_000 + row % 700, day)
    else:
        sheet.write_string(row, column, f"C{row}")


def _row(what: str, measured: Measured, floor: Measured) -> dict[str, object]:
    return {
        "what": what,
        "seconds": round(measured.seconds, 2),
        "times the floor": round(measured.seconds / floor.seconds, 2),
        "peak MiB": round(measured.peak_mib),
    }
