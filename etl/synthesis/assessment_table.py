"""Table `assessments`: pain and disability everywhere, other instruments where a site asks them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from etl.synthesis import cells
from etl.synthesis.drawn import Drawn
from etl.synthesis.streams import Array, Codes, Flags, Streams
from etl.synthesis.visits import ODI_VISITS, VISITS, Followup
from warehouse.vocabulary import INSTRUMENTS

PAIN_NRS, PAIN_VAS, ODI = (INSTRUMENTS.index(name) for name in ("pain_nrs", "pain_vas", "odi"))
WEEK_6, MONTH_3, YEAR = VISITS.index("6w"), VISITS.index("3mo"), VISITS.index("12mo")
A, B, C, D = range(4)
Rule = Callable[[Array], Array]
"""From a disability score to the score of another instrument."""


@dataclass(frozen=True)
class Scores:
    """One row per score; `row` is the position of its procedure in the block."""

    row: Codes
    instrument: Codes
    days: Array
    score: Array


def assessment_table(drawn: Drawn, followup: Followup, streams: Streams) -> pa.Table:
    """Return table `assessments` of the block, by procedure, instrument and day."""
    parts = [*_pain(followup), *_odi(followup, streams), *_opioids(drawn, followup, streams)]
    parts += _instruments(drawn, followup, streams)
    row = np.concatenate([part.row for part in parts])
    instrument = np.concatenate([part.instrument for part in parts])
    days = np.concatenate([part.days for part in parts])
    score = np.concatenate([part.score for part in parts])
    order = np.lexsort((days, instrument, row))
    columns = {
        "procedure_id": cells.identifiers("C", row + drawn.first).take(pa.array(order)),
        "instrument": cells.words(instrument[order], INSTRUMENTS),
        "days": cells.number(days[order], places=3),
        "score": cells.number(score[order], places=3),
    }
    return cells.table_of("assessments", columns)


def _at(chosen: Flags, instrument: int | Codes, days: Array, score: Array) -> Scores:
    """Return the scores of the procedures chosen."""
    row = np.flatnonzero(chosen)
    instruments = np.broadcast_to(np.asarray(instrument), chosen.shape)[row]
    return Scores(row, instruments, days[row], score[row])


def _pain(followup: Followup) -> list[Scores]:
    instrument = np.where(followup.on_vas, PAIN_VAS, PAIN_NRS)
    parts = [_at(followup.has_baseline, instrument, followup.baseline_day, followup.baseline_pain)]
    for visit in range(len(VISITS)):
        told = followup.answered[:, visit]
        parts.append(_at(told, instrument, followup.days[:, visit], followup.pain[:, visit]))
    return parts


def _odi(followup: Followup, streams: Streams) -> list[Scores]:
    asked = streams.share("odi asked", 0.94, len(followup.observable))
    parts = [_at(asked, ODI, followup.baseline_day, followup.baseline_odi)]
    for visit in ODI_VISITS:
        told = followup.answered[:, visit] & asked
        parts.append(_at(told, ODI, followup.days[:, visit], followup.odi[:, visit]))
    return parts


def _opioids(drawn: Drawn, followup: Followup, streams: Streams) -> list[Scores]:
    """Return daily morphine equivalents of baseline users, and of some who were not."""
    cohort, count = drawn.cohort, len(drawn.cohort)
    code = INSTRUMENTS.index("opioid_mme")
    asked = cohort.opioid | streams.share("opioid asked", 0.25, count)
    before = np.where(cohort.opioid, 10 + 5 * np.floor(10 * streams.uniform("mme", count)), 0.0)
    parts = [_at(asked, code, followup.baseline_day, before)]
    for visit, stopped in ((WEEK_6, 0.5), (MONTH_3, 0.62)):
        free = streams.share(f"opioid free {visit}", stopped, count)
        new = streams.share(f"opioid new {visit}", 0.05, count)
        after = np.where(cohort.opioid, np.where(free, 0.0, 5 * np.ceil(before / 10)), 15.0 * new)
        told = followup.answered[:, visit] & asked
        parts.append(_at(told, code, followup.days[:, visit], after))
    return parts


def _instruments(drawn: Drawn, followup: Followup, streams: Streams) -> list[Scores]:
    """Return the instruments that one site each asks, derived from disability."""
    site = drawn.cohort.site
    own = streams.normal("instrument", len(site))
    asked = streams.share("instrument asked", 0.5, len(site))
    soon, late = (WEEK_6,), (MONTH_3,)
    plan: tuple[tuple[str, Flags, Rule, tuple[int, ...]], ...] = (
        ("rmdq", site == C, _roland(own), (WEEK_6, YEAR)),
        ("eq5d_index", site == A, _euroqol(own), (MONTH_3, YEAR)),
        ("promis_pf", site == B, _promis(own), late),
        ("sf36_pcs", site == D, _short_form(own), late),
        ("walking_ability", site != A, _walking(own), soon),
        ("restricted_days_14d", site == B, _restricted(own), soon),
        ("bowel_bladder_control", site == D, _kept_control(own), soon),
    )
    return [
        scores
        for name, here, rule, visits in plan
        for scores in _repeated(name, here & asked, followup, rule, visits)
    ]


def _repeated(
    name: str, asked: Flags, followup: Followup, score_of: Rule, visits: tuple[int, ...]
) -> list[Scores]:
    code = INSTRUMENTS.index(name)
    parts = [_at(asked, code, followup.baseline_day, score_of(followup.baseline_odi))]
    for visit in visits:
        told = followup.answered[:, visit] & asked
        parts.append(_at(told, code, followup.days[:, visit], score_of(followup.odi[:, visit])))
    return parts


def _roland(own: Array) -> Rule:
    return lambda odi: np.round(np.clip(3 + 0.22 * odi + 2.5 * own, 0, 24))


def _euroqol(own: Array) -> Rule:
    return lambda odi: np.round(np.clip(0.98 - 0.0095 * odi + 0.08 * own, -0.5, 1), 3)


def _promis(own: Array) -> Rule:
    return lambda odi: np.round(np.clip(53 - 0.36 * odi + 4 * own, 21, 64), 1)


def _short_form(own: Array) -> Rule:
    return lambda odi: np.round(np.clip(49 - 0.38 * odi + 5 * own, 11, 62), 1)


def _walking(own: Array) -> Rule:
    return lambda odi: np.searchsorted((-85.0, -62.0, -38.0), 12 * own - odi).astype(float)


def _restricted(own: Array) -> Rule:
    return lambda odi: np.round(np.clip(0.2 * odi - 2 + 2 * own, 0, 14))


def _kept_control(own: Array) -> Rule:
    return lambda odi: np.where(own > 2.2, 0.0, 1.0) + 0 * odi
