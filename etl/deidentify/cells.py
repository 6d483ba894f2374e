"""What becomes of one canonical cell, and why its record is left out, as SQL expressions."""

from etl.identifier_expressions import HIGHEST_AGE, OLDEST_PERSON, kind_of_identifier, sql_text
from etl.mapping.expressions import NO_DATE, NO_REFERENCE_DATE
from warehouse.columns import Column

SURROGATE_KINDS = {
    "procedure_id": "procedure",
    "patient_id": "patient",
    "site_id": "site",
    "surgeon_id": "surgeon",
    "complication_id": "complication",
}
"""Column -> kind of thing that it names by a surrogate."""

UNREADABLE_DATE = "not a date in the declared format"
UNDATED_PROCEDURE = "its procedure has no date"

_PLAIN_TEXT = "[A-Za-z0-9_. -]{1,64}"


def trimmed(column: Column) -> str:
    """Return the SQL of a given cell without blanks around it, null where it is missing."""
    return f"nullif(nullif(trim({column.name}), ''), 'NA')"


def is_text(column: Column) -> bool:
    """Return whether a column holds short text of its own, such as a type of cement."""
    return column.kind == "identifier" and column.name not in SURROGATE_KINDS


def fault(column: Column) -> str:
    """Return the SQL of why a record cannot be kept for this cell, null where it can.

    The words never repeat the cell.
    """
    value = trimmed(column)
    missing = f"when {value} is null then {_missing(column)}"
    if column.kind == "identifier":
        return f"case {missing} end"
    if column.kind == "word":
        listed = ", ".join(map(sql_text, column.words))
        wrong = f"when {value} not in ({listed}) then 'not a word of this column'"
    else:
        wrong = (
            f"when {value} = {sql_text(NO_DATE)} then {sql_text(UNREADABLE_DATE)} "
            f"when {value} = {sql_text(NO_REFERENCE_DATE)} then {sql_text(UNDATED_PROCEDURE)} "
            f"when not coalesce({_is_possible(column, value)}, false) then {_not_a(column)}"
        )
    return f"case {missing} {wrong} end"


def kept(column: Column) -> str:
    """Return the SQL of what is written of a sound cell."""
    value = trimmed(column)
    if column.name in SURROGATE_KINDS:
        return f"of_{column.name}.surrogate"
    if is_text(column):
        name = f"regexp_replace({value}, ' +', '_', 'g')"
        return f"case when not coalesce({is_emptied(column)}, false) then {name} end"
    if column.kind == "word":
        return value
    number = f"try_cast({value} as double)"
    if column.name == "age_years":
        number = f"least({number}, {HIGHEST_AGE})"
    is_whole = f"{number} = trunc({number})"
    return f"case when {is_whole} then {number}::bigint::varchar else {number}::varchar end"


def is_emptied(column: Column) -> str:
    """Return the SQL that is true where a text looks identifying or is more than a short name."""
    value = trimmed(column)
    kind = kind_of_identifier(column.name, value, dates_allowed=False)
    return f"({kind}) is not null or not regexp_full_match({value}, {sql_text(_PLAIN_TEXT)})"


def is_capped(column: Column) -> str:
    """Return the SQL that is true where an age is written as 90 though it is higher."""
    return f"try_cast({trimmed(column)} as double) > {HIGHEST_AGE}"


def _missing(column: Column) -> str:
    return "'required and missing'" if column.required else "null"


def _is_possible(column: Column, value: str) -> str:
    number = f"try_cast({value} as double)"
    low, high = column.hard
    if column.name == "age_years":
        high = OLDEST_PERSON
    tests = [f"isfinite({number})"]
    tests += [] if low is None else [f"{number} {'>' if column.above_lower else '>='} {low}"]
    tests += [] if high is None else [f"{number} <= {high}"]
    tests += [f"{number} = trunc({number})"] if column.kind == "whole" else []
    return " and ".join(tests)


def _not_a(column: Column) -> str:
    return sql_text(f"not {column.allowed}")
