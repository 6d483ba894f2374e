"""How are pain and function at each visit?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimators.means import cluster_mean
from analysis.measure import CountReader
from analysis.outcomes.estimate_rows import (
    T_INTERVAL,
    as_json,
    mean_cells,
    mean_in_words,
    proportion_cells,
    share_in_words,
    stated,
)
from analysis.outcomes.figure_rows import figure_rows, nothing_to_show, total_of
from analysis.outcomes.recorded import recorded_steps
from analysis.outcomes.visit_counts import (
    HEADLINE_VISIT,
    NOT_DUE_IN_WORDS,
    Visit,
    eligible_visits,
    visit_label,
    visits_of,
)
from analysis.outcomes.wait_estimates import EACH_ON_ITS_OWN
from analysis.results import Explanation, IntervalsResult, measures_table
from analysis.wording import n_of_N, number_interval, percent_interval, percent_range
from warehouse.vocabulary import label_of

BY_PATIENT = "mean, clustered by patient: CR2 variance, Satterthwaite t interval"
SQL = ("marts/baselines", "marts/visit_scores", "queries/visits_due", "queries/scores_at_visits")


@dataclass(frozen=True)
class Change:
    """One score whose change is told. unit : 'points', of the score's own scale."""

    outcome: str
    kind: str
    name: str
    source: str


PAIN = Change("pain_change", "pain", "Pain", "pain_nrs or pain_vas, 0 to 10")
ODI = Change("odi_change", "odi", "ODI", "odi, 0 to 100")


def responders(reader: CountReader) -> IntervalsResult:
    """Return the share of responders at each visit, with bounds over who did not answer (E9)."""
    visits = eligible_visits(reader)
    rows = [_responder_row(visit) for visit in visits]
    rows += [_death_as_non_responder_row(visit) for visit in visits if visit.due]
    rows = stated(rows, measure="responder", version="E9 v1", unit=reader.cohort.unit)
    title, explanation = "Responders at each visit", _responders_explained(reader, visits)
    head = total_of(rows, measure="responder", at=HEADLINE_VISIT)
    if head is None:
        reason = "No procedure in this cohort has a baseline pain score of 4 or more."
        return nothing_to_show("responders", title, reason, explanation)
    drawn = [row for row in rows if row["measure"] == "responder" and row["answered"]]
    return IntervalsResult(
        outcome="responders",
        title=f"{_share(head)} of those who answered at {visit_label(head)} were responders",
        subtitle="Share with relief (E1) at each visit among those due who answered",
        summary=_responders_in_words(drawn),
        measures=measures_table(rows),
        explanation=explanation,
        footnotes=_footnotes(reader),
        rows=figure_rows(drawn, label=visit_label, note=_bounds_note),
        unit="proportion",
        axis_title="Share of responders among those who answered",
    )


def pain_change(reader: CountReader) -> IntervalsResult:
    """Return the mean change of pain from baseline at each visit (E10)."""
    return _change(reader, PAIN)


def odi_change(reader: CountReader) -> IntervalsResult:
    """Return the mean change of the ODI from baseline at each visit (E10)."""
    return _change(reader, ODI)


def in_relief_rows(visits: list[Visit]) -> list[dict]:
    """Return the share in relief at each visit, of every eligible procedure with a score there."""
    rows = []
    for visit in visits:
        answered = visit.count_of("paired", due_only=False)
        relieved = visit.count_of("relieved", due_only=False)
        cells = proportion_cells(relieved, answered) | {"answered": answered}
        rows.append({"measure": "in_relief_share", **visit.labels, **cells})
    return rows


def _responder_row(visit: Visit) -> dict:
    due, answered = visit.due, visit.count_of("paired")
    relieved = visit.count_of("relieved")
    return {
        **visit.labels,
        **proportion_cells(relieved, answered),
        "low_bound": relieved / due if due else np.nan,
        "high_bound": (relieved + due - answered) / due if due else np.nan,
        "answered": answered,
        "due": due,
        "excluded": as_json(visit.not_due),
    }


def _death_as_non_responder_row(visit: Visit) -> dict:
    died = visit.not_due["died"]
    cells = proportion_cells(visit.count_of("relieved"), visit.count_of("paired") + died)
    return {"measure": "responder_death_as_non_responder", **visit.labels, **cells}


def _change(reader: CountReader, change: Change) -> IntervalsResult:
    expected = reader.count("visits_due", kind=change.kind)
    answers = reader.count("scores_at_visits", kind=change.kind)
    visits = list(visits_of(expected[expected["standing"] != "none"], answers))
    clusters = _clusters(reader, change)
    rows = stated(
        [_change_row(visit, clusters) for visit in visits],
        measure=change.outcome,
        version="E10 v1",
        unit=reader.cohort.unit,
    )
    title, explanation = f"{change.name} at each visit", _change_explained(reader, change, visits)
    drawn = [row for row in rows if row["n"]]
    if not drawn:
        reason = f"No procedure in this cohort has {change.name} both before and after it."
        return nothing_to_show(change.outcome, title, reason, explanation, rows)
    head = total_of(drawn, at=HEADLINE_VISIT) or drawn[0]
    mean = number_interval(head["value"], head["lower"], head["upper"])
    return IntervalsResult(
        outcome=change.outcome,
        title=f"{change.name} had changed by {mean} points at {visit_label(head)}",
        subtitle="Mean of visit minus baseline, of those due who answered",
        summary=_changes_in_words(drawn),
        measures=measures_table(rows),
        explanation=explanation,
        footnotes=_footnotes(reader),
        rows=figure_rows(drawn, label=visit_label, note=_answered_note),
        unit="points",
        axis_title=f"Change of {change.name} from baseline, points",
    )


