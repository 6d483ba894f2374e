"""How soon would pain have eased, had nobody died and nobody been treated again?"""

import numpy as np

from analysis.estimators.interval_censored import incidence_between, turnbull
from analysis.estimators.survival import kaplan_meier
from analysis.measure import CountReader
from analysis.outcomes.estimate_rows import CONF_LEVEL, share_in_words
from analysis.outcomes.figure_rows import figure_rows, nothing_to_show, total_of
from analysis.outcomes.incidence import Waiting
from analysis.outcomes.interval_bounds import Patterns, few_patterns
from analysis.outcomes.strata import strata_of
from analysis.outcomes.time_to_relief import (
    DEFINITIONS,
    EMPTY,
    excluded_by_stratum,
    relief_explanation,
)
from analysis.outcomes.wait_estimates import WINDOW_CLOSES, waits_of
from analysis.results import Explanation, IntervalsResult, measures_table
from analysis.wording import percent_interval, percent_range

MEASURE = "relief_if_no_death"
TITLE = "Pain relief, had nobody died"
METHOD = "1 - Kaplan-Meier, log-log interval"
BOUNDS_METHOD = "NPMLE of interval-censored days (Turnbull)"


def relief_if_nobody_died(reader: CountReader) -> IntervalsResult:
    """Return the share relieved (E1) by each closing day, competing events taken as censored."""
    eligibility = reader.count("relief_eligibility")
    excluded = excluded_by_stratum(eligibility)
    told = {
        "version": DEFINITIONS["e1"].version,
        "unit": reader.cohort.unit,
        "conf_level": CONF_LEVEL,
    }
    rows = [
        row | told | {"excluded": excluded[row["cause"], row["technique"]]} for row in _rows(reader)
    ]
    explanation = _explanation(relief_explanation(reader, eligibility, DEFINITIONS["e1"]))
    head = total_of(rows, at="14")
    if head is None:
        return nothing_to_show(MEASURE, TITLE, EMPTY, explanation)
    drawn = [row for row in rows if not np.isnan(row["value"])]
    return IntervalsResult(
        outcome=MEASURE,
        title=_title(head),
        subtitle="Share with pain relief (E1) by each closing day, deaths taken as censored",
        summary=" ".join(
            f"{_label(row)}: {share_in_words(row, 'procedures')}; {_note(row)}."
            for row in drawn
            if not row["cause"]
        ),
        measures=measures_table(rows),
        explanation=explanation,
        footnotes=("Nobody can be relieved after death: the headline counts deaths as they were.",),
        rows=figure_rows(drawn, label=_label, note=_note),
        axis_title="Share with pain relief",
    )


def _rows(reader: CountReader) -> list[dict]:
    waits = waits_of(reader, "e1")
    if not waits:
        return []
    patterns = reader.count("wait_intervals", definition="e1")
    bounds = {
        (stratum.cause, stratum.technique): _bounds(few_patterns(stratum.counts))
        for stratum in strata_of(patterns)
    }
    return [
        {
            "measure": MEASURE,
            **waiting.stratum.labels,
            "at": f"{day:g}",
            "n": int(waiting.ended_by(day)[1]),
            "N": waiting.total,
            "value": 1 - free,
            "lower": 1 - upper,
            "upper": 1 - lower,
            "low_bound": low,
            "high_bound": high,
            "method": METHOD,
        }
        for waiting in waits
        for day, (free, lower, upper), (low, high) in zip(
            WINDOW_CLOSES,
            _event_free(waiting),
            bounds[waiting.stratum.cause, waiting.stratum.technique],
            strict=True,
        )
    ]


def _event_free(waiting: Waiting) -> list[list[float]]:
    """Return the share event-free just after each day, with limits; NaN beyond what is known."""
    counts = waiting.stratum.counts
    curve = kaplan_meier(counts["day"], counts["kind"] == 1, counts=counts["procedures"])
    at_start = np.array([[1.0, np.nan, np.nan]])
    levels = np.vstack([at_start, curve[["event_free", "lower", "upper"]].to_numpy()])
    known_days = curve["day"].to_numpy()
    read = levels[np.searchsorted(known_days, WINDOW_CLOSES, side="right")]
    is_known = (np.asarray(WINDOW_CLOSES) <= known_days[-1]) | (levels[-1, 0] == 0)
    return np.where(is_known[:, None], read, np.nan).tolist()


def _bounds(patterns: Patterns) -> list[list[float]]:
    """Return what visits alone say of each closing day: low and high."""
    right = np.where(np.isnan(patterns.right), np.inf, patterns.right)
    estimate = turnbull(patterns.left, right, counts=patterns.procedures)
    return np.transpose(incidence_between(estimate, WINDOW_CLOSES)).tolist()


def _title(head: dict) -> str:
    if np.isnan(head["value"]):
        return TITLE
    share = percent_interval(head["value"], head["lower"], head["upper"])
    return f"Had nobody died, {share} would have had pain relief by day {head['at']}"


def _label(row: dict) -> str:
    return f"By day {row['at']}"


def _note(row: dict) -> str:
    return f"{percent_range(row['low_bound'], row['high_bound'])} as visits alone leave it"


def _explanation(relief: Explanation) -> Explanation:
    return Explanation(
        definition=f"{relief.definition} Death and a later procedure end follow-up only.",
        version=relief.version,
        denominator=relief.denominator,
        method=f"{METHOD}. Bounds: {BOUNDS_METHOD}.",
        source=relief.source,
        sql=relief.sql,
        waterfall=relief.waterfall,
    )
