"""Page: the measures that matter, one row each, with trend and change; volumes below."""

from collections import defaultdict
from collections.abc import Mapping
from html import escape
from operator import itemgetter
from typing import Any

import pandas as pd
import streamlit as st

from analysis.overview_result import OverviewResult
from charts.draw import overview_volumes_by_year, overview_volumes_matrix
from charts.interval_dots import count_text
from charts.sparkline import sparkline
from charts.theme import share
from dashboard.components import (
    Html,
    card,
    page_heading,
    picture,
    show_behind,
    show_empty,
    show_figure,
    show_table,
)
from dashboard.filters import current_cohort
from dashboard.loaders import load_figure, load_result

HEADS = ["Measure", "Whole cohort", "95% interval", "n/N", "By year", "Latest year", "Change"]


def show() -> None:
    """Show the page."""
    page_heading("Overview")
    result = load_result("overview", current_cohort(), OverviewResult)
    if show_empty(result):
        return
    with card("overview_measures", result.title, result.subtitle):
        if result.rows.empty:
            st.info(result.no_rows_reason)
        else:
            trend = _by_measure(result.trend)
            rows = [_row(row, trend[row["measure"]]) for row in result.rows.to_dict("records")]
            show_table(HEADS, rows, stacked=True)
        show_behind(result, with_words=False)  # the table is its words
    _show_volumes(result)


def _by_measure(trend: pd.DataFrame) -> dict[str, dict[int, float]]:
    """Return the value of each year, oldest first, by measure."""
    values: dict[str, dict[int, float]] = defaultdict(dict)
    rows = zip(*(trend[name].tolist() for name in ("measure", "year", "value")), strict=True)
    for measure, year, value in sorted(rows, key=itemgetter(1)):
        values[measure][year] = value
    return values


def _row(row: Mapping[Any, Any], trend: Mapping[int, float]) -> list[Any]:
    """Return the cells of one measure."""
    small = f'<br><span class="note">{escape(str(row["note"]))}</span>' if row["note"] else ""
    spark = sparkline(list(trend.values()))
    alt = f"{row['label']} by year: " + ", ".join(
        f"{year} {share(value, decimals=1)}" for year, value in trend.items()
    )
    return [
        Html(escape(str(row["label"])) + small),
        Html(f"<strong>{share(row['value'], decimals=1)}</strong>"),
        f"{share(row['lower'], decimals=1)} to {share(row['upper'], decimals=1)}",
        count_text(row),
        picture(spark, alt),
        str(row["variation"] or "–"),
        str(row["change_words"] or "–"),
    ]


def _show_volumes(result: OverviewResult) -> None:
    volumes = result.volumes
    if volumes is None or volumes.is_empty:
        return
    with st.grid(2, min_column_width=320, gap="small"):
        with card("overview_matrix", volumes.title, volumes.subtitle):
            figure = load_figure(overview_volumes_matrix, result.outcome, current_cohort())
            show_figure(figure, "overview_matrix_figure", volumes.summary)
        with card("overview_years", "Procedures by year", "Each technique with its own pattern"):
            figure = load_figure(overview_volumes_by_year, result.outcome, current_cohort())
            show_figure(figure, "overview_years_figure", f"By year. {volumes.summary}")
