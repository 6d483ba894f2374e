"""Run the measurements and write bench/RESULTS.md: `python -m bench [SECTION ...]`."""

import argparse
import importlib
from datetime import date

from bench.measuring import HERE, machine, remembered

SECTIONS = {
    "loading": "Load: 1M synthetic procedures, 6M assessments, 0.2M complications",
    "spreadsheets": "Wide workbook: 100,000 rows x 60 columns (28 MB)",
    "mapping": "Mapping 1M cases and 6M scores of a practice to staged rows",
    "relief": "Time to relief: counts in SQL, estimates by numpy",
    "screen": "Screen: start, filter to all charts painted",
    "swaps": "Swapping the published snapshot under readers",
    "kills": "Killed at any moment",
    "mutations": "Good files changed at random, each load beside a plain reading of its file",
}


def main() -> None:
    """Measure the sections asked for, then print and write every remembered one."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", help=f"of: {', '.join(SECTIONS)} (default: all)")
    parser.add_argument("--count", type=int, help="changed records, of the section mutations")
    options = parser.parse_args()
    counts = {"mutations": {"count": options.count}} if options.count else {}
    for section in options.sections or list(SECTIONS):
        if section not in SECTIONS:
            parser.error(f"'{section}' is not one of {', '.join(SECTIONS)}")
        print(f"measuring {section} ...", flush=True)
        importlib.import_module(f"bench.{section}").measure(**counts.get(section, {}))
    report = _report()
    print(report)
    (HERE / "RESULTS.md").write_text(report, encoding="utf-8")


def _report() -> str:
    parts = [
        "# Measured",
        f"On {machine()}, {date.today().isoformat()}. Ratios hold within one run on one machine; "
        "seconds are of that machine only. Renew with `python -m bench`.",
    ]
    for section, title in SECTIONS.items():
        rows = remembered(section)
        if rows:
            parts += [f"## {title}", _table(rows)]
    return "\n\n".join(parts) + "\n"


def _table(rows: list[dict]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(str(row.get(name, "")) for name in names) + " |" for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
