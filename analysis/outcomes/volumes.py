"""How many procedures, of which technique, for which cause?"""

from dataclasses import replace
from itertools import product

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.recorded import recorded_steps
from analysis.outcomes.strata import count_of
from analysis.results import CountsResult, Explanation, measures_table
from analysis.wording import counted
from warehouse.vocabulary import CAUSES, TECHNIQUES, label_of

VERSION = "Volumes v1"
EXPLANATION = Explanation(
    definition="Completed procedures; an empty status counts as completed.",
    version=VERSION,
    denominator="The cohort: one index procedure a patient, or every completed one.",
    method="Counted.",
    source="procedures.technique, cause, procedure_year, procedure_status",
    sql=("macros/cohort", "queries/volume_counts"),
)


def volumes(reader: CountReader) -> CountsResult:
    """Return how many procedures there are, by technique and cause and by year."""
    counts = reader.count("volume_counts")
    total = count_of(counts)
    return CountsResult(
        outcome="procedures",
        title=_title(counts, total),
        subtitle="Procedures by technique and cause",
        summary=_summary(counts, total),
        measures=measures_table(_measure_rows(counts, reader.cohort.unit)),
        explanation=replace(EXPLANATION, waterfall=tuple(recorded_steps(reader))),
        footnotes=_footnotes(counts),
        empty_reason="" if total else "No procedure is in this cohort.",
        counts=_matrix(counts),
        by_year=_by_year(counts),
    )


def _matrix(counts: pd.DataFrame) -> pd.DataFrame:
    counted_in = _cells(counts)
    cells = [(*cell, counted_in.get(cell, 0)) for cell in product(CAUSES, TECHNIQUES)]
    return pd.DataFrame(cells, columns=["cause", "technique", "procedures"])


def _cells(counts: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return the procedures of each cause and technique that occur together."""
    cells: dict[tuple[str, str], int] = {}
    names = (counts[name].tolist() for name in ("cause", "technique", "procedures"))
    for cause, technique, procedures in zip(*names, strict=True):
        cells[cause, technique] = cells.get((cause, technique), 0) + procedures
    return cells


def _by_year(counts: pd.DataFrame) -> pd.DataFrame:
    named = counts.rename(columns={"procedure_year": "year"})
    summed = named.groupby(["year", "technique"], as_index=False)["procedures"].sum()
    return pd.DataFrame(summed, columns=["year", "technique", "procedures"])


def _measure_rows(counts: pd.DataFrame, unit: str) -> list[dict]:
    """Return rows for all, each cause, and each technique within a cause."""
    counted_in = _cells(counts)
    cells = [("", "", count_of(counts))]
    for cause in CAUSES:
        own = [
            (cause, technique, counted_in.get((cause, technique), 0)) for technique in TECHNIQUES
        ]
        cells += [(cause, "", sum(procedures for *_, procedures in own)), *own]
    return [
        {
            "measure": "procedures",
            "version": VERSION,
            "unit": unit,
            "cause": cause,
            "technique": technique,
            "n": procedures,
            "N": procedures,
            "value": procedures,
            "method": "counted",
        }
        for cause, technique, procedures in cells
        if procedures or not technique
    ]


def _title(counts: pd.DataFrame, total: int) -> str:
    if not total:
        return "No procedures"
    years = counts["procedure_year"]
    first, last = int(years.min()), int(years.max())
    return f"{counted(total, 'procedure')}, {first if first == last else f'{first} to {last}'}"


def _summary(counts: pd.DataFrame, total: int) -> str:
    by_cause = counts.groupby("cause")["procedures"].sum()
    named = [f"{label_of(cause)} {by_cause[cause]:,}" for cause in CAUSES if cause in by_cause]
    return f"{counted(total, 'procedure')}: {', '.join(named)}." if named else ""


def _footnotes(counts: pd.DataFrame) -> tuple[str, ...]:
    not_given = count_of(counts, is_status_recorded=False)
    if not not_given:
        return ()
    return (f"{counted(not_given, 'procedure')} without a status, taken as completed.",)
