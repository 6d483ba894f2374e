"""`vertebra map`: propose a mapping of a source, to be reviewed."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from cli.words import counted
from etl.mapping.proposal import Proposal, propose, shown_name
from etl.sources.any_source import read_tables
from warehouse.errors import SourceUnreadable


def run_map(chosen: argparse.Namespace) -> int:
    """Write the proposed mapping to a file or to stdout, say how sure it is, and return 0.

    Raises
    ------
    SourceUnreadable
        If the source cannot be read, or the file stands already.
    """
    if chosen.out is not None and chosen.out.exists():
        raise SourceUnreadable(
            f"{chosen.out}: stands already, and may have been reviewed\n"
            "  Name another file, or move it away."
        )
    with tempfile.TemporaryDirectory(prefix="vertebra-map-") as workspace:
        proposal = propose(read_tables(chosen.sources, workspace=Path(workspace)))
    if chosen.out is not None:
        chosen.out.write_text(proposal.text + "\n", encoding="utf-8", newline="\n")
    if chosen.json:
        print(json.dumps(_facts(proposal), ensure_ascii=False, indent=2))
    elif chosen.out is None:
        print(proposal.text)
    print("\n".join(_in_words(proposal, chosen.out)), file=sys.stderr)
    return 0


def _facts(proposal: Proposal) -> dict[str, object]:
    return {
        "status": "proposed",
        "mapping": proposal.text,
        "lines": proposal.counts,
        "identifying": proposal.identifying,
    }


def _in_words(proposal: Proposal, out: Path | None) -> list[str]:
    told = ", ".join(f"{count} {word}" for word, count in proposal.counts.items())
    lines = [f"Proposed {counted(sum(proposal.counts.values()), 'line')}: {told}."]
    for table, columns in proposal.identifying.items():
        if columns:
            kinds = ", ".join(f"{shown_name(name)} ({kind})" for name, kind in columns.items())
            lines.append(f"{table}: dropped, because they identify: {kinds}")
    where = "" if out is None else f" in {out}"
    lines.append(f"Review it{where}, write reviewed = true, and load with --mapping.")
    return lines
