"""How soon are patients active, back at work, walking unaided?"""

from dataclasses import dataclass

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.estimate_rows import as_json, proportion_cells, stated
from analysis.outcomes.incidence import CURVE_METHOD, days_gained_rows, incidence_rows
from analysis.outcomes.interval_bounds import METHOD, add_area_bounds
from analysis.outcomes.recorded import recorded_steps
from analysis.outcomes.strata import count_of, strata_of, totals_by
from analysis.outcomes.wait_estimates import (
    COMPETING,
    EACH_ON_ITS_OWN,
    HORIZON,
    WaitEstimates,
    estimate_waits,
    summary_of,
    title_of,
    waits_of,
)
from analysis.results import Explanation, IncidenceResult, measures_table
from analysis.wording import percent

ACTIVITY_TAU = 135.0
READ_AT = (14.0, 60.0, 135.0)
SOURCES = {"day": "activity_day", "odi": "activity_odi"}
"""Modality in the measures -> definition in the mart `recovery`; `both` is their union."""

_REASONS = {
    "no_baseline": "no baseline score",
    "at_goal_before": "at the goal before the procedure",
    "dependent_before": "dependent before",
    "activity_before_not_recorded": "activity before not recorded",
    "not_employed_before": "not employed before",
    "employment_not_recorded": "employment before not recorded",
    "not_applicable": "return to work not applicable",
    "not_answered": "never answered about activity",
    "day_unknown": "happened, day unknown",
}


@dataclass(frozen=True)
class Recovery:
    """One endpoint of recovery: its words and its rows.

    event : completes '82 % ... by day 60'. event_name : completes 'share with ...'.
    empty : said of a cohort without anybody in N.
    """

    definition: str
    version: str
    title: str
    event: str
    event_name: str
    rule: str
    denominator: str
    source: str
    empty: str


ACTIVITY = Recovery(
    "activity",
    "E3 v1",
    "Time to activity",
    "were active again",
    "activity back",
    "Back at activity on the day the patient gave; without one, at the first ODI of 20 or less.",
    "Independent or active with help before, and a baseline ODI above 20.",
    "return_to_activity_days; ODI by visit where no day was given",
    "No procedure in this cohort has a baseline ODI above 20, activity before it and an answer.",
)
WORK = Recovery(
    "work",
    "E3 work v1",
    "Time to work",
    "were back at work",
    "work taken up again",
    "Back at work on the day the patient gave.",
    "In paid work before. Patients never asked stay in N, censored at day 0.",
    "return_to_work_days",
    "No answer about return to work is recorded for patients in paid work before.",
)
WALKING = Recovery(
    "walking",
    "E3 walking v1",
    "Time to unaided walking",
    "walked unaided again",
    "unaided walking back",
    "Walking unaided: the first walking score of 3.",
    "A baseline walking score under 3.",
    "walking_ability by visit",
    "No procedure in this cohort has a baseline walking score under 3 and one after it.",
)


def return_to_activity(reader: CountReader) -> IncidenceResult:
    """Return the share active again by each day, by either source, and each source apart."""
    estimates = estimate_waits(reader, "activity")
    rows = _rows_by_modality(reader, estimates)
    gained = days_gained_rows(estimates.waits, "active_days_gained", ACTIVITY_TAU)
    add_area_bounds(gained, estimates.intervals, ACTIVITY_TAU)
    sources = _source_rows(reader)
    return _result(reader, ACTIVITY, estimates, [*rows, *gained, *sources])


def return_to_work(reader: CountReader) -> IncidenceResult:
    """Return the share back at work by each day, among those employed before."""
    estimates = estimate_waits(reader, "work")
    return _result(reader, WORK, estimates, estimates.rows("work", READ_AT))


def unaided_walking(reader: CountReader) -> IncidenceResult:
    """Return the share walking unaided by each day, among those who did not before."""
    estimates = estimate_waits(reader, "walking")
    return _result(reader, WALKING, estimates, estimates.rows("walking", READ_AT))


