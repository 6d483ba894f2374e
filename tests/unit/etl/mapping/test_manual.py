"""The manual gives one mapping; what it says comes of it does, and no key is left out."""

import csv
import re
from pathlib import Path

import pytest

from etl.identifier_sources import refuse_identifying_columns
from etl.mapping import reading, reading_blocks, reading_cells
from etl.mapping.building import map_tables
from etl.mapping.reading import parse_mapping

MANUAL = (Path(__file__).resolve().parents[4] / "docs" / "mapping.md").read_text(encoding="utf-8")
FENCED = re.findall(r"```(\w+) ?([\w ]*)\n(.*?)```", MANUAL, re.DOTALL)
EXAMPLE = "\n".join(text for kind, _, text in FENCED if kind == "toml")
SOURCES = {
    name: text.splitlines()
    for kind, name, text in FENCED
    if kind == "csv" and not name.startswith("result")
}
RESULTS = {
    name.removeprefix("result "): list(csv.reader(text.splitlines()))
    for kind, name, text in FENCED
    if name.startswith("result")
}


@pytest.mark.parametrize("table", RESULTS)
def test_the_examples_give_the_rows_that_the_manual_shows(connection, tables_from, table):
    tables = tables_from(**SOURCES)
    refuse_identifying_columns(
        connection, parse_mapping(EXAMPLE), tables, privacy_mode="safe_harbor"
    )
    made = map_tables(connection, parse_mapping(EXAMPLE), tables)
    assert [one.table for one in made] == [
        "procedures",
        "treated_levels",
        "assessments",
        "complications",
    ]
    header, *expected = RESULTS[table]
    rows = connection.execute(
        f"select {', '.join(header)} from mapped_{table} "
        "order by source_table desc, source_record, source_entry, all_columns".replace(
            "all_columns", ", ".join(header)
        )
    ).fetchall()
    assert [["" if cell is None else cell for cell in row] for row in rows] == expected


def test_records_that_the_examples_leave_out_are_counted(connection, tables_from):
    made = map_tables(connection, parse_mapping(EXAMPLE), tables_from(**SOURCES))
    # Case 1003 is of another kind; one call is of an undated visit.
    assert {one.table: one.left_out for one in made if one.left_out} == {
        "procedures": 1,
        "assessments": 1,
    }


def test_thresholds_visits_and_sources_are_kept_as_the_manual_declares_them():
    mapping = parse_mapping(EXAMPLE)
    assert mapping.max_refused == 0.05
    assert mapping.thresholds["words_are_known"].share == 0.02
    assert mapping.thresholds["cause_conflict"].note == "Oncology codes are late here"
    assert (mapping.visits["24h"], mapping.visits["extra"]) == ("1", "")
    assert mapping.sources["interviews"].missing == ("refused",)
    assert mapping.sources["cases"].missing == ("999", "-9", "<undefined>")
    assert (mapping.privacy_mode, mapping.day_zero) == ("safe_harbor", "before")


def every_key() -> set[str]:
    tables = set(reading._TABLE_NAMES)
    return (
        (set(reading._TOP) - tables)
        | set(reading._SOURCE_KEYS)
        | set(reading_cells.CELL_KEYS)
        | set(reading_blocks._BLOCK_KEYS)
        | set(reading_blocks._WIDE_KEYS)
        | {"on", "many", "name", "date", "days", "needs", "share", "note"}
    )


@pytest.mark.parametrize("key", sorted(every_key()))
def test_every_key_stands_in_the_manual(key):
    assert re.search(rf"\b{key}\b", MANUAL)
    is_described_only = {"eq5d_value_set", "units", "device", "nearby_codes", "biopsy"}
    written = rf"(^|[\[{{ .,])\"?{key}\"?(\]| =|\.)"
    assert key in is_described_only or re.search(written, EXAMPLE, re.MULTILINE)
