"""One block of procedures, from the plan to its five tables of text."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from etl.synthesis.assessment_table import assessment_table
from etl.synthesis.cohort import SITES, SMALL_SURGEON_CASES, Cohort, draw_cohort
from etl.synthesis.complications import draw_events, table_of_events
from etl.synthesis.contact import draw_contact
from etl.synthesis.drawn import Drawn
from etl.synthesis.fractures import Fractures, draw_fractures
from etl.synthesis.level_tables import leak_table, level_table
from etl.synthesis.levels import draw_levels, leak_leanings
from etl.synthesis.procedure_table import procedure_table
from etl.synthesis.recovery import draw_recovery
from etl.synthesis.spoiling import spoil
from etl.synthesis.streams import Array, Streams
from etl.synthesis.treatment import draw_treatment, surgeon_effects
from etl.synthesis.visits import draw_followup
from etl.synthesis.world import BLOCK, World

Tables = dict[str, pa.Table]
SHARED = 0
"""Streams of what is drawn once, for all loads of a practice; blocks count from 1."""


@dataclass(frozen=True)
class Block:
    """The tables of a block, and what was drawn before they were written down."""

    tables: Tables
    drawn: Drawn
    fractures: Fractures
    streams: Streams


@dataclass(frozen=True)
class Numbering:
    """Where the surrogates of a load start, and which streams it draws from.

    `orders` are the case orders already given at each site, `earliest` the first day since the
    start of 2021 of a patient's procedures, `few_cases` what the surgeon with few cases does.
    """

    first: int = 0
    first_patient: int = 0
    orders: tuple[int, ...] = (0,) * len(SITES)
    stream: int = 0
    earliest: float = 0.0
    few_cases: int = SMALL_SURGEON_CASES


FIRST_LOAD = Numbering()


def draw_blocks(world: World, numbering: Numbering = FIRST_LOAD) -> Iterator[Block]:
    """Yield the blocks of a world in order; sites and surgeons are drawn once."""
    shared = Streams(world.seed, SHARED)
    plan = draw_plan(world, numbering)
    leanings = surgeon_effects(shared), leak_leanings(shared)
    for number, start in enumerate(range(0, len(plan), BLOCK), start=1):
        cohort = plan.rows(slice(start, start + BLOCK))
        streams = Streams(world.seed, numbering.stream + number)
        yield _draw_block(world, cohort, leanings, streams, (numbering, start))


def draw_plan(world: World, numbering: Numbering = FIRST_LOAD) -> Cohort:
    """Return all procedures of a load with what is known beforehand."""
    streams = Streams(world.seed, numbering.stream)
    plan = draw_cohort(world, streams, numbering.earliest, numbering.few_cases)
    orders = plan.case_order + np.asarray(numbering.orders)[plan.site]
    return replace(plan, case_order=orders)


def _draw_block(
    world: World,
    cohort: Cohort,
    leanings: tuple[Array, Array],
    streams: Streams,
    place: tuple[Numbering, int],
) -> Block:
    numbering, start = place
    technique_leanings, own_leaks = leanings
    treatment = draw_treatment(cohort, technique_leanings, streams)
    recovery = draw_recovery(world, cohort, streams)
    levels = draw_levels(world, cohort, treatment, own_leaks, streams)
    followup = draw_followup(world, cohort, treatment, recovery, streams)
    contact = draw_contact(cohort, treatment, followup, streams)
    fractures = draw_fractures(cohort, treatment, levels, streams)
    events = draw_events(cohort, treatment, levels, (contact, fractures), streams)
    drawn = Drawn(
        first=numbering.first + start,
        first_patient=numbering.first_patient,
        cohort=cohort,
        treatment=treatment,
        recovery=recovery,
        levels=levels,
        contact=contact,
    )
    tables = {
        "procedures": procedure_table(drawn, streams),
        "treated_levels": level_table(drawn, streams),
        "leaks": leak_table(drawn, streams),
        "assessments": assessment_table(drawn, followup, streams),
        "complications": table_of_events(events, cohort, drawn.first, streams),
    }
    return Block(spoil(tables, streams) if world.bad_rows else tables, drawn, fractures, streams)


def joined(parts: list[Tables]) -> Tables:
    """Return the tables of several blocks as one."""
    return {name: pa.concat_tables([part[name] for part in parts]) for name in parts[0]}
