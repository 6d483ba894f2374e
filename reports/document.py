"""The pack as a PDF: tagged, paged, each number with its n, N and interval."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import typst
from matplotlib import get_data_path

from reports.contents import NOTE, Pack, Section, table_rows
from reports.figures import FONTS, section_figure
from reports.words import (
    WITHHELD,
    WITHHELD_LEGEND,
    cause_words,
    count_text,
    estimate_text,
    interval_text,
    measure_words,
    modality_words,
    rows_of,
    technique_words,
    time_words,
)

_TEMPLATE = Path(__file__).resolve().parent / "document.typ"


def document_pdf(pack: Pack) -> bytes:
    """Return the pack as PDF/UA-1 bytes: A4, the same for the same pack."""
    contents = {
        "facts": pack.facts,
        "running": f"{pack.cohort.in_words()}  ·  snapshot {pack.snapshot_id}",
        "audience": f"Audience {pack.audience}",
        "generated": f"{pack.generated:%Y-%m-%d %H:%M} UTC",
        "period": pack.period,
        "legend": WITHHELD_LEGEND,
        "withholds": pack.audience == "outside",
        "sections": [_section(section) for section in pack.sections],
    }
    made = typst.compile(  # type: ignore[call-overload]  # its stub lacks pdf_standards
        _TEMPLATE.read_bytes(),
        font_paths=[str(FONTS), str(Path(get_data_path()) / "fonts" / "ttf")],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"pack": json.dumps(contents, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=pack.generated,
    )
    assert isinstance(made, bytes)
    return made


def _section(section: Section) -> dict[str, Any]:
    figure = section_figure(section)
    rows = table_rows(section.measures)
    told = section.explanation
    return {
        "heading": section.heading,
        "finding": section.finding,
        "subtitle": section.subtitle,
        "summary": section.summary,
        "empty": section.empty_reason,
        "figure": figure.decode("utf-8") if figure else "",
        "tables": _tables(rows),
        "left_out": len(section.measures) - len(rows),
        "footnotes": [*section.footnotes],
        "waterfall": [[_capitalised(words), f"{count:,}"] for words, count in told.waterfall],
        "definition": [
            ["Definition", told.definition],
            ["Version", told.version],
            ["Denominator", told.denominator],
            ["Method", told.method],
            ["Source", told.source],
        ],
    }


def _tables(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows under a title each: by measure, or by stratum where measures stand alone."""
    by_measure = rows["measure"].nunique() <= len(rows) / 2
    tables: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(rows):
        title, label = measure_words(row.measure), _stratum(row)
        title, label = (title, label) if by_measure else (label, title)
        tables.setdefault(title, []).append({"label": label, **_row(row)})
    heading = "Stratum" if by_measure else "Measure"
    return [{"title": title, "heading": heading, "rows": own} for title, own in tables.items()]


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _stratum(row: Any) -> str:
    technique = technique_words(row.technique).lower()
    return f"{cause_words(row.cause)}, {technique}"


def _withheld_words(row: Any) -> str:
    """Return in which row a withheld stratum is counted, else that it is withheld."""
    return getattr(row, NOTE, "") or WITHHELD


def _row(row: Any) -> dict[str, Any]:
    stands_for = ", ".join(part for part in (time_words(row.at), modality_words(row)) if part)
    return {
        "at": stands_for,
        "count": _withheld_words(row) if row.suppressed else count_text(row),
        "estimate": estimate_text(row),
        "interval": interval_text(row),
        "suppressed": bool(row.suppressed),
    }
