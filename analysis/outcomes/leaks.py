"""How often did cement leak, as each way of looking saw it?"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.estimate_rows import (
    Cells,
    as_json,
    interval_note,
    joined_notes,
    level_share_cells,
    proportion_cells,
    share_in_words,
    stated,
    zero_note,
)
from analysis.outcomes.figure_rows import AS_RECORDED
from analysis.outcomes.recorded import recorded_steps
from analysis.outcomes.strata import Stratum, strata_of
from analysis.results import ROW_COLUMNS, Explanation, IntervalsResult, measures_table
from analysis.wording import counted, percent_range
from warehouse.vocabulary import LEAK_MODALITIES, label_of

VERSION = "E4 v1"
ANY_LEVEL, ANY_PROCEDURE = "leak_any_per_level", "leak_any_per_procedure"
SYMPTOMATIC = "leak_symptomatic_per_level"
LABELS = {
    ANY_LEVEL: "Any leak, per level",
    ANY_PROCEDURE: "Any leak, per procedure",
    SYMPTOMATIC: "Leak with symptoms, per level",
}
EXPLANATION = Explanation(
    definition=(
        "A treated level with cement seen outside it. With symptoms: recorded as yes; where that "
        "is unknown the share lies between the bounds. Per procedure: a leak at any of its levels."
    ),
    version=VERSION,
    denominator=(
        "Levels with leak_checked = yes, apart for each way of looking; per procedure, those with "
        "at least one such level. A level counts under its procedure's cause and technique."
    ),
    method=(
        "Levels: share with CR2 variance clustered by procedure and Satterthwaite's degrees of "
        "freedom, from 10 procedures on. Procedures: Wilson's interval."
    ),
    source="treated_levels.leak_checked, leak_modality; leaks.symptomatic",
    sql=("queries/leak_patterns",),
)
FOOTNOTES = (
    "Ways of looking are never pooled: CT sees leaks that fluoroscopy does not.",
    "A level that nobody checked is not recorded, never free of leaks.",
    AS_RECORDED,
)


def leaks(reader: CountReader) -> IntervalsResult:
    """Return leaks per level and per procedure, by modality, in every stratum of the cohort."""
    patterns = reader.count("leak_patterns", by_year=False)
    rows = leak_measures(patterns, reader.cohort.unit)
    if not rows:
        return _nothing_to_show(patterns)
    total = [row for row in rows if row["measure"] == ANY_LEVEL and not row["cause"]]
    most = max(total, key=lambda row: row["N"])
    said = [f"by {_way(row)} {share_in_words(row, 'levels')}" for row in total]
    return IntervalsResult(
        outcome="leaks",
        title=f"Any cement leak, seen by {_way(most)}: {share_in_words(most, 'levels')}",
        subtitle="Share with a leak by how it was looked for, with 95 % intervals",
        summary=f"Any cement leak per level: {'; '.join(said)}.",
        measures=measures_table(rows),
        explanation=replace(EXPLANATION, waterfall=_waterfall(reader, patterns)),
        footnotes=FOOTNOTES + _unchecked_but_leaking(patterns),
        rows=_figure_rows(rows),
        axis_title="Share with a leak",
    )


def leak_measures(patterns: pd.DataFrame, unit: str) -> list[Cells]:
    """Return the rows of the measures table from the rows of `leak_patterns`."""
    rows: list[Cells] = []
    for stratum in strata_of(patterns):
        for modality in LEAK_MODALITIES:
            places = np.flatnonzero(stratum.counts["modality"].to_numpy(object) == modality)
            if len(places):
                seen = stratum.counts.take(places)
                rows += _stratum_rows(stratum, modality, seen, unit)
    return rows


def _stratum_rows(stratum: Stratum, modality: str, seen: pd.DataFrame, unit: str) -> list[Cells]:
    not_checked = _levels(stratum.counts, "not_checked")
    labels: Cells = stratum.labels | {
        "modality": modality,
        "not_recorded": not_checked,
        "excluded": as_json(
            {
                "not checked": not_checked,
                "way of looking not recorded": _levels(stratum.counts, "not_recorded"),
            }
        ),
    }
    any_leak = level_share_cells(seen["levels"], seen["leaking"], seen["procedures"])
    with_symptoms = symptomatic_cells(seen)
    return [
        *stated([labels | any_leak], measure=ANY_LEVEL, version=VERSION, unit="level"),
        *stated([labels | with_symptoms], measure=SYMPTOMATIC, version=VERSION, unit="level"),
        *stated([labels | _procedures(seen)], measure=ANY_PROCEDURE, version=VERSION, unit=unit),
    ]


def symptomatic_cells(seen: pd.DataFrame) -> Cells:
    """Return the share of levels with a leak that caused symptoms, bounded by the unknown ones.

    `seen` holds the rows of `leak_patterns` of one modality and stratum.
    """
    cells = level_share_cells(seen["levels"], seen["symptomatic"], seen["procedures"])
    unknown = int(seen["symptoms_unknown"].to_numpy(int) @ seen["procedures"].to_numpy(int))
    if not cells["N"]:
        return cells
    low, high = cells["n"] / cells["N"], (cells["n"] + unknown) / cells["N"]
    return cells | {"low_bound": low, "high_bound": high}


def _procedures(seen: pd.DataFrame) -> Cells:
    procedures = seen["procedures"].to_numpy(int)
    leaking = int(procedures[seen["leaking"].to_numpy() > 0].sum())
    partly = int(procedures[seen["has_other_levels"].to_numpy(bool)].sum())
    cells = proportion_cells(leaking, int(procedures.sum()))
    return cells | {
        "not_recorded": partly,
        "excluded": as_json({"counted, with other levels not checked in this way": partly}),
    }


def _levels(patterns: pd.DataFrame, modality: str) -> int:
    own = patterns["modality"].to_numpy(object) == modality
    return int(patterns["levels"].to_numpy(int)[own] @ patterns["procedures"].to_numpy(int)[own])


def _figure_rows(rows: list[Cells]) -> pd.DataFrame:
    """Return rows by measure, modality and stratum: each label holds its strata."""
    ordered = sorted(
        rows, key=lambda row: (list(LABELS).index(row["measure"]), _modality_place(row))
    )
    return pd.DataFrame([_figure_row(row) for row in ordered], columns=list(ROW_COLUMNS))


def _figure_row(row: Cells) -> Cells:
    names = ("cause", "technique", "n", "N", "value", "lower", "upper")
    where = label_of(row["cause"]) if row["cause"] else "All causes"
    return {
        "label": f"{LABELS[row['measure']]}, {_way(row)}: {where}",
        "group": LABELS[row["measure"]],
        **{name: row[name] for name in names},
        "note": joined_notes(zero_note(row), interval_note(row), _bounds_note(row), _partly(row)),
    }


def _bounds_note(row: Cells) -> str:
    if row.get("high_bound", 0) > row.get("low_bound", 0):
        bounds = percent_range(row["low_bound"], row["high_bound"])
        return f"{bounds} as unknown symptoms are read"
    return ""


def _partly(row: Cells) -> str:
    if row["measure"] == ANY_PROCEDURE and row["not_recorded"]:
        return f"{row['not_recorded']:,} with levels not checked in this way"
    return ""


def _way(row: Cells) -> str:
    return "CT" if row["modality"] == "ct" else str(row["modality"])


def _modality_place(row: Cells) -> int:
    return LEAK_MODALITIES.index(row["modality"])


def _waterfall(reader: CountReader, patterns: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    levels = int((patterns["levels"] * patterns["procedures"]).sum())
    steps = [("treated levels", levels), ("not checked", _levels(patterns, "not_checked"))]
    steps.append(("checked, way not recorded", _levels(patterns, "not_recorded")))
    steps += [
        (f"checked by {label_of(modality) if modality == 'ct' else modality}", count)
        for modality in LEAK_MODALITIES
        if (count := _levels(patterns, modality))
    ]
    return (*recorded_steps(reader), *steps)


def _unchecked_but_leaking(patterns: pd.DataFrame) -> tuple[str, ...]:
    own = patterns[patterns["modality"] == "not_checked"]
    leaking = int((own["leaking"] * own["procedures"]).sum())
    if not leaking:
        return ()
    levels = counted(leaking, "level")
    return (f"{levels} with a leak recorded but leak_checked not yes: not counted.",)


def _nothing_to_show(patterns: pd.DataFrame) -> IntervalsResult:
    return IntervalsResult(
        outcome="leaks",
        title="Cement leaks cannot be told",
        subtitle="",
        summary="",
        measures=measures_table([]),
        explanation=EXPLANATION,
        footnotes=_unchecked_but_leaking(patterns),
        empty_reason=(
            "No treated level of this cohort was checked for a leak in a recorded way."
            if len(patterns)
            else "No treated level is recorded in this cohort."
        ),
    )
