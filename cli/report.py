"""`vertebra report`: the export pack with its manifest."""

import argparse

from analysis.cohort import parse_cohort
from reports.pack import check_formats, write_pack
from warehouse.settings import settle


def run_report(chosen: argparse.Namespace) -> int:
    """Write the pack of the cohort and print the files, one a line."""
    formats = check_formats([part.strip() for part in chosen.format.split(",") if part.strip()])
    settings = settle({"warehouse": chosen.warehouse})
    cohort = parse_cohort(chosen.cohort)
    chosen.out.mkdir(parents=True, exist_ok=True)
    for path in write_pack(settings.warehouse, cohort, formats, chosen.audience, chosen.out):
        print(path)
    return 0
