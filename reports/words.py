"""Measures, strata and numbers as they are written on paper and in workbooks."""

from typing import Any

import pandas as pd

from analysis.strata_together import ALL_BUT
from warehouse.vocabulary import label_of

WITHHELD = "withheld (1 to 10)"
WITHHELD_GLYPH = "⊘"
WITHHELD_LEGEND = (
    "Withheld: showing it would give away a count of 1 to 10, here or in a row beside it. "
    "A 0 is a true 0."
)

MEASURE_WORDS: dict[str, str] = {
    "procedures": "Procedures",
    "relief_eligible": "Eligible for relief",
    "relieved_days_gained": "Mean relieved days gained",
    "active_days_gained": "Mean active days gained",
    "activity_source_share": "Day of activity, by its source",
    "responder_death_as_non_responder": "Responder at the visit, death as non-responder",
    "completeness": "Recorded",
    "in_relief_share": "In relief at the visit",
    "lifted_before_day_42": "Lifted before day 42",
    "leak_any_per_level": "Any cement leak, per level",
    "leak_any_per_procedure": "Any cement leak, per procedure",
    "leak_symptomatic_per_level": "Symptomatic cement leak, per level",
    "fracture_adjacent": "New fracture, adjacent level",
    "fracture_remote": "New fracture, remote level",
    "fracture_refracture": "Fracture of a treated level again",
    "readmission_30d": "Unplanned readmission within 30 days",
    "infection_365d": "Deep infection within a year",
    "cement_embolism_symptomatic": "Symptomatic pulmonary cement embolism",
    "neurological": "Any neurological event",
    "responder": "Responder at the visit",
    "pain_change": "Change in pain",
    "odi_change": "Change in ODI",
    "kyphosis_correction": "Correction of kyphosis",
    "height_change": "Change in anterior height",
    "same_day_discharge": "Home the same day",
    "length_of_stay_hours": "Length of stay",
    "deaths": "Deaths",
    "complication_any": "Any complication",
    "complication_other": "Other complication",
    "cement_embolism_imaging": "Pulmonary cement embolism, found by imaging",
    "repeat_procedure": "Another augmentation",
    "capture": "Follow-up captured at the visit",
    "bone_health_90d": "Bone health care by 90 days",
    "fluoroscopy_minutes_per_level": "Fluoroscopy per level",
}

EVENT_WORDS: dict[str, str] = {
    "relief": "Relief seen",
    "relief_sustained": "Lasting relief seen",
    "relief_half": "Half the pain gone",
    "relief_mild": "Mild or no pain",
    "relief_two_points": "Pain down by 2 points",
    "relief_no_new_opioid": "Relief seen without a new opioid",
    "activity": "Back at activity",
    "work": "Back at work",
    "walking": "Walking unaided",
}
_ENDINGS = {
    "_incidence_npmle": " by the day, bounds from visits",
    "_incidence": " by the day",
    "_if_no_death": " by the day, had nobody died",
}
"""How an event is told, by the end of the measure's id; longer endings first."""

_UNITS = {
    "procedures": "procedures",
    "active_days_gained": "days",
    "relieved_days_gained": "days",
    "pain_change": "points",
    "odi_change": "points",
    "kyphosis_correction": "degrees",
    "height_change": "% of neighbours",
    "length_of_stay_hours": "hours",
    "fluoroscopy_minutes_per_level": "minutes",
}
"""What an estimate that is no proportion is counted in."""


def measure_words(measure: str) -> str:
    """Return a measure's id in words."""
    for ending, words in _ENDINGS.items():
        event = measure.removesuffix(ending)
        if event != measure:
            return EVENT_WORDS.get(event, label_of(event)) + words
    return MEASURE_WORDS.get(measure) or label_of(measure.removeprefix("complication_"))


def estimate_unit(measure: str) -> str:
    """Return what a measure's estimates are in: 'proportion' unless it is a mean of something."""
    return next((unit for start, unit in _UNITS.items() if measure.startswith(start)), "proportion")


