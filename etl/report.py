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
class Judged:
    """A share that decides about a load, with what is allowed of it.

    Attributes
    ----------
    rule : str
        A finding's rule, or 'max_refused' for the records of a table that are refused.
    table : str
    count, of : int
        Numerator and denominator; records that only follow their refused parent do not count.
    allowed : float or None
        Share above which it stops the load, 0 to 1; None where nothing was set.
    note : str
        Why it was set.
    is_fatal : bool
        True where a single such record stops the load, whatever is set.
    """

    rule: str
    table: str
    count: int
    of: int
    allowed: float | None = None
    note: str = ""
    is_fatal: bool = False

    @property
    def share(self) -> float:
        """Return the share, 0 to 1."""
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True)
class GroupSizes:
    """In how small groups of equal quasi-identifiers the patients of a warehouse hide.

    Attributes
    ----------
    by : tuple of str
        What makes a group, in words.
    procedures, groups : int
    smallest : int or None
        Patients in the smallest group: the k of k-anonymity; None without procedures.
    groups_under_11, procedures_under_11 : int
        Groups of under 11 patients, and the procedures in them.
    """

    by: tuple[str, ...]
    procedures: int
    groups: int
    smallest: int | None
    groups_under_11: int
    procedures_under_11: int

    @property
    def share_under_11(self) -> float | None:
        """Return the share of procedures in groups of under 11 patients, 0 to 1."""
        return self.procedures_under_11 / self.procedures if self.procedures else None

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return asdict(self) | {"share_under_11": self.share_under_11}

    def in_words(self) -> str:
        """Return the line that a person reads."""
        if self.smallest is None or self.share_under_11 is None:
            return "k-anonymity: no procedure to gauge."
        patients = "patient" if self.smallest == 1 else "patients"
        return (
            f"k-anonymity by {', '.join(self.by)}: the smallest group has {self.smallest:,} "
            f"{patients}; {self.procedures_under_11:,} of {self.procedures:,} procedures "
            f"({self.share_under_11:.1%}) are in groups of under 11."
        )


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
    groups : GroupSizes or None
        Of all procedures that are published or would be; None where nobody has gauged them.
    """

    status: str
    snapshot: str | None
    tables: dict[str, TableCounts]
    findings: tuple[Finding, ...]
    quarantine: Path | None
    load_id: int
    groups: GroupSizes | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "status": self.status,
            "snapshot": self.snapshot,
            "tables": {name: asdict(counts) for name, counts in self.tables.items()},
            "findings": [asdict(finding) for finding in self.findings],
            "quarantine": None if self.quarantine is None else str(self.quarantine),
            "load": self.load_id,
            "anonymity": None if self.groups is None else self.groups.as_json(),
        }
