"""Figures on paper: the same results and the same looks as on screen, drawn without a browser."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from analysis.results import IncidenceResult
from charts.theme import compared, look_of, name_of
from charts.time_axis import TimeAxis, day_text, time_axis
from reports.contents import MOST_FIGURE_ROWS, Section, figure_rows
from reports.words import (
    cause_words,
    count_text,
    estimate_unit,
    is_given,
    measure_words,
    modality_words,
    number_text,
    rows_of,
    technique_words,
    time_words,
)
from warehouse.vocabulary import CAUSES

FONTS = Path(__file__).resolve().parent / "fonts"
WIDTH_INCHES = 6.7
_LEAST_TICK_GAP = 0.15
_INK, _MUTED, _GRID = "#14202B", "#5A6773", "#E3E8EC"
_DASHES: dict[str, Any] = {
    "solid": "-",
    "dash": (0, (5, 2)),
    "dot": (0, (1, 1.5)),
    "dashdot": "-.",
    "longdash": (0, (8, 3)),
}
_MARKERS = {
    "circle": "o",
    "diamond": "D",
    "square": "s",
    "triangle-up": "^",
    "triangle-down": "v",
    "circle-open": "o",
}
_STYLE: Any = {
    "font.family": ["Inter", "DejaVu Sans"],
    "font.size": 7.5,
    "axes.edgecolor": "#AEB8C1",
    "axes.labelcolor": _MUTED,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 8.5,
    "text.color": _INK,
    "xtick.color": _MUTED,
    "ytick.color": _MUTED,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "svg.hashsalt": "vertebral-outcomes",
    "svg.fonttype": "path",
}


def section_figure(section: Section) -> bytes | None:
    """Return a section's figure as SVG bytes; None where there is nothing to draw.

    Whole curves where the section carries them (audience inside), dots with intervals otherwise.
    """
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)
    with mpl.rc_context(_STYLE):
        if section.curves is not None and len(section.curves.curves):
            return _svg(_curves(section.curves))
        rows = figure_rows(section.measures)
        if rows.empty:
            return None
        is_split_by_day = rows["measure"].nunique() == 1 and rows["at"].nunique() > 1
        return _svg(_dots_by_day(rows) if is_split_by_day else _dots(rows))


def _curves(result: IncidenceResult) -> Figure:
    causes = [cause for cause in CAUSES if cause in set(result.curves["cause"])][:3] or [""]
    scale = _thinned(time_axis(result.horizon_days, result.at_risk["day"]))
    in_panels = result.curves[(result.curves["technique"] != "") & (result.curves["cause"] != "")]
    top = 1.0 if in_panels["incidence"].max() > 0.4 else 0.4
    figure = Figure(figsize=(WIDTH_INCHES, 3.3), layout="constrained")
    panels = figure.subplots(2, len(causes), squeeze=False, height_ratios=(5, 1), sharex=True)
    for place, cause in enumerate(causes):
        own = result.curves[result.curves["cause"] == cause]
        arms = compared(own["technique"])
        for technique in arms:
            _one_curve(panels[0, place], own[own["technique"] == technique], scale)
        _finish_curves(panels[0, place], cause, scale, is_first=place == 0)
        panels[0, place].set_ylim(0, top)
        at_risk = result.at_risk[result.at_risk["cause"] == cause]
        _numbers_at_risk(panels[1, place], at_risk, arms, scale)
    panels[0, 0].set_ylabel(f"Share with {result.event_name}")
    _label_risk_rows(panels[1, 0], result)
    figure.supxlabel(scale.title.replace("<br>", ", "), fontsize=7, color=_MUTED)
    _add_legend(figure, result.curves["technique"])
    return figure


def _thinned(scale: TimeAxis) -> TimeAxis:
    """Return the axis with the days that can be named side by side in a narrow panel."""
    gap = _LEAST_TICK_GAP * float(scale.places(scale.horizon_days))
    kept: list[float] = []
    for day in scale.ticks:
        if not kept or float(scale.places(day) - scale.places(kept[-1])) >= gap:
            kept.append(day)
    return replace(scale, ticks=tuple(kept))


def _one_curve(axes: Axes, curve: pd.DataFrame, scale: TimeAxis) -> None:
    look = look_of(curve["technique"].iloc[0])
    days = scale.places(np.concatenate([[0.0], curve["day"].to_numpy(float)]))
    share, lower, upper = (
        np.concatenate([[0.0], curve[name].to_numpy(float)])
        for name in ("incidence", "lower", "upper")
    )
    axes.fill_between(days, lower, upper, step="post", color=look.color, alpha=0.15, lw=0)
    axes.step(days, share, where="post", color=look.color, lw=1.4, ls=_DASHES[look.dash])
    axes.plot(days[-1], share[-1], _MARKERS[look.symbol], color=look.color, ms=4, clip_on=False)


def _finish_curves(axes: Axes, cause: str, scale: TimeAxis, *, is_first: bool) -> None:
    _title(axes, cause)
    axes.set_xlim(0, float(scale.places(scale.horizon_days)))
    axes.set_xticks(scale.places(scale.ticks), [day_text(day) for day in scale.ticks])
    axes.yaxis.set_major_formatter(FuncFormatter(_percent))
    axes.grid(axis="y", color=_GRID, lw=0.6)
    axes.tick_params(labelleft=is_first, labelbottom=True)


def _numbers_at_risk(axes: Axes, at_risk: pd.DataFrame, arms: list[str], scale: TimeAxis) -> None:
    axes.set_ylim(1.6, -0.6)
    axes.axis("off")
    is_named = at_risk["technique"].isin(arms) & at_risk["day"].isin(scale.ticks)
    for row in rows_of(at_risk[is_named]):
        x, y = float(scale.places(row.day)), 0.75 * arms.index(row.technique)
        look = look_of(row.technique)
        axes.text(x, y, f"{row.at_risk:,}", ha="center", va="center", fontsize=6, color=look.color)


def _label_risk_rows(axes: Axes, result: IncidenceResult) -> None:
    for place, technique in enumerate(compared(result.curves["technique"])):
        look = look_of(technique)
        words = f"{look.sign} at risk"
        axes.annotate(
            words,
            (0, 0.75 * place),
            xytext=(-16, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=6,
            color=look.color,
            annotation_clip=False,
        )


def _add_legend(figure: Figure, techniques: pd.Series) -> None:
    handles = [
        Line2D(
            [],
            [],
            color=look.color,
            ls=_DASHES[look.dash],
            marker=_MARKERS[look.symbol],
            ms=4,
            lw=1.4,
            label=name_of(technique),
        )
        for technique in compared(techniques)
        for look in [look_of(technique)]
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=4, frameon=False, fontsize=7.5)


def _dots_by_day(rows: pd.DataFrame) -> Figure:
    causes = [cause for cause in CAUSES if cause in set(rows["cause"])][:3]
    days = list(dict.fromkeys(rows["at"]))
    figure = Figure(figsize=(WIDTH_INCHES, 0.9 + 0.42 * len(days)), layout="constrained")
    panels = figure.subplots(1, len(causes), squeeze=False, sharey=True, sharex=True)[0]
    arms = compared(rows["technique"])
    for axes, cause in zip(panels, causes, strict=True):
        for row in rows_of(rows[(rows["cause"] == cause) & rows["technique"].isin(arms)]):
            offset = 0.24 * (arms.index(row.technique) - (len(arms) - 1) / 2)
            _one_dot(axes, row, days.index(row.at) + offset)
        _title(axes, cause)
        _share_axis(axes, rows)
    panels[0].set_yticks(range(len(days)), [time_words(day).capitalize() for day in days])
    panels[0].set_ylim(len(days) - 0.5, -0.5)
    _add_legend(figure, rows["technique"])
    return figure


def _dots(rows: pd.DataFrame) -> Figure:
    rows = rows.head(MOST_FIGURE_ROWS)
    figure = Figure(figsize=(WIDTH_INCHES, 0.75 + 0.2 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for place, row in enumerate(rows_of(rows)):
        _one_dot(axes, row, place)
        axes.text(
            1.02,
            place,
            count_text(row),
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=6.5,
            color=_MUTED,
        )
    axes.text(1.02, -1, "n / N", transform=axes.get_yaxis_transform(), va="center", fontsize=6.5)
    axes.set_yticks(range(len(rows)), _dot_labels(rows), color=_INK)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    _share_axis(axes, rows)
    return figure


def _one_dot(axes: Axes, row: Any, place: float) -> None:
    look = look_of(row.technique)
    if is_given(row.lower) and is_given(row.upper):
        axes.plot(
            [row.lower, row.upper], [place, place], color=look.color, lw=1.3, solid_capstyle="butt"
        )
    axes.plot(
        row.value,
        place,
        _MARKERS[look.symbol],
        color=look.color,
        ms=4.2,
        mfc="white" if look.symbol.endswith("open") else look.color,
        clip_on=False,
        zorder=3,
    )


def _share_axis(axes: Axes, rows: pd.DataFrame) -> None:
    unit = estimate_unit(rows["measure"].iloc[0])
    axes.grid(axis="x", color=_GRID, lw=0.6)
    axes.set_axisbelow(True)
    if unit == "proportion":
        axes.set_xlim(left=0)
        axes.xaxis.set_major_formatter(FuncFormatter(_percent))
    else:
        axes.set_xlabel(unit.capitalize())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number_text(value, unit)))


def _dot_labels(rows: pd.DataFrame) -> list[str]:
    """Return what tells the rows apart: measure or stratum, and modality where it splits them."""
    if rows["measure"].nunique() > 1:
        labels = [measure_words(name) for name in rows["measure"]]
    else:
        labels = [
            f"{cause_words(row.cause)}, {technique_words(row.technique).lower()}"
            for row in rows_of(rows)
        ]
    seen = [modality_words(row) for row in rows_of(rows)]
    return [f"{label} · {how}" if how else label for label, how in zip(labels, seen, strict=True)]


def _title(axes: Axes, cause: str) -> None:
    # DejaVu Sans, the other family, has no semibold
    axes.set_title(cause_words(cause), fontfamily="Inter", fontweight=600)


def _percent(value: float, _: Any) -> str:
    return f"{100 * value:.3g}%"


def _svg(figure: Figure) -> bytes:
    drawn = io.BytesIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    return drawn.getvalue()
