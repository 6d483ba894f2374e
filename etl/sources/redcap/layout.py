"""Which columns of a flat export belong to which form of its project."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.sources.redcap.dictionary import Dictionary, DictionaryField
from etl.sources.redcap.missing_codes import is_missing_data_code
from warehouse.errors import SourceUnreadable

EVENT, REPEAT_FORM = "redcap_event_name", "redcap_repeat_instrument"
REPEAT_NUMBER, ACCESS_GROUP = "redcap_repeat_instance", "redcap_data_access_group"
SURVEY_IDENTIFIER = "redcap_survey_identifier"
SYSTEM_COLUMNS = (EVENT, REPEAT_FORM, REPEAT_NUMBER, ACCESS_GROUP)
COMPLETE_CHOICES = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}
EXPORT_RAW = "Export again as 'CSV / Microsoft Excel (raw data)' and load that file."

_FILES = {"file": "a stored file", "signature": "a stored file"}


@dataclass(frozen=True)
class FormColumn:
    """One column of the export that goes into the table of its form."""

    name: str
    position: int
    field: DictionaryField


@dataclass(frozen=True)
class CheckboxGroup:
    """The columns of one checkbox field: one for each choice and each missing data code."""

    field: DictionaryField
    positions: tuple[int, ...]
    missing_positions: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class FormLayout:
    """Where the parts of one form stand in a record of the export.

    Attributes
    ----------
    form : str
    columns : tuple of FormColumn
        Those of its table, besides the record's name and REDCap's own columns.
    checkboxes : tuple of CheckboxGroup
    entered : tuple of int
        Positions of what a person fills in and that is no checkbox, identifiers among them.
    complete : int or None
        Position of the form's status.
    dropped : dict of str to str
        Columns that go into no table -> why.
    lacking : tuple of str
        Fields of the dictionary that the export lacks.
    """

    form: str
    columns: tuple[FormColumn, ...]
    checkboxes: tuple[CheckboxGroup, ...]
    entered: tuple[int, ...]
    complete: int | None
    dropped: dict[str, str]
    lacking: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Layout:
    """How a flat export is laid out: positions by name, forms, and what belongs to none.

    The first form is the one that holds the field which names a record.
    """

    record_id: int
    system: dict[str, int]
    forms: tuple[FormLayout, ...]
    unknown_columns: tuple[str, ...]

    @property
    def dropped(self) -> dict[str, str]:
        """Return every column that goes into no table -> why."""
        every: dict[str, str] = {}
        for form in self.forms:
            every |= form.dropped
        return every


def lay_out(
    path: Path, header: Sequence[str], dictionary: Dictionary, kept: frozenset[str] = frozenset()
) -> Layout:
    """Assign every column of the export to its form.

    `kept` names identifying fields that stay, for a source that is about to be de-identified.

    Raises
    ------
    SourceUnreadable
        If the export has labels for a header, or belongs to another project.
    """
    positions = {name.strip(): place for place, name in enumerate(header)}
    _check_header(path, positions, dictionary)
    unclaimed = dict(positions)
    system = {name: unclaimed.pop(name) for name in SYSTEM_COLUMNS if name in unclaimed}
    forms = []
    record_id = unclaimed.pop(dictionary.record_id.name)
    for form in dictionary.forms:
        fields = [field for field in dictionary.fields[1:] if field.form == form]
        fields += [_timestamp_of(form), _status_of(form)]
        forms.append(_lay_out_form(form, fields, unclaimed, kept))
    if unclaimed.pop(SURVEY_IDENTIFIER, None) is not None:
        forms[0].dropped[SURVEY_IDENTIFIER] = "names who answered a survey"
    return Layout(record_id, system, tuple(forms), tuple(unclaimed))


def checkbox_column(field: str, code: str) -> str:
    """Return the name of the export's column for one choice of a checkbox field."""
    return f"{field}___{re.sub('[^a-z0-9]', '_', code.lower())}"


def _lay_out_form(
    form: str, fields: list[DictionaryField], unclaimed: dict[str, int], kept: frozenset[str]
) -> FormLayout:
    """Claim the columns of one form, in the order of the dictionary."""
    columns, groups, lacking = [], [], []
    entered: list[int] = []
    dropped: dict[str, str] = {}
    for field in fields:
        if field.field_type == "descriptive":
            continue
        missing = _missing_columns(field, unclaimed)
        found = {n: unclaimed.pop(n) for n in _names_of(field) if n in unclaimed}
        if field.is_checkbox and found:
            groups.append(CheckboxGroup(field, tuple(found.values()), tuple(missing.values())))
        elif found and field.field_type not in ("calc", "system"):
            entered += found.values()
        elif not found and field.field_type != "system":
            lacking.append(field.name)
        dropped |= dict.fromkeys(missing, "a missing data code of a checkbox field")
        reason = "" if field.name in kept else _reason_to_drop(field)
        if reason:
            dropped |= dict.fromkeys(found, reason)
        else:
            columns += [FormColumn(name, place, field) for name, place in found.items()]
    complete = next((c.position for c in columns if c.name == f"{form}_complete"), None)
    return FormLayout(
        form, tuple(columns), tuple(groups), tuple(entered), complete, dropped, tuple(lacking)
    )


def _names_of(field: DictionaryField) -> list[str]:
    if not field.is_checkbox:
        return [field.name]
    return [checkbox_column(field.name, code) for code in field.choices]


def _missing_columns(field: DictionaryField, unclaimed: dict[str, int]) -> dict[str, int]:
    """Claim the columns that a checkbox field has for the project's missing data codes."""
    start, own = f"{field.name}___", _names_of(field)
    names = [
        name
        for name in unclaimed
        if field.is_checkbox
        and name.startswith(start)
        and name not in own
        and is_missing_data_code(name.removeprefix(start))
    ]
    return {name: unclaimed.pop(name) for name in names}


def _reason_to_drop(field: DictionaryField) -> str:
    if field.is_marked_identifier:
        return "marked as an identifier in the dictionary"
    if field.is_identifier:
        return f"an identifier by its validation, {field.validation}"
    return _FILES.get(field.field_type, "")


def _timestamp_of(form: str) -> DictionaryField:
    name = f"{form}_timestamp"
    return DictionaryField(name, form, "system", name, {}, "datetime_seconds_ymd", False, False)


def _status_of(form: str) -> DictionaryField:
    name = f"{form}_complete"
    return DictionaryField(name, form, "system", name, COMPLETE_CHOICES, "", False, False)


def _check_header(path: Path, positions: dict[str, int], dictionary: Dictionary) -> None:
    """Refuse a header of labels, and one of another project."""
    record_id = dictionary.record_id
    if record_id.name in positions:
        return
    labels = {field.label for field in dictionary.fields} | {"Event Name", "Complete?"}
    if record_id.label in positions or sum(name in labels for name in positions) >= 2:
        raise SourceUnreadable(
            f"{path.name}, line 1: the columns are named by labels, not by fields\n"
            f"  A labels export cannot be told apart from its texts. {EXPORT_RAW}"
        )
    raise SourceUnreadable(
        f"{path.name}, line 1: has no column {record_id.name!r}, which names a record in "
        f"{dictionary.path.name}\n"
        "  Give the export and the dictionary of one project, with all its fields."
    )
