"""Keep the records of persons in scope, judged field by field by the specification."""

from etl.sources.omop.cdm_table import CdmTable
from etl.sources.omop.columns import OmopTable
from etl.sources.omop.persons import HOW_IN_SCOPE
from etl.sources.omop.specification import CdmField, cdm_fields
from warehouse.connection import Connection, DatabaseError
from warehouse.errors import SourceUnreadable

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"
_ZONE = r"\s?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)"

LOCAL_TIME = f"^{_DAY}[ T]{_TIME}$"
ZONED_TIME = f"^{_DAY}[ T]{_TIME}{_ZONE}$"
_MIDNIGHT_OR_DAY = rf"^{_DAY}([ T]00:00(:00(\.0+)?)?)?$"

_ALLOWED = {
    "integer": "a whole number",
    "number": "a number",
    "date": "a day such as 2024-01-31",
    "datetime": "a time such as 2024-01-31 14:30:00",
}


def keep_records(connection: Connection, source: CdmTable, table: OmopTable, version: str) -> int:
    """Make table kept_<name> of the records of persons in scope, and return how many.

    It holds `record`, the fields as text, and `fault`: the first reason why the record cannot
    be read, or null. The procedures also hold `how`, how they are known for augmentations.

    Raises
    ------
    SourceUnreadable
        If the warehouse reads another number of records than were counted.
    """
    fields = cdm_fields()[table.name]
    whole = [name for name in table.fields if fields[name].type == "integer"]
    how = HOW_IN_SCOPE if table.name == "procedure_occurrence" else "cast(null as varchar)"
    wanted = (
        "person_id in (select person_id from persons_in_scope) "
        "or (person_id is null and how is not null)"
    )
    last = f" or record >= {source.records}" if source.is_counted else ""
    try:
        connection.execute(
            f"create table kept_{table.name} as "
            f"select *, {_fault(table, source, version)} as fault "
            f"from (select *, {how} as how from ({source.select(table.fields, whole=whole)})) "
            f"where {wanted}{last}"
        )
    except DatabaseError:
        raise SourceUnreadable(
            f"{source.title}: cannot be read as a table\n  Export it again."
        ) from None
    if source.is_counted:
        _check_count(connection, source, table)
        connection.execute(f"delete from kept_{table.name} where ({wanted}) is not true")
    return int(connection.execute(f"select count(*) from kept_{table.name}").fetchall()[0][0])


def _check_count(connection: Connection, source: CdmTable, table: OmopTable) -> None:
    """Raise where the last record is not the one that counting the file found."""
    last = connection.execute(f"select coalesce(max(record), 0) from kept_{table.name}").fetchall()
    if last[0][0] != source.records:
        raise SourceUnreadable(
            f"{source.title}: two ways of reading found different numbers of records\n"
            "  Export the file again, with quotes around texts."
        )


def _fault(table: OmopTable, source: CdmTable, version: str) -> str:
    fields = cdm_fields()[table.name]
    reasons = [
        reason
        for name in table.fields
        if name in source.columns
        for reason in _reasons(fields[name], version)
    ]
    return f"coalesce({', '.join([*reasons, 'null'])})"


def _reasons(field: CdmField, version: str) -> list[str]:
    """Return SQL of each reason that a value of a field gives to leave its record out."""
    reasons = []
    if field.is_in(version) and field.is_required_in(version):
        reasons.append(f"case when {field.name} is null then 'field {field.name} is missing' end")
    sound = _soundness(field)
    if sound:
        told = f"field {field.name} is not {_ALLOWED[field.type]}"
        reasons.append(f"case when {field.name} is not null and not ({sound}) then '{told}' end")
    return reasons


def _soundness(field: CdmField) -> str:
    name = field.name
    if field.type == "integer":
        return f"regexp_full_match({name}, '-?[0-9]{{1,18}}')"
    if field.type == "number":
        return f"coalesce(isfinite(try_cast({name} as double)), false)"
    day = f"try_cast(left({name}, 10) as date) is not null"
    if field.type == "date":
        return f"regexp_matches({name}, '{_MIDNIGHT_OR_DAY}') and {day}"
    if field.type == "datetime":
        forms = f"^{_DAY}$|{LOCAL_TIME}|{ZONED_TIME}"
        return f"regexp_matches({name}, '{forms}') and {day}"
    return ""
