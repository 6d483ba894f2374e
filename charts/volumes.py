"""How many procedures: a matrix of technique by cause, and bars by year."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.results import CountsResult
from charts.theme import (
    GRID_COLOR,
    axis,
    base_layout,
    figure_of,
    hidden_axis,
    in_order,
    look_of,
    name_of,
    note,
    signed,
    translucent,
)
from warehouse.vocabulary import CAUSES, label_of

CELL_PIXELS = 44
LABEL_PIXELS = 26
HEAD_PIXELS = 36
BAR_PIXELS = 40
KEY_PIXELS = 22

HYPHENATED = {"osteoporosis": "Osteo-<br>porosis", "unspecified": "Unspeci-<br>fied"}
"""Causes that a column is too narrow for on a phone."""


def technique_by_cause(result: CountsResult) -> go.Figure:
    """Draw the matrix of counts, a column per cause and a row per technique that occur.

    The counts are annotations over shaded cells, zeros included; the one trace is invisible.
    """
    table = _matrix(result.counts)
    height = _row_step() * len(table.index)
    layout = base_layout(height + HEAD_PIXELS + 4, {"l": 0, "r": 0, "t": HEAD_PIXELS, "b": 4})
    layout["xaxis"] = hidden_axis(range=[-0.5, len(table.columns) - 0.5])
    layout["yaxis"] = hidden_axis(range=[height, 0])
    cells = [cell for row in range(len(table.index)) for cell in _row_of_cells(table, row)]
    layout["annotations"] = [
        *_column_names(list(table.columns)),
        *[number for number, _ in cells],
        *_row_names(list(table.index)),
    ]
    layout["shapes"] = [box for _, box in cells]
    return figure_of([_anchor(len(table.columns))], layout)


def _matrix(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts, a row per technique and a column per cause with at least one procedure."""
    seen = counts[counts["procedures"] > 0]
    techniques = in_order(set(seen["technique"]) - {""})
    causes = [cause for cause in CAUSES if cause in set(seen["cause"])]
    table = counts.pivot_table(
        index="technique", columns="cause", values="procedures", aggfunc="sum"
    )
    return table.reindex(index=techniques, columns=causes).fillna(0).astype(int)


def _row_of_cells(table: pd.DataFrame, row: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return each cell of a row as its number and its shaded box."""
    largest = int(table.to_numpy().max())
    middle = _middle(row)
    return [
        (note(f"{count:,}", x=column, y=middle, font={"size": 15}), _box(column, middle, shade))
        for column, count in enumerate(table.iloc[row].tolist())
        for shade in [round(0.05 + 0.35 * count / largest, 3)]
    ]


def _column_names(causes: list[str]) -> list[dict[str, Any]]:
    return [
        note(
            f"<b>{HYPHENATED.get(cause, label_of(cause))}</b>",
            x=column,
            y=0,
            yanchor="bottom",
            align="center",
        )
        for column, cause in enumerate(causes)
    ]


def _row_names(techniques: list[str]) -> list[dict[str, Any]]:
    return [
        note(
            signed(technique, f"<b>{name_of(technique)}</b>"),
            x=0,
            y=_middle(row) - CELL_PIXELS / 2 - 2,
            xref="paper",
            xanchor="left",
            yanchor="bottom",
        )
        for row, technique in enumerate(techniques)
    ]


def _middle(row: int) -> float:
    return LABEL_PIXELS + CELL_PIXELS / 2 + _row_step() * row


def _row_step() -> int:
    return LABEL_PIXELS + CELL_PIXELS


def _box(column: int, middle: float, shade: float) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": column - 0.48,
        "x1": column + 0.48,
        "y0": middle - CELL_PIXELS / 2,
        "y1": middle + CELL_PIXELS / 2,
        "fillcolor": translucent("#0072B2", shade),
        "line": {"color": GRID_COLOR, "width": 1},
        "layer": "below",
    }


def _anchor(columns: int) -> dict[str, Any]:
    """Return the trace that gives the axes something to hold; the cells are shapes."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(range(columns)),
        "y": [0] * columns,
        "marker": {"opacity": 0},
        "hoverinfo": "skip",
        "name": "",
    }


def by_year(result: CountsResult) -> go.Figure:
    """Draw the procedures of each year as stacked bars, a trace per technique, totals in words."""
    counts = result.by_year[result.by_year["technique"] != ""]
    techniques = in_order(counts.loc[counts["procedures"] > 0, "technique"])
    years = [int(year) for year in sorted(counts["year"].unique())]
    totals = counts.groupby("year")["procedures"].sum()
    key = _key(techniques)
    top = KEY_PIXELS * len(key)
    layout = base_layout(
        BAR_PIXELS * max(len(years), 1) + top + 8, {"l": 44, "r": 52, "t": top, "b": 8}
    )
    layout["barmode"] = "stack"
    layout["xaxis"] = hidden_axis(range=[0, int(totals.max()) if len(totals) else 1])
    layout["yaxis"] = axis(
        tickmode="array",
        tickvals=years,
        ticktext=[str(year) for year in years],
        range=[years[-1] + 0.5, years[0] - 0.5] if years else [1, 0],
        showgrid=False,
        showline=False,
        ticks="",
    )
    layout["annotations"] = key + [
        note(f"<b>{total:,}</b>", x=total, y=year, xanchor="left", xshift=6)
        for year, total in zip(years, totals.tolist(), strict=True)
    ]
    return figure_of([_bars(counts, technique) for technique in techniques], layout)


def _key(techniques: list[str]) -> list[dict[str, Any]]:
    """Return the names of the fills, two a line so that a phone has room for them."""
    names = [signed(name, name_of(name), sign="■") for name in techniques]
    lines = ["   ".join(names[place : place + 2]) for place in range(0, len(names), 2)]
    return [
        note(
            line,
            x=0,
            y=1,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            yshift=KEY_PIXELS * (len(lines) - 1 - place),
        )
        for place, line in enumerate(lines)
    ]


def _bars(counts: Any, technique: str) -> dict[str, Any]:
    own = counts[counts["technique"] == technique]
    return {
        "type": "bar",
        "orientation": "h",
        "x": own["procedures"].tolist(),
        "y": own["year"].tolist(),
        "marker": {
            "color": translucent(look_of(technique).color, 0.75),
            "pattern": {"shape": _PATTERNS.get(technique, ""), "solidity": 0.25},
        },
        "width": 0.62,
        "hovertemplate": f"<b>{name_of(technique)}</b><br>%{{y}}: %{{x:,}}<extra></extra>",
        "name": name_of(technique),
    }


_PATTERNS = {"vertebroplasty": "/", "implant": ".", "mixed": "x", "kyphoplasty_or_mechanical": "-"}
"""Fill patterns, so that stacked bars are told apart without colour."""
