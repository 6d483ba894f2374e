"""What an outcome hands on: numbers and words, ready to draw, print and export.

Every result carries the same tidy rows that `vertebra report` writes (`MEASURE_COLUMNS`), so that
screen, report and command show one number.
"""

from dataclasses import dataclass, field

import pandas as pd

MEASURE_COLUMNS: tuple[str, ...] = (
    "measure",
    "version",
    "unit",
    "cause",
    "technique",
    "modality",
    "at",
    "n",
    "N",
    "value",
    "lower",
    "upper",
    "low_bound",
    "high_bound",
    "conf_level",
    "method",
    "answered",
    "due",
    "lost_before",
    "not_recorded",
    "excluded",
    "suppressed",
)
"""Columns of the measures table; a report adds `cohort` and `snapshot`.

Proportions lie from 0 to 1; `cause` and `technique` are empty for totals; `at` is a day or a visit;
`n` is the count with the event and `N` the denominator; `excluded` is JSON of reason -> count.
"""

CURVE_COLUMNS = ("cause", "technique", "day", "incidence", "lower", "upper")
AT_RISK_COLUMNS = ("cause", "technique", "day", "at_risk", "events", "competing", "censored")
BOUND_COLUMNS = ("cause", "technique", "day", "low_bound", "high_bound")
ROW_COLUMNS = (
    "label", "group", "cause", "technique", "n", "N", "value", "lower", "upper", "note",
)  # fmt: skip


def empty_measures() -> pd.DataFrame:
    """Return a measures table without rows."""
    return pd.DataFrame(columns=list(MEASURE_COLUMNS))


def measures_table(rows: list[dict]) -> pd.DataFrame:
    """Return the measures table of `rows`, each a mapping of some MEASURE_COLUMNS; rest empty.

    Raises
    ------
    KeyError
        If a row names a column that the measures table does not have.
    """
    unknown = {name for row in rows for name in row} - set(MEASURE_COLUMNS)
    if unknown:
        raise KeyError(f"not columns of the measures table: {sorted(unknown)}")
    return pd.DataFrame(rows, columns=list(MEASURE_COLUMNS))


@dataclass(frozen=True)
class Explanation:
    """What stands behind a number, one click away.

    Attributes
    ----------
    definition : str
        What is counted, in a sentence or two.
    version : str
        Version of the definition, such as 'E1 v1'.
    denominator : str
        Who is in N, and who is counted apart.
    method : str
        Estimator and interval.
    source : str
        Which recorded columns it comes from.
    sql : tuple of str
        Names of the SQL files that count it.
    waterfall : tuple of (str, int)
        Recorded -> eligible -> followed -> counted, with the count at each step.
    """

    definition: str
    version: str
    denominator: str
    method: str
    source: str
    sql: tuple[str, ...] = ()
    waterfall: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Result:
    """What every outcome answers with.

    Attributes
    ----------
    outcome : str
        Id of the outcome in the catalogue.
    title : str
        The finding in words with its interval; a technique contrast never stands here.
    subtitle : str
        What is drawn.
    summary : str
        The figure in words, for those who do not see it.
    measures : pandas.DataFrame
        Tidy rows with MEASURE_COLUMNS.
    explanation : Explanation
    footnotes : tuple of str
    empty_reason : str
        Why there is nothing to show; empty when there is something.
    """

    outcome: str
    title: str
    subtitle: str
    summary: str
    measures: pd.DataFrame = field(repr=False)
    explanation: Explanation = field(repr=False)
    footnotes: tuple[str, ...] = ()
    empty_reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        return bool(self.empty_reason)


@dataclass(frozen=True)
class IncidenceResult(Result):
    """The share that has had an event by each day, in curves.

    Attributes
    ----------
    event_name : str
        In words, as it ends the phrase 'share with ...'.
    competing_name : str
        What ends the wait otherwise, such as 'died or treated again first'.
    curves : pandas.DataFrame
        CURVE_COLUMNS; steps, one row per event day and stratum; technique '' for both together.
    at_risk : pandas.DataFrame
        AT_RISK_COLUMNS; at risk at the day, the other counts cumulative to it, at the axis ticks.
    bounds : pandas.DataFrame
        BOUND_COLUMNS; what visits alone can say of the true curve (interval-censored).
    horizon_days : float
        Right end of the axis.
    """

    event_name: str = ""
    competing_name: str = ""
    curves: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CURVE_COLUMNS)))
    at_risk: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(AT_RISK_COLUMNS))
    )
    bounds: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(BOUND_COLUMNS)))
    horizon_days: float = 135.0


@dataclass(frozen=True)
class IntervalsResult(Result):
    """Estimates with intervals, a row each: proportions, mean changes, hours, degrees.

    Attributes
    ----------
    rows : pandas.DataFrame
        ROW_COLUMNS, in drawing order. `label` names the measure in words, `group` the panel it
        stands in; `note` carries words such as 'none seen; at most 0.4 %' or '+2, day unknown'.
    unit : str
        'proportion', 'points', 'degrees', 'hours', 'minutes' or '% of neighbours'.
    axis_title : str
    """

    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ROW_COLUMNS)))
    unit: str = "proportion"
    axis_title: str = ""


@dataclass(frozen=True)
class CountsResult(Result):
    """How many procedures, by technique and cause.

    Attributes
    ----------
    counts : pandas.DataFrame
        Columns `cause`, `technique`, `procedures`, one row per cell, zeros included.
    by_year : pandas.DataFrame
        Columns `year`, `technique`, `procedures`.
    """

    counts: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["cause", "technique", "procedures"])
    )
    by_year: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["year", "technique", "procedures"])
    )
