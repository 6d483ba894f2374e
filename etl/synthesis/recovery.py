"""When pain is relieved and activity resumed, under either technique."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from etl.synthesis.cohort import CANCER, Cohort, by_cause
from etl.synthesis.streams import Array, Flags, Streams
from etl.synthesis.world import World

RELIEF_DAYS = (0.0, 2 / 24, 1.0, 7.0, 42.0, 90.0, 365.0)
RELIEF_BY_DAY = (0.0, 0.45, 0.65, 0.82, 0.90, 0.93, 0.955)
HAZARD_OF_CAUSE = (1.0, 0.85, 1.05)
CANCER_EFFECT = 1.35
ACTIVITY_MEDIAN, ACTIVITY_SD = 14.0, 0.7
LAST_DAY = 20_000.0


@dataclass(frozen=True)
class Recovery:
    """Exact days of relief and of return to activity; whole hours up to day 2, then whole days."""

    relief_kyphoplasty: Array
    relief_vertebroplasty: Array
    activity_kyphoplasty: Array
    activity_vertebroplasty: Array
    slowness: Array

    def relief_under(self, has_cavity: Flags) -> Array:
        """Return the days of relief under the technique that was given."""
        return np.where(has_cavity, self.relief_kyphoplasty, self.relief_vertebroplasty)

    def activity_under(self, has_cavity: Flags) -> Array:
        """Return the days of return to activity under the technique that was given."""
        return np.where(has_cavity, self.activity_kyphoplasty, self.activity_vertebroplasty)


def draw_recovery(world: World, cohort: Cohort, streams: Streams) -> Recovery:
    """Draw both potential outcomes of each procedure from one and the same chance."""
    count = len(cohort)
    hazard = hazard_of_relief(cohort)
    with_effect = (world.effect == "cancer") & (cohort.cause == CANCER)
    luck = -np.log(streams.uniform("relief", count))
    plain = _days_of_relief(luck / hazard)
    helped = _days_of_relief(luck / (hazard * np.where(with_effect, CANCER_EFFECT, 1.0)))
    own = ACTIVITY_SD * streams.normal("activity", count)
    own = own + 0.3 * (cohort.age >= 80) + 0.4 * (cohort.cause == CANCER)
    return Recovery(
        relief_kyphoplasty=on_the_grid(helped),
        relief_vertebroplasty=on_the_grid(plain),
        activity_kyphoplasty=_days_of_activity(helped, own),
        activity_vertebroplasty=_days_of_activity(plain, own),
        slowness=0.6 * _standing(plain) + own,
    )


def hazard_of_relief(cohort: Cohort) -> Array:
    """Return the hazard ratio of relief that goes with what is recorded about the patient."""
    old_fracture = np.where(cohort.fracture_age > 84, 0.45, 0.65)
    return (
        by_cause(HAZARD_OF_CAUSE, cohort.cause)
        * np.where(cohort.fracture_age > 42, old_fracture, 1.0)
        * np.where(cohort.inpatient, 0.65, 1.0)
        * np.where(cohort.opioid, 0.8, 1.0)
        * np.where(cohort.severe, 0.9, 1.0)
    )


def on_the_grid(days: Array) -> Array:
    """Round days up to whole hours until day 2, to whole days later; 3 decimals are kept."""
    hours = np.ceil(days * 24 - 1e-9) / 24
    return np.round(np.where(days <= 2, hours, np.ceil(days - 1e-9)), 3)


def _knots() -> tuple[Array, Array]:
    """Return days and cumulative hazards of the reference, the last hazard going on."""
    days, hazard = np.asarray(RELIEF_DAYS), -np.log1p(-np.asarray(RELIEF_BY_DAY))
    slope = (hazard[-1] - hazard[-2]) / (days[-1] - days[-2])
    last = hazard[-1] + slope * (LAST_DAY - days[-1])
    return np.append(days, LAST_DAY), np.append(hazard, last)


def _days_of_relief(cumulative_hazard: Array) -> Array:
    days, hazard = _knots()
    return np.interp(cumulative_hazard, hazard, days)


def _standing(relief: Array) -> Array:
    """Return where a day of relief stands in the reference, as a normal score."""
    days, hazard = _knots()
    reached = -np.expm1(-np.interp(relief, days, hazard))
    return ndtri(np.clip(reached, 0.005, 0.995))


def _days_of_activity(relief: Array, own: Array) -> Array:
    return np.ceil(ACTIVITY_MEDIAN * np.exp(0.6 * _standing(relief) + own))
