"""The axis of days since the procedure, on which relief within hours stays visible."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from charts.theme import axis
from warehouse.vocabulary import VISITS

EARLY_SHARE = 0.05
LEAST_GAP = 0.13
"""Between named days, as a share of the axis: room for '1,234' on a phone."""
WINDOW_CLOSES = tuple(closes for _, _, closes in VISITS.values())
HOURS_A_DAY = 24


@dataclass(frozen=True)
class TimeAxis:
    """Days as places along an axis.

    Attributes
    ----------
    horizon_days : float
        Right end.
    ticks : tuple of float
        Days that are named, ascending.
    is_early_wide : bool
        True where a named day lies in the first twentieth: places are then cube roots of days.
    """

    horizon_days: float
    ticks: tuple[float, ...]
    is_early_wide: bool

    def places(self, days: ArrayLike) -> np.ndarray:
        """Return where these days lie; same shape, from 0."""
        days = np.asarray(days, dtype=float)
        return np.cbrt(days) if self.is_early_wide else days

    @property
    def title(self) -> str:
        """Return the axis title, which says so when the scale is not even."""
        return "Days since procedure" + ("<br>early days drawn wider" if self.is_early_wide else "")

    def settings(self, **more: Any) -> dict[str, Any]:
        """Return the plotly axis."""
        return axis(
            tickmode="array",
            tickvals=self.places(self.ticks).tolist(),
            ticktext=[day_text(day) for day in self.ticks],
            range=[0, float(self.places(self.horizon_days))],
            ticks="outside",
            ticklen=4,
            showline=True,
            **more,
        )


def time_axis(horizon_days: float, ticks: Iterable[float]) -> TimeAxis:
    """Return the axis up to `horizon_days`; it names day 0 and the given days that have room.

    Closing days of visits go before other days, since curves are read there.
    """
    wanted = sorted({float(day) for day in ticks if 0 < day <= horizon_days})
    is_early_wide = any(day < EARLY_SHARE * horizon_days for day in wanted)
    bare = TimeAxis(horizon_days, (), is_early_wide)
    named = [0.0]
    for day in sorted(wanted, key=lambda day: (day != horizon_days, day not in WINDOW_CLOSES, day)):
        gaps = np.abs(bare.places(named) - bare.places(day)) / bare.places(horizon_days)
        if gaps.min() >= LEAST_GAP:
            named.append(day)
    return TimeAxis(horizon_days, tuple(sorted(named)), is_early_wide)


def day_text(day: float) -> str:
    """Return a day as it is written on the axis; part of a day in hours."""
    if 0 < day < 1:
        return f"{round(day * HOURS_A_DAY)} h"
    return f"{day:g}"
