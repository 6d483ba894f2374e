"""`vertebra load` and `vertebra check`."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cli.words import counted
from etl.intake import declared_settings
from etl.pipeline import LoadStopped, load
from etl.report import ExampleRow, Finding, LoadReport
from etl.steps import Progress as Notify
from warehouse.settings import settle

_PATIENCE_SECONDS = 3
_WIDEST = 200
_UNPUBLISHED = {"loaded": "fit to load", "updated": "fit to update"}
_VERDICTS = {
    "published": "Published snapshot {snapshot}.",
    "unchanged": "Nothing changed; snapshot {snapshot} stays published.",
    "checked": "Checked; nothing was published.",
    "refused": "Refused; nothing was published.",
}


def run_load(chosen: argparse.Namespace) -> int:
    """Load or check the sources, say what was found, and return the exit code."""
    settings = settle(
        {
            "warehouse": chosen.warehouse,
            "max_refused": chosen.max_refused,
            "privacy_mode": chosen.privacy_mode,
        },
        declared=declared_settings(chosen.mapping),
    )
    dry_run = chosen.verb == "check" or chosen.dry_run
    try:
        with _progress_bar(verbose=chosen.verbose) as notify:
            report = load(
                chosen.sources,
                settings,
                mapping=chosen.mapping,
                is_complete=chosen.complete,
                dry_run=dry_run,
                progress=notify,
            )
    except LoadStopped as stopped:
        _say_summary(stopped.report)
        raise
    _say_summary(report)
    if chosen.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    return 0


def _say_summary(report: LoadReport) -> None:
    """Print on stderr what became of every record and what was found."""
    lines = [_VERDICTS[report.status].format(snapshot=report.snapshot)]
    for name, counts in report.tables.items():
        if counts.read:
            words = _UNPUBLISHED if report.status in ("checked", "refused") else {}
            parts = [
                f"{value} {words.get(word, word.replace('_', ' '))}"
                for word, value in asdict(counts).items()
                if value
            ]
            lines.append(f"  {name}: {parts[0]} = {' + '.join(parts[1:])}")
    lines += _errors_in_words(report.findings) + _warnings_in_words(report.findings)
    if report.groups is not None:
        lines.append(report.groups.in_words())
    if report.quarantine is not None:
        lines.append(f"Refused records, with reasons and line numbers: {report.quarantine}")
    print("\n".join(lines), file=sys.stderr)


def _errors_in_words(findings: tuple[Finding, ...]) -> list[str]:
    """Say what was refused: a line per rule and table, and below it the first such record."""
    refused = [finding for finding in findings if finding.severity != "warning"]
    lines = ["Refused:"] if refused else []
    for finding in refused:
        lines.append(f"  {finding.table}: {finding.rule}, {_share(finding)}")
        lines += [f"    {_cut(_example_in_words(row))}" for row in finding.example_rows[:1]]
    return lines


def _warnings_in_words(findings: tuple[Finding, ...]) -> list[str]:
    """Say what was loaded all the same but should be looked at: a line per rule and table."""
    listed = [finding for finding in findings if finding.severity == "warning"]
    lines = ["Loaded, but worth a look (examples: --json, or the Data quality page):"]
    lines += [f"  {finding.table}: {finding.rule}, {_share(finding)}" for finding in listed]
    return lines if listed else []


def _share(finding: Finding) -> str:
    return f"{finding.count:,} of {counted(finding.of, 'record')}"


def _example_in_words(row: ExampleRow) -> str:
    source = f" (from {row.source})" if row.source else ""
    column = f", column '{row.column}'{source}" if row.column else ""
    return f"record {row.record} (line {row.line}){column}: '{row.found}'; allowed: {row.allowed}"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 4]} ..."


@contextmanager
def _progress_bar(*, verbose: bool) -> Iterator[Notify]:
    """Yield what to call with each step: a bar on a terminal, lines on a long load elsewhere."""
    console = Console(stderr=True)
    started = time.monotonic()
    if not console.is_terminal:

        def notify_in_lines(words: str, share: float) -> None:
            if verbose or time.monotonic() - started > _PATIENCE_SECONDS:
                print(f"{share:4.0%} {words}", file=sys.stderr)

        yield notify_in_lines
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Starting", total=1.0)
        yield lambda words, share: bar.update(task, description=words, completed=share)
