"""The few measures that matter, with their trend and what changed."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimators.competing import (
    EVENT,
    competing_table,
    incidence_columns,
    read_incidence,
)
from analysis.measure import CountReader
from analysis.outcomes.estimate_rows import Cells, proportion_cells, zero_note
from analysis.outcomes.event_risks import Watch, yearly_risks
from analysis.outcomes.event_words import event_note
from analysis.outcomes.leaks import SYMPTOMATIC, symptomatic_cells
from analysis.outcomes.recorded import recorded_steps
from analysis.outcomes.volumes import volumes
from analysis.outcomes.yearly import YearlyMeasure
from analysis.overview_result import OVERVIEW_COLUMNS, TREND_COLUMNS, OverviewResult
from analysis.results import Explanation, empty_measures
from analysis.wording import counted, percent_interval
from warehouse.vocabulary import LEAK_MODALITIES, label_of

Rows = npt.NDArray[np.intp]
"""Positions of the rows that are counted."""
YearlyCells = tuple[Cells, dict[int, Cells], dict[int, Cells]]

WAITS = (
    ("e1", 14, "relief_incidence", "Pain relief by day 14", "relief"),
    ("activity", 60, "activity_incidence", "Return to activity by day 60", "activity"),
)
"""Definition in the marts, day, measure, label, outcome."""

EVENTS = (
    ("complication_any", "reviewed", 30, "Any related complication by day 30", "complications"),
    ("fracture_adjacent_any", "reviewed", 365, "New adjacent fracture by a year", "new_fractures"),
    ("readmission", "discharged", 30, "Readmission within 30 days of discharge", "key_events"),
)
"""Kind of first event, way of watching, day, label, outcome."""

MEASURE_OF_EVENT = {
    "complication_any": "complication_any",
    "fracture_adjacent_any": "fracture_adjacent",
    "readmission": "readmission_30d",
}
EXPLANATION = Explanation(
    definition="Each row is the headline of an outcome of its own, which says how it is counted.",
    version="Overview v1",
    denominator=(
        "As each outcome says, over the whole cohort and by procedure year. A year of a patient's "
        "index procedure in the cohort, not an index procedure of each year."
    ),
    method=(
        "Value: as each outcome says. Change: latest year with ten cases minus the one before, the "
        "limits of both combined as Newcombe's method 10 combines Wilson's. Variation: the latest "
        "year against all earlier ones together, marked where that interval excludes 0; with many "
        "rows one is marked by chance now and then."
    ),
    source="as each outcome says",
    sql=(
        "queries/overview_waits",
        "queries/overview_visits",
        "queries/leak_patterns",
        "queries/discharge_counts",
        "queries/event_watch",
        "queries/watched_events",
        "queries/volume_counts",
    ),
)
NOTHING_FOLLOWED = (
    "No measure can be told: these procedures have neither scores after the procedure, nor "
    "reviewed complications, checked levels or a recorded discharge."
)
FOOTNOTES = (
    "Years with fewer than 10 cases are left blank.",
    "Higher and lower say what was recorded, not what caused it: who is treated changes too.",
)


def overview(reader: CountReader) -> OverviewResult:
    """Return one row per headline measure, its trend by year, and volumes."""
    counts = volumes(reader)
    measures = [
        *_waits(reader),
        *_visits(reader),
        *_events(reader),
        *_leaks(reader),
        *_same_day(reader),
    ]
    known = [measure for measure in measures if measure.total["N"]]
    rows = [measure.row() for measure in known]
    trend = [row for measure in known for row in measure.trend_rows()]
    reason = counts.empty_reason or NOTHING_FOLLOWED
    return OverviewResult(
        outcome="overview",
        title=counts.title,
        subtitle="Each measure over the whole cohort, by procedure year, and against earlier years",
        summary="; ".join(_in_words(row) for row in rows) + "." if rows else reason,
        # Each measure's own outcome writes its rows of the measures table.
        measures=empty_measures(),
        explanation=_explained(reader),
        footnotes=FOOTNOTES,
        empty_reason=counts.empty_reason,
        rows=pd.DataFrame(rows, columns=list(OVERVIEW_COLUMNS)),
        trend=pd.DataFrame(trend, columns=list(TREND_COLUMNS)),
        no_rows_reason="" if rows else reason,
        volumes=counts,
    )


def _waits(reader: CountReader) -> list[YearlyMeasure]:
    counts = reader.count("overview_waits", horizon=max(day for _, day, *_ in WAITS))
    measures = []
    for definition, day, measure, label, outcome in WAITS:
        own = counts[counts["definition"] == definition]
        by_year = _yearly(own, partial(_incidence, _ended(own), day))
        measures.append(YearlyMeasure(measure, label, outcome, *by_year))
    return measures


def _ended(counts: pd.DataFrame) -> list[np.ndarray]:
    return [counts[name].to_numpy() for name in ("day", "kind", "procedures")]


def _incidence(ended: list[np.ndarray], day: float, kept: Rows) -> dict[str, Any]:
    table = competing_table(*(column[kept] for column in ended))
    read = read_incidence(incidence_columns(table), [day])
    return {
        "n": int(table.leaving[table.day <= day, EVENT].sum()),
        "N": table.total,
        "value": float(read["incidence"][0]),
        "lower": float(read["lower"][0]),
        "upper": float(read["upper"][0]),
    }


def _visits(reader: CountReader) -> list[YearlyMeasure]:
    counts = reader.count("overview_visits")
    eligible = counts[counts["is_eligible"] & counts["is_paired"]]
    due = counts[counts["status"] == "due"]
    return [
        _share("in_relief_share", "In relief at 6 weeks", "responders", eligible, "is_relieved"),
        _share(
            "capture", "Pain score answered at 6 weeks, of those due", "capture", due, "is_answered"
        ),
    ]


def _share(
    measure: str, label: str, outcome: str, counts: pd.DataFrame, found: str
) -> YearlyMeasure:
    procedures, is_found = counts["procedures"].to_numpy(), counts[found].to_numpy(bool)

    def cells(kept: Rows) -> dict[str, Any]:
        own = procedures[kept]
        return proportion_cells(int(own[is_found[kept]].sum()), int(own.sum()))

    by_year = _yearly(counts, cells)
    return YearlyMeasure(measure, label, outcome, *by_year, note=zero_note(by_year[0]))


def _events(reader: CountReader) -> list[YearlyMeasure]:
    risks = {way: yearly_risks(reader, _watch(way)) for way in {event[1] for event in EVENTS}}
    measures = []
    for kind, way, day, label, outcome in EVENTS:
        own = risks[way][(risks[way]["kind"] == kind) & (risks[way]["horizon"] == day)]
        rows = {int(row["year"]): row for row in own.to_dict("records")}
        total = rows.pop(0, None)
        if total is not None:
            years = {year: row for year, row in rows.items() if year > 0}
            before = {-year: row for year, row in rows.items() if year < 0}
            by_year = (total, years, before)
            name, note = MEASURE_OF_EVENT[kind], event_note(total)
            measures.append(YearlyMeasure(name, label, outcome, *by_year, note=note))
    return measures


def _watch(way: str) -> Watch:
    """Return one watch for all events that are watched for in this way."""
    own = [event for event in EVENTS if event[1] == way]
    kinds = tuple(dict.fromkeys(event[0] for event in own))
    return Watch(kinds, way=way, horizons=tuple(dict.fromkeys(event[2] for event in own)))


def _leaks(reader: CountReader) -> list[YearlyMeasure]:
    """Return leaks with symptoms, in the way of looking that saw most levels."""
    patterns = reader.count("leak_patterns", by_year=True)
    checked = patterns[patterns["modality"].isin(LEAK_MODALITIES)]
    if checked.empty:
        return []
    levels = (checked["levels"] * checked["procedures"]).groupby(checked["modality"]).sum()
    modality = str(levels.idxmax())
    seen = checked[checked["modality"] == modality]
    by_year = _yearly(seen, lambda kept: symptomatic_cells(seen.take(kept)))
    way = label_of(modality) if modality == "ct" else modality
    label = f"Leak with symptoms per level, seen by {way}"
    note = zero_note(by_year[0])
    return [YearlyMeasure(SYMPTOMATIC, label, "leaks", *by_year, note=note, is_clustered=True)]


def _same_day(reader: CountReader) -> list[YearlyMeasure]:
    counts = reader.count("discharge_counts", by_year=True)
    counts = counts[(counts["setting"] == "home") & (counts["same_day"] != "unknown")]
    counts = counts.assign(is_same_day=counts["same_day"] == "yes")
    label = "Home the same day, office and outpatient"
    return [_share("same_day_discharge", label, "same_day_discharge", counts, "is_same_day")]


def _yearly(counts: pd.DataFrame, cells: Callable[[Rows], Cells]) -> YearlyCells:
    """Return the cells of all rows, of each year, and of all years before each year."""
    years = counts["procedure_year"].to_numpy(int)
    known = [int(year) for year in np.unique(years)]
    by_year = {year: cells(np.flatnonzero(years == year)) for year in known}
    before = {year: cells(np.flatnonzero(years < year)) for year in known[1:]}
    return cells(np.arange(len(years))), by_year, before


def _in_words(row: dict[str, Any]) -> str:
    said = percent_interval(row["value"], row["lower"], row["upper"])
    return f"{row['label']}: {said} of {counted(row['N'], 'case')}, {row['variation']}"


def _explained(reader: CountReader) -> Explanation:
    return replace(EXPLANATION, waterfall=tuple(recorded_steps(reader)))
