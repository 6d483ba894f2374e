"""The identifier gate's conditions on one value, as SQL expressions."""

from etl.identifier_shapes import (
    FREE_TEXT,
    LONGEST_VALUE,
    PLAIN,
    Shape,
    any_of,
    scope_of,
    shapes_for,
)

HIGHEST_AGE = 90
"""Recorded for 90 and over; 45 CFR 164.514(b)(2)(i)(C) lets no age above 89 stand apart."""
OLDEST_PERSON = 130
"""Numbers above are no ages: a rule refuses their rows."""

_ENCODED = "encoded text"


def is_suspicious(column: str, value: str, dates_allowed: bool) -> str:
    """Return the SQL that is true where any shape may fit; nearly all values leave at once."""
    scope = scope_of(column)
    text = f"trim({value})"
    shapes = any_of(shapes_for(scope, dates_allowed=dates_allowed))
    age = f"when {_age_condition(text)} then true" if _is_age(column) else ""
    return f"""case {age}
        when {value} is null or regexp_full_match({value}, {sql_text(PLAIN[scope])}) then false
        when strlen({value}) > {LONGEST_VALUE} then true
        else regexp_matches({text}, {sql_text(shapes)}) or {_encoded_condition(text)} end"""


def kind_of_identifier(column: str, value: str, dates_allowed: bool) -> str:
    """Return the SQL that gives the kind of identifier of a suspicious value, or null."""
    text = f"trim({value})"
    age = f"when {_age_condition(text)} then 'age over {HIGHEST_AGE}'" if _is_age(column) else ""
    kinds = " ".join(
        f"when {_condition(shape, text)} then {sql_text(shape.kind)}"
        for shape in shapes_for(scope_of(column), dates_allowed=dates_allowed)
    )
    return f"""case when not ({is_suspicious(column, value, dates_allowed)}) then null {age}
        when strlen({value}) > {LONGEST_VALUE} then {sql_text(FREE_TEXT)}
        {kinds}
        when {_encoded_condition(text)} then {sql_text(_ENCODED)} end"""


def _condition(shape: Shape, value: str) -> str:
    matches = f"regexp_matches({value}, {sql_text(shape.pattern)})"
    if shape.unless:
        return f"{matches} and not regexp_matches({value}, {sql_text(shape.unless)})"
    return matches


def _age_condition(value: str) -> str:
    number = f"try_cast(regexp_extract({value}, '^([0-9]+([.][0-9]+)?)', 1) as double)"
    return f"{number} > {HIGHEST_AGE} and {number} <= {OLDEST_PERSON}"


def _encoded_condition(value: str) -> str:
    """Return the SQL that is true where base64 hides words, a list or an address.

    Sixteen characters of chance decode to such text once in about 50 million.
    """
    looks_encoded = (
        f"strlen({value}) >= 16 and strlen({value}) % 4 = 0 "
        f"and regexp_full_match({value}, '[A-Za-z0-9+/]+={{0,2}}')"
    )
    decoded = f"from_base64(case when {looks_encoded} then {value} end)::varchar"
    words = "[A-Za-z0-9.''-]*[ ,@/][A-Za-z0-9 ,.''@/-]+"
    return f"coalesce(regexp_full_match({decoded}, '{words}'), false)"


def _is_age(column: str) -> bool:
    words = column.casefold().split("_")
    return "age" in words and "fracture" not in words


def sql_text(value: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"
