"""Who went home the same day, and how long did inpatients stay?"""

from dataclasses import replace

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.estimate_rows import (
    Cells,
    as_json,
    joined_notes,
    mean_cells,
    mean_in_words,
    proportion_cells,
    share_in_words,
    stated,
    zero_note,
)
from analysis.outcomes.figure_rows import AS_RECORDED, figure_rows, nothing_to_show, total_of
from analysis.outcomes.recorded import recorded_steps
from analysis.outcomes.strata import count_of, strata_of
from analysis.results import Explanation, IntervalsResult, measures_table

VERSION = "Stay v1"
SAME_DAY = Explanation(
    definition="Home on the day of the procedure, after an office or outpatient procedure.",
    version=VERSION,
    denominator="Office and outpatient procedures with same_day_discharge recorded yes or no.",
    method="Proportion with Wilson's interval.",
    source="procedures.same_day_discharge, setting",
    sql=("queries/discharge_counts",),
)
HOURS = Explanation(
    definition="Hours from procedure to discharge, inpatients only.",
    version=VERSION,
    denominator="Inpatient procedures with length_of_stay_hours recorded.",
    method="Mean with a t interval. A few long stays pull a mean up.",
    source="procedures.length_of_stay_hours, setting",
    sql=("queries/discharge_counts",),
)


def same_day_discharge(reader: CountReader) -> IntervalsResult:
    """Return the share home the same day after office and outpatient procedures."""
    counts = reader.count("discharge_counts", by_year=False)
    rows = same_day_measures(counts, reader.cohort.unit)
    total = total_of(rows)
    explanation = replace(SAME_DAY, waterfall=_same_day_steps(reader, counts))
    if total is None:
        reason = "No office or outpatient procedure of this cohort says when the patient went home."
        return nothing_to_show(
            "same_day_discharge", "Same-day discharge cannot be told", reason, explanation
        )
    said = f"Home the same day: {share_in_words(total, 'office and outpatient procedures')}"
    return IntervalsResult(
        outcome="same_day_discharge",
        title=said,
        subtitle="Share home the same day, office and outpatient only, with 95 % intervals",
        summary=f"{said}.",
        measures=measures_table(rows),
        explanation=explanation,
        footnotes=(
            "Inpatients are not in this share; their hours of stay are told apart.",
            AS_RECORDED,
        ),
        rows=figure_rows(rows, label="Home the same day", note=_note),
        axis_title="Share home the same day",
    )


def length_of_stay(reader: CountReader) -> IntervalsResult:
    """Return the mean hours from procedure to discharge of inpatients."""
    counts = reader.count("discharge_counts", by_year=False)
    rows = length_of_stay_measures(counts, reader.cohort.unit)
    total = total_of(rows)
    explanation = replace(HOURS, waterfall=_hours_steps(reader, counts))
    if total is None:
        reason = "No inpatient procedure of this cohort has its hours of stay recorded."
        return nothing_to_show(
            "length_of_stay", "Length of stay cannot be told", reason, explanation
        )
    said = f"Inpatients stayed {mean_in_words(total, 'hours', 'inpatient procedures')}"
    return IntervalsResult(
        outcome="length_of_stay",
        title=said,
        subtitle="Mean hours from procedure to discharge, inpatients only, with 95 % intervals",
        summary=f"{said}.",
        measures=measures_table(rows),
        explanation=explanation,
        footnotes=("A few long stays pull a mean up.", AS_RECORDED),
        rows=figure_rows(rows, label="Hours of stay", note=_note),
        unit="hours",
        axis_title="Mean hours from procedure to discharge",
    )


def same_day_measures(counts: pd.DataFrame, unit: str) -> list[Cells]:
    """Return the rows of the measures table from the rows of `discharge_counts`."""
    rows = []
    for stratum in strata_of(counts):
        home = stratum.counts[stratum.counts["setting"] == "home"]
        yes, no = count_of(home, same_day="yes"), count_of(home, same_day="no")
        unknown = count_of(home, same_day="unknown")
        apart = {
            "inpatient": count_of(stratum.counts, setting="inpatient"),
            "setting not recorded": count_of(stratum.counts, setting="unknown"),
            "not recorded": unknown,
        }
        beside = {"not_recorded": unknown, "excluded": as_json(apart)}
        rows.append(stratum.labels | proportion_cells(yes, yes + no) | beside)
    return stated(
        [row for row in rows if row["N"]],
        measure="same_day_discharge",
        version=VERSION,
        unit=unit,
    )


def length_of_stay_measures(counts: pd.DataFrame, unit: str) -> list[Cells]:
    """Return the rows of the measures table from the rows of `discharge_counts`."""
    rows = []
    for stratum in strata_of(counts):
        stays = stratum.counts[stratum.counts["setting"] == "inpatient"]
        known = int(stays["with_hours"].sum())
        cells = mean_cells(known, float(stays["hours"].sum()), float(stays["hours_squared"].sum()))
        missing = count_of(stays) - known
        rows.append(stratum.labels | cells | {"not_recorded": missing, "excluded": ""})
    return stated(
        [row for row in rows if row["N"]],
        measure="length_of_stay_hours",
        version=VERSION,
        unit=unit,
    )


def _note(row: Cells) -> str:
    missing = f"not recorded ({row['not_recorded']:,})" if row["not_recorded"] else ""
    return joined_notes(zero_note(row), missing)


def _same_day_steps(reader: CountReader, counts: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    home = counts[counts["setting"] == "home"]
    steps = [
        ("inpatient", count_of(counts, setting="inpatient")),
        ("setting not recorded", count_of(counts, setting="unknown")),
        ("office or outpatient", count_of(home)),
        ("same day not recorded", count_of(home, same_day="unknown")),
        ("counted", count_of(home) - count_of(home, same_day="unknown")),
    ]
    return (*recorded_steps(reader), *steps)


def _hours_steps(reader: CountReader, counts: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    stays = counts[counts["setting"] == "inpatient"]
    known = int(stays["with_hours"].sum())
    steps = [
        ("inpatient", count_of(stays)),
        ("hours not recorded", count_of(stays) - known),
        ("counted", known),
    ]
    return (*recorded_steps(reader), *steps)
