"""New fractures: beside a treated level, at it, and elsewhere."""

from dataclasses import dataclass

import numpy as np

from etl.synthesis.cohort import Cohort, by_cause
from etl.synthesis.levels import INTRADISCAL, Levels
from etl.synthesis.streams import Array, Codes, Streams
from etl.synthesis.treatment import Treatment
from warehouse.vocabulary import LEVELS

ADJACENT_BY_YEAR = (0.10, 0.06, 0.03)
T_SCORE_REFERENCE = (-3.0, -1.6, -0.5)
"""At the T-score of reference, without a prior fracture and without a disc leak."""
PRIOR, PER_T_SCORE, DISC_LEAK = 1.6, 1.35, 1.7
REMOTE_BY_YEAR, REFRACTURE_BY_YEAR = (0.053, 0.04, 0.01), (0.012, 0.012, 0.006)
YEAR = 365.0
UPPERMOST, LOWEST = LEVELS.index("T3"), len(LEVELS) - 1


@dataclass(frozen=True)
class Fractures:
    """Day of each fracture and its level, per procedure."""

    adjacent_kyphoplasty: Array
    adjacent_vertebroplasty: Array
    adjacent: Array
    adjacent_level: Codes
    remote: Array
    remote_level: Codes
    again: Array
    again_level: Codes


def draw_fractures(
    cohort: Cohort, treatment: Treatment, levels: Levels, streams: Streams
) -> Fractures:
    """Draw the first fracture of each kind; a leak into the disc is the only path of technique."""
    count = len(cohort)
    hazard = by_cause(ADJACENT_BY_YEAR, cohort.cause)
    hazard = -np.log1p(-hazard) / YEAR * _frailty(cohort)
    luck = -np.log(streams.uniform("adjacent", count))
    in_disc = (levels.route == INTRADISCAL) | (levels.second_route == INTRADISCAL)
    after_kyphoplasty, after_vertebroplasty = (
        np.ceil(luck / (hazard * np.where(levels.any_in(leaks & in_disc, count), DISC_LEAK, 1.0)))
        for leaks in (levels.leak_kyphoplasty, levels.leak_vertebroplasty)
    )
    top, bottom = _ends(levels, count)
    above = streams.share("above", 0.5, count)
    above = (above | (bottom == LOWEST)) & (top > 0)
    return Fractures(
        adjacent_kyphoplasty=after_kyphoplasty,
        adjacent_vertebroplasty=after_vertebroplasty,
        adjacent=np.where(treatment.has_cavity, after_kyphoplasty, after_vertebroplasty),
        adjacent_level=np.where(above, top - 1, bottom + 1),
        remote=_days(REMOTE_BY_YEAR, cohort, streams, "remote"),
        remote_level=_far_level(top, bottom, streams),
        again=_days(REFRACTURE_BY_YEAR, cohort, streams, "refracture"),
        again_level=top,
    )


def _frailty(cohort: Cohort) -> Array:
    below_mean = by_cause(T_SCORE_REFERENCE, cohort.cause) - cohort.t_score
    return PER_T_SCORE**below_mean * np.where(cohort.prior_fracture, PRIOR, 1.0)


def _days(by_year: tuple[float, ...], cohort: Cohort, streams: Streams, name: str) -> Array:
    hazard = -np.log1p(-by_cause(by_year, cohort.cause)) / YEAR * _frailty(cohort)
    return np.ceil(-np.log(streams.uniform(name, len(cohort))) / hazard)


def _ends(levels: Levels, count: int) -> tuple[Codes, Codes]:
    """Return the uppermost and the lowest treated level of each procedure."""
    top = np.full(count, LOWEST)
    np.minimum.at(top, levels.row, levels.level)
    bottom = np.zeros(count, dtype=np.int64)
    np.maximum.at(bottom, levels.row, levels.level)
    return top, bottom


def _far_level(top: Codes, bottom: Codes, streams: Streams) -> Codes:
    """Return a level at least two away from every treated one."""
    luck = streams.uniform("far level", len(top))
    rooms_above = np.maximum(top - 1 - UPPERMOST, 0)
    rooms_below = np.maximum(LOWEST - bottom - 1, 0)
    pick = np.floor(luck * (rooms_above + rooms_below)).astype(np.int64)
    return np.where(pick < rooms_above, UPPERMOST + pick, bottom + 2 + pick - rooms_above)
