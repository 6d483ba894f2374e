"""Was bone health looked after by day 90 of an osteoporotic fracture's treatment?"""

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

VERSION = "Bone health v1"
LABELS = {
    "dxa": "Bone density measured by day 90",
    "drug": "On an osteoporosis drug by day 90",
    "dxa_and_drug": "Both by day 90",
}
EXPLANATION = Explanation(
    definition=(
        "By day 90 after an osteoporotic fracture was treated: bone density measured (dxa), an "
        "osteoporosis drug taken (drug), both (dxa_and_drug)."
    ),
    version=VERSION,
    denominator=(
        "Osteoporotic procedures alive at day 90 with the data cut on or after it, where yes or no "
        "is recorded. Both: recorded for both, or no for either."
    ),
    method="Proportion with Wilson's interval.",
    source="procedures.dxa_by_90d, osteoporosis_drug_by_90d, death_days, observed_through_days",
    sql=("queries/bone_health_counts",),
)


def bone_health(reader: CountReader) -> IntervalsResult:
    """Return bone density measured, and a drug taken, by day 90 after osteoporotic fractures."""
    counts = reader.count("bone_health_counts", by_year=False)
    rows = bone_health_measures(counts, reader.cohort.unit)
    explanation = replace(EXPLANATION, waterfall=_waterfall(reader, counts))
    totals = [row for name in LABELS if (row := total_of(rows, modality=name))]
    if not totals:
        reason = "No osteoporotic procedure of this cohort was followed to day 90 with a record."
        return nothing_to_show("bone_health", "Bone health cannot be told", reason, explanation)
    said = [f"{LABELS[row['modality']]}: {share_in_words(row, 'procedures')}" for row in totals]
    return IntervalsResult(
        outcome="bone_health",
        title=said[0],
        subtitle="After osteoporotic fractures, alive at day 90, with 95 % intervals",
        summary="; ".join(said) + ".",
        measures=measures_table(rows),
        explanation=explanation,
        footnotes=(
            "Osteoporotic fractures only; unknown and empty are not recorded, never no.",
            AS_RECORDED,
        ),
        rows=figure_rows(rows, label=lambda row: LABELS[row["modality"]], note=_note),
        axis_title="Share of procedures by day 90",
    )


def bone_health_measures(counts: pd.DataFrame, unit: str) -> list[Cells]:
    """Return the rows of the measures table from the rows of `bone_health_counts`."""
    rows = []
    for name in LABELS:
        for stratum in strata_of(counts):
            alive = stratum.counts[stratum.counts["status"] == "alive"]
            cells = proportion_cells(*_yes_of_known(alive, name))
            missing = count_of(alive) - cells["N"]
            apart = {
                "died by day 90": count_of(stratum.counts, status="died"),
                "data cut before day 90": count_of(stratum.counts, status="not_observed"),
                "not recorded": missing,
            }
            beside = {"modality": name, "at": 90, "not_recorded": missing}
            rows.append(stratum.labels | cells | beside | {"excluded": as_json(apart)})
    return stated(
        [row for row in rows if row["N"]], measure="bone_health_90d", version=VERSION, unit=unit
    )


def _yes_of_known(alive: pd.DataFrame, name: str) -> tuple[int, int]:
    if name != "dxa_and_drug":
        yes = count_of(alive, **{name: "yes"})
        return yes, yes + count_of(alive, **{name: "no"})
    yes = count_of(alive, dxa="yes", drug="yes")
    either_no = alive[(alive["dxa"] == "no") | (alive["drug"] == "no")]
    return yes, yes + count_of(either_no)


def _note(row: Cells) -> str:
    missing = f"not recorded ({row['not_recorded']:,})" if row["not_recorded"] else ""
    return joined_notes(zero_note(row), missing)


def _waterfall(reader: CountReader, counts: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    steps = [
        ("after an osteoporotic fracture", count_of(counts)),
        ("data cut before day 90", count_of(counts, status="not_observed")),
        ("died by day 90", count_of(counts, status="died")),
        ("alive at day 90", count_of(counts, status="alive")),
    ]
    return (*recorded_steps(reader), *steps)
