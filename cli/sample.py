"""`vertebra sample`: synthetic records of any size."""

import argparse
import sys

from etl.synthesize import synthesize, synthesize_second_load, write_sample, write_truth
from warehouse.errors import SourceUnreadable


def run_sample(chosen: argparse.Namespace) -> int:
    """Write the canonical files of a synthetic sample."""
    try:
        sample = synthesize(chosen.procedures, chosen.seed, effect=chosen.effect)
    except ValueError as error:
        raise SourceUnreadable(f"sample: {error}\n  Correct the command.") from None
    write_sample(sample, chosen.out)
    print(f"Wrote {chosen.procedures:,} procedures to {chosen.out}", file=sys.stderr)
    if chosen.second_load is not None:
        write_sample(synthesize_second_load(sample), chosen.second_load)
        print(f"Wrote a second, later export to {chosen.second_load}", file=sys.stderr)
    if chosen.truth is not None:
        write_truth(sample, chosen.truth)
        print(f"Wrote what was planted to {chosen.truth}", file=sys.stderr)
    return 0
