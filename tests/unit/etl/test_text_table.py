"""Text tables hand every cell on exactly as it was."""

import csv
import stat
from pathlib import Path

from etl.mapping.reading_text import text_reader
from etl.sources.text_table import TextTable, write_records
from warehouse.connection import open_for_building


def test_cells_come_back_exactly_and_a_missing_cell_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    records = [["a,b", 'say "so"', None], ["two\nlines", " 007 ", "x"]]
    assert write_records(path, ("one", "two", "three"), records) == 2
    with path.open(encoding="utf-8", newline="") as file:
        read = list(csv.reader(file))
    assert read == [["one", "two", "three"], ["a,b", 'say "so"', ""], ["two\nlines", " 007 ", "x"]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_record_is_placed_in_words_of_its_source(tmp_path: Path) -> None:
    table = TextTable(
        "Cases", tmp_path / "a.xlsx", "a.xlsx, sheet Cases", ("x",), tmp_path / "a.csv", 2,
        places=range(4, 6), place_word="row",
    )  # fmt: skip
    assert table.place_of(2) == "row 5"


def test_a_lone_carriage_return_stays_within_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    records = [["a\rb", "", 'c\r"d"'], ["plain", "x", "y"], ["\r", "a\r\nb", "z,\r"]]
    write_records(path, ("one", "two", "three"), records)
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == records
    table = TextTable("cases", path, "cases", ("one", "two", "three"), path, 3, range(1, 4))
    with open_for_building(None) as connection:
        read = connection.execute(f"select c1, c2, c3 from {text_reader(table)}").fetchall()
    assert read == [tuple(cell or None for cell in record) for record in records]
