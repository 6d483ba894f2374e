"""The table under the curves: at risk, events, competing and censored, on the curves' own axis."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from charts.theme import hidden_axis, name_of, note, signed
from charts.time_axis import TimeAxis

ROW_PIXELS = 19
NUMBER_SIZE = 11
COUNTS = {
    "at_risk": "At risk",
    "events": "Events",
    "competing": "Competing",
    "censored": "Censored",
}


@dataclass(frozen=True)
class RiskRows:
    """A second row of the same figure: one trace of numbers, and its labels."""

    rows: int
    numbers: dict[str, Any]
    labels: list[dict[str, Any]]

    def axes(self, height: float) -> dict[str, Any]:
        """Return the hidden axes of the rows, over the lowest `height` of the figure (0 to 1).

        The x axis follows that of the curves, so that numbers stand under their days.
        """
        return {
            "xaxis2": hidden_axis(matches="x", anchor="y2"),
            "yaxis2": hidden_axis(domain=[0, height], range=[self.rows - 0.5, -0.5], anchor="x2"),
        }


def risk_rows(at_risk: pd.DataFrame, techniques: list[str], days: TimeAxis) -> RiskRows:
    """Return the table of one cause's rows: for each technique its name, then its counts."""
    shown = at_risk[np.isin(at_risk["day"].to_numpy(float), days.ticks)].sort_values("day")
    columns = {name: shown[name].to_numpy(float) for name in ("day", *COUNTS)}
    technique_of = shown["technique"].to_numpy(object)
    places: list[float] = []
    heights: list[int] = []
    texts: list[str] = []
    labels: list[dict[str, Any]] = []
    row = 0
    for technique in techniques:
        own = {name: numbers[technique_of == technique] for name, numbers in columns.items()}
        labels.append(_row_label(signed(technique, f"<b>{name_of(technique)}</b>"), row))
        row += 1
        for column, words in _counts_shown(own).items():
            labels.append(_row_label(words, row))
            places += days.places(own["day"]).tolist()
            heights += [row] * len(own["day"])
            texts += [_count_text(value) for value in own[column].tolist()]
            row += 1
    return RiskRows(max(row, 1), _numbers(places, heights, texts), labels)


def _counts_shown(counts: Mapping[str, np.ndarray]) -> dict[str, str]:
    """Return the count columns worth a row; a row of competing events only where there are any."""
    has_competing = bool((counts["competing"] > 0).any())
    return {
        column: words for column, words in COUNTS.items() if column != "competing" or has_competing
    }


def _count_text(value: float) -> str:
    return "–" if value != value else f"{int(value):,}"


def _numbers(places: list[float], heights: list[int], texts: list[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": places,
        "y": heights,
        "text": texts,
        "xaxis": "x2",
        "yaxis": "y2",
        "textposition": "middle center",
        "textfont": {"size": NUMBER_SIZE},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "name": "",
    }


def _row_label(words: str, row: int) -> dict[str, Any]:
    return note(
        words,
        x=0,
        y=row,
        xref="paper",
        yref="y2",
        xanchor="left",
        yanchor="middle",
        xshift=-76,
        font={"size": NUMBER_SIZE},
    )
