"""The planted truth: both potential outcomes, and the contrasts that they give on average."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.synthesis.block import Block
from etl.synthesis.cohort import SITES
from etl.synthesis.drawn import activity_before, recorded_cause
from etl.synthesis.levels import Levels
from etl.synthesis.streams import Array, Codes, Flags
from warehouse.vocabulary import CAUSES, LEAK_MODALITIES, TECHNIQUES

RELIEF_DAYS, ACTIVITY_DAYS = (2, 14, 60, 135), (14, 60, 135)
TAU_RELIEF = 60
CONTRASTED_CAUSES = (0, 1, 2)
CONTRAST_COLUMNS = (
    "outcome", "at", "modality", "cause", "estimand", "n",
    "kyphoplasty", "vertebroplasty", "difference", "ratio", "monte_carlo_se",
)  # fmt: skip


@dataclass(frozen=True)
class _Outcome:
    """Both potential outcomes of one measure; `row` is the procedure each belongs to."""

    name: str
    at: str
    modality: str
    row: Codes
    kyphoplasty: Array
    vertebroplasty: Array


def potential_outcomes(block: Block) -> pd.DataFrame:
    """Return one row per procedure: what it would show under either technique, days exact.

    `propensity` is the chance of kyphoplasty rather than vertebroplasty; `death_days` and
    `later_procedure_days` are infinite where there is none; leaks count the treated levels
    with a leak, looked for or not.
    """
    drawn, fractures = block.drawn, block.fractures
    cohort, recovery, levels = drawn.cohort, drawn.recovery, drawn.levels
    count = len(cohort)
    return pd.DataFrame(
        {
            "procedure_id": [f"C{drawn.first + number:06d}" for number in range(count)],
            "augmentation_number": cohort.augmentation,
            "site_id": np.asarray(SITES)[cohort.site],
            "cause": np.asarray(CAUSES)[cohort.cause],
            "technique": np.asarray(TECHNIQUES)[drawn.treatment.given],
            "propensity": drawn.treatment.propensity,
            "relief_days_kyphoplasty": recovery.relief_kyphoplasty,
            "relief_days_vertebroplasty": recovery.relief_vertebroplasty,
            "activity_days_kyphoplasty": recovery.activity_kyphoplasty,
            "activity_days_vertebroplasty": recovery.activity_vertebroplasty,
            "leaking_levels_kyphoplasty": _leaking(levels, levels.leak_kyphoplasty, count),
            "leaking_levels_vertebroplasty": _leaking(levels, levels.leak_vertebroplasty, count),
            "adjacent_fracture_days_kyphoplasty": fractures.adjacent_kyphoplasty,
            "adjacent_fracture_days_vertebroplasty": fractures.adjacent_vertebroplasty,
            "death_days": cohort.death,
            "later_procedure_days": cohort.next_gap,
        }
    )


def _leaking(levels: Levels, leaks: Flags, count: int) -> Codes:
    return np.bincount(levels.row, weights=leaks, minlength=count).astype(np.int64)


def contrasts(blocks: Iterable[Block]) -> pd.DataFrame:
    """Return marginal contrasts, one row per outcome, day, modality, cause and estimand.

    Over index procedures (first, completed, recorded as kyphoplasty or vertebroplasty with a
    cause that is osteoporosis, cancer or trauma). ATE weighs all alike, ATO by e (1 - e) with
    the true propensity e. Incidences have death and a later procedure competing.
    """
    sums: dict[tuple[str, ...], Array] = {}
    for block in blocks:
        for key, moments in _moments_of(block):
            sums[key] = sums.get(key, np.zeros(7)) + moments
    rows = [(*key, *_estimates(moments)) for key, moments in sums.items()]
    return pd.DataFrame(rows, columns=list(CONTRAST_COLUMNS))


def _moments_of(block: Block) -> Iterator[tuple[tuple[str, ...], Array]]:
    """Yield the weighted sums from which a contrast and its Monte Carlo error follow."""
    treatment = block.drawn.treatment
    cause = recorded_cause(block.drawn.cohort, block.streams)
    is_index = treatment.is_compared & (block.drawn.cohort.augmentation == 1)
    overlap = treatment.propensity * (1 - treatment.propensity)
    for outcome in (*_relief(block), *_activity(block), *_leaks(block), *_others(block)):
        for code in CONTRASTED_CAUSES:
            chosen = (is_index & (cause == code))[outcome.row]
            both = outcome.kyphoplasty[chosen], outcome.vertebroplasty[chosen]
            weights = {"ATE": np.ones(int(chosen.sum())), "ATO": overlap[outcome.row[chosen]]}
            for estimand, weight in weights.items():
                key = (outcome.name, outcome.at, outcome.modality, CAUSES[code], estimand)
                yield key, _moments(weight, *both)


def _moments(weight: Array, kyphoplasty: Array, vertebroplasty: Array) -> Array:
    gap = kyphoplasty.astype(float) - vertebroplasty
    squared = weight**2
    terms = (
        np.ones_like(weight), weight, weight * kyphoplasty, weight * vertebroplasty,
        squared, squared * gap, squared * gap**2,
    )  # fmt: skip
    return np.array([np.sum(term) for term in terms])


def _estimates(moments: Array) -> tuple[float, ...]:
    count, total, kyphoplasty, vertebroplasty, squares, gaps, squared_gaps = moments
    if total == 0:
        return (int(count), *(float("nan"),) * 5)
    first, second = kyphoplasty / total, vertebroplasty / total
    gap = first - second
    spread = squared_gaps - 2 * gap * gaps + gap**2 * squares
    ratio = first / second if second else float("nan")
    return int(count), first, second, gap, ratio, float(np.sqrt(max(spread, 0)) / total)


def _relief(block: Block) -> Iterator[_Outcome]:
    cohort, recovery = block.drawn.cohort, block.drawn.recovery
    row, ends = np.arange(len(cohort)), np.minimum(cohort.death, cohort.next_gap)
    days = recovery.relief_kyphoplasty, recovery.relief_vertebroplasty
    seen = [np.where(day <= ends, day, np.inf) for day in days]
    for at in RELIEF_DAYS:
        yield _Outcome("relief_incidence", str(at), "", row, seen[0] <= at, seen[1] <= at)
        yield _Outcome("relief_if_no_death", str(at), "", row, days[0] <= at, days[1] <= at)
    gained = [np.maximum(TAU_RELIEF - day, 0) for day in seen]
    yield _Outcome("relieved_days_gained", str(TAU_RELIEF), "", row, *gained)


def _activity(block: Block) -> Iterator[_Outcome]:
    """Yield the return to activity of those who were independent or had help before."""
    cohort, recovery = block.drawn.cohort, block.drawn.recovery
    row = np.flatnonzero(activity_before(cohort, block.streams) < 2)
    ends = np.minimum(cohort.death, cohort.next_gap)
    both = recovery.activity_kyphoplasty, recovery.activity_vertebroplasty
    seen = [np.where(day <= ends, day, np.inf)[row] for day in both]
    for at in ACTIVITY_DAYS:
        yield _Outcome("activity_incidence", str(at), "", row, seen[0] <= at, seen[1] <= at)


def _leaks(block: Block) -> Iterator[_Outcome]:
    """Yield leaks per level looked at, one modality at a time."""
    levels = block.drawn.levels
    for code, modality in enumerate(LEAK_MODALITIES):
        chosen = np.flatnonzero(levels.checked & (levels.modality == code))
        both = levels.leak_kyphoplasty[chosen], levels.leak_vertebroplasty[chosen]
        yield _Outcome("leak_any_per_level", "", modality, levels.row[chosen], *both)


def _others(block: Block) -> Iterator[_Outcome]:
    cohort, levels, fractures = block.drawn.cohort, block.drawn.levels, block.fractures
    both = levels.correction_kyphoplasty, levels.correction_vertebroplasty
    yield _Outcome("kyphosis_correction", "", "", levels.row, *both)
    days = fractures.adjacent_kyphoplasty, fractures.adjacent_vertebroplasty
    seen = [(day <= 365) & (day <= cohort.death) for day in days]
    yield _Outcome("fracture_adjacent", "365", "", np.arange(len(cohort)), *seen)
