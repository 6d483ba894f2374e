"""What kind of thing a column of a form holds, for the identifier gate and de-identification."""

from etl.sources.redcap.dictionary import Dictionary, DictionaryField
from etl.sources.redcap.events import EVENT_DAY
from etl.sources.redcap.layout import (
    ACCESS_GROUP,
    EVENT,
    REPEAT_FORM,
    REPEAT_NUMBER,
    Layout,
)

ID, DATE, CODE, NUMBER, FREE_TEXT = "id", "date", "code", "number", "free text"

SYSTEM_KINDS = {
    EVENT: CODE,
    EVENT_DAY: NUMBER,
    REPEAT_FORM: CODE,
    REPEAT_NUMBER: NUMBER,
    ACCESS_GROUP: CODE,
}


def privacy_kinds(layout: Layout, dictionary: Dictionary) -> dict[str, dict[str, str]]:
    """Return form -> column of its table -> kind.

    Identifying fields that were kept on demand are 'date' where they are dates, else 'id'.
    """
    shared = {dictionary.record_id.name: ID} | {
        name: kind
        for name, kind in SYSTEM_KINDS.items()
        if name in layout.system or (name == EVENT_DAY and EVENT in layout.system)
    }
    return {
        form.form: shared | {column.name: kind_of(column.field) for column in form.columns}
        for form in layout.forms
    }


def kind_of(field: DictionaryField) -> str:
    """Return what a field holds by what the dictionary says of it."""
    if field.is_date:
        return DATE
    if field.is_identifier:
        return ID
    if field.choices or field.field_type == "sql":
        return CODE
    if field.is_number or field.field_type == "calc":
        return NUMBER
    return FREE_TEXT
