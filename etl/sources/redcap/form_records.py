"""Take the part of one form out of a record of the export."""

from collections.abc import Sequence

from etl.sources.redcap.cells import ColumnReader
from etl.sources.redcap.layout import CheckboxGroup, FormLayout

_STARTED = ("1", "2")


class FormReader:
    """Reads one form out of every record of the export.

    Attributes
    ----------
    layout : FormLayout
    columns : tuple of ColumnReader
        In the order of `layout.columns`.
    records, not_filled : int
        Records that hold the form, and records of which nobody filled it in.
    not_asked : dict of str to int
        Checkbox field -> records in which its zeros say nothing.
    """

    def __init__(self, layout: FormLayout, *, names_records: bool) -> None:
        self.layout = layout
        self.columns = tuple(ColumnReader(column.field) for column in layout.columns)
        self.records = self.not_filled = 0
        self.not_asked = {group.field.name: 0 for group in layout.checkboxes}
        self._names_records = names_records
        self._places = tuple(column.position for column in layout.columns)

    def read(self, cells: Sequence[str], record: int) -> list[str] | None:
        """Return the form's cells, or None where nobody filled the form in.

        A form counts as filled in where a person entered anything or ticked a box, or set its
        status to Unverified or Complete. The form that names the records also stands where it
        has any status, so that every record stands once.
        """
        layout = self.layout
        status = "" if layout.complete is None else cells[layout.complete].strip()
        if not (self.is_filled(cells) or status in _STARTED or self._only_names(status)):
            self.not_filled += 1
            return None
        self.records += 1
        blanked = self._untold(cells, status) if layout.checkboxes else frozenset()
        return [
            "" if place in blanked else column.read(cells[place], record)
            for place, column in zip(self._places, self.columns, strict=True)
        ]

    def is_filled(self, cells: Sequence[str]) -> bool:
        """Return whether a person entered anything into the form or ticked a box of it."""
        layout = self.layout
        if any(cells[place] and not cells[place].isspace() for place in layout.entered):
            return True
        return any(_has_tick(cells, group) for group in layout.checkboxes)

    def _only_names(self, status: str) -> bool:
        return self._names_records and (bool(status) or self.layout.complete is None)

    def _untold(self, cells: Sequence[str], status: str) -> frozenset[int]:
        """Return the positions of checkbox zeros that may mean that nobody was asked.

        A zero means no where another box of the same field is ticked. Without a tick it means
        no only where the form's status is Unverified or Complete, something else of the form is
        filled in (or it has nothing else), and no branching logic may have hidden the field.
        """
        others = len(self.layout.entered) + len(self.layout.checkboxes) > 1
        answered = status in _STARTED and (not others or self.is_filled(cells))
        untold: set[int] = set()
        for group in self.layout.checkboxes:
            declared_missing = any(_is_ticked(cells[p]) for p in group.missing_positions)
            ticked = any(_is_ticked(cells[place]) for place in group.positions)
            if declared_missing or not (ticked or (answered and not group.field.has_branching)):
                untold.update(group.positions)
                self.not_asked[group.field.name] += any(cells[place] for place in group.positions)
        return frozenset(untold)


def _has_tick(cells: Sequence[str], group: CheckboxGroup) -> bool:
    return any(_is_ticked(cells[p]) for p in (*group.positions, *group.missing_positions))


def _is_ticked(cell: str) -> bool:
    return bool(cell) and cell.strip() not in ("", "0", "Unchecked")
