"""One technique's steps as places along the time axis, and the traces that draw them."""

from typing import Any

import numpy as np
import pandas as pd

from charts.theme import look_of, name_of, share, translucent
from charts.time_axis import TimeAxis, day_text

BETWEEN_BOUNDS = 0.32
DECIMALS = 5
"""Of places and shares: a hundredth of a pixel at the least."""


class Stairs:
    """Levels from day 0 to the horizon, between a lower and an upper edge.

    Parameters
    ----------
    steps : pandas.DataFrame
        One row per step: `day` and the columns named by `edges`, proportions.
    technique : str
    days : TimeAxis
    edges : (str, str, str)
        Columns of the level, its lower and its upper edge. The last step is held to the horizon.
    """

    def __init__(
        self, steps: pd.DataFrame, technique: str, days: TimeAxis, edges: tuple[str, str, str]
    ) -> None:
        steps = steps.sort_values("day")
        self.technique = technique
        self.look = look_of(technique)
        self.days = np.concatenate([[0.0], steps["day"], [days.horizon_days]])
        self.places = days.places(self.days)
        self.level, self.lower, self.upper = (_held(steps[name]) for name in edges)

    @property
    def end(self) -> float:
        """Return the level at the horizon."""
        return float(self.level[-1])

    @property
    def highest(self) -> float:
        """Return the highest edge; steps only rise."""
        return float(np.nanmax([self.upper[-1], self.end]))

    def level_at(self, part_of_axis: float) -> float:
        """Return the level at that part of the axis, 0 to 1."""
        place = part_of_axis * self.places[-1]
        return float(self.level[int(np.searchsorted(self.places, place, side="right")) - 1])

    def curve(self, event_name: str) -> list[dict[str, Any]]:
        """Return the confidence band and the line."""
        line = {
            "type": "scatter",
            "mode": "lines",
            "x": _drawn(self.places),
            "y": _drawn(self.level),
            "line": {
                "shape": "hv",
                "color": self.look.color,
                "dash": self.look.dash,
                "width": 2.2,
            },
            "customdata": self._told(),
            "hovertemplate": (
                f"<b>{name_of(self.technique)}</b><br>by day %{{customdata[0]}}: "
                f"%{{customdata[1]}} with {event_name} "
                "(%{customdata[2]} to %{customdata[3]})<extra></extra>"
            ),
            "name": name_of(self.technique),
        }
        return [self._area(0.18, {"width": 0}), line]

    def bounds(self) -> list[dict[str, Any]]:
        """Return the area between the edges, outlined."""
        outline = {"color": self.look.color, "dash": self.look.dash, "width": 1.4}
        return [self._area(BETWEEN_BOUNDS, outline)]

    def end_mark(self) -> dict[str, Any]:
        """Return the mark at the right end."""
        return {
            "type": "scatter",
            "mode": "markers",
            "x": [float(self.places[-1])],
            "y": [self.end],
            "marker": {"symbol": self.look.symbol, "color": self.look.color, "size": 9},
            "cliponaxis": False,
            "hoverinfo": "skip",
            "name": "",
        }

    def _area(self, opacity: float, line: dict[str, Any]) -> dict[str, Any]:
        is_known = np.isfinite(self.lower) & np.isfinite(self.upper)
        places = np.repeat(self.places[is_known], 2)[1:]
        upper, lower = (np.repeat(edge[is_known], 2)[:-1] for edge in (self.upper, self.lower))
        return {
            "type": "scatter",
            "mode": "lines",
            "x": _drawn(np.concatenate([places, places[::-1]])),
            "y": _drawn(np.concatenate([upper, lower[::-1]])),
            "fill": "toself",
            "fillcolor": translucent(self.look.color, opacity),
            "line": line,
            "hoverinfo": "skip",
            "name": "",
        }

    def _told(self) -> list[list[str]]:
        """Return the words of each step that its hover text is filled with."""
        days = [day_text(day) for day in np.round(self.days, 2).tolist()]
        shares = (
            [share(one) for one in of.tolist()] for of in (self.level, self.lower, self.upper)
        )
        return [list(words) for words in zip(days, *shares, strict=True)]


def _drawn(numbers: np.ndarray) -> list[float]:
    """Return places or shares as they are sent: finer than a screen shows, and short."""
    return np.round(numbers, DECIMALS).tolist()


def _held(levels: pd.Series) -> np.ndarray:
    known = levels.to_numpy(dtype=float)
    return np.concatenate([[0.0], known, known[-1:] if len(known) else [0.0]])
