"""The techniques side by side within one cause, as they were observed: no contrast is drawn."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.results import ROW_COLUMNS, Result
from charts.interval_dots import dots_of_rows
from charts.theme import compared
from warehouse.vocabulary import VISITS, label_of


def arms_of_cause(
    result: Result, *, cause: str, measures: tuple[tuple[str, str], ...]
) -> go.Figure:
    """Draw chosen measures of one cause, a row for each technique that has an arm of its own.

    `measures` are pairs of measure id and the words it is labelled with.
    """
    rows = arm_rows(result, cause, measures)
    return dots_of_rows(rows, "proportion", "Share, with 95% interval")


def arm_rows(result: Result, cause: str, measures: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    """Return ROW_COLUMNS of the arms of one cause, in the order of `measures` and time."""
    found = result.measures[result.measures["cause"] == cause]
    rows = []
    for measure, words in measures:
        own = found[(found["measure"] == measure) & found["value"].notna()]
        for (at, modality), of_time in own.groupby(["at", "modality"], sort=False, dropna=False):
            label = " ".join(part for part in (words, _seen_by(modality), _when(at)) if part)
            for technique in compared(set(of_time["technique"]) - {""}):
                row = of_time[of_time["technique"] == technique].iloc[0]
                rows.append({**row, "label": label, "group": measure, "note": ""})
    return pd.DataFrame(rows, columns=list(ROW_COLUMNS))


def _when(at: Any) -> str:
    if at is None or pd.isna(at) or at == "":
        return ""
    text = str(at)
    return f"at {label_of(text)}" if text in VISITS else f"by day {text}"


def _seen_by(modality: Any) -> str:
    if modality is None or pd.isna(modality) or modality == "":
        return ""
    return f"({label_of(str(modality))})"
