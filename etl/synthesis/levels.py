"""Treated levels: where, how much cement, what leaked and what was corrected."""

from dataclasses import dataclass

import numpy as np

from etl.synthesis.cohort import (
    CANCER,
    FIRST_SURGEON,
    SITE_C,
    SURGEON_SHARES,
    SURGEONS,
    UNCHECKED_SURGEON,
    Cohort,
    by_cause,
)
from etl.synthesis.streams import Array, Codes, Flags, Streams, chance_of, logit_of
from etl.synthesis.treatment import Treatment
from etl.synthesis.world import World
from warehouse.vocabulary import LEAK_MODALITIES, LEAK_ROUTES, LEVELS

LEVEL_COUNT_SHARES = (0.77, 0.18, 0.04, 0.01)
LEVEL_SHARES = {
    "T3": 0.5,
    "T4": 1,
    "T5": 2,
    "T6": 3,
    "T7": 5,
    "T8": 6,
    "T9": 5,
    "T10": 6,
    "T11": 10,
    "T12": 16,
    "L1": 18,
    "L2": 11,
    "L3": 8,
    "L4": 5.5,
    "L5": 3,
}
"""Percent of procedures whose uppermost level it is; the thoracolumbar junction leads."""

FLUOROSCOPY, RADIOGRAPH, CT = range(len(LEAK_MODALITIES))
SITE_MODALITY = (FLUOROSCOPY, FLUOROSCOPY, RADIOGRAPH, CT)
SITE_B, CT_FROM_DAY = 1, 911.0
"""Site B moves to CT on 1 July 2023."""
CLUSTER_FROM, CLUSTER_TO = 1095.0, 1461.0
"""The calendar year 2024, in days since the start of 2021."""

LEAK_LOGIT, LEAK_LOGIT_CT = logit_of(0.248), logit_of(0.826)
LEAK_OR, LEAK_OR_CT = 0.52, 0.59
LEAK_CANCER, LEAK_BREACH, LEAK_CLUSTER = 1.4, 1.6, 3.0
LEAK_PROCEDURE_SD, LEAK_SURGEON_SD = 0.5, 0.25
BREACH = (0.12, 0.35, 0.25)
ROUTE_SHARES = (0.05, 0.05, 0.15, 0.31, 0.30, 0.06, 0.05, 0.03)
INTRADISCAL = LEAK_ROUTES.index("intradiscal")
SYMPTOMATIC_LEAK = (0.04, 0.08, 0.04)

CORRECTION_KYPHOPLASTY, CORRECTION_VERTEBROPLASTY = (4.2, 1.9), (1.6, 0.8)
"""Degrees, fractures up to 42 days old and older."""
CORRECTION_SD, CORRECTION_ICC = 3.5, 0.3


@dataclass(frozen=True)
class Levels:
    """One row per treated level; `row` is the position of its procedure in the block."""

    row: Codes
    level: Codes
    is_first: Flags
    breach: Flags
    modality: Codes
    checked: Flags
    leak_kyphoplasty: Flags
    leak_vertebroplasty: Flags
    leak_chance: Array
    leaks: Flags
    route: Codes
    second_route: Codes
    symptomatic: Flags
    correction_kyphoplasty: Array
    correction_vertebroplasty: Array
    kyphosis: Array

    def __len__(self) -> int:
        return len(self.row)

    def any_in(self, flags: Flags, procedures: int) -> Flags:
        """Return for each procedure whether any of its levels is flagged."""
        return np.bincount(self.row, weights=flags, minlength=procedures) > 0


def leak_leanings(streams: Streams) -> Array:
    """Return each surgeon's own part of the logit of a leak, nought on average at each site."""
    own = LEAK_SURGEON_SD * streams.normal("surgeon leak", SURGEONS)
    for first, shares in zip(FIRST_SURGEON, SURGEON_SHARES, strict=True):
        here = slice(first, first + len(shares))
        own[here] -= np.average(own[here], weights=shares)
    return own


