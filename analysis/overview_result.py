"""The result of the Overview: one row per measure, its trend and what changed."""

from dataclasses import dataclass, field

import pandas as pd

from analysis.results import CountsResult, Result

OVERVIEW_COLUMNS = (
    "measure",
    "label",
    "outcome",
    "n",
    "N",
    "value",
    "lower",
    "upper",
    "note",
    "latest_year",
    "variation",
    "change",
    "change_lower",
    "change_upper",
    "change_words",
)
TREND_COLUMNS = ("measure", "year", "n", "N", "value")


@dataclass(frozen=True)
class OverviewResult(Result):
    """One row per measure over the whole cohort, and its trend by procedure year.

    Attributes
    ----------
    rows : pandas.DataFrame
        OVERVIEW_COLUMNS. `value` with its limits is of the whole cohort; `outcome` is the id of
        the outcome that tells more; `variation` compares the latest year with the earlier ones
        together, `change` (latest year minus the year before, with its limits) with one year; both
        are said in words and judge nothing.
    trend : pandas.DataFrame
        TREND_COLUMNS, a row per measure and year of the cohort; `value` is empty where N is under
        10.
    no_rows_reason : str
        Why there is no row although there are procedures; empty when there is one.
    volumes : CountsResult or None
        Procedures by technique and cause, and by year.
    """

    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(OVERVIEW_COLUMNS)))
    trend: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(TREND_COLUMNS)))
    no_rows_reason: str = ""
    volumes: CountsResult | None = None
