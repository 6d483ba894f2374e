"""Native charts of the workbook: they read the cells beside them, and withheld cells are empty."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import xlsxwriter

from charts.theme import compared, look_of, name_of
from reports.contents import headline_rows
from reports.words import cause_words, is_given, is_number, measure_words, rows_of
from warehouse.vocabulary import CAUSES

SHEET = "Charts"
_DASHES = {"solid": "solid", "dash": "dash", "dot": "round_dot"}
_MARKERS = {"circle": "circle", "diamond": "diamond", "square": "square"}
_FIRST_CHART_COLUMN = 7
_ROWS_A_CHART = 18


def add_charts(book: xlsxwriter.Workbook, measures: pd.DataFrame) -> None:
    """Add a sheet of relief by cause and of complications in total, each with its own cells."""
    shown = measures[~measures["suppressed"] & measures["value"].notna()]
    blocks = [*_relief_blocks(shown), *_complication_blocks(shown)]
    if not blocks:
        return
    sheet = book.add_worksheet(SHEET)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, _FIRST_CHART_COLUMN - 1, 15)
    percent = book.add_format({"num_format": "0.0%"})
    bold = book.add_format({"bold": True})
    for place, (kind, title, header, rows) in enumerate(blocks):
        top = place * max(_ROWS_A_CHART, 4 + max(len(block[3]) for block in blocks))
        sheet.write_string(top, 0, title, bold)
        for column, name in enumerate(header):
            sheet.write_string(top + 1, column, name, bold)
        for line, row in enumerate(rows, start=top + 2):
            for column, value in enumerate(row):
                if is_number(value):
                    sheet.write_number(line, column, value, percent if column else None)
                elif is_given(value):
                    sheet.write_string(line, column, value)
        make = _line_chart if kind == "line" else _bar_chart
        chart = make(book, title, header, (top, len(rows)))
        description = f"{title}. The numbers stand in the cells on its left."
        sheet.insert_chart(top, _FIRST_CHART_COLUMN, chart, {"description": description})


Block = tuple[str, str, list[str], list[list[Any]]]


def _relief_blocks(shown: pd.DataFrame) -> list[Block]:
    relief = shown[shown["measure"] == "relief_incidence"]
    blocks: list[Block] = []
    for cause in CAUSES[:3]:
        own = relief[(relief["cause"] == cause) & (relief["technique"] != "")]
        arms = [arm for arm in compared(own["technique"]) if arm in _shapes()]
        days = sorted({float(at) for at in own["at"]})
        values = {(float(row.at), row.technique): row.value for row in rows_of(own)}
        rows = [[day, *(values.get((day, arm)) for arm in arms)] for day in days]
        if rows:
            title = f"Relief seen by the day: {cause_words(cause)}"
            blocks.append(("line", title, ["Day", *(name_of(arm) for arm in arms)], rows))
    return blocks


def _complication_blocks(shown: pd.DataFrame) -> list[Block]:
    is_total = (shown["cause"] == "") & (shown["technique"] == "")
    risks = shown[is_total & shown["measure"].str.startswith("complication_")]
    if risks.empty:
        return []
    risks = headline_rows(risks).sort_values(["value", "measure"])
    rows = [[measure_words(row.measure), row.value] for row in rows_of(risks)]
    return [("bar", "Complications, all procedures", ["Complication", "Risk"], rows)]


def _shapes() -> Sequence[str]:
    return ("kyphoplasty", "vertebroplasty", "implant")


def _line_chart(
    book: xlsxwriter.Workbook, title: str, header: list[str], place: tuple[int, int]
) -> Any:
    top, length = place
    chart = book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    techniques = {name_of(arm): arm for arm in _shapes()}
    for column, name in enumerate(header[1:], start=1):
        look = look_of(techniques[name])
        chart.add_series(
            {
                "name": [SHEET, top + 1, column],
                "categories": [SHEET, top + 2, 0, top + 1 + length, 0],
                "values": [SHEET, top + 2, column, top + 1 + length, column],
                "line": {"color": look.color, "width": 2, "dash_type": _DASHES[look.dash]},
                "marker": {
                    "type": _MARKERS[look.symbol],
                    "size": 7,
                    "fill": {"color": look.color},
                    "border": {"color": look.color},
                },
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_x_axis(_axis("Days after procedure") | {"major_gridlines": {"visible": 0}})
    chart.set_y_axis(_axis("Share with relief seen") | {"max": 1, "num_format": "0%"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 640, "height": 340})
    chart.show_blanks_as("gap")
    return chart


def _axis(name: str) -> dict[str, Any]:
    faint = {"visible": True, "line": {"color": "#E3E8EC", "width": 0.75}}
    plain = {"bold": False, "size": 10}
    return {"name": name, "name_font": plain, "min": 0, "major_gridlines": faint}


def _bar_chart(
    book: xlsxwriter.Workbook, title: str, header: list[str], place: tuple[int, int]
) -> Any:
    top, length = place
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": header[1],
            "categories": [SHEET, top + 2, 0, top + 1 + length, 0],
            "values": [SHEET, top + 2, 1, top + 1 + length, 1],
            "fill": {"color": look_of("").color},
            "gap": 60,
        }
    )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_x_axis(_axis("Share with the complication") | {"num_format": "0.0%"})
    chart.set_y_axis({"major_gridlines": {"visible": False}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 640, "height": max(260, 90 + 22 * length)})
    return chart
