"""How much did curvature and height change at the treated levels?"""

from dataclasses import dataclass, replace

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
from analysis.outcomes.strata import Stratum, strata_of
from analysis.results import Explanation, IntervalsResult, measures_table

VERSION = "Restoration v1"
REASONS = {
    "position_differs": "positions differ",
    "position_unknown": "a position not recorded",
    "not_recorded": "before or after not recorded",
}
METHOD = (
    "Mean over levels with CR2 variance clustered by procedure and Satterthwaite's degrees of "
    "freedom, from 10 procedures on."
)


@dataclass(frozen=True)
class Restored:
    """One thing that is measured before and after. finding: starts the title."""

    measure: str
    name: str
    finding: str
    unit: str
    definition: str
    source: str


KYPHOSIS = Restored(
    measure="kyphosis_correction",
    name="Correction of kyphosis",
    finding="Kyphosis was corrected by",
    unit="degrees",
    definition="Local kyphotic angle before minus after, kyphosis positive: above 0 is straighter.",
    source="treated_levels.kyphotic_angle_pre, kyphotic_angle_post, image positions",
)
HEIGHT = Restored(
    measure="height_change",
    name="Change of anterior height",
    finding="Anterior height changed by",
    unit="% of neighbours",
    definition="Anterior height after minus before, % of the neighbours' mean: above 0 is taller.",
    source="treated_levels.anterior_height_pct_pre, anterior_height_pct_post, image positions",
)


def kyphosis_correction(reader: CountReader) -> IntervalsResult:
    """Return the mean correction of kyphosis per treated level, in degrees."""
    return _restoration(reader, KYPHOSIS)


def height_change(reader: CountReader) -> IntervalsResult:
    """Return the mean change of anterior height per treated level, in % of the neighbours'."""
    return _restoration(reader, HEIGHT)


def restoration_measures(patterns: pd.DataFrame, restored: Restored) -> list[Cells]:
    """Return the rows of the measures table from the rows of `restoration_patterns`."""
    own = patterns[patterns["measure"] == restored.measure]
    rows = [_row(stratum) for stratum in strata_of(own)]
    return stated(
        [row for row in rows if row["N"]],
        measure=restored.measure,
        version=VERSION,
        unit="level",
    )


def _row(stratum: Stratum) -> Cells:
    counted = stratum.counts[stratum.counts["status"] == "counted"]
    apart = {words: _levels(stratum.counts, status) for status, words in REASONS.items()}
    cells = level_mean_cells(counted["levels"], counted["total"], counted["procedures"])
    return {
        **stratum.labels,
        **cells,
        "not_recorded": _levels(stratum.counts, "not_recorded"),
        "excluded": as_json(apart),
    }


def _levels(counts: pd.DataFrame, status: str) -> int:
    own = counts[counts["status"] == status]
    return int((own["levels"] * own["procedures"]).sum())


def _restoration(reader: CountReader, restored: Restored) -> IntervalsResult:
    patterns = reader.count("restoration_patterns", by_year=False)
    rows = restoration_measures(patterns, restored)
    explanation = _explanation(reader, patterns, restored)
    total = total_of(rows)
    if total is None:
        return nothing_to_show(
            restored.measure,
            f"{restored.name} cannot be told",
            "No treated level of this cohort has both values in images of one known position.",
            explanation,
        )
    said = f"{restored.finding} {mean_in_words(total, restored.unit, 'treated levels')}"
    return IntervalsResult(
        outcome=restored.measure,
        title=said,
        subtitle=f"Mean per treated level, in {restored.unit}, with 95 % intervals",
        summary=f"{said}. {_left_out_in_words(patterns, restored)}",
        measures=measures_table(rows),
        explanation=explanation,
        footnotes=(
            "A change from before to after is not the effect of the procedure: position, time and "
            "healing speak in it too.",
            _left_out_in_words(patterns, restored),
            AS_RECORDED,
        ),
        rows=figure_rows(rows, label=restored.name, note=_note),
        unit=restored.unit,
        axis_title=f"{restored.name} ({restored.unit})",
    )


def _note(row: Cells) -> str:
    missing = f"not recorded ({row['not_recorded']:,})" if row["not_recorded"] else ""
    return joined_notes(interval_note(row), missing)


def _left_out_in_words(patterns: pd.DataFrame, restored: Restored) -> str:
    own = patterns[patterns["measure"] == restored.measure]
    told = [f"{words} {_levels(own, status):,}" for status, words in REASONS.items()]
    return f"Levels counted apart: {', '.join(told)}."


def _explanation(reader: CountReader, patterns: pd.DataFrame, restored: Restored) -> Explanation:
    own = patterns[patterns["measure"] == restored.measure]
    steps = [("treated levels", int((own["levels"] * own["procedures"]).sum()))]
    steps += [(words, _levels(own, status)) for status, words in REASONS.items()]
    explanation = Explanation(
        definition=restored.definition,
        version=VERSION,
        denominator="Treated levels with both values, both images supine or both standing.",
        method=METHOD,
        source=restored.source,
        sql=("queries/restoration_patterns",),
    )
    steps.append(("counted", _levels(own, "counted")))
    return replace(explanation, waterfall=(*recorded_steps(reader), *steps))
