"""What de-identifying an export did, in counts: never a value, never a place that names anybody."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from etl.anonymity import AnonymityReport


@dataclass(frozen=True)
class ColumnDone:
    """What was done to the filled cells of one column.

    Attributes
    ----------
    table : str
        Canonical table; of a dropped column, the table of the source.
    column : str
        Canonical column; of a dropped column, its name unless that identifies.
    done : {'kept', 'surrogate', 'from a date', 'capped at 90', 'emptied', 'dropped'}
    cells : int
    why : str
        Why it was dropped or emptied.
    """

    table: str
    column: str
    done: str
    cells: int
    why: str = ""


@dataclass(frozen=True)
class LeftOut:
    """Records of one table that are not written for one reason.

    `places` says where the first few stand in the source, such as 'line 17'.
    """

    table: str
    column: str
    reason: str
    records: int
    places: tuple[str, ...]


@dataclass(frozen=True)
class TableDone:
    """How many records of a canonical table were read, written and left out.

    `left_out_with_parent` of those left out only follow their procedure.
    """

    read: int
    written: int
    left_out: int
    left_out_with_parent: int = 0

    @property
    def own_faults(self) -> int:
        """Return how many records are left out for what they hold themselves."""
        return self.left_out - self.left_out_with_parent


@dataclass(frozen=True)
class Noticed:
    """A rule that reading or mapping the source found not kept, and in how many records."""

    rule: str
    table: str
    records: int


@dataclass(frozen=True)
class DeidentificationReport:
    """What one run did.

    Attributes
    ----------
    tables : dict of str to TableDone
    columns : tuple of ColumnDone
    left_out : tuple of LeftOut
    noticed : tuple of Noticed
        For instance codes that contradict each other, which nobody can see in the result.
    surrogates : dict of str to tuple of (int, int)
        Kind -> surrogates in use, and how many of them are new.
    anonymity : AnonymityReport
        Of what was written.
    """

    tables: dict[str, TableDone]
    columns: tuple[ColumnDone, ...]
    left_out: tuple[LeftOut, ...]
    noticed: tuple[Noticed, ...]
    surrogates: dict[str, tuple[int, int]]
    anonymity: AnonymityReport

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints and `deidentification.json` holds."""
        return {
            "tables": {name: asdict(done) for name, done in self.tables.items()},
            "columns": [asdict(done) for done in self.columns],
            "left_out": [asdict(left) for left in self.left_out],
            "noticed": [asdict(noticed) for noticed in self.noticed],
            "surrogates": {
                kind: {"used": used, "new": new} for kind, (used, new) in self.surrogates.items()
            },
            "anonymity": self.anonymity.as_json(),
        }

    def in_words(self) -> list[str]:
        """Return the lines that a person reads."""
        return [
            *self._tables_in_words(),
            *self._columns_in_words(),
            *left_out_in_words(self.left_out),
            *(f"Noticed in {n.table}: {n.rule}, {n.records:,}" for n in self.noticed),
            *self.anonymity.in_words(),
        ]

    def _tables_in_words(self) -> Iterator[str]:
        yield "Records:"
        for name, done in self.tables.items():
            parts = f"{done.written:,} written + {done.left_out:,} left out"
            yield f"  {name}: {done.read:,} read = {parts}"
        for kind, (used, new) in self.surrogates.items():
            yield f"  {used:,} surrogates of kind {kind}, {new:,} of them new"

    def _columns_in_words(self) -> Iterator[str]:
        yield "Columns (filled cells):"
        for done in self.columns:
            if done.done != "kept":
                why = f" ({done.why})" if done.why else ""
                yield f"  {done.table}.{done.column}: {done.done}{why}, {done.cells:,}"
        kept = sum(done.done == "kept" for done in self.columns)
        yield f"  {kept} columns kept as they are: words and numbers within their limits"


def left_out_in_words(left_out: tuple[LeftOut, ...]) -> list[str]:
    """Return a line for each reason for which records are left out; none where none is."""
    lines = ["Left out:"] if left_out else []
    for left in left_out:
        column = f", column '{left.column}'" if left.column else ""
        places = f" ({', '.join(left.places)})" if left.places else ""
        lines.append(f"  {left.table}{column}: {left.reason}, {left.records:,}{places}")
    return lines
