"""What a load did, in numbers that add up."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SHOWN_LENGTH = 40
"""Characters of an offending value that are ever shown."""


@dataclass(frozen=True)
class TableCounts:
    """What became of the records of one table; the parts add up to `read`."""

    read: int = 0
    loaded: int = 0
    unchanged: int = 0
    updated: int = 0
    quarantined: int = 0
    out_of_scope: int = 0

    def __post_init__(self) -> None:
        parts = self.loaded + self.unchanged + self.updated + self.quarantined + self.out_of_scope
        if self.read != parts:
            raise AssertionError(f"{self.read} records were read, {parts} are accounted for")


@dataclass(frozen=True)
class ExampleRow:
    """One offending cell: where it stands, what it holds, what is allowed.

    `record` counts the records after the header, `line` the physical lines of the file, both
    from 1; `found` is cut to 40 characters. `source` says, of a mapped cell, which columns of the
    source it was made of and on which line of the mapping.
    """

    record: int
    line: int
    column: str
    found: str
    allowed: str
    source: str = ""


@dataclass(frozen=True)
class Finding:
    """One rule's verdict on one table: `count` of `of` rows do not keep it."""

    rule: str
    severity: str
    table: str
    count: int
    of: int
    example_rows: tuple[ExampleRow, ...] = ()


@dataclass(frozen=True)
class LoadReport:
    """What one load or check did.

    Attributes
    ----------
    status : {'published', 'unchanged', 'checked', 'refused'}
    snapshot : str or None
        Id of the published snapshot after it; None where there is none.
    tables : dict of str to TableCounts
        Every canonical table.
    findings : tuple of Finding
        Refusals first, then warnings.
    quarantine : Path or None
        Folder of the refused rows; None when no row was refused.
    load_id : int
        Number of the load in the history.
    """

    status: str
    snapshot: str | None
    tables: dict[str, TableCounts]
    findings: tuple[Finding, ...]
    quarantine: Path | None
    load_id: int

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "status": self.status,
            "snapshot": self.snapshot,
            "tables": {name: asdict(counts) for name, counts in self.tables.items()},
            "findings": [asdict(finding) for finding in self.findings],
            "quarantine": None if self.quarantine is None else str(self.quarantine),
            "load": self.load_id,
        }
