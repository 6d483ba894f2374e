"""Event risks as rows of the measures table, rows of a figure, and words."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.results import ROW_COLUMNS
from analysis.wording import counted, n_of_N, percent, percent_interval
from warehouse.vocabulary import label_of

EXCLUDED_WORDS = {
    "not_observed": "data cut before the day",
    "not_reviewed": "not reviewed to the day",
    "not_imaged": "not imaged as the definition asks",
    "not_discharged": "died before discharge",
    "day_unknown": "day unknown",
}
"""Count in the frame of `event_risks` -> reason why those procedures are not in N."""


def event_measures(
    risks: pd.DataFrame, names: Mapping[str, tuple[str, str]], *, version: str, unit: str
) -> list[dict[str, Any]]:
    """Return rows of the measures table; `names` is kind -> (measure, modality).

    `risks` is the frame of `event_risks`; `unit` is what is counted, such as 'index'.
    """
    return [
        {
            "measure": names[row["kind"]][0],
            "modality": names[row["kind"]][1],
            "version": version,
            "unit": unit,
            "cause": row["cause"],
            "technique": row["technique"],
            "at": row["horizon"],
            "n": row["n"],
            "N": row["N"],
            "value": row["value"],
            "lower": row["lower"],
            "upper": row["upper"],
            "conf_level": 0.95,
            "method": row["method"],
            "lost_before": row["lost_before"],
            "not_recorded": row["not_reviewed"],
            "excluded": excluded_json(row),
        }
        for row in risks.to_dict("records")
        if row["kind"] in names
    ]


def excluded_json(row: Mapping[Any, Any]) -> str:
    """Return the reasons why procedures are not in N, with their counts, as JSON."""
    reasons = {words: int(row[name]) for name, words in EXCLUDED_WORDS.items() if row[name]}
    return json.dumps(reasons) if reasons else ""


def event_note(row: Mapping[Any, Any]) -> str:
    """Say what stands beside n of N, e.g. 'none seen; at most 0.4 %; 3 lost before day 30'."""
    day = f"day {row['horizon']:g}"
    parts = []
    if not row["N"]:
        parts.append("nobody was watched for it")
    elif pd.isna(row["value"]):
        parts.append(f"nobody was followed to {day}")
    elif row["n"] == 0:
        parts.append(f"none seen; at most {percent(row['upper'])}")
    parts += [f"+{row['day_unknown']}, day unknown"] if row["day_unknown"] else []
    parts += [f"{row['lost_before']:,} lost before {day}"] if row["lost_before"] else []
    parts += [f"not recorded ({row['not_reviewed']:,})"] if row["not_reviewed"] else []
    return "; ".join(parts)


def event_rows(
    risks: Sequence[Mapping[Any, Any]],
    label: Callable[[Mapping[Any, Any]], str],
    group: str,
    *,
    note: Callable[[Mapping[Any, Any]], str] = event_note,
) -> pd.DataFrame:
    """Return ROW_COLUMNS for rows of `event_risks`, in their order; a cause is named in the label.

    Techniques are left out: without a gate they would invite a contrast.
    """
    names = ("cause", "technique", "n", "N", "value", "lower", "upper")
    rows = [
        {
            "label": f"{label(row)}: {label_of(row['cause'])}" if row["cause"] else label(row),
            "group": group,
            **{name: row[name] for name in names},
            "note": note(row),
        }
        for row in risks
        if not row["technique"]
    ]
    return pd.DataFrame(rows, columns=list(ROW_COLUMNS))


def risk_in_words(row: Mapping[Any, Any]) -> str:
    """Say one risk, e.g. '4.1 % (3.2 to 5.2 %), 88 of 2,150 procedures'."""
    count = f"{n_of_N(row['n'], row['N'])} procedures"
    if row["n"] == 0:
        return f"none in {counted(row['N'], 'procedure')}, at most {percent(row['upper'])}"
    return f"{percent_interval(row['value'], row['lower'], row['upper'])}, {count}"


def event_waterfall(
    row: Mapping[Any, Any], *, watched: str = "reviewed to the day"
) -> tuple[tuple[str, int], ...]:
    """Return how the cohort narrows to N, for one row of `event_risks`."""
    not_eligible = ("not_observed", "not_reviewed", "not_imaged", "not_discharged")
    cohort = row["N"] + row["day_unknown"] + sum(row[name] for name in not_eligible)
    observed = cohort - row["not_observed"]
    eligible = row["N"] + row["day_unknown"]
    return (
        ("in the cohort", cohort),
        ("observed to the day", observed),
        (watched, eligible),
        ("with a known day, or no event", row["N"]),
        ("with the event", row["n"]),
    )
