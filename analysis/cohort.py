"""Who is in: one grammar for page, permalink and command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import parse_qsl, urlencode

from warehouse.errors import SourceUnreadable
from warehouse.vocabulary import CAUSES, SETTINGS, SEXES, TECHNIQUES

OLDEST_AGE = 90
_FIRST_YEAR, _LAST_YEAR = 1984, 2100
_UNITS = ("index", "all")
_OF_THE_PAGE = frozenset(
    {"snapshot", "show", "within", "definition", "complications", "activity", "function"}
)
"""Keys of a permalink that say how a page is read, not who is in."""

_WORDS: dict[str, tuple[str, ...] | None] = {
    "technique": TECHNIQUES,
    "cause": CAUSES,
    "site": None,
    "surgeon": None,
    "sex": SEXES,
    "setting": (*SETTINGS, "unknown"),
    "levels": ("single", "multi", "unknown"),
}
"""Key -> allowed words; None where any recorded value will do."""


@dataclass(frozen=True)
class Cohort:
    """Which procedures are looked at; empty lists and None mean all.

    Attributes
    ----------
    technique, cause, site, surgeon, sex, setting, levels : tuple of str
        Any of these; 'unknown' is a value where a record may lack one.
    age_from, age_to : int or None
        Inclusive; 90 stands for 90 and over.
    year_from, year_to : int or None
        Inclusive procedure years.
    unit : {'index', 'all'}
        One index procedure per patient, or every completed procedure.
    """

    technique: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    surgeon: tuple[str, ...] = ()
    sex: tuple[str, ...] = ()
    setting: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    unit: str = "index"

    def as_parameter(self) -> dict[str, Any]:
        """Return the struct that the `cohort` macro takes as $cohort."""
        return {
            field.name: list(value) if isinstance(value, tuple) else value
            for field in fields(self)
            for value in [getattr(self, field.name)]
        }

    def as_query(self) -> str:
        """Return the query string that a permalink carries; defaults stay out of it."""
        pairs = [(key, ",".join(getattr(self, key))) for key in _WORDS if getattr(self, key)]
        if self.age_from is not None or self.age_to is not None:
            pairs.append(("age", f"{_bound(self.age_from, 0)}-{_bound(self.age_to, OLDEST_AGE)}"))
        pairs += [("from", str(self.year_from))] if self.year_from is not None else []
        pairs += [("to", str(self.year_to))] if self.year_to is not None else []
        pairs += [("unit", self.unit)] if self.unit != "index" else []
        return urlencode(pairs, safe=",")

    def in_words(self) -> str:
        """Return the cohort as it is printed on reports, e.g. 'cause: cancer; from 2024'."""
        parts = [_words_chosen(key, getattr(self, key)) for key in _WORDS if getattr(self, key)]
        if self.age_from is not None or self.age_to is not None:
            parts.append(f"age {_bound(self.age_from, 0)} to {_bound(self.age_to, OLDEST_AGE)}")
        parts += [f"from {self.year_from}"] if self.year_from is not None else []
        parts += [f"to {self.year_to}"] if self.year_to is not None else []
        parts += ["every procedure of a patient"] if self.unit == "all" else []
        return "; ".join(parts) or "all procedures, one index procedure a patient"


def parse_cohort(query: str | Mapping[str, str | Iterable[str]]) -> Cohort:
    """Return the cohort that a query string (or its pairs) asks for.

    Repeated keys and commas both list values; a technique may be written with spaces; `age` reads
    `60-79` or two repeated numbers. What a permalink says of its page (its snapshot, definition,
    view and choice of cause) is passed over.

    Raises
    ------
    SourceUnreadable
        If a key or value is not one of the grammar; the message says what is allowed.
    """
    given: dict[str, list[str]] = {}
    for key, value in _pairs(query):
        given.setdefault(key, []).extend(part.strip() for part in value.split(",") if part.strip())
    known = {*_WORDS, "age", "from", "to", "unit"}
    for key in given.keys() - _OF_THE_PAGE:
        if key not in known:
            raise _refused(key, ", ".join(sorted(known)), what="key")
    chosen: dict[str, Any] = {key: _chosen_words(key, given.get(key, [])) for key in _WORDS}
    chosen["age_from"], chosen["age_to"] = _age_range(given.get("age", []))
    chosen["year_from"] = _year("from", given.get("from", []))
    chosen["year_to"] = _year("to", given.get("to", []))
    chosen["unit"] = _unit(given.get("unit", []))
    return Cohort(**chosen)


def _words_chosen(key: str, values: tuple[str, ...]) -> str:
    said = ", ".join(values)
    return f"{key}: {said if _WORDS[key] is None else said.replace('_', ' ')}"


def _pairs(query: str | Mapping[str, str | Iterable[str]]) -> list[tuple[str, str]]:
    if isinstance(query, str):
        return parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    return [
        (key, value)
        for key, values in query.items()
        for value in ([values] if isinstance(values, str) else values)
    ]


def _chosen_words(key: str, values: list[str]) -> tuple[str, ...]:
    allowed = _WORDS[key]
    if key == "technique":  # an address of the screen carries them as its filter shows them
        values = [value.replace(" ", "_") for value in values]
    for value in values:
        if allowed is not None and value not in allowed:
            raise _refused(value, ", ".join(allowed), what=key)
    return tuple(dict.fromkeys(values))


def _age_range(values: list[str]) -> tuple[int | None, int | None]:
    parts = values[0].split("-") if len(values) == 1 else values
    if not parts:
        return None, None
    if len(parts) != 2 or not all(part.strip().isdigit() for part in parts):
        raise _refused(",".join(values), "a range such as 60-79", what="age")
    low, high = sorted(int(part) for part in parts)
    if high > OLDEST_AGE:
        raise _refused(",".join(values), f"from 0 to {OLDEST_AGE}", what="age")
    return (low or None), (high if high < OLDEST_AGE else None)


def _year(key: str, values: list[str]) -> int | None:
    if not values:
        return None
    if len(values) != 1 or not values[0].isdigit():
        raise _refused(",".join(values), "one year, such as 2024", what=key)
    if not _FIRST_YEAR <= int(values[0]) <= _LAST_YEAR:
        raise _refused(values[0], f"from {_FIRST_YEAR} to {_LAST_YEAR}", what=key)
    return int(values[0])


def _unit(values: list[str]) -> str:
    if not values:
        return "index"
    if len(values) != 1 or values[0] not in _UNITS:
        raise _refused(",".join(values), ", ".join(_UNITS), what="unit")
    return values[0]


def _bound(value: int | None, default: int) -> int:
    return default if value is None else value


def _refused(value: str, allowed: str, *, what: str) -> SourceUnreadable:
    return SourceUnreadable(f"cohort: {what} '{value[:40]}' is not known\n  Allowed: {allowed}.")
