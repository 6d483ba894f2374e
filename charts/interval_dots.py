"""Estimates with intervals: a dot and a line a row, the value and n/N as text at the right."""

import textwrap
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.results import IntervalsResult
from charts.text_columns import LINE_PIXELS, STEP_PIXELS, Line, text_column
from charts.theme import (
    AXIS_COLOR,
    TEXT_SIZE,
    axis,
    base_layout,
    figure_of,
    hidden_axis,
    in_order,
    look_of,
    name_of,
    note,
    share,
    signed,
)

GAP_PIXELS = STEP_PIXELS
BELOW_PIXELS = 16
NOTE_SIZE = TEXT_SIZE - 1
BOTTOM_PIXELS = 50
LEFT_PIXELS = 14
COUNT_PIXELS = 78
VALUE_PIXELS = 54
NOTE_LETTERS = 50
LABEL_LETTERS = 44
SHARED_LETTERS = 56
TITLE_LETTERS = 26
"""Room for the axis title on a phone, where a longer one would be cut at both ends."""
FEWEST_SHARING = 3
SMALL_SHARE = 0.001
_NEARLY_ALL = 0.8
"""From where on an axis of shares runs to all of them."""


def interval_dots(
    result: IntervalsResult, *, group: str | None = None, cause: str | None = None
) -> go.Figure:
    """Draw the rows of a result, of one group and of one cause, under their labels.

    Returns a figure with one trace a technique: dots with their intervals as error bars.
    """
    return dots_of_rows(rows_shown(result, group, cause), result.unit, result.axis_title)


def rows_shown(result: IntervalsResult, group: str | None, cause: str | None) -> pd.DataFrame:
    """Return the rows of a group that a choice of cause leaves.

    With cause '' those of all causes together; with a cause its own. Where a result has no such
    rows, those of all techniques together.
    """
    rows = result.rows if group is None else result.rows[result.rows["group"] == group]
    if cause is None:
        return rows
    within = rows[rows["cause"].fillna("") == cause]
    return rows[rows["technique"].fillna("") == ""] if within.empty else within


def dots_of_rows(rows: pd.DataFrame, unit: str, axis_title: str) -> go.Figure:
    """Draw rows with ROW_COLUMNS, in their order; what every note says is said once, below."""
    shared = shared_notes(rows)
    rows = rows.assign(note=[_own_note(words, shared) for words in rows["note"]])
    layers = _layers(rows, unit)
    height = layers[-1]["bottom"] if layers else LINE_PIXELS
    below = textwrap.wrap("Every row: " + "; ".join(shared), SHARED_LETTERS) if shared else []
    title = textwrap.wrap(axis_title, TITLE_LETTERS) or [""]
    foot = BOTTOM_PIXELS + BELOW_PIXELS * (len(title) - 1)
    bottom = foot + BELOW_PIXELS * len(below)
    layout = base_layout(
        height + bottom, {"l": LEFT_PIXELS, "r": COUNT_PIXELS + VALUE_PIXELS, "t": 4, "b": bottom}
    )
    layout["xaxis"] = _value_axis(rows, unit, "<br>".join(title))
    layout["yaxis"] = hidden_axis(range=[height, 0])
    layout["annotations"] = _texts(layers)
    if below:
        layout["annotations"].append(_text_below("<br>".join(below), foot))
    layout["shapes"] = [_rule(layer["top"]) for layer in layers if layer["is_label"]][1:]
    traces = [_dots(layers, name) for name in in_order(rows["technique"].fillna(""))]
    return figure_of(traces, layout)


def shared_notes(rows: pd.DataFrame) -> list[str]:
    """Return the parts that the notes of all rows have in common, in order."""
    if len(rows) < FEWEST_SHARING:
        return []
    parts = [_parts(words) for words in rows["note"]]
    return [part for part in parts[0] if all(part in others for others in parts)]


def _parts(words: Any) -> list[str]:
    return str(words).split("; ") if _is_text(words) else []


def _own_note(words: Any, shared: list[str]) -> str:
    return "; ".join(part for part in _parts(words) if part not in shared)


def _text_below(words: str, foot: int) -> dict[str, Any]:
    return note(
        words,
        x=0,
        y=0,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="top",
        align="left",
        xshift=6,
        yshift=-(foot - 4),
        font={"size": NOTE_SIZE},
    )


def _layers(rows: pd.DataFrame, unit: str) -> list[dict[str, Any]]:
    """Return labels and rows from the top down, each with its place in pixels and its lines."""
    layers: list[dict[str, Any]] = []
    top = 0
    by_label: dict[str, list[dict[Hashable, Any]]] = {}
    for row in rows.to_dict("records"):
        by_label.setdefault(str(row["label"]), []).append(row)
    for label, own in by_label.items():
        layers.append(_label_layer(label, top))
        top = layers[-1]["bottom"]
        for row in own:
            layers.append(_row_layer(row, top, unit))
            top = layers[-1]["bottom"]
        layers[-1]["bottom"] = top = top + GAP_PIXELS
    return layers


