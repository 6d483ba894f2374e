"""The data dictionary of a REDCap project: its fields, their forms, types and choices."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.sources.delimited import read_delimited
from warehouse.errors import SourceUnreadable

_HEADERS = {
    "name": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "field_type": ("Field Type", "field_type"),
    "label": ("Field Label", "field_label"),
    "choices": (
        "Choices, Calculations, OR Slider Labels",
        "Choices OR Calculations",
        "select_choices_or_calculations",
    ),
    "validation": (
        "Text Validation Type OR Show Slider Number",
        "text_validation_type_or_show_slider_number",
    ),
    "identifier": ("Identifier?", "identifier"),
    "branching": ("Branching Logic (Show field only if...)", "branching_logic"),
}
"""What we read of a dictionary -> the column as the project page and as the API call it."""

_FIXED_CHOICES = {
    "yesno": {"1": "Yes", "0": "No"},
    "truefalse": {"1": "True", "0": "False"},
}
_CHOICE_TYPES = frozenset({"radio", "dropdown", "checkbox"})
_IDENTIFYING_VALIDATIONS = (
    "email", "mrn", "phone", "postalcode", "ssn", "vmrn", "zipcode",
)  # fmt: skip
_DOWNLOAD = (
    "Download the dictionary of the project (Project Setup > Data Dictionary > Download the "
    "current Data Dictionary) and give that file."
)


@dataclass(frozen=True)
class DictionaryField:
    """One field of a project.

    Attributes
    ----------
    name, form, field_type, label : str
        As in the dictionary; `field_type` is radio, text, notes, calc, checkbox and so on.
    choices : mapping of str to str
        Code -> label; empty for a field without choices.
    validation : str
        Text validation type, such as 'number_comma_decimal'; empty without one.
    is_marked_identifier : bool
        True where the dictionary says so.
    has_branching : bool
        True where the field is shown only under a condition.
    """

    name: str
    form: str
    field_type: str
    label: str
    choices: Mapping[str, str]
    validation: str
    is_marked_identifier: bool
    has_branching: bool

    @property
    def is_checkbox(self) -> bool:
        """Return whether the export has one column for each choice."""
        return self.field_type == "checkbox"

    @property
    def is_identifier(self) -> bool:
        """Return whether the field identifies: marked so, or of a validation made for it."""
        return self.is_marked_identifier or self.validation.startswith(_IDENTIFYING_VALIDATIONS)

    @property
    def is_number(self) -> bool:
        """Return whether every value has to be a number."""
        return self.validation.startswith(("integer", "number")) or self.field_type == "slider"

    @property
    def has_comma_decimals(self) -> bool:
        """Return whether the export writes one and a half as 1,5."""
        return self.validation.endswith("comma_decimal")

    @property
    def is_date(self) -> bool:
        """Return whether every value has to be a date, with a time of day or without."""
        return self.validation.startswith("date")

    @property
    def is_free_text(self) -> bool:
        """Return whether people may have written anything."""
        return self.field_type == "notes" or (self.field_type == "text" and not self.validation)


@dataclass(frozen=True, eq=False)
class Dictionary:
    """All fields of a project in their order; the first one names a record."""

    path: Path
    fields: tuple[DictionaryField, ...]

    @property
    def record_id(self) -> DictionaryField:
        """Return the field that names a record."""
        return self.fields[0]

    @property
    def forms(self) -> tuple[str, ...]:
        """Return the names of the forms, in order."""
        return tuple(dict.fromkeys(field.form for field in self.fields))


def read_dictionary(path: Path, *, workspace: Path) -> Dictionary:
    """Read a data dictionary, as downloaded from the project page or from the API.

    Raises
    ------
    SourceUnreadable
        If the file is no data dictionary, or one of its lines cannot be understood.
    """
    folder = workspace / "dictionary"
    folder.mkdir(exist_ok=True)
    file = read_delimited(path, table="dictionary", workspace=folder)
    positions = _positions(path, file.header)
    if file.ragged:
        line, reason = file.ragged[0].line, file.ragged[0].reason
        raise SourceUnreadable(f"{path.name}, line {line}: {reason}\n  {_DOWNLOAD}")
    fields = []
    with file.readable_path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        next(reader)
        for number, cells in enumerate(reader, start=1):
            parts = {part: cells[place].strip() for part, place in positions.items()}
            fields.append(_field(parts, f"{path.name}, line {file.line_of(number)}"))
    _check(path, fields)
    return Dictionary(path, tuple(fields))


def describe_choices(dictionary: Dictionary) -> dict[str, dict[str, str]]:
    """Return field -> {code: label} for every field of the project that has choices."""
    return {field.name: dict(field.choices) for field in dictionary.fields if field.choices}


def _positions(path: Path, header: tuple[str, ...]) -> dict[str, int]:
    """Return where each part stands in a line, or refuse what is no dictionary."""
    places = {name.strip().strip('"').casefold(): place for place, name in enumerate(header)}
    found = {
        part: places[name.casefold()]
        for part, names in _HEADERS.items()
        for name in names
        if name.casefold() in places
    }
    missing = [names[0] for part, names in _HEADERS.items() if part not in found]
    if missing:
        raise SourceUnreadable(
            f"{path.name}, line 1: no REDCap data dictionary, column {missing[0]!r} is missing\n"
            f"  {_DOWNLOAD}"
        )
    return found


def _field(parts: dict[str, str], place: str) -> DictionaryField:
    field_type = parts["field_type"].lower()
    if not (parts["name"] and parts["form"] and field_type):
        raise SourceUnreadable(f"{place}: a field needs a name, a form and a type\n  {_DOWNLOAD}")
    choices = _FIXED_CHOICES.get(field_type, {})
    if field_type in _CHOICE_TYPES:
        choices = _choices(parts["choices"], f"{place}, field {parts['name']!r}")
    return DictionaryField(
        name=parts["name"],
        form=parts["form"],
        field_type=field_type,
        label=parts["label"],
        choices=choices,
        validation=parts["validation"].lower() if field_type == "text" else "",
        is_marked_identifier=parts["identifier"].lower() == "y",
        has_branching=bool(parts["branching"]),
    )


def _choices(text: str, place: str) -> dict[str, str]:
    """Read '1, Asian | 2, Black'; a choice without a comma is its own label."""
    choices: dict[str, str] = {}
    for choice in filter(None, (part.strip() for part in text.split("|"))):
        code, comma, label = choice.partition(",")
        code = code.strip()
        if code in choices:
            raise SourceUnreadable(
                f"{place}: code {code!r} stands for two choices\n"
                "  Allowed: one choice for each code. Correct the project and export both again."
            )
        choices[code] = label.strip() if comma else code
    if not choices:
        raise SourceUnreadable(f"{place}: has no choices\n  {_DOWNLOAD}")
    return choices


def _check(path: Path, fields: list[DictionaryField]) -> None:
    names = [field.name for field in fields]
    if not names:
        raise SourceUnreadable(f"{path.name}: names no field\n  {_DOWNLOAD}")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise SourceUnreadable(f"{path.name}: field {twice!r} is named twice\n  {_DOWNLOAD}")