def _rows_by_modality(reader: CountReader, both: WaitEstimates) -> list[dict]:
    """Return the rows of both sources together, then each source's visit-dated share."""
    rows = [row | {"modality": "both"} for row in both.rows("activity", READ_AT)]
    for modality, definition in SOURCES.items():
        waits = waits_of(reader, definition)
        apart = incidence_rows(waits, "activity_incidence", READ_AT)
        rows += [row | {"modality": modality} for row in apart]
    return rows


def _source_rows(reader: CountReader) -> list[dict]:
    """Return the share of events by source: 'day' given by the patient, or 'odi'."""
    sources = reader.count("recovery_sources", definition="activity", horizon=HORIZON)
    return [
        {
            "measure": "activity_source_share",
            **stratum.labels,
            "modality": modality,
            **proportion_cells(count_of(stratum.counts, source=source), count_of(stratum.counts)),
        }
        for stratum in strata_of(sources)
        for modality, source in (("day", "day"), ("odi", "score"))
    ]


def _result(
    reader: CountReader, recovery: Recovery, estimates: WaitEstimates, rows: list[dict]
) -> IncidenceResult:
    eligibility = reader.count("recovery_eligibility", definition=recovery.definition)
    measure = f"{recovery.definition}_incidence"
    event, empty = recovery.event, not estimates.waits
    _add_exclusions(rows, eligibility)
    return IncidenceResult(
        outcome=recovery.definition,
        title=recovery.title if empty else title_of(rows, measure, event, "60"),
        subtitle=f"Share that {event}, by the day it was first known",
        summary=recovery.empty if empty else summary_of(rows, measure, event, "60"),
        measures=measures_table(
            stated(rows, measure=measure, version=recovery.version, unit=reader.cohort.unit)
        ),
        explanation=_explanation(reader, recovery, eligibility),
        footnotes=_footnotes(reader, recovery, rows),
        empty_reason=recovery.empty if empty else "",
        event_name=recovery.event_name,
        competing_name=COMPETING,
        curves=estimates.curves,
        at_risk=estimates.at_risk,
        bounds=estimates.bounds,
        horizon_days=HORIZON,
    )


def _add_exclusions(rows: list[dict], eligibility: pd.DataFrame) -> None:
    excluded = {
        (stratum.cause, stratum.technique): as_json(_left_out(stratum.counts))
        for stratum in strata_of(eligibility)
    }
    for row in rows:
        row["excluded"] = excluded[row["cause"], row["technique"]]


def _left_out(eligibility: pd.DataFrame) -> dict[str, int]:
    found = totals_by(eligibility, "reason")
    return {reason: found.get(reason, 0) for reason in _REASONS}


def _explanation(reader: CountReader, recovery: Recovery, eligibility: pd.DataFrame) -> Explanation:
    steps = [(_REASONS[name], n) for name, n in _left_out(eligibility).items() if n]
    counted_in = count_of(eligibility, reason="counted")
    return Explanation(
        definition=recovery.rule,
        version=recovery.version,
        denominator=recovery.denominator,
        method=f"{CURVE_METHOD}; death and a later procedure compete. Bounds: {METHOD}.",
        source=recovery.source,
        sql=(
            "marts/function_seen",
            "marts/recovery",
            "queries/recovery_eligibility",
            "queries/recovery_sources",
            "queries/wait_counts",
            "queries/wait_intervals",
        ),
        waterfall=(*recorded_steps(reader), *steps, ("counted in N", counted_in)),
    )


def _footnotes(reader: CountReader, recovery: Recovery, rows: list[dict]) -> tuple[str, ...]:
    given = [
        row["value"]
        for row in rows
        if row["measure"] == "activity_source_share"
        and row["modality"] == "day"
        and not row["cause"]
    ]
    return (
        *(
            f"{percent(share)} of the returns by day {HORIZON:g} are days the patient gave; the "
            "rest were first seen in the ODI at a visit."
            for share in given
        ),
        "An answer 'not yet' counts as a day known to be without the event.",
        *([EACH_ON_ITS_OWN] if reader.cohort.unit == "all" else []),
        *(
            ["Where it was recorded that it happened but not when, it stands outside the curve."]
            if recovery.definition != "walking"
            else []
        ),
    )
