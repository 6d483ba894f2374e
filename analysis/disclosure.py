"""What may leave the house: small counts, and whatever returns them, are withheld.

Inside (the care team) sees everything. Outside, no count of 1 to 10 can be read or worked out: with
a withheld count go its denominator, percentage and interval, one neighbour where a total would
return it, and the horizons that differ from another by so few. A true 0 is shown as 0.

Withheld strata are shown together where a total stands beside them (`rolled_up`).

Not protected yet: differences between two packs of overlapping cohorts, and between measures.

References
----------
Centers for Medicare & Medicaid Services, cell size suppression policy: no cell of 1 to 10 is shown,
and none can be derived from percentages, totals or exclusions, https://resdac.org/node/1506
"""

from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort import Cohort
from analysis.complementary import (
    DIMENSIONS,
    Flags,
    Places,
    block_of,
    is_disclosive,
    with_complements,
)
from analysis.measure import CountReader
from analysis.side_counts import SIDE_COUNTS, empty_small_side_counts
from analysis.strata_together import with_strata_together
from warehouse.errors import SourceUnreadable

AUDIENCES = ("inside", "outside")
FEWEST_SURGEONS = 3

COUNTS = ("n", "N")
ESTIMATES = ("value", "lower", "upper", "low_bound", "high_bound")
WITHHELD_COLUMNS = (*COUNTS, *ESTIMATES, *SIDE_COUNTS, "excluded")


def check_audience(cohort: Cohort, audience: str) -> None:
    """Refuse an unknown audience, and a pack for outside that is about named surgeons.

    Raises
    ------
    SourceUnreadable
        With what is allowed and what to do.
    """
    if audience not in AUDIENCES:
        raise SourceUnreadable(
            f"audience: '{audience[:40]}' is not an audience\n  Allowed: {', '.join(AUDIENCES)}."
        )
    if audience == "outside" and cohort.surgeon:
        raise SourceUnreadable(
            "cohort: a report for audience outside may not be about chosen surgeons\n"
            "  Leave `surgeon` out of the cohort, or write the report with --audience inside."
        )


def shows_totals_only(reader: CountReader) -> bool:
    """Tell whether the cohort's procedures come from fewer than three surgeons.

    Then a cause or a technique could stand for one surgeon, so that audience outside sees totals.
    """
    surgeons = reader.count("cohort_extent")["surgeons"].iloc[0]
    return int(surgeons) < FEWEST_SURGEONS


def protect(measures: pd.DataFrame, audience: str, *, totals_only: bool = False) -> pd.DataFrame:
    """Return the measures table as `audience` may see it.

    Parameters
    ----------
    measures : pandas.DataFrame
        MEASURE_COLUMNS, every row of a pack at once; counts are unweighted.
    audience : {'inside', 'outside'}
        Inside, the table is returned as it is.
    totals_only : bool
        Withhold every row of a single cause or technique as well.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns; where `suppressed` is True, WITHHELD_COLUMNS are empty. In a
        shown row, answered, due, lost_before, not_recorded and the reasons in `excluded` are empty
        (null) where that count is 1 to 10, or would return one, in any stratum of its measure.
        `method` keeps its name only: what follows a colon may carry a count.

    Raises
    ------
    SourceUnreadable
        If `audience` is neither.
    """
    check_audience(Cohort(), audience)
    if audience == "inside":
        return measures
    keyed = _keyed(measures)
    withheld = withheld_rows(keyed, totals_only=totals_only)
    shown = measures.reset_index(drop=True).astype(object)
    shown = shown.where(shown.notna(), None)
    for rows in _rows_by_measure(keyed):
        empty_small_side_counts(shown, keyed, rows, withheld)
    shown.loc[withheld, list(WITHHELD_COLUMNS)] = None
    shown["suppressed"] = withheld
    shown["method"] = [_without_counts(method) for method in shown["method"]]
    return typed_measures(shown)


