"""The manual lists the columns that the OMOP reader makes."""

import re
from pathlib import Path

from etl.sources.omop.columns import AUGMENTATION_DAY, TABLES, header_of, privacy_kinds

MANUAL = Path(__file__).parents[4] / "docs" / "sources" / "omop.md"
NUMBERS = (
    "quantity", "days_supply", "value_as_number", "augmentation_number", "days_since_previous",
    "age_by_years",
)  # fmt: skip


def test_the_manual_lists_every_column_in_its_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (`person_id`|`\w+_id`), (.*) \|$", MANUAL.read_text("utf-8"), re.M)  # fmt: skip # noqa: E501
    listed = {table: tuple(re.findall(r"`(\w+)`", f"{first}, {rest}")) for table, first, rest in rows}  # fmt: skip # noqa: E501
    assert listed == {table.name: header_of(table) for table in (*TABLES, AUGMENTATION_DAY)}


def test_the_manual_tells_the_kind_of_every_column() -> None:
    for columns in privacy_kinds().values():
        for name, kind in columns.items():
            assert kind == kind_by_manual(name), name


def kind_by_manual(name: str) -> str:
    if name.endswith("_id"):
        return "id"
    if name.endswith(("_date", "_datetime")) or name == "year_of_birth":
        return "date"
    if name in NUMBERS:
        return "number"
    return "free text" if name in ("value_as_string", "value_source_value") else "code"
