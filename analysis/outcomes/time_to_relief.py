"""How soon does pain ease?"""

import json
from dataclasses import dataclass

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.incidence import CURVE_METHOD, days_gained_rows
from analysis.outcomes.interval_bounds import METHOD, add_area_bounds
from analysis.outcomes.pain_and_function import in_relief_rows
from analysis.outcomes.recorded import recorded_steps
from analysis.outcomes.strata import count_of, strata_of, totals_by
from analysis.outcomes.visit_counts import eligible_visits
from analysis.outcomes.wait_estimates import (
    COMPETING,
    CONF_LEVEL,
    EACH_ON_ITS_OWN,
    HORIZON,
    WaitEstimates,
    estimate_waits,
    summary_of,
    title_of,
)
from analysis.results import Explanation, IncidenceResult, empty_measures, measures_table

TAU = 60.0
EMPTY = "No procedure in this cohort has a baseline pain score of 4 or more and one after it."


@dataclass(frozen=True)
class ReliefDefinition:
    """One way to say that pain is relieved.

    outcome : id in the catalogue. measure : first part of the measure ids. version : of the
    definition. rule : completes 'relieved when'. event : completes '82 % ... by day 14'.
    """

    outcome: str
    measure: str
    version: str
    rule: str
    event: str


DEFINITIONS = {
    "e1": ReliefDefinition(
        "relief",
        "relief",
        "E1 v1",
        "the score is at least 2 points and at least 30 % below baseline",
        "had pain relief",
    ),
    "half": ReliefDefinition(
        "relief_half",
        "relief_half",
        "E1 half v1",
        "the score is at most half of baseline",
        "had their pain halved",
    ),
    "mild": ReliefDefinition(
        "relief_mild", "relief_mild", "E1 mild v1", "the score is 3 or less", "had mild or no pain"
    ),
    "two_points": ReliefDefinition(
        "relief_two_points",
        "relief_two_points",
        "E1 two points v1",
        "the score is at least 2 points below baseline",
        "had pain down by 2 points",
    ),
    "sustained": ReliefDefinition(
        "relief_sustained",
        "relief_sustained",
        "E2 v1",
        "the score is at least 2 points and at least 30 % below baseline, and again at least 7 "
        "days later with no unrelieved score between; dated at the first of them",
        "had lasting pain relief",
    ),
    "no_new_opioid": ReliefDefinition(
        "relief_no_new_opioid",
        "relief_no_new_opioid",
        "E1 no new opioid v1",
        "the score is at least 2 points and at least 30 % below baseline, and no opioid was "
        "recorded up to that day of a patient who took none before the procedure",
        "had pain relief without a new opioid",
    ),
}
"""The definitions of relief that are offered, by their name in the mart `relief`."""

_LEFT_OUT = {
    "technique_not_compared": "technique not compared",
    "no_baseline": "no baseline pain score",
    "below_floor": "baseline pain below 4",
}


def time_to_relief(reader: CountReader, *, definition: str = "e1") -> IncidenceResult:
    """Return the share of procedures with relief first seen by each day, competing events counted.

    Parameters
    ----------
    reader : CountReader
    definition : {'e1', 'half', 'mild', 'two_points', 'sustained', 'no_new_opioid'}
        endpoints.md E1 v1, another offered threshold, E2, or the sensitivity to new opioids.

    Raises
    ------
    KeyError
        If the definition is not one of those.
    """
    relief = DEFINITIONS[definition]
    eligibility = reader.count("relief_eligibility")
    estimates = estimate_waits(reader, definition)
    rows = estimates.rows(relief.measure)
    if definition == "e1":
        rows = [*_eligible_rows(eligibility), *rows, *_gained_and_in_relief(reader, estimates)]
    measure = f"{relief.measure}_incidence"
    excluded = excluded_by_stratum(eligibility)
    for row in rows:
        row |= {
            "version": relief.version,
            "unit": reader.cohort.unit,
            "conf_level": CONF_LEVEL,
            "excluded": excluded[row["cause"], row["technique"]],
        }
    empty = not estimates.waits
    return IncidenceResult(
        outcome=relief.outcome,
        title="Time to pain relief" if empty else title_of(rows, measure, relief.event, "14"),
        subtitle=f"Share that {relief.event}, by the visit that first saw it",
        summary=EMPTY if empty else summary_of(rows, measure, relief.event, "14"),
        measures=measures_table(rows) if rows else empty_measures(),
        explanation=relief_explanation(reader, eligibility, relief),
        footnotes=_footnotes(reader),
        empty_reason=EMPTY if empty else "",
        event_name=relief.event.removeprefix("had "),
        competing_name=COMPETING,
        curves=estimates.curves,
        at_risk=estimates.at_risk,
        bounds=estimates.bounds,
        horizon_days=HORIZON,
    )


