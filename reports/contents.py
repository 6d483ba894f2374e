"""What a pack says, in order, before it becomes a file of any format."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from analysis.cohort import Cohort
from analysis.results import Explanation, IncidenceResult, Result
from reports.words import (
    estimate_unit,
    is_given,
    is_number,
    is_remainder,
    measure_words,
    numbers_of,
    rows_of,
    sentence_of,
)
from warehouse.vocabulary import CAUSES

MOST_TABLE_ROWS = 26
MOST_FIGURE_ROWS = 24
MOST_SENTENCES = 8
_MAIN_CAUSES = CAUSES[:3]
_HEADLINE_DAYS = (("relief_sustained", 60.0), ("relief", 14.0), ("activity", 60.0))
"""Start of a measure's id -> the day by which it is read first; else the last day it has."""

_HEADLINE_VISIT = "6w"
NOTE = "note"
"""Column that says where withheld strata are counted; audience outside only."""


@dataclass(frozen=True)
class Section:
    """One outcome as a pack shows it.

    Attributes
    ----------
    outcome, heading, finding, subtitle, summary : str
        `finding` says in words what the measures show.
    measures : pandas.DataFrame
        MEASURE_COLUMNS as the audience may see them, typed.
    explanation : Explanation
        Its waterfall is empty for audience outside.
    footnotes : tuple of str
    empty_reason : str
    curves : IncidenceResult, optional
        Whole curves, for audience inside only.
    """

    outcome: str
    heading: str
    finding: str
    subtitle: str
    summary: str
    measures: pd.DataFrame
    explanation: Explanation
    footnotes: tuple[str, ...] = ()
    empty_reason: str = ""
    curves: IncidenceResult | None = None


@dataclass(frozen=True)
class Pack:
    """One cohort on one snapshot for one audience.

    Attributes
    ----------
    cohort : Cohort
    audience : {'inside', 'outside'}
    snapshot_id : str
    period : str
        First and last procedure year, such as '2021-2026'; 'no procedures' when there are none.
    generated : datetime
        Aware, UTC.
    program_version : str
    sections : tuple of Section
    totals_only : bool
        Whether strata are withheld because fewer than three surgeons stand behind them.
    """

    cohort: Cohort
    audience: str
    snapshot_id: str
    period: str
    generated: datetime
    program_version: str
    sections: tuple[Section, ...]
    totals_only: bool = False

    @property
    def measures(self) -> pd.DataFrame:
        """Return every section's measures with the columns `cohort`, `snapshot` and `note`."""
        tables = [section.measures for section in self.sections]
        stacked = pd.concat(tables, ignore_index=True)
        if NOTE not in stacked:
            stacked[NOTE] = ""
        return stacked.assign(cohort=self.cohort.as_query(), snapshot=self.snapshot_id)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return what every format prints first, as (name, value)."""
        return [
            ("Cohort", self.cohort.in_words()),
            ("Cohort query", self.cohort.as_query() or "(none: everyone)"),
            ("Period", self.period),
            ("Snapshot", self.snapshot_id),
            ("Audience", audience_words(self)),
            ("Generated", f"{self.generated:%Y-%m-%d %H:%M} UTC"),
            ("Program", f"Vertebral Outcomes {self.program_version}"),
        ]


def audience_words(pack: Pack) -> str:
    """Return what the audience may see, in a sentence."""
    if pack.audience == "inside":
        return "inside (care team): nothing is withheld; do not pass on"
    if pack.totals_only:
        return "outside: fewer than three surgeons, so totals only; counts of 1 to 10 withheld"
    return "outside: counts of 1 to 10, and what would return them, are withheld"


def section_of(title: str, result: Result, measures: pd.DataFrame, audience: str) -> Section:
    """Return an outcome's section; for outside, its words come from the shown measures alone.

    A result's own title, summary, notes and curves carry counts that may be withheld.
    """
    if audience == "inside":
        return Section(
            outcome=result.outcome,
            heading=title,
            finding=result.title,
            subtitle=result.subtitle,
            summary=result.summary,
            measures=measures,
            explanation=result.explanation,
            footnotes=result.footnotes,
            empty_reason=result.empty_reason,
            curves=result if isinstance(result, IncidenceResult) else None,
        )
    told = result.explanation
    return Section(
        outcome=result.outcome,
        heading=title,
        finding=_finding(measures),
        subtitle=_subtitle(measures),
        summary=_summary(measures),
        measures=measures,
        explanation=Explanation(
            told.definition, told.version, told.denominator, told.method, told.source
        ),
        empty_reason="Nothing to show." if result.is_empty else "",
    )


def primary_measure(measures: pd.DataFrame) -> str:
    """Return the measure that an outcome is about: its incidence, else the first estimated."""
    names = [str(name) for name in measures["measure"].unique()]
    incidence = [name for name in names if name.endswith("_incidence")]
    estimated = [str(name) for name in measures.loc[measures["value"].notna(), "measure"].unique()]
    return next(iter([*incidence, *estimated, *names]), "")


def headline_rows(measures: pd.DataFrame) -> pd.DataFrame:
    """Return, of each measure, the rows at the one day or visit by which it is read first."""
    kept = [_at_headline(str(name), rows) for name, rows in measures.groupby("measure", sort=False)]
    return pd.concat(kept) if kept else measures


def table_rows(measures: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that fit a printed table: all, or ever fewer strata of the headline day."""
    primary = primary_measure(measures)
    narrower = [
        lambda rows: rows,
        lambda rows: headline_rows(rows),
        lambda rows: rows[rows["cause"].isin(["", *_MAIN_CAUSES]) | is_together(rows["cause"])],
        lambda rows: rows[(rows["technique"] == "") | (rows["measure"] == primary)],
        lambda rows: rows[rows["technique"] == ""],
        lambda rows: rows[rows["cause"] == ""],
    ]
    rows = measures.assign(cause=_words(measures["cause"]), technique=_words(measures["technique"]))
    for narrow in narrower:
        rows = narrow(rows)
        if len(rows) <= MOST_TABLE_ROWS:
            break
    return rows.head(MOST_TABLE_ROWS)