def _change_row(visit: Visit, clusters: pd.DataFrame | None) -> dict:
    n = visit.count_of("paired")
    if clusters is None:
        cells = mean_cells(n, visit.sum_of("change"), visit.sum_of("square_change"))
    else:
        cells = _clustered_cells(visit, clusters)
    return {
        **visit.labels,
        **cells,
        "N": visit.due,
        "answered": n,
        "due": visit.due,
        "excluded": as_json(visit.not_due),
    }


def _clusters(reader: CountReader, change: Change) -> pd.DataFrame | None:
    """Return changes by patient where a patient may count more than once, else None."""
    if reader.cohort.unit == "index":
        return None
    changes = reader.count("changes_by_patient", kind=change.kind)
    return changes.fillna({"cause": "", "technique": ""})


def _clustered_cells(visit: Visit, clusters: pd.DataFrame) -> dict:
    own = clusters[
        (clusters["cause"] == visit.cause)
        & (clusters["technique"] == visit.technique)
        & (clusters["visit"] == visit.name)
    ]
    sizes, totals = (np.repeat(own[name], own["patients"]) for name in ("scores", "change"))
    mean = cluster_mean(sizes, totals)
    return {
        "n": mean.n,
        "value": mean.value,
        "lower": mean.lower,
        "upper": mean.upper,
        "method": BY_PATIENT,
    }


def _responders_in_words(rows: list[dict]) -> str:
    whole = [row for row in rows if not row["cause"]]
    return " ".join(
        f"{visit_label(row)}: {share_in_words(row, 'who answered')}; {_bounds_note(row)}."
        for row in whole
    )


def _changes_in_words(rows: list[dict]) -> str:
    whole = [row for row in rows if not row["cause"]]
    return " ".join(
        f"{visit_label(row)}: {mean_in_words(row, 'points', 'answers')}; {_answered_note(row)}."
        for row in whole
    )


def _bounds_note(row: dict) -> str:
    bounds = percent_range(row["low_bound"], row["high_bound"])
    return f"{_answered_note(row)}; {bounds} whatever the others would have said"


def _answered_note(row: dict) -> str:
    return f"{n_of_N(row['answered'], row['due'])} due answered"


def _share(row: dict) -> str:
    return percent_interval(row["value"], row["lower"], row["upper"])


def _footnotes(reader: CountReader) -> tuple[str, ...]:
    return (
        "Change from before to after is not the effect of the treatment.",
        "At 2 h anaesthetic and sedation speak too; quote day 2 onwards.",
        "Only those alive, not treated again and observed to the close of a visit are due at it.",
        *([EACH_ON_ITS_OWN] if reader.cohort.unit == "all" else []),
    )


def visit_steps(visits: list[Visit]) -> list[tuple[str, int]]:
    """Return the last steps of a waterfall, at the headline visit of the whole cohort."""
    for visit in visits:
        if visit.name == HEADLINE_VISIT and not visit.cause:
            at = label_of(HEADLINE_VISIT)
            return [
                *((f"{NOT_DUE_IN_WORDS[name]} ({at})", n) for name, n in visit.not_due.items()),
                (f"due at {at}", visit.due),
                (f"answered at {at}", visit.count_of("answered")),
                (
                    f"with the baseline's instrument at {at}",
                    visit.count_of("paired"),
                ),
            ]
    return []


def _responders_explained(reader: CountReader, visits: list[Visit]) -> Explanation:
    return Explanation(
        definition=(
            "Responder: at this visit the score is at least 2 points and at least 30 % below "
            "baseline, same instrument."
        ),
        version="E9 v1",
        denominator="Those due who answered; bounds over all due. Baseline pain of 4 or more.",
        method="Proportion with Wilson interval; bounds count the silent as all or none.",
        source=PAIN.source,
        sql=SQL,
        waterfall=(*recorded_steps(reader), *visit_steps(visits)),
    )


def _change_explained(reader: CountReader, change: Change, visits: list[Visit]) -> Explanation:
    method = T_INTERVAL if reader.cohort.unit == "index" else BY_PATIENT
    return Explanation(
        definition="Visit minus baseline, same instrument; the score nearest to the nominal day.",
        version="E10 v1",
        denominator="N is due: a baseline, alive, not treated again, observed to the close.",
        method=method[0].upper() + method[1:] + ".",
        source=change.source,
        sql=(*SQL, *(["queries/changes_by_patient"] if reader.cohort.unit == "all" else [])),
        waterfall=(*recorded_steps(reader), *visit_steps(visits)),
    )
