"""What was read of a FHIR export, in numbers that add up."""

from collections import Counter
from dataclasses import dataclass, field

from etl.sources.fhir.tables import FhirTable
from etl.sources.source_finding import SourceFinding


@dataclass
class ResourceCounts:
    """What became of the resources of one type: read = used + left_out + repeated + refused.

    Attributes
    ----------
    read, used, repeated, refused : int
    left_out : Counter of str
        Status for which a record does not count -> how many.
    """

    read: int = 0
    used: int = 0
    repeated: int = 0
    refused: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class FhirExport:
    """Everything that was read of an export.

    Attributes
    ----------
    tables : tuple of FhirTable
        One for each resource type of `columns.COLUMNS` that the export holds.
    counts : dict
        Resource type -> what became of its resources, contained ones among them.
    other_types : Counter of str
        Resources of types that are not read.
    findings : tuple of SourceFinding
    """

    tables: tuple[FhirTable, ...]
    counts: dict[str, ResourceCounts]
    other_types: Counter[str]
    findings: tuple[SourceFinding, ...]
