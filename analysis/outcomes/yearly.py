"""A measure by procedure year: its trend, and what changed, in words that judge nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import hypot, isnan
from typing import Any

from analysis.estimators.intervals import Estimate
from analysis.wording import number

FEWEST_CASES = 10
"""Years with fewer cases are left blank and compared with nothing."""

CLUSTERED = "not compared: levels of one procedure are not independent"
UNDEFINED = Estimate(float("nan"), float("nan"), float("nan"))
TOO_FEW = f"not compared: fewer than {FEWEST_CASES} cases or no interval"


@dataclass(frozen=True)
class YearlyMeasure:
    """One measure of the Overview, over the whole cohort and by year.

    Attributes
    ----------
    measure, label, outcome : str
        Id in the measures table, words on screen, id of the outcome that tells more.
    total : mapping
        n, N, value, lower, upper of the whole cohort.
    years : mapping of int to mapping
        Year -> n, N, value, lower, upper.
    before : mapping of int to mapping
        Year -> the same for all earlier years together; needed for the latest year only.
    note : str
    is_clustered : bool
        True where cases are levels, which no simple interval may compare.
    """

    measure: str
    label: str
    outcome: str
    total: Mapping[Any, Any]
    years: Mapping[int, Mapping[Any, Any]] = field(default_factory=dict)
    before: Mapping[int, Mapping[Any, Any]] = field(default_factory=dict)
    note: str = ""
    is_clustered: bool = False

    def trend_rows(self) -> list[dict[str, Any]]:
        """Return a row per year; no value where there are fewer than ten cases."""
        return [
            {
                "measure": self.measure,
                "year": year,
                "n": cells["n"],
                "N": cells["N"],
                "value": cells["value"] if cells["N"] >= FEWEST_CASES else float("nan"),
            }
            for year, cells in sorted(self.years.items())
        ]

    def row(self) -> dict[str, Any]:
        """Return the row of the Overview."""
        change, earlier = self._change()
        return {
            "measure": self.measure,
            "label": self.label,
            "outcome": self.outcome,
            **{name: self.total[name] for name in ("n", "N", "value", "lower", "upper")},
            "note": self.note,
            "latest_year": self.latest_year,
            "variation": self._variation(),
            "change": change.value,
            "change_lower": change.lower,
            "change_upper": change.upper,
            "change_words": self._change_in_words(change, earlier),
        }

    @property
    def latest_year(self) -> int | None:
        """Return the last year with ten cases or more; None without one."""
        known = [year for year, cells in self.years.items() if cells["N"] >= FEWEST_CASES]
        return max(known, default=None)

    def _change(self) -> tuple[Estimate, int]:
        """Return latest year minus the year before, and that year; undefined where too few."""
        latest = self.latest_year
        if latest is None or self.is_clustered:
            return UNDEFINED, 0
        return _difference(self.years[latest], self.years.get(latest - 1)), latest - 1

    def _variation(self) -> str:
        """Compare the latest year with all earlier years together."""
        if self.is_clustered:
            return CLUSTERED
        latest = self.latest_year
        if latest is None:
            return TOO_FEW
        difference = _difference(self.years[latest], self.before.get(latest))
        if isnan(difference.lower):
            return TOO_FEW
        if difference.lower > 0:
            return "higher than earlier years (95 % interval of the difference excludes 0)"
        if difference.upper < 0:
            return "lower than earlier years (95 % interval of the difference excludes 0)"
        return "usual variation"

    def _change_in_words(self, change: Estimate, earlier: int) -> str:
        if self.is_clustered:
            return CLUSTERED
        if isnan(change.lower):
            return TOO_FEW
        limits = f"{_points(change.lower)} to {_points(change.upper)}"
        return f"{_points(change.value)} points on {earlier} ({limits})"


def _difference(later: Mapping[Any, Any], earlier: Mapping[Any, Any] | None) -> Estimate:
    """Return later minus earlier; undefined where a side has too few cases or no interval.

    The limits of both sides combined by squares: Newcombe's method 10 where they are Wilson's, and
    the same idea where they are an incidence's, so that short follow-up does not pass for a change
    (Newcombe 1998, Stat Med 17:873-890; Zou & Donner 2008, Stat Med 27:1693-1702).
    """
    if earlier is None or earlier["N"] < FEWEST_CASES:
        return UNDEFINED
    value = later["value"] - earlier["value"]
    below = hypot(later["value"] - later["lower"], earlier["upper"] - earlier["value"])
    above = hypot(later["upper"] - later["value"], earlier["value"] - earlier["lower"])
    return Estimate(value, value - below, value + above)


def _points(share: float) -> str:
    said = number(100 * share)
    return said if said.startswith("-") or said == "0.0" else f"+{said}"