def _label_layer(label: str, top: int) -> dict[str, Any]:
    lines = textwrap.wrap(label, LABEL_LETTERS) or [""]
    left = [Line(top + LINE_PIXELS * place, f"<b>{words}</b>") for place, words in enumerate(lines)]
    return {"top": top, "bottom": top + LINE_PIXELS * len(lines), "is_label": True, "left": left}


def _row_layer(row: Mapping[Any, Any], top: int, unit: str) -> dict[str, Any]:
    lines = textwrap.wrap(str(row["note"] or ""), NOTE_LETTERS) if _is_text(row["note"]) else []
    if lines and row["technique"]:
        lines[0] = signed(row["technique"], lines[0])
    return {
        "top": top,
        "bottom": top + LINE_PIXELS * (1 + len(lines)),
        "is_label": False,
        "left": [
            Line(top + LINE_PIXELS * place, words, NOTE_SIZE)
            for place, words in enumerate(lines, start=1)
        ],
        "value": Line(top, value_text(row["value"], unit)),
        "count": Line(top, count_text(row)),
        "middle": top + LINE_PIXELS / 2,
        "row": row,
        "hover": _hover_text(row, unit),
    }


def _texts(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the texts of all layers: labels and notes at the left, values and counts right."""
    rows = [layer for layer in layers if not layer["is_label"]]
    left = [line for layer in layers for line in layer["left"]]
    return [
        *text_column(left, x=0, xref="paper", xanchor="left", xshift=6),
        *_right_column([layer["value"] for layer in rows], COUNT_PIXELS),
        *_right_column([layer["count"] for layer in rows], 0),
    ]


def _right_column(lines: list[Line], from_right: int) -> list[dict[str, Any]]:
    return text_column(
        lines,
        x=1,
        xref="paper",
        xanchor="right",
        align="right",
        xshift=COUNT_PIXELS + VALUE_PIXELS - from_right,
    )


def value_text(value: float | None, unit: str) -> str:
    """Return an estimate as text in its unit; what cannot be said is a dash."""
    if value is None or pd.isna(value):
        return "–"
    if unit == "proportion":
        # One of two thousand is not 0.0 %.
        return share(value, decimals=2 if 0 < value < SMALL_SHARE else 1)
    return f"{value:.1f}".replace("-", "−")


def count_text(row: Mapping[Any, Any]) -> str:
    """Return 'n/N', or N alone where nothing is counted out of it."""
    n, total = row.get("n"), row.get("N")
    if total is None or pd.isna(total):
        return ""
    return f"{int(total):,}" if n is None or pd.isna(n) else f"{int(n):,}/{int(total):,}"


def _hover_text(row: Mapping[Any, Any], unit: str) -> str:
    limits = f"{value_text(row['lower'], unit)} to {value_text(row['upper'], unit)}"
    words = f"<b>{name_of(row['technique'] or '')}</b><br>{row['label']}<br>"
    return f"{words}{value_text(row['value'], unit)} ({limits}) · {count_text(row)}"


def _is_text(words: Any) -> bool:
    return isinstance(words, str) and bool(words.strip())


def _rule(height: float) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": height,
        "y1": height,
        "line": {"color": AXIS_COLOR, "width": 0.6},
        "layer": "below",
    }


def _value_axis(rows: pd.DataFrame, unit: str, axis_title: str) -> dict[str, Any]:
    known = rows[["value", "lower", "upper"]].to_numpy(dtype=float)
    known = known[np.isfinite(known)]
    low, high = (min(0.0, known.min()), max(0.0, known.max())) if known.size else (0.0, 1.0)
    if unit == "proportion" and high > _NEARLY_ALL:
        high = 1.0
    room = 0.04 * ((high - low) or 1.0)
    settings: dict[str, Any] = {
        "range": [low - (room if low < 0 else 0), high + room],
        "title": {"text": axis_title, "standoff": 8},
        "nticks": 6,
        "zeroline": True,
        "zerolinecolor": AXIS_COLOR,
        "showline": False,
        # Zero stands at the very left, where a long label would be cut.
        "ticklabeloverflow": "hide past div",
    }
    if unit == "proportion":
        settings["tickformat"] = ".0%" if high > 0.06 else ".1%"
    return axis(**settings)


def _dots(layers: list[dict[str, Any]], technique: str) -> dict[str, Any]:
    look = look_of(technique)
    own = [
        layer
        for layer in layers
        if not layer["is_label"] and (layer["row"]["technique"] or "") == technique
    ]
    values, lower, upper = (
        np.array([layer["row"][name] for layer in own], dtype=float)
        for name in ("value", "lower", "upper")
    )
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values.tolist(),
        "y": [layer["middle"] for layer in own],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": np.nan_to_num(upper - values).tolist(),
            "arrayminus": np.nan_to_num(values - lower).tolist(),
            "color": look.color,
            "thickness": 2,
            "width": 0,
        },
        "marker": {"symbol": look.symbol, "color": look.color, "size": 10},
        "text": [layer["hover"] for layer in own],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
        "name": name_of(technique),
    }
