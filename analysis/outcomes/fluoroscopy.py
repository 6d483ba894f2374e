"""How many minutes of fluoroscopy does a level take?"""

from dataclasses import replace

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.estimate_rows import (
    Cells,
    as_json,
    interval_note,
    joined_notes,
    level_mean_cells,
    mean_in_words,
    stated,
)
from analysis.outcomes.figure_rows import AS_RECORDED, figure_rows, nothing_to_show, total_of
from analysis.outcomes.recorded import recorded_steps
from analysis.outcomes.strata import count_of, strata_of
from analysis.results import Explanation, IntervalsResult, measures_table

MEASURE, VERSION = "fluoroscopy_minutes_per_level", "Fluoroscopy v1"
EXPLANATION = Explanation(
    definition="Fluoroscopy minutes of all procedures, divided by their treated levels.",
    version=VERSION,
    denominator="Treated levels of procedures with fluoroscopy_minutes and a level recorded.",
    method=(
        "Ratio of sums, clustered by procedure: CR2 variance with Satterthwaite's degrees of "
        "freedom, from 10 procedures on."
    ),
    source="procedures.fluoroscopy_minutes; treated_levels.level",
    sql=("queries/fluoroscopy_patterns",),
)


def fluoroscopy_minutes(reader: CountReader) -> IntervalsResult:
    """Return the mean fluoroscopy minutes per treated level."""
    patterns = reader.count("fluoroscopy_patterns", by_year=False)
    rows = fluoroscopy_measures(patterns)
    total = total_of(rows)
    explanation = replace(EXPLANATION, waterfall=_waterfall(reader, patterns))
    if total is None:
        reason = "No procedure of this cohort has both fluoroscopy minutes and a treated level."
        return nothing_to_show(
            "fluoroscopy_minutes", "Fluoroscopy time cannot be told", reason, explanation
        )
    said = f"Fluoroscopy took {mean_in_words(total, 'minutes a level', 'treated levels')}"
    return IntervalsResult(
        outcome="fluoroscopy_minutes",
        title=said,
        subtitle="Mean minutes per treated level, with 95 % intervals",
        summary=f"{said}.",
        measures=measures_table(rows),
        explanation=explanation,
        footnotes=(AS_RECORDED,),
        rows=figure_rows(rows, label="Fluoroscopy per level", note=_note),
        unit="minutes",
        axis_title="Minutes per treated level",
    )


def fluoroscopy_measures(patterns: pd.DataFrame) -> list[Cells]:
    """Return the rows of the measures table from the rows of `fluoroscopy_patterns`."""
    rows = []
    for stratum in strata_of(patterns):
        known = stratum.counts[_is_known(stratum.counts)]
        cells = level_mean_cells(known["levels"], known["minutes"], known["procedures"])
        missing = count_of(stratum.counts) - count_of(known)
        apart = {"procedures without minutes or without a level": missing}
        beside = {"not_recorded": missing, "excluded": as_json(apart)}
        rows.append(stratum.labels | cells | beside)
    return stated([row for row in rows if row["N"]], measure=MEASURE, version=VERSION, unit="level")


def _is_known(patterns: pd.DataFrame) -> pd.Series:
    return patterns["minutes"].notna() & (patterns["levels"] > 0)


def _note(row: Cells) -> str:
    missing = f"not recorded ({row['not_recorded']:,})" if row["not_recorded"] else ""
    return joined_notes(interval_note(row), missing)


def _waterfall(reader: CountReader, patterns: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    known = patterns[_is_known(patterns)]
    steps = [
        ("without minutes or without a level", count_of(patterns) - count_of(known)),
        ("counted procedures", count_of(known)),
        ("their treated levels", int((known["levels"] * known["procedures"]).sum())),
    ]
    return (*recorded_steps(reader), *steps)
