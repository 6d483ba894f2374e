"""Curves named at their right ends, where nothing else is drawn."""

from typing import Any

from charts.stairs import Stairs
from charts.theme import name_of, note, share, signed

LABEL_PIXELS = 18
LABEL_STARTS_AT = 0.4
"""Labels end at the right edge and begin, on a phone, at this part of the axis."""


def end_labels(
    drawn: list[Stairs], top: float, plot_pixels: int, *, with_value: bool = True
) -> list[dict[str, Any]]:
    """Name the highest curve above all of them, the others below them all.

    Curves only rise, so above the highest end and below the lowest level of the labelled stretch
    nothing is drawn. Where there is no room below, all labels stand above. `top` is the share at
    the top of the plot.
    """
    ordered = sorted(drawn, key=lambda stairs: -stairs.end)
    ceiling = max((stairs.highest for stairs in drawn), default=0.0)
    floor = min((stairs.level_at(LABEL_STARTS_AT) for stairs in drawn), default=0.0)
    above, below = ordered[:1], ordered[1:]
    if floor / top * plot_pixels < LABEL_PIXELS * (len(below) + 0.5):
        above, below = ordered, []
    decimals = 0 if top > 0.2 else 1
    labels = [
        (stairs, ceiling, 2 + LABEL_PIXELS * rank) for rank, stairs in enumerate(reversed(above))
    ] + [(stairs, floor, -2 - LABEL_PIXELS * rank) for rank, stairs in enumerate(below)]
    return [
        _label(stairs, level, shift, share(stairs.end, decimals=decimals) if with_value else "")
        for stairs, level, shift in labels
    ]


def _label(stairs: Stairs, level: float, shift: int, value: str) -> dict[str, Any]:
    words = f"<b>{name_of(stairs.technique)}</b> {value}".rstrip()
    return note(
        signed(stairs.technique, words),
        x=float(stairs.places[-1]),
        y=level,
        xanchor="right",
        yanchor="bottom" if shift > 0 else "top",
        yshift=shift,
        font={"size": 13},
    )
