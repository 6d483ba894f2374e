"""The identifier gate's conditions on one value, as SQL expressions."""

from dataclasses import dataclass

from etl.identifier_catalogue import AGE, Shape
from etl.identifier_dates import ALONE
from etl.identifier_names import words_of
from etl.identifier_scopes import PLAIN, Scope, scope_of
from etl.identifier_shapes import LONGEST_VALUE, any_of, shapes_for
from etl.identifier_words import FREE_TEXT

HIGHEST_AGE = 90
"""Recorded for 90 and over; 45 CFR 164.514(b)(2)(i)(C) lets no age above 89 stand apart."""
OLDEST_PERSON = 130
"""Numbers above are no ages: a rule refuses their rows."""

_ENCODED = "encoded text"
_AGES = frozenset("age ages alter edad leeftijd".split())  # noqa: SIM905
_OF_NO_PERSON = frozenset("fracture lesion injury symptom symptoms implant device".split())  # noqa: SIM905
_IN_MONTHS = frozenset("months monate meses mois".split())  # noqa: SIM905
_TOLD_BY_A_WORD = ("word", "other", "place", "moment")


@dataclass(frozen=True)
class Look:
    """How the values of a column are looked at; columns of the same look are looked at together.

    Attributes
    ----------
    scope : Scope
    per_year : int
        Units of an age in a year; 0 where the column holds no age.
    dates_allowed : bool
    """

    scope: Scope
    per_year: int
    dates_allowed: bool


def look_of(column: str, *, dates_allowed: bool) -> Look:
    """Return how the values of a column of this name are looked at."""
    words = set(words_of(column))
    is_age = bool(words & _AGES) and not words & _OF_NO_PERSON
    per_year = (12 if words & _IN_MONTHS else 1) if is_age else 0
    return Look(scope_of(column), per_year, dates_allowed)


def is_candidate(look: Look, value: str) -> str:
    """Return the SQL that is false of the values that no shape can fit, at the cost of one test."""
    tests = [f"when {value} is null then false"]
    if look.per_year:
        tests.append(f"when {_age_condition(look, value)} then true")
    if look.scope in _TOLD_BY_A_WORD and not look.dates_allowed:
        tests.append(f"when {value} in ({_MONTHS_AND_WEEKDAYS}) then true")
    return (
        f"case {' '.join(tests)} "
        f"else not regexp_full_match({value}, {sql_text(PLAIN[look.scope])}) end"
    )


def kind_of_candidate(look: Look, value: str) -> str:
    """Return the SQL that gives the kind of identifier of a candidate, null where it is none."""
    text = f"trim({value})"
    shapes = shapes_for(look.scope, dates_allowed=look.dates_allowed)
    kinds = " ".join(
        f"when {_condition(shape, text)} then {sql_text(shape.kind)}" for shape in shapes
    )
    age = f"when {_age_condition(look, value)} then {sql_text(AGE)}" if look.per_year else ""
    return f"""case {age}
        when {_encoded_condition(text)} then {sql_text(_ENCODED)}
        when not regexp_matches({text}, {sql_text(any_of(shapes))}) then {_if_long(value)}
        {kinds} else {_if_long(value)} end"""


def fits_a_shape(look: Look, value: str) -> str:
    """Return the SQL that is false of candidates of no kind, at the cost of one pattern."""
    text = f"trim({value})"
    shapes = shapes_for(look.scope, dates_allowed=look.dates_allowed)
    tests = [
        f"regexp_matches({text}, {sql_text(any_of(shapes))})",
        f"strlen({value}) > {LONGEST_VALUE}",
        _encoded_condition(text),
    ]
    if look.per_year:
        tests.append(_age_condition(look, value))
    return " or ".join(f"coalesce({test}, false)" for test in tests)


def kind_of_identifier(column: str, value: str, *, dates_allowed: bool) -> str:
    """Return the SQL that gives the kind of identifier of any value of a column, or null."""
    look = look_of(column, dates_allowed=dates_allowed)
    return f"case when {is_candidate(look, value)} then {kind_of_candidate(look, value)} end"


def sql_text(value: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


_MONTHS_AND_WEEKDAYS = ", ".join(
    sql_text(form) for word in ALONE for form in (word, word.capitalize(), word.upper())
)


def _if_long(value: str) -> str:
    return f"case when strlen({value}) > {LONGEST_VALUE} then {sql_text(FREE_TEXT)} end"


def _condition(shape: Shape, value: str) -> str:
    matches = f"regexp_matches({value}, {sql_text(shape.pattern)})"
    if shape.unless:
        return f"{matches} and not regexp_matches({value}, {sql_text(shape.unless)})"
    return matches


def _age_condition(look: Look, value: str) -> str:
    number = f"try_cast(regexp_extract(trim({value}), '^([0-9]+([.][0-9]+)?)', 1) as double)"
    oldest = OLDEST_PERSON * look.per_year
    return f"{number} > {HIGHEST_AGE * look.per_year} and {number} <= {oldest}"


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
