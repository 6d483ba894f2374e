"""Cumulative incidence: steps with bands, named at their ends, over an aligned at-risk table."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.results import IncidenceResult
from charts.end_labels import LABEL_PIXELS, end_labels
from charts.risk_rows import ROW_PIXELS, RiskRows, risk_rows
from charts.stairs import Stairs
from charts.theme import axis, base_layout, compared, figure_of, share
from charts.time_axis import TimeAxis, time_axis
from warehouse.vocabulary import CAUSES

PLOT_PIXELS = 300
SMALL_PLOT_PIXELS = 190
TOP_PIXELS = 30 + LABEL_PIXELS
"""Room for the labels of three techniques above the plot."""
AXIS_PIXELS = 58
TABLE_BOTTOM_PIXELS = 4
LEFT_WITH_TABLE, LEFT_ALONE, RIGHT = 78, 44, 20
FEWEST_BESIDE_OTHERS = 30
"""Smaller arms are not drawn beside larger ones; the table under the curves keeps them."""
ROUND_TOPS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6)
COUNTS = ["at_risk", "events", "competing", "censored"]


def cumulative_incidence(
    result: IncidenceResult, cause: str, *, with_table: bool = True
) -> go.Figure:
    """Draw the share that has had the event by each day within one cause, a line per technique.

    Returns a figure with 3 traces a technique (band, line, end mark) and, with the table, one of
    its numbers.
    """
    at_risk, curves = _of_cause(result.at_risk, cause), _of_cause(result.curves, cause)
    days = time_axis(result.horizon_days, at_risk["day"])
    drawn = _stairs(curves, at_risk, days, ("incidence", "lower", "upper"))
    traces = [trace for stairs in drawn for trace in stairs.curve(result.event_name)]
    traces += [stairs.end_mark() for stairs in drawn]
    table = risk_rows(at_risk, compared(curves["technique"]), days) if with_table else None
    return _framed(traces, drawn, days, table)


def interval_censored(result: IncidenceResult, cause: str) -> go.Figure:
    """Draw, within one cause, the area in which visits alone leave the true curve.

    Returns a figure with one trace a technique.
    """
    at_risk, bounds = _of_cause(result.at_risk, cause), _of_cause(result.bounds, cause)
    days = time_axis(result.horizon_days, at_risk["day"])
    drawn = _stairs(bounds, at_risk, days, ("high_bound", "low_bound", "high_bound"))
    return _framed([trace for stairs in drawn for trace in stairs.bounds()], drawn, days, None)


def causes_drawn(result: IncidenceResult) -> list[str]:
    """Return the causes with at least one arm that is large enough to be drawn beside others."""
    first = _first_rows(result.at_risk)
    arms: dict[str, dict[str, int]] = {cause: {} for cause in CAUSES}
    for cause, technique, size in zip(
        first["cause"], first["technique"], _sizes(first), strict=True
    ):
        arms.setdefault(cause, {})[technique] = size
    return [
        cause
        for cause in CAUSES
        if any(arms[cause][name] >= FEWEST_BESIDE_OTHERS for name in compared(arms[cause]))
    ]


def arm_sizes(at_risk: pd.DataFrame) -> dict[str, int]:
    """Return how many there are of each technique, from the at-risk rows of one cause."""
    first = _first_rows(at_risk)
    return dict(zip(first["technique"], _sizes(first), strict=True))


def _of_cause(rows: pd.DataFrame, cause: str) -> pd.DataFrame:
    return rows[rows["cause"].to_numpy(object) == cause]


def _first_rows(at_risk: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the first day, which every stratum has."""
    day = at_risk["day"].to_numpy()
    return at_risk.take(np.flatnonzero(day == day.min())) if len(day) else at_risk


def _sizes(first: pd.DataFrame) -> list[int]:
    return first[COUNTS].to_numpy(dtype=float).sum(axis=1).astype(int).tolist()


def _stairs(
    steps: pd.DataFrame, at_risk: pd.DataFrame, days: TimeAxis, edges: tuple[str, str, str]
) -> list[Stairs]:
    """Return the arms that are drawn: the large ones, or all where none is large."""
    techniques = compared(steps["technique"])
    sizes = arm_sizes(at_risk)
    large = [name for name in techniques if sizes.get(name, 0) >= FEWEST_BESIDE_OTHERS]
    technique_of = steps["technique"].to_numpy(object)
    return [Stairs(steps[technique_of == name], name, days, edges) for name in large or techniques]


def _framed(
    traces: list[dict[str, Any]], drawn: list[Stairs], days: TimeAxis, table: RiskRows | None
) -> go.Figure:
    """Return the figure of traces, with axes, end labels and, where given, the table below."""
    top = _top_share(drawn)
    plot = PLOT_PIXELS if table else SMALL_PLOT_PIXELS
    below = table.rows * ROW_PIXELS if table else 0
    inner = plot + (AXIS_PIXELS + below if table else 0)
    foot = TABLE_BOTTOM_PIXELS if table else AXIS_PIXELS
    left = LEFT_WITH_TABLE if table else LEFT_ALONE
    layout = base_layout(
        TOP_PIXELS + inner + foot, {"l": left, "r": RIGHT, "t": TOP_PIXELS, "b": foot}
    )
    layout["xaxis"] = days.settings(anchor="y", title={"text": days.title, "standoff": 6})
    layout["yaxis"] = _share_axis(top, [1 - plot / inner, 1])
    layout["annotations"] = end_labels(drawn, top, plot)
    if table:
        layout |= table.axes(below / inner)
        layout["annotations"] += table.labels
        traces = [*traces, table.numbers]
    return figure_of(traces, layout)


def _top_share(drawn: list[Stairs]) -> float:
    """Return the top of the axis: everyone, or a round share above rare events."""
    highest = max((stairs.highest for stairs in drawn), default=1.0)
    return next((top for top in ROUND_TOPS if highest * 1.3 <= top), 1.0)


def _share_axis(top: float, domain: list[float]) -> dict[str, Any]:
    decimals = 2 if top < 0.05 else 1 if top <= 0.1 else 0
    quarters = [top * quarter / 4 for quarter in range(5)]
    return axis(
        range=[0, top * 1.002],
        domain=domain,
        tickmode="array",
        tickvals=quarters,
        ticktext=[share(quarter, decimals=decimals) for quarter in quarters],
    )
