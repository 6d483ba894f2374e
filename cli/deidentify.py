"""`vertebra deidentify`: from an identified export to files that may be loaded and shared."""

import argparse
import json
import sys
from pathlib import Path

from etl.deidentify.run import REPORT_NAME, Order, deidentify
from warehouse.settings import settle


def run_deidentify(chosen: argparse.Namespace) -> int:
    """De-identify the sources, say what was done, and return the exit code."""
    settings = settle({"max_refused": chosen.max_refused})
    order = Order(
        sources=tuple(chosen.sources),
        out=chosen.out,
        crosswalk=chosen.crosswalk or _usual_crosswalk(settings.warehouse),
        mapping=chosen.mapping,
        date_format=chosen.date_format,
        day_zero=chosen.day_zero,
        max_refused=settings.max_refused,
    )
    report = deidentify(order)
    words = [
        *report.in_words(),
        f"Wrote {order.out}, with this report in {REPORT_NAME}.",
        f"Crosswalk: {order.crosswalk} (identifies patients: never share it, keep it safe).",
    ]
    print("\n".join(words), file=sys.stderr)
    if chosen.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    return 0


def _usual_crosswalk(warehouse: Path) -> Path:
    return warehouse.with_name("vertebra.crosswalk")
