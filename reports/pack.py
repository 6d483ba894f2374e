"""Write an export pack: every outcome of a cohort, counted once, in the formats asked for."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

import pandas as pd

from analysis.cohort import Cohort
from analysis.disclosure import (
    check_audience,
    protect,
    rolled_up,
    shows_totals_only,
    typed_measures,
)
from analysis.measure import CountReader
from analysis.results import Result
from reports.contents import Pack, section_of
from reports.document import document_pdf
from reports.tables import dictionary_csv, measures_csv
from reports.workbook import workbook_xlsx
from warehouse.errors import SourceUnreadable
from warehouse.snapshot import open_snapshot

FORMATS = ("csv", "xlsx", "pdf")
NOT_YET_OFFERED = ("pptx", "html")


class ReportedOutcome(Protocol):
    """One line of the catalogue of outcomes."""

    @property
    def title(self) -> str:
        """Return the outcome's name in words."""

    @property
    def compute(self) -> Callable[[CountReader], Result]:
        """Return the function that counts it."""


def utc_now() -> datetime:
    """Return the present moment, UTC."""
    return datetime.now(UTC)


def write_pack(
    warehouse: Path,
    cohort: Cohort,
    formats: Sequence[str],
    audience: str,
    folder: Path,
    *,
    clock: Callable[[], datetime] = utc_now,
    outcomes: Sequence[ReportedOutcome] | None = None,
) -> list[Path]:
    """Count every outcome on one snapshot and write the pack; same input, same bytes.

    Parameters
    ----------
    warehouse : Path
        The pointer file.
    cohort : Cohort
    formats : sequence of str
        Of FORMATS; 'all' is every one of them.
    audience : {'inside', 'outside'}
    folder : Path
        Made where it is missing; files of an earlier pack with the same name are replaced.
    clock : callable
        Gives the aware moment that the pack says it was generated at.
    outcomes : sequence, optional
        The catalogue by default.

    Returns
    -------
    list of Path
        The files written, the manifest last.

    Raises
    ------
    SourceUnreadable
        If a format is not offered, or the audience may not see this cohort.
    WarehouseUnavailable
        If there is no warehouse to read.
    """
    chosen = check_formats(formats)
    check_audience(cohort, audience)
    pack = count_pack(warehouse, cohort, audience, clock=clock, outcomes=outcomes)
    files = pack_files(pack, chosen)
    return _write_all(files | {"manifest.json": _manifest(pack, chosen, files)}, folder)


def check_formats(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats to write, in the order of FORMATS.

    Raises
    ------
    SourceUnreadable
        If one is unknown or not yet offered.
    """
    for name in formats:
        if name in NOT_YET_OFFERED:
            raise SourceUnreadable(
                f"format: '{name}' is not yet offered\n  Allowed: {', '.join(FORMATS)}, all."
            )
        if name not in (*FORMATS, "all"):
            raise SourceUnreadable(
                f"format: '{name[:40]}' is not a format\n  Allowed: {', '.join(FORMATS)}, all."
            )
    return tuple(name for name in FORMATS if name in formats or "all" in formats)


def count_pack(
    warehouse: Path,
    cohort: Cohort,
    audience: str,
    *,
    clock: Callable[[], datetime] = utc_now,
    outcomes: Sequence[ReportedOutcome] | None = None,
) -> Pack:
    """Return the pack of a cohort, counted on one snapshot and protected for its audience."""
    listed = _catalogue() if outcomes is None else outcomes
    with open_snapshot(warehouse) as snapshot:
        reader = CountReader(cohort, connection=snapshot.connection)
        totals_only = audience == "outside" and shows_totals_only(reader)
        period = _period(reader)
        results = [outcome.compute(reader) for outcome in listed]
    titles = [outcome.title for outcome in listed]
    tables = _protected(results, audience, totals_only=totals_only)
    return Pack(
        cohort=cohort,
        audience=audience,
        snapshot_id=snapshot.snapshot_id,
        period=period,
        generated=clock().astimezone(UTC).replace(microsecond=0),
        program_version=_program_version(),
        sections=tuple(
            section_of(title, result, table, audience)
            for title, result, table in zip(titles, results, tables, strict=True)
        ),
        totals_only=totals_only,
    )


def pack_files(pack: Pack, formats: Sequence[str]) -> dict[str, bytes]:
    """Return file name -> bytes of every file of the pack but its manifest."""
    stem = f"vertebral-outcomes_{pack.period.replace(' ', '-')}_{pack.snapshot_id}"
    files = {}
    if "csv" in formats:
        files["measures.csv"] = measures_csv(pack.measures)
        files["measures_dictionary.csv"] = dictionary_csv()
    if "xlsx" in formats:
        files[f"{stem}.xlsx"] = workbook_xlsx(pack)
    if "pdf" in formats:
        files[f"{stem}.pdf"] = document_pdf(pack)
    return files


def _catalogue() -> Sequence[ReportedOutcome]:
    from analysis.outcomes import OUTCOMES

    return OUTCOMES


def _protected(
    results: Sequence[Result], audience: str, *, totals_only: bool
) -> list[pd.DataFrame]:
    """Return each result's measures as the audience may see them, all judged together.

    Outside, strata that are withheld are then shown together where they can be.
    """
    lengths = [len(result.measures) for result in results]
    stacked = pd.concat([result.measures for result in results], ignore_index=True)
    shown = typed_measures(protect(stacked, audience, totals_only=totals_only))
    ends = [sum(lengths[: place + 1]) for place in range(len(lengths))]
    tables = [shown.iloc[end - own : end] for end, own in zip(ends, lengths, strict=True)]
    return [rolled_up(table) for table in tables] if audience == "outside" else tables


def _period(reader: CountReader) -> str:
    extent = reader.count("cohort_extent").iloc[0]
    if not extent["procedures"]:
        return "no procedures"
    first = reader.cohort.year_from or int(extent["first_year"])
    last = reader.cohort.year_to or int(extent["last_year"])
    return f"{first}-{last}" if first != last else f"{first}"


def _program_version() -> str:
    try:
        return version("vertebral-outcomes")
    except PackageNotFoundError:
        return "unknown"


def _manifest(pack: Pack, formats: Sequence[str], files: dict[str, bytes]) -> bytes:
    definitions = pack.measures[["measure", "version"]].drop_duplicates()
    contents = {
        "files": [
            {"name": name, "bytes": len(held), "sha256": hashlib.sha256(held).hexdigest()}
            for name, held in files.items()
        ],
        "snapshot": pack.snapshot_id,
        "cohort": pack.cohort.as_query(),
        "cohort_in_words": pack.cohort.in_words(),
        "period": pack.period,
        "audience": pack.audience,
        "totals_only": pack.totals_only,
        "formats": list(formats),
        "generated": pack.generated.isoformat(timespec="seconds"),
        "program": f"vertebral-outcomes {pack.program_version}",
        "definitions": {
            row.measure: row.version if isinstance(row.version, str) else ""
            for row in definitions.itertuples()
        },
    }
    return (json.dumps(contents, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _write_all(files: dict[str, bytes], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, contents in files.items():
        (folder / name).write_bytes(contents)
    return [folder / name for name in files]
