"""Few cases give counts, no rate; few events give no curve: one rule for screen, report, command.

Product rule 7. Volumes and completeness are counts of records, not rates of outcomes, and stay.
"""

from dataclasses import replace
from functools import singledispatch
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.overview_result import OverviewResult
from analysis.results import CountsResult, IncidenceResult, IntervalsResult, Result
from analysis.wording import counted, n_of_N, percent, percent_interval

FEWEST_CASES = 30
FEWEST_EVENTS = 10
COUNTS_ONLY = f"counts only: fewer than {FEWEST_CASES} cases"
NO_CURVE = (
    f"Counts only: a group of fewer than {FEWEST_CASES} cases or {FEWEST_EVENTS} events has no "
    "curve and, with so few cases, no rate. Its counts stand in the table below."
)
NO_RATE_OUTCOMES = ("completeness",)
RARE = 0.05
_ESTIMATES = ["value", "lower", "upper", "low_bound", "high_bound"]


@singledispatch
def counts_only(result: Result) -> Result:
    """Return a result without rates of fewer than 30 cases, nor curves of fewer than 10 events."""
    return replace(result, measures=_without_rates(result.measures))


@counts_only.register
def _(result: CountsResult) -> CountsResult:
    return result


@counts_only.register
def _(result: OverviewResult) -> OverviewResult:
    if not _is_few(result.rows).any():
        return replace(result, trend=_without_rates(result.trend))
    rows = _without_rates(result.rows)
    said = [_row_in_words(row, "proportion") for row in rows.to_dict("records")]
    return replace(
        result, rows=rows, trend=_without_rates(result.trend), summary="; ".join(said) + "."
    )


@counts_only.register
def _(result: IntervalsResult) -> IntervalsResult:
    if result.outcome in NO_RATE_OUTCOMES:
        return result
    cases = "N" if result.unit == "proportion" else "n"  # of a mean those who answered
    few = _is_few(result.rows, cases)
    rows = _without_rates(result.rows, cases)
    measures = _without_rates(result.measures, cases)
    whole = _of_all(result.rows)
    if not (few & whole).any():
        return replace(result, rows=rows, measures=measures)
    told = rows[whole].to_dict("records")
    said = "; ".join(_row_in_words(row, result.unit) for row in told)
    kept = replace(result, rows=rows, measures=measures, summary=f"{said}.")
    if not few[whole][0]:
        return kept
    headline = int(told[0][cases])
    noticed = f" {_noticed(headline)}" if result.unit == "proportion" else ""
    return replace(kept, title=_too_few(headline), summary=f"{said}.{noticed}")


@counts_only.register
def _(result: IncidenceResult) -> IncidenceResult:
    ended = _last_rows(result.at_risk)
    total = ended[["at_risk", "events", "competing", "censored"]].sum(axis=1)
    enough = ended[(total >= FEWEST_CASES) & (ended["events"] >= FEWEST_EVENTS)]
    drawn = set(zip(enough["cause"], enough["technique"], strict=True))
    kept = replace(
        result,
        measures=_without_rates(result.measures),
        curves=_of_strata(result.curves, drawn),
        bounds=_of_strata(result.bounds, drawn),
    )
    whole = ended[_of_all(ended)]
    cases = int(total[_of_all(ended)].sum())
    if whole.empty or cases >= FEWEST_CASES:
        return kept
    events = f"{n_of_N(int(whole['events'].iloc[0]), cases)} with {result.event_name} by day"
    summary = f"{events} {result.horizon_days:g}. {_noticed(cases)}"
    return replace(kept, title=_too_few(cases), summary=summary)


def _is_few(rows: pd.DataFrame, cases: str = "N") -> npt.NDArray[np.bool_]:
    counts = pd.to_numeric(rows[cases]).to_numpy(float)
    return np.less(counts, FEWEST_CASES, where=~np.isnan(counts), out=np.zeros(len(rows), bool))


def _without_rates(rows: pd.DataFrame, cases: str = "N") -> pd.DataFrame:
    """Return rows whose estimates are empty under 30 cases; `method` or `note` says so.

    `cases` is the column that counts them.
    """
    few = _is_few(rows, cases)
    if not few.any():
        return rows
    words = [name for name in ("method", "note", "variation", "change_words") if name in rows]
    told = rows.astype(dict.fromkeys(words, object))
    told.loc[few, [name for name in _ESTIMATES if name in told]] = np.nan
    if "method" in told:
        told.loc[few, "method"] = COUNTS_ONLY
    if "note" in told:
        told.loc[few, "note"] = COUNTS_ONLY
    for name in {"change", "change_lower", "change_upper"} & set(told.columns):
        told.loc[few, name] = np.nan
    for name in {"variation", "change_words"} & set(told.columns):
        told.loc[few, name] = f"not compared: fewer than {FEWEST_CASES} cases"
    return told


def _of_all(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    labels = rows[["cause", "technique"]].fillna("").to_numpy(object)
    return (labels == "").all(axis=1).astype(bool)


def _last_rows(at_risk: pd.DataFrame) -> pd.DataFrame:
    """Return each stratum's row of the last day, up to which everything is counted."""
    return at_risk[at_risk["day"] == at_risk["day"].max()]


def _of_strata(steps: pd.DataFrame, strata: set[tuple[Any, Any]]) -> pd.DataFrame:
    labels = zip(steps["cause"], steps["technique"], strict=True)
    return steps[[label in strata for label in labels]]


def _too_few(cases: int) -> str:
    verb = "is" if cases == 1 else "are"
    return f"Counts only: {counted(cases, 'case')} {verb} too few for a rate"


def _noticed(cases: int) -> str:
    """Say what so few cases could notice: none of n misses a risk p with probability (1 - p)^n."""
    unseen = percent((1 - RARE) ** cases)
    return (
        f"Among {counted(cases, 'case')}, what happens to 1 in {1 / RARE:.0f} patients goes unseen "
        f"{unseen} of the time."
    )


def _row_in_words(row: dict[Any, Any], unit: str) -> str:
    is_share = unit == "proportion"
    if pd.isna(row["value"]):
        if is_share and not pd.isna(row["n"]):
            return f"{row['label']}: {n_of_N(int(row['n']), int(row['N']))}, too few for a rate"
        return f"{row['label']}: {counted(int(row['n']), 'case')}, too few for an estimate"
    if is_share:
        said = percent_interval(row["value"], row["lower"], row["upper"])
        return f"{row['label']}: {said}, {n_of_N(int(row['n']), int(row['N']))}"
    return f"{row['label']}: {row['value']:.1f} {unit}"
