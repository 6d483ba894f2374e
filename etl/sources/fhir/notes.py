"""Count what a reader notices, with the first places, until it is told as findings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from etl.sources.source_finding import SourceFinding

_PLACES_SHOWN = 5
_SEVERITIES = {
    "reference_not_resolved": "warning",
    "dates_only_in_utc": "warning",
    "element_not_of_r4": "warning",
    "export_goes_on": "warning",
    "line_not_readable": "warning",
}


@dataclass
class _Note:
    count: int = 0
    places: list[int] = field(default_factory=list)


class Notes:
    """What was noticed, by rule, table, column and words."""

    def __init__(self) -> None:
        self._notes: dict[tuple[str, str, str, str], _Note] = {}

    def add(
        self, rule: str, table: str, column: str, words: str, place: int = 0, *, count: int = 1
    ) -> None:
        """Count one occurrence; its place is kept while there are few."""
        note = self._notes.setdefault((rule, table, column, words), _Note())
        note.count += count
        if place and len(note.places) < _PLACES_SHOWN:
            note.places.append(place)

    def findings(
        self, read: Mapping[str, int], where: Callable[[int], str]
    ) -> tuple[SourceFinding, ...]:
        """Return everything noticed.

        `read` gives how many records a table was read from, and `where` a place in words.
        """
        return tuple(
            SourceFinding(
                rule=rule,
                severity=_SEVERITIES.get(rule, "note"),
                table=table,
                column=column,
                count=note.count,
                of=max(read.get(table, 0), note.count),
                note=words + _first_places([where(place) for place in note.places]),
            )
            for (rule, table, column, words), note in self._notes.items()
        )


def _first_places(places: Sequence[str]) -> str:
    return f" (first at {'; '.join(places)})" if places else ""
