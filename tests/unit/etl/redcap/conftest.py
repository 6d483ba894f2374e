"""Small REDCap projects written for a test, and a reading of them."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from etl.sources.redcap.export import RedcapProject, read_redcap_project
from etl.sources.text_table import TextTable

DICTIONARY_HEADER = [
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note",
    "Text Validation Type OR Show Slider Number", "Text Validation Min", "Text Validation Max",
    "Identifier?", "Branching Logic (Show field only if...)", "Required Field?",
]  # fmt: skip


def line(
    name: str, form: str, field_type: str = "text", choices: str = "", validation: str = "",
    *, identifier: str = "", branching: str = "", label: str = "",
) -> list[str]:  # fmt: skip
    """Return one line of a dictionary."""
    return [
        name, form, "", field_type, label or name.title(), choices, "", validation, "", "",
        identifier, branching, "",
    ]  # fmt: skip


def records_of(table: TextTable) -> list[dict[str, str]]:
    """Return the records of a table as it is read from disk."""
    with table.readable_path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def read_project(tmp_path: Path) -> Callable[..., RedcapProject]:
    """Return a function that writes a dictionary and an export, and reads them."""

    def read(
        lines: Sequence[Sequence[str]], text: str | list[str], **options: object
    ) -> RedcapProject:
        dictionary = tmp_path / "dictionary.csv"
        with dictionary.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([DICTIONARY_HEADER, *lines])
        export = tmp_path / "export.csv"
        joined = text if isinstance(text, str) else "\n".join(text) + "\n"
        export.write_text(joined, encoding="utf-8", newline="")
        workspace = tmp_path / "workspace"
        workspace.mkdir(exist_ok=True)
        return read_redcap_project(export, dictionary, workspace=workspace, **options)  # type: ignore[arg-type]

    return read
