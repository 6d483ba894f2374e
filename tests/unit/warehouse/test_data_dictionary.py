"""The data dictionary is the schema, in words."""

from warehouse.data_dictionary import data_dictionary, dictionary_path
from warehouse.source_schema import TABLES


def test_the_page_is_fresh():
    assert dictionary_path().read_text(encoding="utf-8") == data_dictionary(), (
        "run python -m warehouse.data_dictionary"
    )


def test_every_column_has_a_row():
    lines = data_dictionary().splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    assert len(rows) == sum(len(table.columns) for table in TABLES)