def rolled_up(protected: pd.DataFrame) -> pd.DataFrame:
    """Return a table that `protect` made for outside, its withheld strata shown together.

    Parameters
    ----------
    protected : pandas.DataFrame
        MEASURE_COLUMNS, the rows of one or more measures; nothing but what is shown is read.

    Returns
    -------
    pandas.DataFrame
        As `with_strata_together` says, typed.
    """
    return typed_measures(with_strata_together(protected, _keyed(protected)))


def withheld_rows(keyed: pd.DataFrame, *, totals_only: bool = False) -> Flags:
    """Tell which rows audience outside may not see.

    `keyed` holds `measure`, DIMENSIONS as text, and `n`, `N`, `value` as floats.
    """
    withheld = is_disclosive(keyed["n"], keyed["N"]) | _uncounted(keyed)
    if totals_only:
        withheld |= ((keyed["cause"] != "") | (keyed["technique"] != "")).to_numpy()
    blocks = [(rows, block_of(keyed.iloc[rows])) for rows in _rows_by_measure(keyed)]
    while True:
        before = withheld.copy()
        for rows, block in blocks:
            withheld[rows] = with_complements(block, withheld[rows])
        withheld |= _twins(keyed, withheld)
        if (withheld == before).all():
            return withheld


def _keyed(measures: pd.DataFrame) -> pd.DataFrame:
    keyed = measures.reset_index(drop=True).copy()
    for name in ("measure", *DIMENSIONS):
        keyed[name] = [_as_key(value) for value in keyed[name]]
    for name in (*COUNTS, *ESTIMATES, *SIDE_COUNTS):
        keyed[name] = pd.to_numeric(keyed[name], errors="coerce").astype(float)
    return keyed


def _as_key(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, bool | str):
        return str(value)
    return format(float(value), "g")


def _rows_by_measure(keyed: pd.DataFrame) -> list[Places]:
    return [np.flatnonzero(keyed["measure"] == name) for name in keyed["measure"].unique()]


def _uncounted(keyed: pd.DataFrame) -> Flags:
    """Tell which rows carry an estimate and no count by which it could be judged."""
    has_estimate = keyed[list(ESTIMATES)].notna().any(axis=1)
    return (has_estimate & keyed["n"].isna() & keyed["N"].isna()).to_numpy()


def _twins(keyed: pd.DataFrame, withheld: Flags) -> Flags:
    """Tell which rows repeat a withheld count under the name of another measure.

    Same stratum, day and N, with the same n. A row without an n of its own is judged by the measure
    that it bounds (its id without `_npmle`), else by any.
    """
    measures, n = keyed["measure"].tolist(), keyed["n"].to_numpy()
    stratum = list(zip(*(keyed[name].tolist() for name in (*DIMENSIONS, "N")), strict=True))
    hidden = np.flatnonzero(withheld & (n != 0) & keyed["N"].notna().to_numpy())
    by_count = {(stratum[row], n[row]) for row in hidden}
    by_measure = {(measures[row], stratum[row]) for row in hidden}
    by_any = {stratum[row] for row in hidden}
    judges = set(keyed.loc[keyed["n"].notna(), "measure"])

    def is_twin(row: int) -> bool:
        if not np.isnan(n[row]):
            return (stratum[row], n[row]) in by_count
        judge = measures[row].removesuffix("_npmle")
        if judge in judges:
            return (judge, stratum[row]) in by_measure
        return stratum[row] in by_any

    return np.array([is_twin(row) for row in range(len(keyed))], dtype=bool)


def _without_counts(method: Any) -> Any:
    return method.partition(":")[0] if isinstance(method, str) else method


def typed_measures(measures: pd.DataFrame) -> pd.DataFrame:
    """Return the table with counts as whole numbers, estimates as floats, `suppressed` as bool."""
    shown = measures.copy()
    for name in (*COUNTS, *SIDE_COUNTS):
        shown[name] = pd.to_numeric(shown[name]).astype("Int64")
    for name in ESTIMATES:
        shown[name] = pd.to_numeric(shown[name]).astype(float)
    flags = shown["suppressed"].astype("boolean")
    shown["suppressed"] = flags.fillna(False).astype(bool)
    return shown
