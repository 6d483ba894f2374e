"""How the Load data page writes kinds of files, mappings and findings; nothing is judged here."""

import re
from collections.abc import Mapping
from dataclasses import astuple

from etl.removal import REMOVED
from etl.report import ExampleRow, Finding, LoadReport
from etl.sources.kinds import FoundSources
from warehouse.vocabulary import label_of

_KINDS = {
    "delimited": "delimited text",
    "workbook": "Excel workbook",
    "parquet": "Parquet",
    "json lines": "JSON lines",
    "fhir": "FHIR resources",
    "omop": "OMOP database",
}
_TASKS = {
    "high": "a glance",
    "likely": "look whether it is right",
    "ask": "settle it: correct the line and remove '# ask: ', or delete it",
}
_UNREVIEWED = re.compile(r"(?m)^reviewed\s*=\s*false\b")
_OPEN = re.compile(r"(?m)^# ask: ([^=\n]+?)\s*=")
_SHOWN_EXAMPLES = 3
_WIDEST = 80


def kinds_in_words(found: FoundSources) -> dict[str, str]:
    """Return file name -> its kind in words."""
    kinds = {
        path.name: _KINDS.get(kind, str(kind))
        for kind, paths in found.by_kind.items()
        for path in paths
    }
    for export, dictionary in found.redcap:
        kinds |= {export.name: "REDCap export", dictionary.name: "REDCap dictionary"}
    return kinds


def is_reviewed(mapping: str) -> bool:
    """Tell whether a mapping is not marked as one that nobody has looked at."""
    return not _UNREVIEWED.search(mapping)


def mark_reviewed(mapping: str) -> str:
    """Return the mapping with `reviewed = true`."""
    return _UNREVIEWED.sub("reviewed = true", mapping)


def open_questions(mapping: str) -> list[str]:
    """Return the columns of a mapping whose lines are still marked 'ask'."""
    return list(dict.fromkeys(name.strip('" ') for name in _OPEN.findall(mapping)))


def confidence_rows(confidences: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """Return one row per confidence: its word, how many proposed lines have it, what to do."""
    return [
        (word, f"{confidences[word]:,}", task)
        for word, task in _TASKS.items()
        if confidences.get(word)
    ]


def table_rows(report: LoadReport) -> list[tuple[str, ...]]:
    """Return one row per table that was read: name, then what became of its records."""
    return [
        (label_of(name), *(f"{number:,}" for number in astuple(counts)))
        for name, counts in report.tables.items()
        if counts.read
    ]


def removed_in_words(report: LoadReport | None) -> str:
    """Return how many published records of which tables are removed; empty where none is."""
    return ", ".join(
        f"{found.count:,} of {found.of:,} in {label_of(found.table)}"
        for found in (report.findings if report else ())
        if found.rule == REMOVED
    )


def finding_rows(report: LoadReport, *, refused: bool) -> list[tuple[str, ...]]:
    """Return one row per finding: rule, table, share of the records, and where.

    `refused` chooses what keeps records out; else what is loaded all the same.
    """
    return [
        (
            label_of(finding.rule),
            label_of(finding.table),
            f"{finding.count:,} of {finding.of:,}".replace(" ", "\N{NO-BREAK SPACE}"),
            _places(finding, "allowed" if refused else "expected"),
        )
        for finding in report.findings
        if (finding.severity != "warning") is refused
    ]


def _places(finding: Finding, wanted: str) -> str:
    """Say which cells a finding is about, those of one column together."""
    rows = finding.example_rows[:_SHOWN_EXAMPLES]
    cells: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        cells.setdefault((row.column, row.allowed), []).append(_cell(row))
    parts = [
        f"{f'{column}: ' if column else ''}{', '.join(found)}; {wanted}: {_cut(allowed)}"
        for (column, allowed), found in cells.items()
    ]
    return ". ".join(parts) + (" …" if finding.count > len(rows) else "")


def _cell(row: ExampleRow) -> str:
    found = f"'{row.found}'" if row.found else "empty"
    return f"{found} (line {row.line})"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 2]} …"
