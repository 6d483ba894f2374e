"""Tell from the name of a column that it is made to hold an identifier."""

import re
import unicodedata

from etl.identifier_words import (
    ABOUT,
    ALONE,
    BIRTH_DATE,
    COMPANY,
    DATE,
    DEVICE,
    FREE_TEXT,
    KIND_OF_WORD,
    NAME,
    PERSONS,
    PHRASES,
    POSTAL_CODE,
    RELATIVE,
)
from warehouse.source_schema import TABLES

__all__ = ["BIRTH_DATE", "DATE", "POSTAL_CODE", "identifier_column_name", "words_of"]

_CANONICAL = frozenset(name for table in TABLES for name in table.column_names)
_DATED = re.compile("^date|date$|datum$")
_NO_DATES = ("update", "candidate", "mandate", "validate", "consolidate", "sedate", "dated")
_NO_SERIAL_NUMBERS = frozenset("imaging xray radiographs films scans visits casting".split())  # noqa: SIM905
_CALENDAR = frozenset(("month", "week", "quarter"))
_OTHER_LETTERS = 3


def identifier_column_name(name: str) -> str | None:
    """Return the kind of identifier that a column of this name would hold, or None.

    Canonical columns hold none by their names; their values are looked at.
    """
    words = words_of(name)
    if name in _CANONICAL or not words or "up_to_date" in "_".join(words):
        return None
    if len(words) > 1 and words[-1] in ABOUT:
        return None
    return (
        _name_of_a_person(words)
        or _phrase(words)
        or _in_company(words)
        or (ALONE.get(_without_number(words[0])) if len(words) == 1 else None)
        or next((KIND_OF_WORD[w] for w in map(_known_form, words) if w in KIND_OF_WORD), None)
        or KIND_OF_WORD.get("".join(words))
        or _calendar(words)
        or _serial(words)
        or _ending(words)
    )


def words_of(name: str) -> list[str]:
    """Split a name at separators and capitals into lower-case words without accents."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name.strip())
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", apart.casefold())
        if not unicodedata.combining(letter)
    )
    return [word for word in re.split(r"[^a-z0-9]+", plain) if word]


def _name_of_a_person(words: list[str]) -> str | None:
    """Tell 'surgeon name' from 'drug name'."""
    is_name = any(word in ("name", "names", "nm", "nom", "nombre") for word in words)
    return NAME if is_name and PERSONS & set(words) else None


def _phrase(words: list[str]) -> str | None:
    """Find a phrase that starts where a word starts, or anywhere in a long word."""
    joined = "".join(words)
    starts = [len("".join(words[:place])) for place in range(len(words))]
    for part, kind in PHRASES.items():
        if any(joined.startswith(part, start) for start in starts):
            return kind
        if any(part in word and len(word) >= len(part) + _OTHER_LETTERS for word in words):
            return kind
    return None


def _in_company(words: list[str]) -> str | None:
    found = set(map(_without_number, words))
    for kind, some, others in COMPANY:
        if any(others & (found - {word}) for word in some & found):
            return kind
    return None


def _calendar(words: list[str]) -> str | None:
    """Tell 'month of surgery' from 'pain at month 3'."""
    is_counted = RELATIVE & set(words) or any(word.isdigit() for word in words)
    return DATE if _CALENDAR & set(words) and not is_counted else None


def _serial(words: list[str]) -> str | None:
    return DEVICE if "serial" in words and not _NO_SERIAL_NUMBERS & set(words) else None


def _ending(words: list[str]) -> str | None:
    """Tell by how a word ends, as in 'admitdate' and 'Aufnahmedatum', or by the last word."""
    if any(_DATED.search(word) and word not in _NO_DATES for word in words):
        return DATE
    return FREE_TEXT if len(words) > 1 and words[-1] == "text" else None


def _known_form(word: str) -> str:
    """Return a word as the lists have it: 'phone' for 'phone2'."""
    return word if word in KIND_OF_WORD else _without_number(word)


def _without_number(word: str) -> str:
    return word.rstrip("0123456789") or word