def _gained_and_in_relief(reader: CountReader, estimates: WaitEstimates) -> list[dict]:
    gained = days_gained_rows(estimates.waits, "relieved_days_gained", TAU)
    add_area_bounds(gained, estimates.intervals, TAU)
    return [*gained, *in_relief_rows(eligible_visits(reader))]


def _eligible_rows(eligibility: pd.DataFrame) -> list[dict]:
    return [
        {"measure": "relief_eligible", **stratum.labels, "n": total - sum(out), "N": total}
        for stratum in strata_of(eligibility)
        for total in [int(stratum.counts["procedures"].sum())]
        for out in [left_out(stratum.counts).values()]
    ]


def left_out(eligibility: pd.DataFrame) -> dict[str, int]:
    """Return how many are not eligible, by reason."""
    found = totals_by(eligibility, "reason")
    return {reason: found.get(reason, 0) for reason in _LEFT_OUT}


def excluded_by_stratum(eligibility: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return who is not eligible, as JSON of reason -> count, by cause and technique."""
    return {
        (stratum.cause, stratum.technique): json.dumps(left_out(stratum.counts))
        for stratum in strata_of(eligibility)
    }


def relief_explanation(
    reader: CountReader, eligibility: pd.DataFrame, relief: ReliefDefinition
) -> Explanation:
    """Return what stands behind one definition of relief."""
    return Explanation(
        definition=f"Relieved when {relief.rule}; same instrument as at baseline.",
        version=relief.version,
        denominator=(
            "Completed procedures of kyphoplasty, vertebroplasty or implant whose last pain score "
            "of days -30 to 0 was 4 or more. Patients never asked again stay in N."
        ),
        method=f"{CURVE_METHOD}; death and a later procedure compete. Bounds: {METHOD}.",
        source="pain_nrs or pain_vas scores by visit; the relief day where the patient gave one",
        sql=(
            "marts/relief_seen",
            "marts/sustained_relief",
            "marts/relief",
            "queries/relief_eligibility",
            "queries/wait_counts",
            "queries/wait_intervals",
        ),
        waterfall=(*recorded_steps(reader), *_eligible_steps(eligibility)),
    )


def _eligible_steps(eligibility: pd.DataFrame) -> list[tuple[str, int]]:
    asked, never = (
        count_of(eligibility, reason=reason) for reason in ("asked_again", "never_asked_again")
    )
    return [
        *((_LEFT_OUT[reason], count) for reason, count in left_out(eligibility).items()),
        ("eligible", asked + never),
        ("never asked again (stay in N)", never),
        ("asked again after the procedure", asked),
        ("counted in N", asked + never),
    ]


def _footnotes(reader: CountReader) -> tuple[str, ...]:
    return (
        "First relief is not being in relief: relief seen once may be lost again. The share in "
        "relief at each visit stands beside the curve.",
        "Relief is seen at visits: read the curve at their closing days (2, 14, 60 and 135). "
        "At other days the bounds say what is known.",
        "At 2 h anaesthetic and sedation speak too; quote day 2 onwards.",
        *([EACH_ON_ITS_OWN] if reader.cohort.unit == "all" else []),
    )
