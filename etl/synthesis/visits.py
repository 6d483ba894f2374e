"""Visits: when each patient is asked, who answers, and the pain and disability told."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from etl.synthesis.cohort import Cohort, by_cause
from etl.synthesis.recovery import Recovery
from etl.synthesis.streams import Array, Flags, Streams, chance_of, logit_of
from etl.synthesis.treatment import Treatment
from etl.synthesis.world import World

VISITS = ("2h", "24h", "1w", "6w", "3mo", "6mo", "12mo", "24mo")
NOT_ANSWERED = (0.10, 0.12, 0.25, 0.25, 0.35, 0.40, 0.50, 0.65)
NOT_ANSWERED_SHIFT = (0.51, 0.43, 0.38, 0.28, 0.24, 0.23, 0.22, 0.23)
"""Taken from the logit, so that the shares above hold over all patients outside site A."""
SITE_A, SITE_A_EXTRA = 0, 0.15
SITE_D, SKIPPED_AT_D = 3, (0, 1)
SITE_VAS, VAS_SHARE = 1, 0.30

FLIP, RELAPSE = 0.05, 0.25
PAIN_MEAN, PAIN_SD = (7.9, 7.3, 7.8), 1.4
RELIEVED_POWER = (1.05, 1.10, 1.20, 1.20, 1.30, 1.40, 1.40, 1.40)
"""Exponent of a uniform draw below the threshold of relief: larger means less pain left."""

ODI_MEAN, ODI_SD = 63.05, 14.0
ODI_VISITS = (3, 4, 5, 6)
ODI_FALL = (35.36, 41.3, 40.6, 40.25)
ODI_SLOWNESS, ODI_SCATTER = 5.0, 9.0


@dataclass(frozen=True)
class Followup:
    """Arrays of shape (procedures, 8 visits) and, where said, of shape (procedures,)."""

    days: Array
    answered: Flags
    pain: Array
    odi: Array
    baseline_day: Array
    baseline_pain: Array
    has_baseline: Flags
    baseline_odi: Array
    on_vas: Flags
    observable: Array


def draw_followup(
    world: World, cohort: Cohort, treatment: Treatment, recovery: Recovery, streams: Streams
) -> Followup:
    """Draw the answers of each patient under the technique that was given."""
    count = len(cohort)
    relief = recovery.relief_under(treatment.has_cavity)
    days = visit_days(streams, count)
    on_vas = (cohort.site == SITE_VAS) & streams.share("vas", VAS_SHARE, count)
    baseline = _baseline_pain(cohort, on_vas, streams)
    told = _told_relieved(world, relief, days, streams)
    reach = np.minimum(np.minimum(cohort.death - 0.5, cohort.next_gap - 0.5), cohort.observed)
    reach = np.where(treatment.aborted, 0.0, reach)
    return Followup(
        days=days,
        answered=_answers(world, cohort, told, days <= reach[:, None], streams),
        pain=_pain(baseline, told, on_vas, streams),
        odi=_odi(recovery, relief, days, baseline_odi := _baseline_odi(streams, count), streams),
        baseline_day=-np.floor(15 * streams.uniform("baseline day", count)) + 0.0,
        baseline_pain=baseline,
        has_baseline=streams.share("baseline", 0.97, count),
        baseline_odi=baseline_odi,
        on_vas=on_vas,
        observable=reach,
    )


def visit_days(streams: Streams, count: int) -> Array:
    """Return the day of each visit: whole hours until day 2, then whole days."""
    luck = streams.uniform("visit days", count, len(VISITS))
    first = np.asarray((1, 2, 2, 2, 2, 3, 4))[np.floor(7 * luck[:, 0]).astype(int)] / 24
    second = (20 + np.floor(9 * luck[:, 1])) / 24
    starts = np.asarray((5, 36, 80, 165, 345, 700))
    widths = np.asarray((5, 15, 25, 40, 50, 70))
    later = starts + np.floor(widths * luck[:, 2:])
    return np.round(np.column_stack([first, second, later]), 3)


def _baseline_pain(cohort: Cohort, on_vas: Flags, streams: Streams) -> Array:
    pain = by_cause(PAIN_MEAN, cohort.cause) + PAIN_SD * streams.normal("pain", len(cohort))
    pain = np.clip(pain, 2, 10)
    return np.where(on_vas, np.round(pain, 1), np.floor(pain + 0.5))


def _told_relieved(world: World, relief: Array, days: Array, streams: Streams) -> Flags:
    """Return whether the score of each visit meets E1; noise flips and relapses if wanted."""
    is_relieved = days >= relief[:, None]
    if not world.score_noise:
        return is_relieved
    count = len(relief)
    start = relief + 20 - 200 * np.log(streams.uniform("relapse start", count))
    end = start + 30 + 90 * streams.uniform("relapse length", count)
    has_relapse = streams.share("relapse", RELAPSE, count)[:, None]
    is_relieved &= ~(has_relapse & (days >= start[:, None]) & (days < end[:, None]))
    return is_relieved ^ (streams.uniform("flip", *days.shape) < FLIP)


def relief_threshold(baseline: Array) -> Array:
    """Return the highest score that counts as relieved (E1)."""
    return baseline - np.maximum(2.0, 0.3 * baseline)


def _pain(baseline: Array, told: Flags, on_vas: Flags, streams: Streams) -> Array:
    """Return a score on the right side of the threshold, whole unless on the analogue scale."""
    shape = told.shape
    person = streams.normal("person pain", shape[0])[:, None]
    mixed = 0.7 * person + np.sqrt(1 - 0.49) * streams.normal("visit pain", *shape)
    luck = np.clip(ndtr(mixed), 1e-9, 1 - 1e-9)
    threshold = relief_threshold(baseline)[:, None]
    step = np.where(on_vas, 0.1, 1.0)[:, None]
    top = np.floor(threshold / step + 1e-9) * step
    steps = np.floor(top / step + 1 + 1e-9)
    low = np.floor(steps * luck ** np.asarray(RELIEVED_POWER)) * step
    span = np.floor((np.minimum(baseline[:, None] + 1, 10) - top) / step + 1e-9)
    high = top + (1 + np.floor(span * luck)) * step
    return np.round(np.where(told, np.minimum(low, top), np.minimum(high, 10)), 1) + 0.0


def _baseline_odi(streams: Streams, count: int) -> Array:
    odi = ODI_MEAN + ODI_SD * streams.normal("odi", count)
    return 2 * np.floor(np.clip(odi, 10, 98) / 2 + 0.5)


def _odi(
    recovery: Recovery, relief: Array, days: Array, baseline: Array, streams: Streams
) -> Array:
    """Return the disability at each visit; those never relieved gain half as much."""
    fall = np.zeros(len(VISITS))
    fall[list(ODI_VISITS)] = ODI_FALL
    gained = np.where(days >= relief[:, None], 1.0, 0.5) * fall
    own = ODI_SLOWNESS * recovery.slowness + ODI_SCATTER * streams.normal("odi own", len(baseline))
    scatter = 6 * streams.normal("odi visit", *days.shape)
    odi = baseline[:, None] - gained + own[:, None] + scatter
    return 2 * np.floor(np.clip(odi, 0, 100) / 2 + 0.5)


def _answers(world: World, cohort: Cohort, told: Flags, is_due: Flags, streams: Streams) -> Flags:
    """Return who answered which visit, each depending on the last answer before it."""
    luck = streams.uniform("answers", *told.shape)
    is_old, at_a = cohort.age >= 80, cohort.site == SITE_A
    answered = np.zeros(told.shape, dtype=bool)
    last_unrelieved = np.ones(len(cohort), dtype=bool)
    for visit, missed in enumerate(NOT_ANSWERED):
        reason = ~told[:, visit] if world.unseen_nonresponse else last_unrelieved
        logit = logit_of(missed) - NOT_ANSWERED_SHIFT[visit] + 0.4 * reason + 0.4 * is_old
        miss = chance_of(logit) + SITE_A_EXTRA * at_a
        skipped = (cohort.site == SITE_D) & (visit in SKIPPED_AT_D)
        answered[:, visit] = is_due[:, visit] & ~skipped & (luck[:, visit] >= miss)
        last_unrelieved = np.where(answered[:, visit], ~told[:, visit], last_unrelieved)
    return answered
