"""Readmission, deep infection, cement embolism and repeat procedures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.event_risks import Watch, event_risks
from analysis.outcomes.event_words import (
    event_measures,
    event_note,
    event_rows,
    event_waterfall,
    risk_in_words,
)
from analysis.outcomes.figure_rows import nothing_to_show
from analysis.outcomes.recorded import recorded_steps
from analysis.results import Explanation, IntervalsResult, measures_table
from analysis.wording import percent_range


@dataclass(frozen=True)
class KeyEvent:
    """One event with its window and its way of watching.

    kind : of the mart `first_events`. measure : id in the measures table. modality : how it was
    found, where that tells measures apart. shown : day of the figure's row.
    """

    kind: str
    measure: str
    label: str
    version: str
    way: str
    horizons: tuple[int, ...]
    shown: int
    modality: str = ""


EVENTS = (
    KeyEvent(
        "readmission",
        "readmission_30d",
        "Unplanned readmission within 30 days of discharge",
        "E6 v1",
        "discharged",
        (30,),
        30,
    ),
    KeyEvent(
        "infection_deep",
        "infection_365d",
        "Deep infection within 365 days",
        "E7 v1",
        "reviewed",
        (365,),
        365,
    ),
    KeyEvent(
        "cement_embolism_symptomatic",
        "cement_embolism_symptomatic",
        "Lung cement embolism with symptoms, by day 30",
        "E8 v1",
        "reviewed",
        (1, 30, 90, 365),
        30,
    ),
    KeyEvent(
        "cement_embolism_imaging",
        "cement_embolism_imaging",
        "Lung cement embolism without symptoms, among chest CTs, by day 30",
        "E8 v1",
        "chest_ct",
        (30, 90, 365),
        30,
        "imaging",
    ),
    KeyEvent(
        "repeat_procedure",
        "repeat_procedure",
        "Another augmentation, by day 365",
        "Repeat v1",
        "observed",
        (30, 90, 365),
        365,
    ),
)
UNKNOWN_DEPTH = "infection_deep_or_unknown"
EXPLANATION = Explanation(
    definition=(
        "Readmission: not planned, recorded as a readmission (overnight), counted in days from "
        "discharge. Deep infection: judged related, depth deep; with those of unknown depth as the "
        "upper bound. Lung cement embolism: judged related; symptoms yes, or no among those with a "
        "chest CT. Another augmentation: the patient's next completed procedure, at any level."
    ),
    version="E6-E8 v1",
    denominator=(
        "Procedures observed to the day and reviewed to it or to death; readmission in days from "
        "discharge; another augmentation from the procedures themselves, so without review. "
        "Infections and readmissions under a later procedure of the patient count at gap + onset."
    ),
    method=(
        "Risk by the day: Aalen-Johansen, censored at the last contact, death competing, log-log "
        "95 % interval; none of N: one-sided 95 % upper bound, 1 - 0.05^(1/N)."
    ),
    source=(
        "complications.type, planned, infection_depth, symptomatic, relatedness, onset_days; "
        "procedures.length_of_stay_hours, same_day_discharge, chest_ct_done, death_days"
    ),
    sql=("marts/first_events", "macros/watched_for_events", "queries/watched_events"),
)


def key_events(reader: CountReader) -> IntervalsResult:
    """Return the risks of readmission, deep infection, cement embolism and repeat procedures.

    Rows show the whole cohort and each cause; the measures hold techniques within a cause too.
    """
    risks = key_event_risks(reader)
    rows = _measure_rows(risks, reader.cohort.unit)
    total = {row["kind"]: row for row in _shown(risks) if not row["cause"]}
    readmission = total.get("readmission")
    if readmission is None or not any(row["N"] for row in total.values()):
        reason = "No procedure of this cohort was reviewed long enough for any of these events."
        return nothing_to_show(
            "key_events", "These events cannot be told", reason, EXPLANATION, rows
        )
    said = [f"{_event(row).label}: {risk_in_words(row)}" for row in total.values() if row["N"]]
    steps = event_waterfall(readmission, watched="reviewed to 30 days from discharge")
    return IntervalsResult(
        outcome="key_events",
        title=said[0],
        subtitle="Risk by the day named, with 95 % intervals",
        summary="; ".join(said) + ".",
        measures=measures_table(rows),
        explanation=replace(EXPLANATION, waterfall=(*recorded_steps(reader), *steps[1:])),
        footnotes=("A readmission whose planning is not recorded is not counted.",),
        rows=event_rows(
            _shown(risks), lambda row: _event(row).label, "By the day named", note=_note
        ),
        axis_title="Share of procedures",
    )


def key_event_risks(reader: CountReader) -> pd.DataFrame:
    """Return the frame of `event_risks` for EVENTS, with `high_bound` for deep infections."""
    parts = [event_risks(reader, watch) for watch in _watches()]
    risks = pd.concat(parts, ignore_index=True)
    key = ["cause", "technique", "year", "horizon"]
    upper = risks[risks["kind"] == UNKNOWN_DEPTH].rename(columns={"value": "high_bound"})
    return risks[risks["kind"] != UNKNOWN_DEPTH].merge(
        upper[[*key, "high_bound"]].assign(kind="infection_deep"), on=[*key, "kind"], how="left"
    )


def _watches() -> list[Watch]:
    """Return one watch per way of watching, for all its kinds and days at once."""
    watches = []
    for way in dict.fromkeys(event.way for event in EVENTS):
        own = [event for event in EVENTS if event.way == way]
        kinds = tuple(event.kind for event in own)
        if "infection_deep" in kinds:
            kinds += (UNKNOWN_DEPTH,)
        days = tuple(sorted({day for event in own for day in event.horizons}))
        watches.append(Watch(kinds, way=way, horizons=days))
    return watches


def _measure_rows(risks: pd.DataFrame, unit: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for event in EVENTS:
        own = risks[(risks["kind"] == event.kind) & risks["horizon"].isin(event.horizons)]
        named = {event.kind: (event.measure, event.modality)}
        told = event_measures(own, named, version=event.version, unit=unit)
        if event.kind == "infection_deep":
            for row, high_bound in zip(told, own["high_bound"], strict=True):
                row |= {"low_bound": row["value"], "high_bound": high_bound}
        rows += told
    return rows


def _shown(risks: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of the days that are shown, by cause and in the order of EVENTS."""
    kinds = [event.kind for event in EVENTS]
    rows = [
        row
        for row in risks[risks["technique"] == ""].to_dict("records")
        if row["horizon"] == _event(row).shown
    ]
    causes = list(dict.fromkeys(risks["cause"]))
    return sorted(rows, key=lambda row: (causes.index(row["cause"]), kinds.index(row["kind"])))


def _event(row: Mapping[Any, Any]) -> KeyEvent:
    return next(event for event in EVENTS if event.kind == row["kind"])


def _note(row: Mapping[Any, Any]) -> str:
    bounds = ""
    if row["kind"] == "infection_deep" and row["high_bound"] > row["value"]:
        bounds = f"{percent_range(row['value'], row['high_bound'])} as unknown depths are read"
    return "; ".join(note for note in (event_note(row), bounds) if note)
