"""Plant bad rows: about 1 % of each table, over all kinds of fault."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from etl.synthesis.cohort import SMALL_SURGEON
from etl.synthesis.faults import FAULTS, Fault
from etl.synthesis.streams import Codes, Flags, Streams

SHARE = 0.01
CROSS_TABLE_SHARE = 0.001
Tables = dict[str, pa.Table]


def spoil(tables: Tables, streams: Streams) -> Tables:
    """Return the tables with bad rows; those of the surgeon with few cases stay sound."""
    across = {
        "leaks": _leaks_not_looked_for(tables, streams),
        "assessments": _scores_after_death(tables, streams),
        "complications": _events_after_death(tables, streams),
    }
    few_cases = f"S{SMALL_SURGEON + 1:02d}"
    spoiled = {}
    for name, table in tables.items():
        may = np.ones(table.num_rows, dtype=bool)
        if name == "procedures":
            may = compute.not_equal(table["surgeon_id"], few_cases).to_numpy()
        sick = _spoil_rows(table, FAULTS[name], may, streams.uniform(f"bad {name}", len(may)))
        spoiled[name] = pa.concat_tables([sick, across[name]]) if name in across else sick
    return spoiled


def _spoil_rows(
    table: pa.Table, faults: tuple[Fault, ...], may: Flags, luck: np.ndarray
) -> pa.Table:
    """Change or copy about 1 % of the rows, one fault after the other."""
    count = round(SHARE * table.num_rows)
    shuffled = np.argsort(luck)
    shuffled = shuffled[may[shuffled]]
    added = []
    taken = np.zeros(table.num_rows, dtype=bool)
    for position, fault in enumerate(faults):
        share = len(range(position, count, len(faults)))
        rows = _free_rows(table, fault, shuffled, taken)[:share]
        taken[rows] = True
        if fault.added is None:
            table = _changed(table, np.sort(rows), fault.cells)
        else:
            copies = table.take(pa.array(np.sort(rows)))
            added.append(_changed(copies, np.arange(len(rows)), fault.cells))
    return pa.concat_tables([table, *added])


def _free_rows(table: pa.Table, fault: Fault, shuffled: Codes, taken: Flags) -> Codes:
    free = shuffled[~taken[shuffled]]
    if fault.only is None:
        return free
    column, value = fault.only
    fits = compute.fill_null(compute.equal(table[column], value), False).to_numpy()
    return free[fits[free]]


def _changed(table: pa.Table, rows: Codes, new: dict[str, str | None]) -> pa.Table:
    """Return the table with the cells of `new` in the rows given."""
    mask = np.zeros(table.num_rows, dtype=bool)
    mask[rows] = True
    for column, value in new.items():
        cell = pa.scalar(value, pa.string())
        changed = compute.if_else(pa.array(mask), cell, table[column])
        table = table.set_column(table.column_names.index(column), column, changed)
    return table


def _a_few(candidates: Codes, of: int, luck: np.ndarray) -> pa.Array:
    """Return one in a thousand of `of` rows, at least one where there is any candidate."""
    wanted = min(len(candidates), max(round(CROSS_TABLE_SHARE * of), 1)) if of >= 500 else 0
    return pa.array(np.sort(candidates[np.argsort(luck)[:wanted]]))


def _where(condition: pa.ChunkedArray) -> Codes:
    return np.flatnonzero(compute.fill_null(condition, False).to_numpy())


def _leaks_not_looked_for(tables: Tables, streams: Streams) -> pa.Table:
    """Return leaks at levels where nobody looked for one."""
    levels, leaks = tables["treated_levels"], tables["leaks"]
    unchecked = _where(compute.equal(levels["leak_checked"], "no"))
    luck = streams.uniform("bad unchecked", len(unchecked))
    chosen = levels.select(["procedure_id", "level"]).take(_a_few(unchecked, leaks.num_rows, luck))
    return _appended(leaks, chosen, {"route": "intradiscal", "symptomatic": "no"})


def _scores_after_death(tables: Tables, streams: Streams) -> pa.Table:
    chosen, days = _dead(tables, "assessments", streams)
    given = {"instrument": "pain_nrs", "score": "3"}
    return _appended(tables["assessments"], chosen.append_column("days", days), given)


def _events_after_death(tables: Tables, streams: Streams) -> pa.Table:
    chosen, days = _dead(tables, "complications", streams)
    names = compute.binary_join_element_wise("D", chosen["procedure_id"], "-")
    chosen = chosen.append_column("onset_days", days).append_column("complication_id", names)
    given = {"type": "pneumonia", "mechanism": "disease", "relatedness": "unrelated"}
    return _appended(tables["complications"], chosen, given)


def _dead(tables: Tables, name: str, streams: Streams) -> tuple[pa.Table, pa.Array]:
    """Return a few procedures whose patient died, with a day 20 days after the death."""
    procedures = tables["procedures"]
    dead = _where(compute.is_valid(procedures["death_days"]))
    luck = streams.uniform(f"bad dead {name}", len(dead))
    rows = _a_few(dead, tables[name].num_rows, luck)
    days = procedures["death_days"].take(rows).cast(pa.int64())
    return procedures.select(["procedure_id"]).take(rows), compute.add(days, 20).cast(pa.string())


def _appended(like: pa.Table, chosen: pa.Table, given: dict[str, str]) -> pa.Table:
    """Return the rows chosen as rows of `like`, the columns not named being empty."""
    rows = chosen.num_rows
    columns = {}
    for column in like.column_names:
        if column in chosen.column_names:
            columns[column] = chosen[column]
        else:
            columns[column] = pa.array([given.get(column)] * rows, pa.string())
    return pa.table(columns)
