"""The stay, and how long each patient remains in contact."""

from dataclasses import dataclass

import numpy as np

from etl.synthesis.cohort import Cohort
from etl.synthesis.streams import Array, Flags, Streams
from etl.synthesis.treatment import Treatment
from etl.synthesis.visits import Followup

SAME_DAY = 0.93
LOST_HAZARD = 3.5e-4
LATE_LINKAGE = 0.10
SITE_WITHOUT_LINKAGE = 3


@dataclass(frozen=True)
class Contact:
    """One row per procedure; times in days since it, `stay_hours` in hours."""

    in_office: Flags
    same_day: Flags
    stay_hours: Array
    discharge: Array
    last_contact: Array
    death: Array
    reviewed: Flags
    asked: Array


def draw_contact(
    cohort: Cohort, treatment: Treatment, followup: Followup, streams: Streams
) -> Contact:
    """Draw discharge, last contact and whether a death became known."""
    count = len(cohort)
    in_office = streams.share("office", 0.2, count) & ~cohort.inpatient
    same_day = (streams.share("same day", SAME_DAY, count) | in_office) & ~cohort.inpatient
    stay = _stay_hours(cohort, same_day, streams)
    asked = _day_of_asking(followup, streams)
    last_contact = _last_contact(cohort, treatment, followup, asked, streams)
    knows_late = streams.share("late linkage", LATE_LINKAGE, count)
    knows_late &= cohort.site != SITE_WITHOUT_LINKAGE
    known = (cohort.death <= last_contact) | (knows_late & (cohort.death <= cohort.observed))
    return Contact(
        in_office=in_office,
        same_day=same_day,
        stay_hours=stay,
        discharge=np.where(same_day, 0.0, np.ceil(stay / 24)),
        last_contact=last_contact,
        death=np.where(known, cohort.death, np.nan),
        reviewed=streams.share("reviewed", 0.94, count),
        asked=asked,
    )


def _stay_hours(cohort: Cohort, same_day: Flags, streams: Streams) -> Array:
    luck = streams.uniform("stay", len(cohort))
    overnight = 20 + np.floor(12 * luck)
    ward = np.round(24 + 72 * (-np.log(luck)) ** 0.9)
    home = np.round(2 + 5 * luck, 1)
    hours = np.where(cohort.inpatient, np.minimum(ward, 500), np.where(same_day, home, overnight))
    return np.minimum(hours, np.maximum(24 * cohort.death - 12, 1))


def _day_of_asking(followup: Followup, streams: Streams) -> Array:
    """Return the day on which milestones were asked about, NaN for those never reached."""
    count = len(followup.observable)
    days = np.asarray((45.0, 90.0, 180.0, 365.0))
    asked = days[streams.among("asked", (0.3, 0.35, 0.2, 0.15), count)]
    asked = asked + np.floor(15 * streams.uniform("asked later", count))
    return np.where(asked <= followup.observable, asked, np.nan)


def _last_contact(
    cohort: Cohort, treatment: Treatment, followup: Followup, asked: Array, streams: Streams
) -> Array:
    lost = np.ceil(-np.log(streams.uniform("lost", len(cohort))) / LOST_HAZARD)
    answered = np.where(followup.answered, followup.days, 0.0).max(axis=1)
    seen = np.maximum(np.maximum(lost, np.ceil(answered)), np.nan_to_num(asked))
    seen = np.where(treatment.aborted, np.minimum(lost, 30.0), seen)
    return np.minimum(np.minimum(seen, cohort.observed), cohort.death)
