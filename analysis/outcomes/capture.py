"""How many of those due at a visit were asked and answered?"""

from analysis.measure import CountReader
from analysis.outcomes.estimate_rows import as_json, proportion_cells, share_in_words, stated
from analysis.outcomes.figure_rows import figure_rows, nothing_to_show, total_of
from analysis.outcomes.pain_and_function import SQL, visit_steps
from analysis.outcomes.recorded import recorded_steps
from analysis.outcomes.visit_counts import HEADLINE_VISIT, Visit, visit_label, visits_of
from analysis.results import Explanation, IntervalsResult, measures_table
from analysis.wording import n_of_N, percent_interval
from warehouse.vocabulary import label_of

KINDS = {"pain": "Pain", "odi": "ODI"}


def capture(reader: CountReader) -> IntervalsResult:
    """Return the share of procedures due at each visit that have a score there."""
    by_kind = {kind: _visits(reader, kind) for kind in KINDS}
    rows = stated(
        [_row(visit, kind) for kind, visits in by_kind.items() for visit in visits],
        measure="capture",
        version="v1",
        unit=reader.cohort.unit,
    )
    title = "Capture of scores at visits"
    explanation = _explanation(reader, by_kind["pain"])
    asked = {(row["modality"], row["at"]) for row in rows if row["n"]}
    drawn = [row for row in rows if (row["modality"], row["at"]) in asked and row["N"]]
    if not drawn:
        reason = "No procedure in this cohort has a score after it at a visit that is due."
        return nothing_to_show("capture", title, reason, explanation, rows)
    head = total_of(drawn, at=HEADLINE_VISIT) or drawn[0]
    share = percent_interval(head["value"], head["lower"], head["upper"])
    name = KINDS[head["modality"]]
    return IntervalsResult(
        outcome="capture",
        title=f"{name} was recorded for {share} of those due at {visit_label(head)}",
        subtitle="Share of procedures due at each visit with a score in its window",
        summary=_in_words(drawn),
        measures=measures_table(rows),
        explanation=explanation,
        footnotes=(
            "A visit at which nobody of the cohort has a score is not drawn: it is taken as not "
            "asked by this practice.",
            "Any score counts here, with or without a baseline to compare it with.",
        ),
        rows=figure_rows(drawn, label=_label, note=_note),
        unit="proportion",
        axis_title="Share of those due with a score",
    )


def _visits(reader: CountReader, kind: str) -> list[Visit]:
    expected = reader.count("visits_due", kind=kind)
    return list(visits_of(expected, reader.count("scores_at_visits", kind=kind)))


def _row(visit: Visit, kind: str) -> dict:
    answered = visit.count_of("answered")
    return {
        **visit.labels,
        "modality": kind,
        **proportion_cells(answered, visit.due),
        "answered": answered,
        "due": visit.due,
        "excluded": as_json(visit.not_due),
    }


def _label(row: dict) -> str:
    return f"{KINDS[row['modality']]}, {visit_label(row)}"


def _note(row: dict) -> str:
    return f"{n_of_N(row['answered'], row['due'])} due"


def _in_words(rows: list[dict]) -> str:
    whole = [row for row in rows if not row["cause"]]
    return " ".join(f"{_label(row)}: {share_in_words(row, 'procedures due')}." for row in whole)


def _explanation(reader: CountReader, visits: list[Visit]) -> Explanation:
    return Explanation(
        definition="A score of pain (or of the ODI) within the window of the visit.",
        version="v1",
        denominator=(
            "Due: alive, not treated again and observed to the close of the window of "
            f"{label_of(HEADLINE_VISIT)} and so on."
        ),
        method="Proportion with Wilson interval.",
        source="pain_nrs, pain_vas, odi by visit; observed_through_days, death_days",
        sql=SQL,
        waterfall=(*recorded_steps(reader), *visit_steps(visits)),
    )
