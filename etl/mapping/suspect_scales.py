"""Ask for the scale of an Oswestry index that may be points or percent; never double it unasked.

Its code in LOINC says percent while its bands are points from 0 to 50, so both are found.
"""

from etl.mapping.declaration import Cell, Entry, Mapping
from warehouse.connection import Connection
from warehouse.errors import SourceUnreadable

_HIGHEST_POINTS = 50
_LOWEST_MEAN_BASELINE = 35
"""Percent; trials start at 60 to 75, so a lower mean and no score above 50 may be points."""


def ask_for_scales(connection: Connection, mapping: Mapping, relation: str) -> None:
    """Refuse ODI scores that may be points or percent and whose scale no line declares.

    Parameters
    ----------
    connection : Connection
    mapping : Mapping
    relation : str
        Assessments with source_entry, instrument, days and score, as text or numbers.

    Raises
    ------
    SourceUnreadable
        Naming the line of the score and what to add to it.
    """
    asked = [entry for entry in mapping.entries if _may_be_undeclared_odi(entry)]
    if not asked:
        return
    numbers = ", ".join(str(entry.number) for entry in asked)
    found = connection.execute(
        f"""
        select
            source_entry,
            max(try_cast(score as double)) as highest,
            avg(try_cast(score as double)) filter (try_cast(days as double) <= 0) as baseline
        from {relation}
        where instrument = 'odi' and source_entry in ({numbers})
        group by source_entry
        order by source_entry
        """
    ).fetchall()
    for number, highest, baseline in found:
        is_low = baseline is None or baseline < _LOWEST_MEAN_BASELINE
        if highest is not None and highest <= _HIGHEST_POINTS and is_low:
            raise _question(mapping, mapping.entries[number], highest, baseline)


def _may_be_undeclared_odi(entry: Entry) -> bool:
    score, instrument = entry.cells.get("score"), entry.cells.get("instrument")
    if score is None or instrument is None:
        return False
    is_declared = score.conversion is not None or "odi" in score.conversions
    return not is_declared and instrument.constant in (None, "odi")


def _question(
    mapping: Mapping, entry: Entry, highest: float, baseline: float | None
) -> SourceUnreadable:
    score, instrument = entry.cells["score"], entry.cells["instrument"]
    before = "none is of a baseline" if baseline is None else f"the mean baseline is {baseline:.1f}"
    return SourceUnreadable(
        f"{mapping.file}, line {score.line}, column 'score' from "
        f"'{mapping.source_words(entry.number, 'score')}': no ODI score is above {highest:g} and "
        f"{before}, so points (0 to 50) and percent cannot be told apart\n"
        f"  Add to that line {_line_to_add(instrument)}."
    )


def _line_to_add(instrument: Cell) -> str:
    if instrument.constant is None:
        return 'scale = { odi = "raw 0-50" } for points, or scale = { odi = "percent" }'
    return 'scale = "raw 0-50" for points, or scale = "percent"'
