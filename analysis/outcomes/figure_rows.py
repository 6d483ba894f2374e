"""Rows of an intervals result, made of rows of the measures table; and the result that has none."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.results import ROW_COLUMNS, Explanation, IntervalsResult, measures_table
from warehouse.vocabulary import label_of

Row = dict[Any, Any]
AS_RECORDED = (
    "Techniques stand side by side as recorded, not adjusted: who is given which differs, so a gap "
    "between them is not an effect."
)
_SHARED = ("cause", "technique", "n", "N", "value", "lower", "upper")


def figure_rows(
    rows: list[Row], *, label: str | Callable[[Row], str], note: Callable[[Row], str]
) -> pd.DataFrame:
    """Return ROW_COLUMNS in the order of `rows`; each label ends in its cause, in words."""
    drawn = []
    for row in rows:
        name = label if isinstance(label, str) else label(row)
        own = {column: row[column] for column in _SHARED}
        drawn.append(own | {"label": f"{name}: {cause_in_words(row)}", "group": name})
        drawn[-1]["note"] = note(row)
    return pd.DataFrame(drawn, columns=list(ROW_COLUMNS))


def cause_in_words(row: Row) -> str:
    """Return the cause of a row as it is written on screen."""
    return label_of(row["cause"]) if row["cause"] else "All causes"


def total_of(rows: list[Row], **values: Any) -> Row | None:
    """Return the first row of the whole cohort whose cells equal `values`; None without one."""
    wanted = {"cause": "", "technique": ""} | values
    for row in rows:
        if all(row.get(name, "") == value for name, value in wanted.items()):
            return row
    return None


def nothing_to_show(
    outcome: str, title: str, reason: str, explanation: Explanation, rows: list[Row] | None = None
) -> IntervalsResult:
    """Return a result that says why it is empty; `rows` of measures it keeps, if any."""
    return IntervalsResult(
        outcome=outcome,
        title=title,
        subtitle="",
        summary=reason,
        measures=measures_table(rows or []),
        explanation=explanation,
        empty_reason=reason,
    )
