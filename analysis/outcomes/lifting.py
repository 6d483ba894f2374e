"""Who lifted again before day 42, against the usual advice?"""

from dataclasses import replace

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.estimate_rows import (
    Cells,
    as_json,
    joined_notes,
    proportion_cells,
    share_in_words,
    stated,
    zero_note,
)
from analysis.outcomes.figure_rows import AS_RECORDED, figure_rows, nothing_to_show, total_of
from analysis.outcomes.recorded import recorded_steps
from analysis.outcomes.strata import count_of, strata_of
from analysis.results import Explanation, IntervalsResult, measures_table

VERSION = "E3 lifting v1"
DAY = 42
_UNANSWERED = {
    "not_due": f"data cut before day {DAY}",
    "died": f"died by day {DAY}",
    "no_day": "lifted on a day not known",
    "asked_early": f"last asked before day {DAY}",
    "not_recorded": "not recorded",
}
_APART = {"not_applicable": "does not apply", **_UNANSWERED}
EXPLANATION = Explanation(
    definition=(
        f"Lifting again before day {DAY} after the procedure. It says how advice was kept; it is "
        "no recovery."
    ),
    version=VERSION,
    denominator=(
        f"Procedures alive after day {DAY} whose patient, asked on day {DAY} or later or on a day "
        "not recorded, gave the day of lifting or said 'not yet'."
    ),
    method="Proportion with Wilson's interval.",
    source="procedures.resumed_lifting_status, resumed_lifting_days, resumed_lifting_asked_days",
    sql=("queries/lifting_counts",),
)


def lifted_before_day_42(reader: CountReader) -> IntervalsResult:
    """Return the share that lifted again before day 42, of those whose answer tells."""
    counts = reader.count("lifting_counts", by_year=False)
    rows = lifting_measures(counts, reader.cohort.unit)
    explanation = replace(EXPLANATION, waterfall=_waterfall(reader, counts))
    total = total_of(rows)
    if total is None:
        reason = "No procedure of this cohort says on which day the patient lifted again."
        return nothing_to_show(
            "lifted_before_day_42", "Lifting cannot be told", reason, explanation
        )
    said = f"Lifted before day {DAY}: {share_in_words(total, 'procedures')}"
    return IntervalsResult(
        outcome="lifted_before_day_42",
        title=said,
        subtitle=f"Share that lifted again before day {DAY}, with 95 % intervals",
        summary=f"{said}.",
        measures=measures_table(rows),
        explanation=explanation,
        footnotes=("How advice was kept, not how patients recovered.", AS_RECORDED),
        rows=figure_rows(rows, label=f"Lifted before day {DAY}", note=_note),
        axis_title=f"Share before day {DAY}",
    )


def lifting_measures(counts: pd.DataFrame, unit: str) -> list[Cells]:
    """Return the rows of the measures table from the rows of `lifting_counts`."""
    rows = []
    for stratum in strata_of(counts):
        before = count_of(stratum.counts, status="before")
        after = count_of(stratum.counts, status="after")
        apart = {_APART[status]: count_of(stratum.counts, status=status) for status in _APART}
        missing = sum(count_of(stratum.counts, status=status) for status in _UNANSWERED)
        beside = {"at": DAY, "not_recorded": missing, "excluded": as_json(apart)}
        rows.append(stratum.labels | proportion_cells(before, before + after) | beside)
    return stated(
        [row for row in rows if row["N"]],
        measure="lifted_before_day_42",
        version=VERSION,
        unit=unit,
    )


def _note(row: Cells) -> str:
    missing = f"not known ({row['not_recorded']:,})" if row["not_recorded"] else ""
    return joined_notes(zero_note(row), missing)


def _waterfall(reader: CountReader, counts: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    answered = count_of(counts, status="before") + count_of(counts, status="after")
    apart = [(words, count_of(counts, status=status)) for status, words in _APART.items()]
    return (*recorded_steps(reader), *apart, (f"known whether before day {DAY}", answered))
