"""Which technique a patient gets: the confounding that is planted."""

from dataclasses import dataclass

import numpy as np

from etl.synthesis.cohort import (
    ONLY_KYPHOPLASTY,
    ONLY_VERTEBROPLASTY,
    SURGEONS,
    Cohort,
    by_cause,
    leaning_to_kyphoplasty,
)
from etl.synthesis.streams import Array, Codes, Flags, Streams, chance_of
from warehouse.vocabulary import TECHNIQUES

KYPHOPLASTY, VERTEBROPLASTY, IMPLANT, KYPHOPLASTY_OR_MECHANICAL, MIXED = range(len(TECHNIQUES))
LOGIT = (1.9, 1.5, 1.8)
SURGEON_SD = 0.6
SITE_D_SURGEON, SITE_D_LEANING = 13, -1.5
"""Besides the two who never give kyphoplasty, so that site D gives vertebroplasty to 70 %."""
IMPLANT_SHARE = 0.033
UNCLEAR_SHARE, MIXED_SHARE, ABORTED_SHARE = 0.015, 0.004, 0.007


@dataclass(frozen=True)
class Treatment:
    """Technique of each procedure: as given, as recorded, and its true propensity."""

    given: Codes
    recorded: Codes
    propensity: Array
    aborted: Flags

    @property
    def has_cavity(self) -> Flags:
        """Return True where a balloon or an implant made room for the cement."""
        return self.given != VERTEBROPLASTY

    @property
    def is_compared(self) -> Flags:
        """Return True where the record says kyphoplasty or vertebroplasty and it was completed."""
        return (self.recorded <= VERTEBROPLASTY) & ~self.aborted


def surgeon_effects(streams: Streams) -> Array:
    """Return each surgeon's leaning to kyphoplasty; infinite for those who give only one."""
    effects = SURGEON_SD * streams.normal("surgeon technique", SURGEONS)
    effects[SITE_D_SURGEON] = SITE_D_LEANING
    effects[list(ONLY_KYPHOPLASTY)] = np.inf
    effects[list(ONLY_VERTEBROPLASTY)] = -np.inf
    return effects


def draw_treatment(cohort: Cohort, effects: Array, streams: Streams) -> Treatment:
    """Draw the technique of each procedure from what is recorded about the patient."""
    count = len(cohort)
    propensity = _propensity(cohort, effects)
    is_kyphoplasty = streams.happens("technique", propensity)
    given = np.where(is_kyphoplasty, KYPHOPLASTY, VERTEBROPLASTY)
    may_implant = ~np.isin(cohort.surgeon, ONLY_VERTEBROPLASTY)
    given = np.where(streams.share("implant", IMPLANT_SHARE, count) & may_implant, IMPLANT, given)
    unclear = streams.share("unclear", UNCLEAR_SHARE, count) & (given == KYPHOPLASTY)
    recorded = np.where(unclear, KYPHOPLASTY_OR_MECHANICAL, given)
    is_mixed = streams.share("mixed", MIXED_SHARE, count) & (given == KYPHOPLASTY)
    return Treatment(
        given=given,
        recorded=np.where(is_mixed, MIXED, recorded),
        propensity=propensity,
        aborted=streams.share("aborted", ABORTED_SHARE, count),
    )


def _propensity(cohort: Cohort, effects: Array) -> Array:
    logit = (
        by_cause(LOGIT, cohort.cause)
        + leaning_to_kyphoplasty(
            cohort.fracture_age, cohort.inpatient, cohort.severe, cohort.opioid, cohort.kyphosis
        )
        + effects[cohort.surgeon]
    )
    return chance_of(logit)
