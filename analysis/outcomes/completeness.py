"""How complete are the core columns?"""

from typing import Any

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.figure_rows import nothing_to_show
from analysis.outcomes.recorded import recorded_steps
from analysis.results import ROW_COLUMNS, Explanation, IntervalsResult, measures_table
from analysis.wording import n_of_N, percent
from warehouse.columns import Column
from warehouse.source_schema import table_named

VERSION = "Completeness v1"
SCORED_TABLES = ("procedures", "treated_levels")
METHOD = "share of records, all of them counted: no interval"


def completeness(reader: CountReader) -> IntervalsResult:
    """Return, for each core column, for how many records of the cohort it has a value.

    The measure is `completeness`, its modality the column's name.
    """
    counts = reader.count("completeness").iloc[0]
    explanation = _explanation(reader)
    if not counts["procedures"]:
        reason = "No procedure is in this cohort."
        return nothing_to_show("completeness", "Completeness cannot be told", reason, explanation)
    rows = [
        _row(column, int(counts[column.name]), int(counts[table]), table)
        for table in SCORED_TABLES
        for column in core_columns(table)
    ]
    recorded, asked = sum(row["n"] for row in rows), sum(row["N"] for row in rows)
    said = f"{percent(recorded / asked)} of core cells are recorded, {n_of_N(recorded, asked)}"
    return IntervalsResult(
        outcome="completeness",
        title=said,
        subtitle="Share of records with a value, by core column",
        summary=f"{said}. {_least_complete(rows)}",
        measures=measures_table([_measure(row, reader.cohort.unit) for row in rows]),
        explanation=explanation,
        footnotes=("A recorded 'unknown' is a value; an empty cell is not.",),
        rows=pd.DataFrame(rows, columns=list(ROW_COLUMNS)),
        axis_title="Share of records with a value",
    )


def core_columns(table: str) -> list[Column]:
    """Return the columns of a table whose completeness is scored."""
    return [column for column in table_named(table).columns if column.core]


def _row(column: Column, recorded: int, records: int, table: str) -> dict[str, Any]:
    return {
        "label": column.name,
        "group": table,
        "cause": "",
        "technique": "",
        "n": recorded,
        "N": records,
        "value": recorded / records if records else float("nan"),
        "lower": float("nan"),
        "upper": float("nan"),
        "note": "" if recorded else "your file does not record this",
    }


def _measure(row: dict[str, Any], unit: str) -> dict[str, Any]:
    return {
        "measure": "completeness",
        "version": VERSION,
        "unit": "level" if row["group"] == "treated_levels" else unit,
        "cause": "",
        "technique": "",
        "modality": row["label"],
        "n": row["n"],
        "N": row["N"],
        "value": row["value"],
        "method": METHOD,
        "not_recorded": row["N"] - row["n"],
    }


def _least_complete(rows: list[dict[str, Any]]) -> str:
    known = sorted((row for row in rows if row["N"]), key=lambda row: row["value"])[:3]
    named = [f"{row['label']} {percent(row['value'])}" for row in known]
    return f"Least complete: {', '.join(named)}."


def _explanation(reader: CountReader) -> Explanation:
    return Explanation(
        definition="For each core column, the share of records that have a value.",
        version=VERSION,
        denominator="Procedures of the cohort, and their treated levels.",
        method=METHOD,
        source="the core columns of procedures and treated_levels",
        sql=("queries/completeness",),
        waterfall=tuple(recorded_steps(reader)),
    )
