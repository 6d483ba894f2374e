"""Proportions and means of one stratum, as the cells that measures and figures share."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimators.intervals import Estimate
from analysis.estimators.means import cluster_mean, mean_of_sums
from analysis.estimators.proportions import upper_bound_zero, wilson_interval
from analysis.wording import n_of_N, number_interval, percent, percent_interval

CONF_LEVEL = 0.95
FEWEST_CLUSTERS = 10
"""With fewer procedures no interval over levels is printed (ruling 18)."""

WILSON = "proportion, Wilson interval"
CR2 = "clustered by procedure: CR2 variance, Satterthwaite t interval"
T_INTERVAL = "mean, t interval"
NONE_SEEN = "none seen: one-sided 95 % upper bound, 1 - 0.05^(1/N)"
NONE_SEEN_IN_LEVELS = "none seen: one-sided 95 % upper bound, 1 - 0.05^(1/procedures)"
TOO_FEW_CLUSTERS = f"no interval: fewer than {FEWEST_CLUSTERS} procedures"

Cells = dict[str, Any]


def proportion_cells(n: int, total: int) -> Cells:
    """Return n, N, value, lower, upper and method of a proportion of independent procedures."""
    cells: Cells = {"n": n, "N": total, **_limits(wilson_interval(n, total)), "method": WILSON}
    if n == 0 and total:
        cells |= {"upper": float(upper_bound_zero(total)[0]), "method": NONE_SEEN}
    return cells


def level_share_cells(levels: pd.Series, found: pd.Series, procedures: pd.Series) -> Cells:
    """Return the cells of a share of levels, clustered by procedure.

    Parameters
    ----------
    levels, found : Series of int, shape (k,)
        Levels in a procedure of this pattern, and those of them with what is looked for.
    procedures : Series of int, shape (k,)
        Procedures of this pattern.
    """
    estimate = _clustered(levels, found, procedures)
    n, clusters = int((found * procedures).sum()), int(procedures.sum())
    cells = _level_cells(estimate, clusters) | {"n": n}
    cells |= {"lower": max(cells["lower"], 0.0), "upper": min(cells["upper"], 1.0)}
    if n == 0 and clusters:
        upper = float(upper_bound_zero(clusters)[0])
        cells |= {"lower": 0.0, "upper": upper, "method": NONE_SEEN_IN_LEVELS}
    return cells


def level_mean_cells(levels: pd.Series, totals: pd.Series, procedures: pd.Series) -> Cells:
    """Return the cells of a mean over levels, from their sum in each pattern of procedure."""
    cells = _level_cells(_clustered(levels, totals, procedures), int(procedures.sum()))
    return cells | {"n": cells["N"]}


def mean_cells(n: int, total: float, sum_of_squares: float) -> Cells:
    """Return the cells of a mean over n procedures."""
    estimate = mean_of_sums(n, total, sum_of_squares)
    return {"n": n, "N": n, **_limits(estimate), "method": T_INTERVAL}


def stated(rows: list[Cells], *, measure: str, version: str, unit: str) -> list[Cells]:
    """Return rows of the measures table, each saying what it is."""
    told = {"measure": measure, "version": version, "unit": unit, "conf_level": CONF_LEVEL}
    return [told | row for row in rows]


def as_json(reasons: Mapping[str, int]) -> str:
    """Return reasons with their counts as JSON, zeros left out; empty when there are none."""
    counted = {reason: int(count) for reason, count in reasons.items() if count}
    return json.dumps(counted) if counted else ""


def share_in_words(row: Mapping[str, Any], noun: str) -> str:
    """Say a share, e.g. '82 % (80 to 84 %), 1,204 of 1,468 procedures'."""
    if not row["N"]:
        return f"no {noun} to count"
    if row["n"] == 0:
        return f"none in {row['N']:,} {noun}, at most {percent(row['upper'])}"
    said = percent_interval(row["value"], row["lower"], row["upper"])
    return f"{said}, {n_of_N(row['n'], row['N'])} {noun}"


def mean_in_words(row: Mapping[str, Any], unit: str, noun: str) -> str:
    """Say a mean, e.g. '4.2 (4.0 to 4.4) degrees, 1,204 treated levels'."""
    said = number_interval(row["value"], row["lower"], row["upper"])
    return f"{said} {unit}, {row['n']:,} {noun}"


def zero_note(row: Mapping[str, Any]) -> str:
    """Say the bound where none was seen; empty otherwise."""
    if row["n"] == 0 and row["N"]:
        return f"none seen; at most {percent(row['upper'])}"
    return ""


def interval_note(row: Mapping[str, Any]) -> str:
    """Say why a clustered estimate has no interval; empty where it has one."""
    return str(row["method"]) if row["method"] == TOO_FEW_CLUSTERS else ""


def joined_notes(*notes: str) -> str:
    """Return the notes that say something, parted by semicolons."""
    return "; ".join(note for note in notes if note)


def _clustered(levels: pd.Series, totals: pd.Series, procedures: pd.Series) -> Estimate:
    times = procedures.to_numpy(int)
    return cluster_mean(
        np.repeat(levels.to_numpy(int), times), np.repeat(totals.to_numpy(float), times)
    )


def _level_cells(estimate: Estimate, clusters: int) -> Cells:
    cells: Cells = {"N": getattr(estimate, "n", 0), **_limits(estimate), "method": CR2}
    if clusters < FEWEST_CLUSTERS:
        cells |= {"lower": np.nan, "upper": np.nan, "method": TOO_FEW_CLUSTERS}
    return cells


def _limits(estimate: Estimate) -> Cells:
    return {"value": estimate.value, "lower": estimate.lower, "upper": estimate.upper}
