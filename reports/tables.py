"""Measures as CSV: safe to open in a spreadsheet, and the same numbers as everywhere else."""

import csv
import io
from typing import Any

import pandas as pd

from reports.words import is_given

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_BYTE_ORDER_MARK = "\ufeff"

DICTIONARY: tuple[tuple[str, str, str], ...] = (
    ("measure", "text", "What is measured; ids stay the same between versions."),
    ("version", "text", "Version of the definition."),
    ("unit", "text", "What is counted, such as index procedures or levels."),
    ("cause", "text", "Cause of the fracture; empty for the total over causes."),
    ("technique", "text", "Technique; empty for the total over techniques."),
    ("modality", "text", "How it was seen or asked, where that splits the measure."),
    ("at", "text", "Day since the procedure, or visit."),
    ("n", "whole number", "Count with the event, or counted for a mean."),
    ("N", "whole number", "Denominator."),
    ("value", "number", "Estimate; a proportion lies from 0 to 1."),
    ("lower", "number", "Lower end of the interval."),
    ("upper", "number", "Upper end of the interval."),
    ("low_bound", "number", "Least value that what was not seen allows; not an interval."),
    ("high_bound", "number", "Greatest value that what was not seen allows; not an interval."),
    ("conf_level", "number", "Level of the interval, such as 0.95."),
    ("method", "text", "Estimator and interval."),
    ("answered", "whole number", "How many answered at the visit."),
    ("due", "whole number", "How many could have answered at the visit."),
    ("lost_before", "whole number", "How many were lost to follow-up before the day."),
    ("not_recorded", "whole number", "How many have no record that tells."),
    ("excluded", "JSON", "Reason -> count; null where the count is withheld."),
    (
        "suppressed",
        "true or false",
        "True where counts and estimates are withheld, so that no count of 1 to 10 can be read or "
        "worked out. Outside, side counts of shown rows are empty for the same reason.",
    ),
    ("cohort", "text", "Who is in, as a query; empty for everyone."),
    ("snapshot", "text", "Which state of the warehouse it was counted on."),
    (
        "note",
        "text",
        "Why strata are shown together (cause or technique then reads 'all but' and the others), "
        "or in which row a withheld stratum is counted.",
    ),
)
"""Column, type, meaning: every column of measures.csv, in its order."""


def neutralised(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before it."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def measures_csv(measures: pd.DataFrame) -> bytes:
    """Return the measures table as CSV bytes: UTF-8 with a byte order mark, full precision."""
    names = [name for name, _, _ in DICTIONARY]
    rows = measures.reindex(columns=names).itertuples(index=False, name=None)
    return _csv_bytes([names, *([_cell(value) for value in row] for row in rows)])


def dictionary_csv() -> bytes:
    """Return the meaning of every column of measures.csv as CSV bytes."""
    return _csv_bytes([["column", "type", "meaning"], *DICTIONARY])


def _cell(value: Any) -> str:
    if not is_given(value):
        return ""
    if isinstance(value, str):
        return neutralised(value)
    if value is True or value is False:
        return str(value).lower()
    return repr(value.item() if hasattr(value, "item") else value)


def _csv_bytes(rows: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return (_BYTE_ORDER_MARK + text.getvalue()).encode("utf-8")
