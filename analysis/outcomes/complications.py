"""How often did something go wrong that was judged related?"""

from dataclasses import replace

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.event_risks import Watch, event_risks
from analysis.outcomes.event_words import (
    event_measures,
    event_rows,
    event_waterfall,
    risk_in_words,
)
from analysis.outcomes.figure_rows import nothing_to_show
from analysis.outcomes.recorded import recorded_steps
from analysis.results import Explanation, IntervalsResult, measures_table
from analysis.wording import n_of_N
from warehouse.vocabulary import COMPLICATION_TYPES, label_of

VERSION = "E4-E8 v1"
SHOWN_DAY = 30
OUTCOME_TYPES = (
    "adjacent_fracture",
    "remote_fracture",
    "refracture",
    "repeat_procedure",
    "readmission",
    "death",
)
"""Counted as outcomes of their own, whatever was judged related."""

RELATED_TYPES = tuple(name for name in COMPLICATION_TYPES if name not in OUTCOME_TYPES)
NESTED_TYPES = ("nerve_injury", "spinal_cord_injury", "cauda_equina", "weakness_numbness_tingling")
MEASURE_OF_KIND = {
    "complication_any": ("complication_any", ""),
    "neurological": ("neurological", ""),
    **{f"complication_{name}": (f"complication_{name}", "") for name in RELATED_TYPES},
}
"""Kind of first event -> (measure, modality)."""

EXPLANATION = Explanation(
    definition=(
        "An adverse event judged definitely, probably or possibly related to device, procedure or "
        "anaesthesia; the first of its type per procedure. Neurological is the first of nerve "
        "injury, cord injury, cauda equina and weakness, numbness or tingling. Fractures, "
        "readmission, repeat procedure and death are outcomes of their own."
    ),
    version=VERSION,
    denominator=(
        "Procedures of the cohort observed to the day and reviewed for complications to it, or to "
        "death. Those not reviewed are 'not recorded', never 'none'; an event without a day takes "
        "its procedure out of n and N and is printed beside them."
    ),
    method=(
        "Risk by the day: Aalen-Johansen, censored at the last contact, death competing, log-log "
        "95 % interval; by day 1 a proportion with Wilson's interval. None of N: one-sided 95 % "
        "upper bound, 1 - 0.05^(1/N)."
    ),
    source=(
        "complications.type, relatedness, onset_days; procedures.complications_reviewed, "
        "reviewed_through_days, observed_through_days, last_contact_days, death_days"
    ),
    sql=("marts/first_events", "macros/watched_for_events", "queries/watched_events"),
)


def complications(reader: CountReader) -> IntervalsResult:
    """Return the risk of each type of related complication by days 1, 30, 90 and 365.

    Rows show day 30 over the whole cohort and each cause, most frequent first; the measures hold
    every day, cause and technique within a cause.
    """
    risks = event_risks(reader, Watch(tuple(MEASURE_OF_KIND)))
    total = risks[(risks["cause"] == "") & (risks["horizon"] == SHOWN_DAY)]
    any_related = total[total["kind"] == "complication_any"].to_dict("records")
    if not any_related or not any_related[0]["N"]:
        rows = event_measures(risks, MEASURE_OF_KIND, version=VERSION, unit=reader.cohort.unit)
        return nothing_to_show(
            "complications", "Complications cannot be told", _reason(risks), EXPLANATION, rows
        )
    headline = any_related[0]
    said = f"Any related complication by day {SHOWN_DAY}: {risk_in_words(headline)}"
    return IntervalsResult(
        outcome="complications",
        title=said,
        subtitle=f"Risk of each type by day {SHOWN_DAY}, with its 95 % interval",
        summary=f"{said}. {_most_frequent_in_words(total)}",
        measures=measures_table(
            event_measures(risks, MEASURE_OF_KIND, version=VERSION, unit=reader.cohort.unit)
        ),
        explanation=_explained(reader, headline),
        footnotes=(
            "Types overlap: one procedure may have several, and the nested neurological types are "
            "counted once under Neurological.",
            "An event judged unrelated, or not judged, is not a complication.",
        ),
        rows=event_rows(
            _in_drawing_order(risks), lambda row: name_of_kind(row["kind"]), f"By day {SHOWN_DAY}"
        ),
        axis_title=f"Share of procedures by day {SHOWN_DAY}",
    )


def name_of_kind(kind: str) -> str:
    """Return a kind as it is written on screen, e.g. 'Nerve injury (in Neurological)'."""
    if kind == "complication_any":
        return "Any related complication"
    name = kind.removeprefix("complication_")
    nested = " (in Neurological)" if name in NESTED_TYPES else ""
    return label_of(name) + nested


def _in_drawing_order(risks: pd.DataFrame) -> list[dict]:
    """Return rows of one day by cause: any, neurological, then the types, most frequent first."""
    shown = risks[(risks["horizon"] == SHOWN_DAY) & (risks["technique"] == "")]
    is_headline = shown["kind"].isin(("complication_any", "neurological"))
    by_count = shown[~is_headline].sort_values(["n", "N"], ascending=False, kind="stable")
    rows = pd.concat([shown[is_headline], by_count]).to_dict("records")
    causes = list(dict.fromkeys(shown["cause"]))
    return sorted(rows, key=lambda row: causes.index(row["cause"]))


def _most_frequent_in_words(total: pd.DataFrame) -> str:
    of_types = total[~total["kind"].isin(("complication_any", "neurological"))]
    seen = of_types[of_types["n"] > 0].sort_values("n", ascending=False, kind="stable").head(3)
    if seen.empty:
        return "No single type was seen."
    named = [
        f"{name_of_kind(row['kind'])} ({n_of_N(row['n'], row['N'])})"
        for row in seen.to_dict("records")
    ]
    return f"Most frequent: {'; '.join(named)}."


def _explained(reader: CountReader, headline: dict) -> Explanation:
    steps = (*recorded_steps(reader), *event_waterfall(headline)[1:])
    return replace(EXPLANATION, waterfall=steps)


def _reason(risks: pd.DataFrame) -> str:
    if risks.empty:
        return "No procedure is in this cohort."
    return f"No procedure of this cohort was reviewed for complications to day {SHOWN_DAY}."
