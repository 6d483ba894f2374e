"""A later load of the same practice: new procedures, corrected ones, and late deaths."""

import numpy as np
import pyarrow as pa

from etl.synthesis.block import Numbering, Tables, draw_blocks, draw_plan, joined
from etl.synthesis.cohort import LAST_DAY, SITES
from etl.synthesis.streams import Streams
from etl.synthesis.world import World

NEW, CHANGED, LATE_DEATHS = 40, 25, 3
NEW_SINCE = LAST_DAY - 120
STREAM = 1_000_000
"""First of the streams of the second load, far from any block of the first."""

Record = dict[str, str | None]


def draw_second_load(world: World) -> Tables:
    """Return the tables of the second load; only what is new or changed is in them.

    New procedures bring all their records. Changed procedures and late deaths are rows of
    `procedures` alone, taken from the first block's rows that a load of it accepts.
    """
    plan = draw_plan(world)
    highest = np.zeros(len(SITES), dtype=np.int64)
    np.maximum.at(highest, plan.site, plan.case_order)
    orders = tuple(highest.tolist())
    numbering = Numbering(len(plan), int(plan.patient.max()) + 1, orders, STREAM, NEW_SINCE, 0)
    later = World(NEW, world.seed, world.effect, world.score_noise, bad_rows=False)
    new = joined([block.tables for block in draw_blocks(later, numbering)])
    known = _accepted_rows(world)
    shuffled = np.argsort(Streams(world.seed, STREAM).uniform("changed", len(known)))
    rows = [known[place] for place in shuffled]
    deaths = [_died_late(row) for row in rows if _may_die_late(row)][:LATE_DEATHS]
    dead = {row["procedure_id"] for row in deaths}
    others = [row for row in rows if row["procedure_id"] not in dead]
    changed = [_corrected(row, place) for place, row in enumerate(others[:CHANGED])]
    old = pa.Table.from_pylist([*changed, *deaths], schema=new["procedures"].schema)
    return {**new, "procedures": pa.concat_tables([new["procedures"], old])}


def _accepted_rows(world: World) -> list[Record]:
    """Return the procedures of the first block that stand there once and without a fault."""
    sound = World(world.procedures, world.seed, world.effect, world.score_noise, bad_rows=False)
    rows = next(draw_blocks(sound)).tables["procedures"].to_pylist()
    if not world.bad_rows:
        return rows
    loaded = next(draw_blocks(world)).tables["procedures"].to_pylist()
    copied = {row["procedure_id"] for row in loaded[len(rows) :]}
    pairs = zip(rows, loaded[: len(rows)], strict=True)
    return [row for row, seen in pairs if row == seen and row["procedure_id"] not in copied]


def _number(row: Record, column: str) -> float:
    """Return the number in a cell, infinity where it is empty."""
    cell = row[column]
    return float(cell) if cell is not None else np.inf


def _may_die_late(row: Record) -> bool:
    """Return True for a patient lost from sight well before the data cut, with one procedure."""
    is_lost = _number(row, "last_contact_days") + 90 < _number(row, "observed_through_days")
    return is_lost and row["death_days"] is None and row["procedure_status"] == "completed"


def _died_late(row: Record) -> Record:
    day = _number(row, "last_contact_days") + 60
    return {**row, "death_days": f"{day:.0f}", "vital_status_source": "linkage"}


def _corrected(row: Record, place: int) -> Record:
    """Return the row with one cell corrected or filled in."""
    if place % 3 == 0:
        weight = _number(row, "bmi")
        return {**row, "bmi": "26.4" if not np.isfinite(weight) else f"{weight + 0.3:.1f}"}
    if place % 3 == 1:
        points = _number(row, "charlson")
        return {**row, "charlson": "1" if not np.isfinite(points) else f"{points + 1:.0f}"}
    minutes = _number(row, "procedure_minutes")
    return {**row, "procedure_minutes": "41" if not np.isfinite(minutes) else f"{minutes + 2:.0f}"}
