"""`vertebra report`: the export pack with its manifest."""

import argparse

from analysis.cohort import parse_cohort
from reports.pack import write_pack
from warehouse.errors import SourceUnreadable
from warehouse.settings import settle

FORMATS = ("csv", "xlsx", "pdf", "pptx", "html")


def run_report(chosen: argparse.Namespace) -> int:
    """Write the pack of the cohort and print the files, one a line."""
    formats = _formats(chosen.format)
    settings = settle({"warehouse": chosen.warehouse})
    cohort = parse_cohort(chosen.cohort)
    chosen.out.mkdir(parents=True, exist_ok=True)
    for path in write_pack(settings.warehouse, cohort, formats, chosen.audience, chosen.out):
        print(path)
    return 0


def _formats(text: str) -> tuple[str, ...]:
    """Return the formats asked for, in the order of FORMATS."""
    asked = {part.strip() for part in text.split(",") if part.strip()}
    unknown = asked - {*FORMATS, "all"}
    if unknown or not asked:
        raise SourceUnreadable(
            f"--format '{text}' is not known\n  Allowed: {', '.join(FORMATS)}, all."
        )
    return FORMATS if "all" in asked else tuple(name for name in FORMATS if name in asked)
