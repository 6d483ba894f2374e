"""The pack as a workbook: a cover, the measures, and native charts drawn from cells."""

import io
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from analysis.disclosure import WITHHELD_COLUMNS
from reports.contents import Pack
from reports.tables import DICTIONARY, neutralised
from reports.words import WITHHELD_GLYPH, WITHHELD_LEGEND, estimate_unit, is_given, is_number
from reports.workbook_charts import add_charts

_WIDTHS = {
    "measure": 36, "version": 10, "unit": 18, "cause": 18, "technique": 20, "modality": 20, "at": 8,
    "method": 34, "excluded": 28, "cohort": 28, "snapshot": 15, "note": 44,
}  # fmt: skip
_NUMBERS = ("n", "N", "value", "lower", "upper", "low_bound", "high_bound", "conf_level")
_A4 = 9
_SHARES = ("value", "lower", "upper", "low_bound", "high_bound")


def workbook_xlsx(pack: Pack) -> bytes:
    """Return the pack as XLSX bytes, the same for the same pack."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(made, options)
    book.set_properties(
        {
            "title": "Vertebral Outcomes: report",
            "subject": neutralised(pack.cohort.in_words()),
            "author": "Vertebral Outcomes",
            "created": pack.generated.replace(tzinfo=None),
        }
    )
    formats = {
        "title": book.add_format({"bold": True, "font_size": 18}),
        "name": book.add_format({"bold": True, "valign": "top", "font_color": "#5A6773"}),
        "words": book.add_format({"text_wrap": True, "valign": "top"}),
        "header": book.add_format({"bold": True, "bottom": 1, "bg_color": "#EAF0F4"}),
        "header of numbers": book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#EAF0F4", "align": "right"}
        ),
        "share": book.add_format({"num_format": "0.0%"}),
        "number": book.add_format({"num_format": "#,##0.0"}),
        "count": book.add_format({"num_format": "#,##0"}),
        "plain": book.add_format({}),
        "withheld": book.add_format({"font_color": "#5A6773", "align": "right"}),
    }
    _write_cover(book.add_worksheet("Cover"), pack, formats)
    _write_measures(book.add_worksheet("Measures"), pack.measures, formats)
    add_charts(book, pack.measures)
    _write_definitions(book.add_worksheet("Definitions"), pack, formats)
    _write_dictionary(book.add_worksheet("Columns"), formats)
    for sheet in book.worksheets():
        _set_up_print(sheet, pack)
    book.close()
    return made.getvalue()


def _write_cover(sheet: Worksheet, pack: Pack, formats: dict[str, Format]) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, "Vertebral Outcomes", formats["title"])
    facts = [
        *pack.facts,
        (f"Legend {WITHHELD_GLYPH}", WITHHELD_LEGEND),
        ("Estimates", "Proportions are shown in percent; the cells hold 0 to 1, full precision."),
    ]
    for place, (name, words) in enumerate(facts, start=2):
        sheet.write_string(place, 0, name, formats["name"])
        sheet.write_string(place, 1, neutralised(words), formats["words"])


def _set_up_print(sheet: Worksheet, pack: Pack) -> None:
    """Fit a sheet to the width of A4, with what every page of the PDF says too."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_header("&LVertebral Outcomes&R&A")
    sheet.set_footer(f"&LAudience {pack.audience}, snapshot {pack.snapshot_id}&RPage &P of &N")


def _write_measures(sheet: Worksheet, measures: pd.DataFrame, formats: dict[str, Format]) -> None:
    names = [name for name, _, _ in DICTIONARY]
    for column, name in enumerate(names):
        look = formats["header of numbers" if name in _NUMBERS else "header"]
        sheet.write_string(0, column, name, look)
        sheet.set_column(column, column, _WIDTHS.get(name, 12))
    for place, row in enumerate(measures[names].itertuples(index=False), start=1):
        for column, name in enumerate(names):
            if row.suppressed and name in WITHHELD_COLUMNS[:7]:
                sheet.write_string(place, column, WITHHELD_GLYPH, formats["withheld"])
            else:
                _write_cell(sheet, (place, column), row[column], formats[_format_of(name, row)])
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(len(measures), 1), len(names) - 1)


def _format_of(name: str, row: Any) -> str:
    if name in ("n", "N"):
        return "count"
    if name in _SHARES:
        return "share" if estimate_unit(row.measure) == "proportion" else "number"
    return "plain"


def _write_cell(sheet: Worksheet, cell: tuple[int, int], value: Any, look: Format) -> None:
    if not is_given(value):
        return
    if value is True or value is False:
        sheet.write_boolean(*cell, value, look)
    elif is_number(value) and not isinstance(value, str):
        sheet.write_number(*cell, float(value), look)
    else:
        sheet.write_string(*cell, neutralised(str(value)), look)


def _write_definitions(sheet: Worksheet, pack: Pack, formats: dict[str, Format]) -> None:
    names = ("Outcome", "Definition", "Version", "Denominator", "Method", "Source")
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, formats["header"])
        sheet.set_column(column, column, 44 if column in (1, 3, 4, 5) else 24)
    for place, section in enumerate(pack.sections, start=1):
        told = section.explanation
        words = (
            section.heading, told.definition, told.version, told.denominator, told.method,
            told.source,
        )  # fmt: skip
        for column, text in enumerate(words):
            sheet.write_string(place, column, neutralised(text), formats["words"])
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)


def _write_dictionary(sheet: Worksheet, formats: dict[str, Format]) -> None:
    for column, (name, width) in enumerate((("column", 16), ("type", 16), ("meaning", 100))):
        sheet.write_string(0, column, name, formats["header"])
        sheet.set_column(column, column, width)
    for place, words in enumerate(DICTIONARY, start=1):
        for column, text in enumerate(words):
            sheet.write_string(place, column, text, formats["words"])
    sheet.freeze_panes(1, 0)
