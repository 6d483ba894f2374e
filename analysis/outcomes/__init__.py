"""The catalogue of outcomes: one clinical question each, from counts to a result."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from analysis.measure import CountReader
from analysis.outcomes.bone_health import bone_health
from analysis.outcomes.complications import complications
from analysis.outcomes.deaths import deaths
from analysis.outcomes.fluoroscopy import fluoroscopy_minutes
from analysis.outcomes.key_events import key_events
from analysis.outcomes.leaks import leaks
from analysis.outcomes.new_fractures import new_fractures
from analysis.outcomes.restoration import height_change, kyphosis_correction
from analysis.outcomes.stay import length_of_stay, same_day_discharge
from analysis.outcomes.time_to_relief import time_to_relief
from analysis.results import Result


@dataclass(frozen=True)
class Outcome:
    """One entry of the catalogue.

    Attributes
    ----------
    id : str
        Short name in addresses, caches and reports; the `outcome` of its result.
    title : str
        The question's name on pages and in reports.
    compute : callable
        Takes a CountReader and returns the result of its cohort.
    """

    id: str
    title: str
    compute: Callable[[CountReader], Result]


OUTCOMES: tuple[Outcome, ...] = (
    Outcome("relief", "Time to pain relief", time_to_relief),
    Outcome(
        "relief_sustained",
        "Time to lasting pain relief",
        partial(time_to_relief, definition="sustained"),
    ),
    Outcome("relief_half", "Time to half the pain", partial(time_to_relief, definition="half")),
    Outcome("relief_mild", "Time to mild or no pain", partial(time_to_relief, definition="mild")),
    Outcome(
        "relief_two_points",
        "Time to pain down by 2 points",
        partial(time_to_relief, definition="two_points"),
    ),
    Outcome("complications", "Complications by type", complications),
    Outcome("key_events", "Readmission, infection, embolism, repeat procedures", key_events),
    Outcome("new_fractures", "New fractures", new_fractures),
    Outcome("leaks", "Cement leaks", leaks),
    Outcome("deaths", "Deaths", deaths),
    Outcome("kyphosis_correction", "Correction of kyphosis", kyphosis_correction),
    Outcome("height_change", "Change of vertebral height", height_change),
    Outcome("same_day_discharge", "Same-day discharge", same_day_discharge),
    Outcome("length_of_stay", "Hours of stay", length_of_stay),
    Outcome("bone_health", "Bone health after osteoporotic fractures", bone_health),
    Outcome("fluoroscopy_minutes", "Fluoroscopy per level", fluoroscopy_minutes),
)


def outcome_of(outcome_id: str) -> Outcome:
    """Return the outcome called `outcome_id`; KeyError when there is none."""
    for outcome in OUTCOMES:
        if outcome.id == outcome_id:
            return outcome
    raise KeyError(f"no outcome is called {outcome_id!r}")
