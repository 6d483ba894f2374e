"""How often, and when, does another vertebra break?"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.estimators.competing import CENSORED, COMPETING, EVENT
from analysis.measure import CountReader
from analysis.outcomes.event_batches import ELIGIBLE
from analysis.outcomes.event_risks import Watch, event_risks
from analysis.outcomes.event_words import (
    event_measures,
    event_note,
    event_rows,
    event_waterfall,
    risk_in_words,
)
from analysis.outcomes.figure_rows import nothing_to_show
from analysis.outcomes.incidence import curve_steps, numbers_at_risk, waits_by_stratum
from analysis.outcomes.recorded import recorded_steps
from analysis.results import (
    Explanation,
    IncidenceResult,
    IntervalsResult,
    measures_table,
)

VERSION = "E5 v1"
HORIZON = 365
TICKS = (0.0, 30.0, 60.0, 90.0, 135.0, 180.0, 270.0, 365.0)
CLASSES = ("adjacent", "remote", "refracture")
CLASS_LABELS = {
    "adjacent": "New adjacent fracture",
    "remote": "New remote fracture",
    "refracture": "Refracture of a treated level",
}
FOUND_LABELS = {"any": "", "symptomatic": ", with symptoms", "imaging": ", found by imaging only"}
NOBODY_WATCHED = "No procedure of this cohort was observed and reviewed to day 365."
DRAWN_KIND = "fracture_adjacent_any"
REVIEWED_KINDS = tuple(
    f"fracture_{name}_{found}" for name in CLASSES for found in ("any", "symptomatic")
)
IMAGED_KINDS = tuple(f"fracture_{name}_imaging" for name in CLASSES)
EXPLANATION = Explanation(
    definition=(
        "The first new vertebral fracture of its class. Refracture: at a level treated in this "
        "procedure. Adjacent: one above or below such a level, neither treated nor broken before. "
        "Remote: the rest. Symptomatic: recorded as yes. Imaging-found: recorded as no, among "
        "those imaged after day 60. Any: these, and those whose symptoms are unknown."
    ),
    version=VERSION,
    denominator=(
        "Procedures observed and reviewed to day 365, or to death; for imaging-found also imaged "
        "after day 60. Fractures under a later procedure of the patient count at gap + onset, and "
        "a later augmentation does not end follow-up."
    ),
    method=(
        "Aalen-Johansen, censored at the last contact, death competing, log-log 95 % interval; "
        "none of N: one-sided 95 % upper bound, 1 - 0.05^(1/N)."
    ),
    source=(
        "complications.type, level, onset_days, symptomatic; treated_levels.level, "
        "post_image_days; procedures.death_days, last_contact_days, complications_reviewed"
    ),
    sql=("marts/new_fractures", "marts/first_events", "queries/watched_events"),
)
FOOTNOTES = (
    "Symptomatic and imaging-found fractures have denominators of their own and are not added up.",
    "Curves show any new adjacent fracture, however it was found.",
)


def new_fractures(reader: CountReader) -> IncidenceResult:
    """Return any new adjacent fracture over a year, and the year's risk of each class."""
    risks = new_fracture_risks(reader)
    rows = [
        row
        for row in _measure_rows(risks, reader.cohort.unit)
        if row["measure"] == "fracture_adjacent"
    ]
    total = [row for row in risks.to_dict("records") if not row["cause"]]
    drawn = next((row for row in total if row["kind"] == DRAWN_KIND), None)
    if drawn is None or not drawn["N"]:
        return _nothing_to_show(rows)
    waits = waits_by_stratum(adjacent_fracture_waits(reader))
    said = f"New adjacent fracture within a year: {risk_in_words(drawn)}"
    note = event_note(drawn)
    steps = event_waterfall(drawn)
    return IncidenceResult(
        outcome="new_fractures",
        title=said,
        subtitle="Share with a new adjacent fracture by each day, death competing",
        summary=f"{said}. {_others_in_words(total)}",
        measures=measures_table(rows),
        explanation=replace(EXPLANATION, waterfall=(*recorded_steps(reader), *steps[1:])),
        footnotes=(*FOOTNOTES, f"Whole cohort: {note}.") if note else FOOTNOTES,
        event_name="a new adjacent fracture",
        competing_name="died first",
        curves=curve_steps(waits, HORIZON),
        at_risk=numbers_at_risk(waits, TICKS),
        horizon_days=float(HORIZON),
    )


