"""Columns of text beside a plot, each of them one annotation of many lines.

A browser sets one text of many lines several times sooner than as many texts, each of which it
measures on its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from charts.theme import TEXT_SIZE, note

STEP_PIXELS = 9
"""Lines start at multiples of it; a line of text takes two steps."""
LINE_PIXELS = 2 * STEP_PIXELS
LINE_HEIGHT_IN_FONTS = 1.3
"""Plotly sets line under line at this multiple of the annotation's own font size."""
DROP_PIXELS = 1.5
"""From the top of a line's place to that of its letters, so that they stand in its middle."""


@dataclass(frozen=True)
class Line:
    """One line of a column: the pixels from the figure's top to its place, words and size."""

    top: int
    words: str
    size: int = TEXT_SIZE


def text_column(lines: Sequence[Line], **placing: Any) -> list[dict[str, Any]]:
    """Return the one annotation of these lines, from the top down; none where there are no lines.

    `placing` says where the column stands from left to right. The y axis counts pixels downwards.
    """
    if not lines:
        return []
    first = lines[0].top // STEP_PIXELS
    steps = [""] * (lines[-1].top // STEP_PIXELS - first + 1)
    for line in lines:
        steps[line.top // STEP_PIXELS - first] = (
            f'<span style="font-size:{line.size}px">{line.words}</span>'
        )
    return [
        note(
            "<br>".join(steps),
            y=lines[0].top,
            yanchor="top",
            yshift=-DROP_PIXELS,
            borderpad=0,
            borderwidth=0,
            **{"font": {"size": STEP_PIXELS / LINE_HEIGHT_IN_FONTS}, **placing},
        )
    ]
