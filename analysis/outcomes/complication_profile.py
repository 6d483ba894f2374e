"""How did related complications come about, and how grave were they?"""

from dataclasses import replace

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.complications import EXPLANATION
from analysis.outcomes.event_risks import Watch, event_risks
from analysis.outcomes.event_words import (
    event_measures,
    event_rows,
    event_waterfall,
    risk_in_words,
)
from analysis.outcomes.figure_rows import nothing_to_show
from analysis.outcomes.recorded import recorded_steps
from analysis.results import IntervalsResult, measures_table
from warehouse.vocabulary import GRADE_SYSTEMS, MECHANISMS, label_of

VERSION = "Complication profile v1"
SHOWN_DAY = 30
SYSTEM_NAMES = {"clavien_dindo": "Clavien-Dindo", "sir": "SIR", "ctcae": "CTCAE"}
MECHANISM_LABELS = {f"mechanism_{name}": label_of(name) for name in MECHANISMS}
GRADE_LABELS = {
    f"grade_{system}_{grade}": f"{SYSTEM_NAMES[system]} grade {grade}"
    for system in GRADE_SYSTEMS
    for grade in range(1, 6)
}


def complications_by_mechanism(reader: CountReader) -> IntervalsResult:
    """Return the risk of a related complication by day 30, apart for each mechanism."""
    note = "One procedure may have complications of several mechanisms: shares do not add up."
    return _profile(reader, "mechanism", MECHANISM_LABELS, note)


def complications_by_grade(reader: CountReader) -> IntervalsResult:
    """Return the risk of a related complication by day 30, apart for each grade of each system."""
    note = "Grading systems are never pooled; complications without a grade are not shown."
    return _profile(reader, "grade", GRADE_LABELS, note)


def _profile(reader: CountReader, by: str, labels: dict[str, str], note: str) -> IntervalsResult:
    outcome, title = f"complications_by_{by}", f"Related complications by {by}"
    risks = event_risks(reader, Watch(tuple(labels), horizons=(SHOWN_DAY,)))
    names = {kind: (f"complication_by_{by}", kind.removeprefix(f"{by}_")) for kind in labels}
    measures = event_measures(risks, names, version=VERSION, unit=reader.cohort.unit)
    total = risks[(risks["cause"] == "") & (risks["n"] + risks["day_unknown"] > 0)]
    if total.empty:
        reason = f"No related complication of this cohort has its {by} recorded by day {SHOWN_DAY}."
        return nothing_to_show(outcome, title, reason, EXPLANATION, measures)
    ordered = total if by == "grade" else total.sort_values("n", ascending=False, kind="stable")
    rows = ordered.to_dict("records")
    said = [f"{labels[row['kind']]}: {risk_in_words(row)}" for row in rows]
    steps = (*recorded_steps(reader), *event_waterfall(rows[0])[1:3])
    return IntervalsResult(
        outcome=outcome,
        title=f"{title}, by day {SHOWN_DAY}: {said[0]}",
        subtitle=f"Share of procedures with one by day {SHOWN_DAY}, with 95 % intervals",
        summary="; ".join(said) + ".",
        measures=measures_table(measures),
        explanation=replace(EXPLANATION, version=VERSION, waterfall=steps),
        footnotes=(note, f"A {by} that was never recorded in this cohort is not drawn."),
        rows=event_rows(
            _by_cause(risks, [row["kind"] for row in rows]),
            lambda row: labels[row["kind"]],
            f"By day {SHOWN_DAY}",
        ),
        axis_title=f"Share of procedures by day {SHOWN_DAY}",
    )


def _by_cause(risks: pd.DataFrame, kinds: list[str]) -> list[dict]:
    """Return the rows of some kinds, in their order within each cause."""
    causes = list(dict.fromkeys(risks["cause"]))
    rows = risks[risks["kind"].isin(kinds)].to_dict("records")
    return sorted(rows, key=lambda row: (causes.index(row["cause"]), kinds.index(row["kind"])))