def fracture_classes(reader: CountReader) -> IntervalsResult:
    """Return the year's risk of each class of new fracture, symptomatic and imaging-found apart."""
    risks = new_fracture_risks(reader)
    # Adjacent fractures are written to the measures table with their curves.
    rows = [
        row
        for row in _measure_rows(risks, reader.cohort.unit)
        if row["measure"] != "fracture_adjacent"
    ]
    total = [row for row in risks.to_dict("records") if not row["cause"] and row["N"]]
    if not total:
        title = "New fractures cannot be told"
        return nothing_to_show("fracture_classes", title, NOBODY_WATCHED, EXPLANATION, rows)
    said = [f"{_label(row)}: {risk_in_words(row)}" for row in total]
    steps = event_waterfall(total[0])
    return IntervalsResult(
        outcome="fracture_classes",
        title=f"{said[0]} within a year",
        subtitle="Risk of each class of new fracture by day 365, with 95 % intervals",
        summary="; ".join(said) + ".",
        measures=measures_table(rows),
        explanation=replace(EXPLANATION, waterfall=(*recorded_steps(reader), *steps[1:])),
        footnotes=FOOTNOTES[:1],
        rows=event_rows(_by_cause(risks), _label, "By day 365"),
        axis_title="Share of procedures by day 365",
    )


def new_fracture_risks(reader: CountReader) -> pd.DataFrame:
    """Return the frame of `event_risks` for every class and way of finding, at day 365."""
    reviewed = event_risks(reader, Watch(REVIEWED_KINDS, horizons=(HORIZON,)))
    imaged = event_risks(reader, Watch(IMAGED_KINDS, way="imaged", horizons=(HORIZON,)))
    return pd.concat([reviewed, imaged], ignore_index=True)


def adjacent_fracture_waits(reader: CountReader) -> pd.DataFrame:
    """Return how each wait for an adjacent fracture ended: cause, technique, kind, day, procedures.

    Whoever is still waiting at the horizon has a day after it and kind 0.
    """
    asked = {"way": "reviewed", "horizons": [HORIZON], "by_year": False}
    watched = reader.count("event_watch", **asked)
    events = reader.count("watched_events", kinds=[DRAWN_KIND], **asked)
    eligible = watched[watched["ending"].isin(ELIGIBLE)]
    dated = events[events["status"] != "day_unknown"]
    moves = [
        _waits(eligible, eligible["ending"], eligible["ending_days"], 1),
        _waits(events, events["ending"], events["ending_days"], -1),
        _waits(dated, dated["status"], dated["status_days"], 1),
    ]
    key = ["cause", "technique", "kind", "day"]
    summed = pd.concat(moves).groupby(key, as_index=False)["procedures"].sum()
    return summed[summed["procedures"] > 0]


def _waits(counts: pd.DataFrame, ending: pd.Series, days: pd.Series, sign: int) -> pd.DataFrame:
    kinds = {"event": EVENT, "died": COMPETING, "lost": CENSORED, "followed": CENSORED}
    return pd.DataFrame(
        {
            "cause": counts["cause"],
            "technique": counts["technique"],
            "kind": ending.map(kinds),
            "day": days.where(ending != "followed", HORIZON + 1.0).astype(float),
            "procedures": sign * counts["procedures"],
        }
    )


def _measure_rows(risks: pd.DataFrame, unit: str) -> list[dict[str, Any]]:
    names = {}
    for kind in (*REVIEWED_KINDS, *IMAGED_KINDS):
        measure, _, modality = kind.rpartition("_")
        names[kind] = (measure, modality)
    return event_measures(risks, names, version=VERSION, unit=unit)


def _others_in_words(total: list[dict[Any, Any]]) -> str:
    said = [
        f"{_label(row)}: {risk_in_words(row)}"
        for row in total
        if row["kind"] != DRAWN_KIND and row["N"]
    ]
    return "; ".join(said) + "."


def _by_cause(risks: pd.DataFrame) -> list[dict[Any, Any]]:
    causes = list(dict.fromkeys(risks["cause"]))
    return sorted(risks.to_dict("records"), key=lambda row: causes.index(row["cause"]))


def _label(row: Mapping[Any, Any]) -> str:
    _, name, found = row["kind"].split("_")
    return CLASS_LABELS[name] + FOUND_LABELS[found]


def _nothing_to_show(rows: list[dict[str, Any]]) -> IncidenceResult:
    return IncidenceResult(
        outcome="new_fractures",
        title="New fractures cannot be told",
        subtitle="",
        summary=NOBODY_WATCHED,
        measures=measures_table(rows),
        explanation=EXPLANATION,
        empty_reason=NOBODY_WATCHED,
        event_name="a new adjacent fracture",
        competing_name="died first",
        horizon_days=float(HORIZON),
    )
