"""How many died, by cause of the fracture; never by technique."""

from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.event_batches import NOT_ELIGIBLE
from analysis.outcomes.event_risks import risks_of_counts
from analysis.outcomes.event_words import event_measures, event_note, event_waterfall
from analysis.outcomes.figure_rows import figure_rows, nothing_to_show
from analysis.results import Explanation, IntervalsResult, measures_table
from analysis.wording import n_of_N, percent, percent_interval

VERSION = "Deaths v1"
HORIZONS = (30, 365)
EXPLANATION = Explanation(
    definition=(
        "Death from any cause. One row per patient: the latest completed procedure, left out where "
        "the cohort's filters leave it out. Told by cause of the fracture only: who is given which "
        "technique differs too much for deaths to be told by technique."
    ),
    version=VERSION,
    denominator="Patients whose latest completed procedure was observed to the day.",
    method=(
        "Aalen-Johansen without a competing event, censored at the last contact, log-log 95 % "
        "interval; none of N: one-sided 95 % upper bound, 1 - 0.05^(1/N)."
    ),
    source="procedures.death_days, last_contact_days, observed_through_days",
    sql=("marts/procedure_timeline", "queries/death_counts"),
)


def deaths(reader: CountReader) -> IntervalsResult:
    """Return the risk of death by days 30 and 365, by cause of the fracture only."""
    risks = death_risks(reader.count("death_counts", horizons=list(HORIZONS)))
    rows = event_measures(risks, {"death": ("deaths", "")}, version=VERSION, unit="patient")
    total = [row for row in risks.to_dict("records") if not row["cause"]]
    if not any(row["N"] for row in total):
        reason = "No patient's latest procedure in this cohort was observed to day 30."
        return nothing_to_show("deaths", "Deaths cannot be told", reason, EXPLANATION, rows)
    said = [_in_words(row) for row in total if row["N"]]
    observed = event_waterfall(total[0])[1]
    steps = (("patients, by their latest procedure", _patients(total[0])), observed)
    return IntervalsResult(
        outcome="deaths",
        title=f"Deaths: {said[0]}",
        subtitle="Risk of death by day 30 and day 365, by cause, with 95 % intervals",
        summary=f"Deaths: {'; '.join(said)}.",
        measures=measures_table(rows),
        explanation=replace(EXPLANATION, waterfall=steps),
        footnotes=("Deaths are never told by technique.",),
        rows=figure_rows(
            risks.sort_values("horizon", kind="stable").to_dict("records"),
            label=lambda row: f"Died by day {row['horizon']}",
            note=event_note,
        ),
        axis_title="Share of patients",
    )


def death_risks(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the frame of `event_risks` from the rows of `death_counts`; kind is 'death'."""
    watched = counts.assign(technique="", procedure_year=0)
    is_dead = watched["ending"] == "died"
    watched["ending"] = watched["ending"].where(~is_dead, "lost")
    events = watched[is_dead].rename(columns={"ending_days": "status_days"})
    events = events.assign(kind="death", status="event", ending_days=events["status_days"])
    return risks_of_counts(watched, events, ("death",))


def _patients(row: dict[Any, Any]) -> int:
    return int(row["N"] + sum(row[name] for name in NOT_ELIGIBLE))


def _in_words(row: dict[Any, Any]) -> str:
    day = f"by day {row['horizon']}"
    if row["n"] == 0:
        return f"none of {row['N']:,} patients {day}, at most {percent(row['upper'])}"
    said = percent_interval(row["value"], row["lower"], row["upper"])
    return f"{said} {day}, {n_of_N(row['n'], row['N'])} patients"
