"""`vertebra sample`: synthetic records of any size."""

import argparse
import sys

from etl.synthesize import synthesize, write_sample
from warehouse.errors import SourceUnreadable


def run_sample(chosen: argparse.Namespace) -> int:
    """Write the canonical files of a synthetic sample."""
    try:
        sample = synthesize(chosen.procedures, chosen.seed, effect=chosen.effect)
    except ValueError as error:
        raise SourceUnreadable(f"sample: {error}\n  Correct the command.") from None
    write_sample(sample, chosen.out)
    print(f"Wrote {chosen.procedures:,} procedures to {chosen.out}", file=sys.stderr)
    return 0
