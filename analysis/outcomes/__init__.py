"""The catalogue of outcomes: one clinical question each, from counts to a result."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from analysis.measure import CountReader
from analysis.outcomes.bone_health import bone_health
from analysis.outcomes.capture import capture
from analysis.outcomes.completeness import completeness
from analysis.outcomes.complication_profile import (
    complications_by_grade,
    complications_by_mechanism,
)
from analysis.outcomes.complications import complications
from analysis.outcomes.deaths import deaths
from analysis.outcomes.fluoroscopy import fluoroscopy_minutes
from analysis.outcomes.key_events import key_events
from analysis.outcomes.leaks import leaks
from analysis.outcomes.lifting import lifted_before_day_42
from analysis.outcomes.new_fractures import fracture_classes, new_fractures
from analysis.outcomes.overview import overview
from analysis.outcomes.pain_and_function import odi_change, pain_change, responders
from analysis.outcomes.relief_if_nobody_died import relief_if_nobody_died
from analysis.outcomes.restoration import height_change, kyphosis_correction
from analysis.outcomes.return_to_activity import (
    return_to_activity,
    return_to_work,
    unaided_walking,
)
from analysis.outcomes.stay import length_of_stay, same_day_discharge
from analysis.outcomes.time_to_relief import time_to_relief
from analysis.outcomes.volumes import volumes
from analysis.results import Result
from analysis.small_numbers import counts_only


@dataclass(frozen=True)
class Outcome:
    """One entry of the catalogue.

    Attributes
    ----------
    id : str
        Short name in addresses, caches and reports; the `outcome` of its result.
    title : str
        The question's name on pages and in reports.
    estimate : callable
        Takes a CountReader and returns the result of its cohort, however small.
    """

    id: str
    title: str
    estimate: Callable[[CountReader], Result]

    def compute(self, reader: CountReader) -> Result:
        """Return the result of the reader's cohort, without rates of too few cases."""
        return counts_only(self.estimate(reader))


OUTCOMES: tuple[Outcome, ...] = (
    Outcome("procedures", "Procedures by technique and cause", volumes),
    Outcome("relief", "Time to pain relief", time_to_relief),
    Outcome(
        "relief_sustained",
        "Time to lasting pain relief",
        partial(time_to_relief, definition="sustained"),
    ),
    Outcome("relief_half", "Time to half the pain", partial(time_to_relief, definition="half")),
    Outcome("relief_mild", "Time to mild or no pain", partial(time_to_relief, definition="mild")),
    Outcome(
        "relief_no_new_opioid",
        "Time to pain relief without a new opioid",
        partial(time_to_relief, definition="no_new_opioid"),
    ),
    Outcome(
        "relief_two_points",
        "Time to pain down by 2 points",
        partial(time_to_relief, definition="two_points"),
    ),
    Outcome("relief_if_no_death", "Pain relief, had nobody died", relief_if_nobody_died),
    Outcome("activity", "Time to activity", return_to_activity),
    Outcome("work", "Time to work", return_to_work),
    Outcome("walking", "Time to unaided walking", unaided_walking),
    Outcome("responders", "Responders at each visit", responders),
    Outcome("pain_change", "Pain at each visit", pain_change),
    Outcome("odi_change", "ODI at each visit", odi_change),
    Outcome("capture", "Capture of scores at visits", capture),
    Outcome("complications", "Complications by type", complications),
    Outcome(
        "complications_by_mechanism",
        "Complications by mechanism",
        complications_by_mechanism,
    ),
    Outcome("complications_by_grade", "Complications by grade", complications_by_grade),
    Outcome("key_events", "Readmission, infection, embolism, repeat procedures", key_events),
    Outcome("new_fractures", "New adjacent fractures over a year", new_fractures),
    Outcome("fracture_classes", "New fractures by class", fracture_classes),
    Outcome("leaks", "Cement leaks", leaks),
    Outcome("deaths", "Deaths", deaths),
    Outcome("kyphosis_correction", "Correction of kyphosis", kyphosis_correction),
    Outcome("height_change", "Change of vertebral height", height_change),
    Outcome("same_day_discharge", "Same-day discharge", same_day_discharge),
    Outcome("length_of_stay", "Hours of stay", length_of_stay),
    Outcome("lifted_before_day_42", "Lifting before day 42", lifted_before_day_42),
    Outcome("bone_health", "Bone health after osteoporotic fractures", bone_health),
    Outcome("fluoroscopy_minutes", "Fluoroscopy per level", fluoroscopy_minutes),
    Outcome("completeness", "Completeness of the core columns", completeness),
)

OVERVIEW = Outcome("overview", "Overview", overview)
"""Headlines of the others: shown on screen, no section of a report."""


def outcome_of(outcome_id: str) -> Outcome:
    """Return the outcome called `outcome_id`; KeyError when there is none."""
    for outcome in (OVERVIEW, *OUTCOMES):
        if outcome.id == outcome_id:
            return outcome
    raise KeyError(f"no outcome is called {outcome_id!r}")