def figure_rows(measures: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that a figure of dots and intervals shows, all of one unit.

    Strata shown together are no technique or cause of their own: they stand in the table.

    An incidence is drawn by cause, technique and day; many measures, each in total; otherwise the
    first measure by cause and technique. A technique is never drawn pooled over causes.
    """
    rows = measures.assign(cause=_words(measures["cause"]), technique=_words(measures["technique"]))
    rows = rows[~rows["suppressed"] & rows["value"].notna()]
    rows = rows[~(is_together(rows["cause"]) | is_together(rows["technique"]))]
    primary = primary_measure(rows)
    if primary.endswith("_incidence"):
        rows = rows[rows["measure"] == primary]
        return rows[(rows["cause"] != "") & (rows["technique"] != "")].head(3 * MOST_FIGURE_ROWS)
    rows = rows[[estimate_unit(name) == estimate_unit(primary) for name in rows["measure"]]]
    in_total = rows[(rows["cause"] == "") & (rows["technique"] == "")]
    if in_total["measure"].nunique() > 1:
        return headline_rows(in_total)
    of_strata = rows[rows["cause"] != ""]
    rows = headline_rows(of_strata if len(of_strata) else rows)
    return rows[rows["measure"] == primary]


def is_together(column: pd.Series) -> pd.Series:
    """Tell which causes or techniques stand for withheld strata shown together."""
    return column.map(is_remainder).astype(bool)


def _at_headline(measure: str, rows: pd.DataFrame) -> pd.DataFrame:
    given = [at for at in rows["at"] if is_given(at)]
    if not given:
        return rows
    if not all(is_number(at) for at in given):
        chosen = _HEADLINE_VISIT if _HEADLINE_VISIT in given else given[0]
        return rows[rows["at"] == chosen]
    days = pd.to_numeric(rows["at"])
    told = (day for start, day in _HEADLINE_DAYS if measure.startswith(start))
    headline = next(told, days.max())
    return rows[days == (headline if (days == headline).any() else days.max())]


def _finding(measures: pd.DataFrame) -> str:
    rows = headline_rows(measures)
    shown = rows[~rows["suppressed"]]
    if shown.empty:
        return "Every count of this outcome is withheld."
    first = rows_of(shown[shown["measure"] == primary_measure(shown)])[0]
    return f"{measure_words(first.measure)} - {sentence_of(first)}"


def _subtitle(measures: pd.DataFrame) -> str:
    withheld = measures[measures["suppressed"]]
    elsewhere = int((withheld[NOTE] != "").sum()) if NOTE in withheld else 0
    words = f"{len(measures):,} rows, {len(withheld):,} of them withheld"
    words += f", of which {elsewhere:,} are counted in a wider row" if elsewhere else ""
    return f"{words}." if len(measures) else ""


def _summary(measures: pd.DataFrame) -> str:
    rows = headline_rows(measures)
    is_alone = rows["measure"].value_counts().max() == 1 if len(rows) else True
    if is_alone:
        return " ".join(
            f"{measure_words(row.measure)}: {numbers_of(row)}." for row in rows_of(rows)
        )
    primary = rows[rows["measure"] == primary_measure(rows)]
    main = primary[_words(primary["cause"]).isin(["", *_MAIN_CAUSES]) & ~primary["suppressed"]]
    in_total = main[_words(main["technique"]) == ""]
    return " ".join(sentence_of(row) for row in rows_of(in_total.head(MOST_SENTENCES)))


def _words(column: pd.Series) -> pd.Series:
    return column.where(column.notna(), "")