def draw_levels(
    world: World, cohort: Cohort, treatment: Treatment, leanings: Array, streams: Streams
) -> Levels:
    """Draw the treated levels of each procedure, with leaks under either technique."""
    row, level, is_first = _lay_out(cohort, streams)
    count, cause = len(row), cohort.cause[row]
    breach = streams.happens("breach", by_cause(BREACH, cause))
    modality = _modality(world, cohort)[row]
    logit = _leak_logit(world, cohort, leanings, streams)[row]
    logit = logit + np.log(LEAK_BREACH) * breach
    luck = streams.uniform("leak", count)
    is_ct = modality == CT
    with_cavity = logit + np.log(np.where(is_ct, LEAK_OR_CT, LEAK_OR))
    after_kyphoplasty, after_vertebroplasty = luck < chance_of(with_cavity), luck < chance_of(logit)
    has_cavity = treatment.has_cavity[row]
    route = streams.among("route", ROUTE_SHARES, count)
    forgotten = streams.share("leak not looked for", 0.05, count)
    correction = _corrections(cohort, row, streams)
    kyphosis = cohort.kyphosis[row] + np.where(is_first, 0.0, 4 * streams.normal("angle", count))
    return Levels(
        row=row,
        level=level,
        is_first=is_first,
        breach=breach,
        modality=modality,
        checked=~(forgotten | (cohort.surgeon[row] == UNCHECKED_SURGEON) | treatment.aborted[row]),
        leak_kyphoplasty=after_kyphoplasty,
        leak_vertebroplasty=after_vertebroplasty,
        leak_chance=luck,
        leaks=np.where(has_cavity, after_kyphoplasty, after_vertebroplasty),
        route=route,
        second_route=_second_route(route, streams),
        symptomatic=streams.happens("symptomatic leak", by_cause(SYMPTOMATIC_LEAK, cause)),
        correction_kyphoplasty=correction[0],
        correction_vertebroplasty=correction[1],
        kyphosis=np.round(np.clip(kyphosis, -10, 50), 1),
    )


def _lay_out(cohort: Cohort, streams: Streams) -> tuple[Codes, Codes, Flags]:
    """Return procedure, level and whether it is the first of its procedure, per level."""
    count = len(cohort)
    levels = streams.among("level count", LEVEL_COUNT_SHARES, count) + 1
    shares = tuple(LEVEL_SHARES.get(level, 0.0) for level in LEVELS)
    top = streams.among("level", shares, count)
    steps = 1 + streams.among("level step", (0.75, 0.25), count)
    top = np.minimum(top, len(LEVELS) - 1 - (levels - 1) * steps)
    row = np.repeat(np.arange(count), levels)
    position = np.arange(len(row)) - np.repeat(np.cumsum(levels) - levels, levels)
    return row, top[row] + position * steps[row], position == 0


def _modality(world: World, cohort: Cohort) -> Codes:
    usual = np.asarray(SITE_MODALITY)[cohort.site]
    if not world.has_signals:
        return usual
    return np.where((cohort.site == SITE_B) & (cohort.day >= CT_FROM_DAY), CT, usual)


def in_cluster(cohort: Cohort) -> Flags:
    """Return True for the procedures at site C in 2024."""
    in_year = (cohort.day >= CLUSTER_FROM) & (cohort.day < CLUSTER_TO)
    return (cohort.site == SITE_C) & in_year


def _leak_logit(world: World, cohort: Cohort, leanings: Array, streams: Streams) -> Array:
    """Return the logit of a leak after vertebroplasty with an unbroken wall, per procedure."""
    is_ct = _modality(world, cohort) == CT
    clustered = in_cluster(cohort) & world.has_signals
    return (
        np.where(is_ct, LEAK_LOGIT_CT, LEAK_LOGIT)
        + np.log(LEAK_CANCER) * (cohort.cause == CANCER)
        + np.log(LEAK_CLUSTER) * clustered
        + LEAK_PROCEDURE_SD * streams.normal("procedure leak", len(cohort))
        + leanings[cohort.surgeon]
    )


def _second_route(route: Codes, streams: Streams) -> Codes:
    """Return another route for one leak in seven, -1 for the rest."""
    step = 1 + streams.among("second route", (1.0,) * (len(LEAK_ROUTES) - 1), len(route))
    other = (route + step) % len(LEAK_ROUTES)
    return np.where(streams.share("has second route", 0.14, len(route)), other, -1)


def _corrections(cohort: Cohort, row: Codes, streams: Streams) -> tuple[Array, Array]:
    shared = np.sqrt(CORRECTION_ICC) * streams.normal("procedure correction", len(cohort))[row]
    own = np.sqrt(1 - CORRECTION_ICC) * streams.normal("level correction", len(row))
    scatter = CORRECTION_SD * (shared + own)
    is_old = (cohort.fracture_age[row] > 42).astype(np.int64)
    after_kyphoplasty = np.asarray(CORRECTION_KYPHOPLASTY)[is_old] + scatter
    return after_kyphoplasty, np.asarray(CORRECTION_VERTEBROPLASTY)[is_old] + scatter
