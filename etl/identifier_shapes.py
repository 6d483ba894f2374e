"""Tell from the shape of a value that it identifies somebody.

Patterns keep to what RE2 and Python's `re` read alike, because the warehouse looks at values
in bulk and Python at the text of single records.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from etl.identifier_names import DATE, POSTAL_CODE
from warehouse.columns import Column
from warehouse.source_schema import TABLES

Scope = Literal["surrogate", "person", "word", "number", "other"]
"""What a column is for: a surrogate key (`person` where it stands for a patient or a surgeon),
one of a few words, a number, or anything else."""

FREE_TEXT = "free text"
MAYBE_DATE, DIGITS = "date or number", "number"
"""Whole numbers that read as a date, and others as long: only together they tell which it is."""

EVERYWHERE: tuple[Scope, ...] = ("surrogate", "person", "word", "number", "other")
SURROGATES: tuple[Scope, ...] = ("surrogate", "person")
NOT_SURROGATES: tuple[Scope, ...] = ("word", "number", "other")

_YEAR, _MONTH = "(18|19|20)[0-9]{2}", "(0?[1-9]|1[0-2])"
_DAY = "(0?[1-9]|[12][0-9]|3[01])"
_MONTH_NAME = (
    "(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sep(t|tember)?"
    "|oct(ober)?|nov(ember)?|dec(ember)?)"
)
_COMPACT_DATE = f"{_YEAR}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
_BYTE = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_LETTER = "A-Za-zÀ-ÖØ-öø-ɏ"
_START, _END = "(^|[^0-9])", "($|[^0-9])"
_APART, _ENDED = "(^|[^0-9A-Za-z])", "($|[^0-9A-Za-z])"

_VOCABULARY = sorted(
    {
        part
        for table in TABLES
        for column in table.columns
        for word in column.words
        for part in word.casefold().split("_")
        if len(part) > 2
    }
)


@dataclass(frozen=True)
class Shape:
    """A pattern that tells a kind of identifier in columns of some scopes."""

    kind: str
    pattern: str
    scopes: tuple[Scope, ...] = EVERYWHERE
    unless: str = ""


def _labelled(words: str) -> str:
    """Return a pattern for a number with its label, such as 'MRN 123456'."""
    label = f"({words})([ .:#-]+(no|number|nr|id)?[ .:#-]*[0-9]{{3,}}|[0-9]{{3,}}{_ENDED})"
    return f"(?i){_APART}{label}"


SHAPES = (
    # First, because a whole column of surrogates may be such numbers.
    Shape(MAYBE_DATE, f"^{_COMPACT_DATE}([0-9]{{4}}|[0-9]{{6}})?$", SURROGATES),
    Shape(MAYBE_DATE, f"^{_YEAR}-(0[1-9]|1[0-2])$", SURROGATES),
    Shape(DIGITS, "^([0-9]{8}|[0-9]{12}|[0-9]{14}|[0-9]{4}-[0-9]{2})$", SURROGATES),
    Shape("e-mail address", r"[^\s@,;]+@[^\s@]+\.[A-Za-z]{2,}"),
    Shape("web address", r"(?i)(https?|ftp)://|(^|[^a-z])www\."),
    Shape("social security number", f"{_START}[0-9]{{3}}[- ][0-9]{{2}}[- ][0-9]{{4}}{_END}"),
    Shape("fax number", f"(?i){_APART}fax[^0-9a-z]{{0,5}}[0-9(+][0-9() .-]{{5,}}"),
    Shape(
        "telephone number", f"(?i){_APART}(tel|phone|mobile)[^0-9a-z]{{0,5}}[0-9(+][0-9() .-]{{5,}}"
    ),
    Shape(
        "telephone number",
        _APART + r"(\+?1[-. ]?)?\(?[2-9][0-9]{2}\)?[-. /]{0,2}[0-9]{3}[-. ][0-9]{4}" + _END,
    ),
    Shape("telephone number", r"\+[0-9][0-9() .-]{6,}[0-9]"),
    Shape("telephone number", "^[2-9][0-9]{2}[- .][0-9]{4}$", ("word", "other")),
    Shape("network address", rf"(^|[^0-9.])({_BYTE}\.){{3}}{_BYTE}($|[^0-9.])"),
    Shape(
        "network address",
        "(?i)^([0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}$|^([0-9a-f]{1,4}:)+:[0-9a-f:]*$",
    ),
    Shape("medical record number", _labelled("mrn|mr#|med ?rec|medical record|nhs|chart")),
    Shape("social security number", _labelled("ssn")),
    Shape("account number", _labelled("acct|account")),
    Shape("health plan number", _labelled("policy|medicare|medicaid|insurance|member")),
    Shape("licence number", _labelled("npi|dea|licen[sc]e")),
    Shape("device serial or lot number", _labelled("serial|s/n|lot|udi")),
    Shape("device serial or lot number", r"\(01\)[0-9]{14}"),
    Shape(
        "geographic position", r"^-?[0-9]{1,3}\.[0-9]{3,}[ ,;]+-?[0-9]{1,3}\.[0-9]{3,}$|[0-9] ?°"
    ),
    Shape(DATE, f"{_START}{_YEAR}[-/._]{_MONTH}[-/._]{_DAY}{_END}"),
    Shape(DATE, f"{_START}{_DAY}[-/._ ]{_DAY}[-/._ ]{_YEAR}{_END}"),
    Shape(DATE, f"{_START}{_DAY}/{_DAY}/[0-9]{{2}}{_END}"),
    Shape(DATE, f"^{_DAY}[-.]{_DAY}[-.][0-9]{{2}}$", ("word", "number")),
    Shape(DATE, f"(?i){_APART}{_DAY}[-. /]?{_MONTH_NAME}[-., /]*[0-9]{{2,4}}{_ENDED}"),
    Shape(DATE, f"(?i){_APART}{_MONTH_NAME}[-. /]*{_DAY}[-., /]+[0-9]{{2,4}}{_ENDED}"),
    Shape(DATE, f"(?i){_APART}{_MONTH_NAME}[-., /]*{_YEAR}{_ENDED}"),
    Shape(DATE, f"(?i)^{_MONTH_NAME}[-. /][0-9]{{2}}$", NOT_SURROGATES),
    Shape(DATE, f"^{_YEAR}[-/](0[1-9]|1[0-2])$|^{_MONTH}[-/]{_YEAR}$", NOT_SURROGATES),
    Shape(DATE, f"^{_COMPACT_DATE}([0-9]{{4}}|[0-9]{{6}})?(\\.0+)?$", NOT_SURROGATES),
    Shape("social security number", r"^[0-9]{9}(\.0+)?$", unless="^000"),
    Shape("telephone number", r"^1?[1-9][0-9]{9}(\.0+)?$"),
    Shape(POSTAL_CODE, "^[0-9]{5}(-[0-9]{4})?$", ("word",)),
    Shape(POSTAL_CODE, "^[0-9]{5}-[0-9]{4}$|(^|, ?)[A-Z]{2},? [0-9]{5}$", ("word", "other")),
    Shape(
        "address",
        r"(?i)(^|\s)[0-9]+ .*\b(street|st|avenue|ave|road|rd|drive|lane|boulevard|blvd)\b"
        r"|\bp\.? ?o\.? box\b",
    ),
    Shape("name", rf"(?i)^(dr|mr|mrs|ms|miss|prof|professor)(\.|[ ,])\s*[{_LETTER}][{_LETTER}'’]+"),
    Shape(
        "name",
        rf"^[{_LETTER}][{_LETTER}'’ .-]+,\s*[{_LETTER}][{_LETTER}'’ .-]*$",
        unless=rf"(?i)\b({'|'.join(_VOCABULARY)})\b",
    ),
    Shape(
        "name",
        rf"^[{_LETTER}][{_LETTER}'’-]+( [A-Z]\.?)? [{_LETTER}][{_LETTER}'’-]+$"
        rf"|^[A-Z](\. ?| )[{_LETTER}]{{3,}}$|^[A-Z][a-z]{{2,}} [A-Z]\.?$",
        SURROGATES,
        unless=r"(?i)^(surgeon|site|patient|subject|doctor|provider|operator|clinic|hospital"
        r"|practice|cent(er|re)|unit|case|group|practitioner|physician) ",
    ),
    Shape(
        "name",
        "^[A-Z][a-z]{2,}$",
        ("person",),
        unless="(?i)^(unknown|other|none|missing|alpha|beta|gamma|delta|epsilon|surgeon|patient)$",
    ),
    Shape(FREE_TEXT, rf"([{_LETTER}]\S*\s+){{5}}\S"),
)

LONGEST_VALUE = 100
"""Characters; anything longer is free or encoded text, whatever its shape."""

_PLAIN_SURROGATE = (
    "[A-Za-z]{0,2}[-_]?[0-9]{1,7}[A-Za-z]?"
    "|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32,64}"
)
PLAIN: dict[Scope, str] = {
    "surrogate": _PLAIN_SURROGATE,
    "person": _PLAIN_SURROGATE,
    "word": "[a-z_]{1,40}|[A-Z]?[0-9]{1,2}",
    "number": r"-?[0-9]{1,7}(\.[0-9]{1,20})?",
    "other": r"[a-z_]{1,40}|-?[0-9]{1,7}(\.[0-9]{1,20})?",
}
"""Scope -> pattern of the values that no shape fits, to pass nearly all of them quickly."""

_COLUMNS: dict[str, Column] = {column.name: column for table in TABLES for column in table.columns}


def scope_of(column_name: str) -> Scope:
    """Return the scope of a column, by its declaration or by its name."""
    if column_name in ("patient_id", "surgeon_id"):
        return "person"
    if column_name.casefold().endswith("_id"):
        return "surrogate"
    column = _COLUMNS.get(column_name)
    if column is None or column.kind == "identifier":
        return "other"
    return "word" if column.kind == "word" else "number"


def shapes_for(scope: Scope, *, dates_allowed: bool) -> list[Shape]:
    """Return the shapes to look for in columns of one scope, the most telling first."""
    allowed = (DATE, MAYBE_DATE, DIGITS, POSTAL_CODE) if dates_allowed else ()
    return [shape for shape in SHAPES if scope in shape.scopes and shape.kind not in allowed]


def any_of(shapes: Iterable[Shape]) -> str:
    """Return one pattern that matches wherever one of `shapes` may."""
    return "|".join(
        f"(?i:{shape.pattern.removeprefix('(?i)')})"
        if shape.pattern.startswith("(?i)")
        else f"(?:{shape.pattern})"
        for shape in shapes
    )


def kind_of_value(value: str, *, dates_allowed: bool) -> str | None:
    """Return the kind of identifier that one cell of an unknown column looks like, or None."""
    value = value.strip()
    if len(value) > LONGEST_VALUE:
        return FREE_TEXT
    for shape in shapes_for("other", dates_allowed=dates_allowed):
        if re.search(shape.pattern, value) and not (
            shape.unless and re.search(shape.unless, value)
        ):
            return shape.kind
    return None