def cause_words(cause: Any) -> str:
    """Return the cause in words; empty is all of them."""
    return _stratum_words(cause, "All causes")


def technique_words(technique: Any) -> str:
    """Return the technique in words; empty is all of them."""
    return _stratum_words(technique, "All techniques")


def is_remainder(word: Any) -> bool:
    """Tell whether a cause or technique stands for all of a total but its shown parts."""
    return isinstance(word, str) and word.startswith(ALL_BUT)


def _stratum_words(word: Any, every: str) -> str:
    if is_remainder(word):
        left_out = word.removeprefix(ALL_BUT).split(", ")
        return f"{every} but {', '.join(label_of(name).lower() for name in left_out)}"
    return label_of(word) if is_given(word) else every


def time_words(at: Any) -> str:
    """Return a day or a visit in words, such as 'day 14' or '1 mo / 6 w'; empty has none."""
    if not is_given(at):
        return ""
    return f"day {float(at):g}" if is_number(at) else label_of(str(at))


def is_given(value: Any) -> bool:
    """Tell whether a cell holds something."""
    return not (value is None or value is pd.NA or value != value or value == "")


def is_number(value: Any) -> bool:
    """Tell whether a cell, text or not, reads as a number."""
    try:
        return float(value) == float(value)
    except (TypeError, ValueError):
        return False


def number_text(value: Any, unit: str) -> str:
    """Return an estimate as text: percent, a whole count, or anything else to a tenth."""
    if not is_given(value):
        return ""
    if unit == "procedures":
        return f"{value:,.0f}"
    return f"{100 * value:.1f}%" if unit == "proportion" else f"{value:,.1f}"


def count_text(row: Any) -> str:
    """Return 'n / N' of a row, or the one that it has."""
    counts = [f"{int(count):,}" for count in (row.n, row.N) if is_given(count)]
    return " / ".join(counts)


def estimate_text(row: Any) -> str:
    """Return the estimate of a row; empty where visits leave only bounds."""
    return number_text(row.value, estimate_unit(row.measure))


def interval_text(row: Any) -> str:
    """Return the interval of a row, such as '56.0% to 68.1%', or the bounds, which it says."""
    unit = estimate_unit(row.measure)
    if is_given(row.lower) or is_given(row.upper):
        return _range(row.lower, row.upper, unit)
    if not is_given(row.value) and (is_given(row.low_bound) or is_given(row.high_bound)):
        return f"bounds {_range(row.low_bound, row.high_bound, unit)}"
    return ""


def modality_words(row: Any) -> str:
    """Return how a row's events were seen or asked, in words; empty where that splits nothing."""
    return label_of(row.modality) if is_given(row.modality) else ""


def sentence_of(row: Any) -> str:
    """Return one row of the measures table as a sentence, its stratum first."""
    stratum = cause_words(row.cause)
    if is_given(row.technique):
        stratum = f"{stratum}, {technique_words(row.technique).lower()}"
    parts = (stratum, time_words(row.at), modality_words(row))
    return f"{', '.join(part for part in parts if part)}: {numbers_of(row)}."


def numbers_of(row: Any) -> str:
    """Return the estimate, interval and counts of a row, or that they are withheld."""
    if row.suppressed:
        return WITHHELD
    interval = interval_text(row)
    estimate = estimate_text(row)
    estimate = f"{estimate} ({interval})" if estimate and interval else estimate or interval
    counts = count_text(row).replace(" / ", " of ")
    return ", ".join(part for part in (estimate, counts) if part) or "not estimable"


def rows_of(table: pd.DataFrame) -> list[Any]:
    """Return the rows of a table, each with its columns as attributes."""
    return list(table.itertuples())


def _range(low: Any, high: Any, unit: str) -> str:
    ends = [number_text(end, unit) or "–" for end in (low, high)]
    return f"{ends[0]} to {ends[1]}"
