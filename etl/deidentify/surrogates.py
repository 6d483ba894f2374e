"""Surrogates: codes drawn by chance, which say nothing of the person, the day or the order.

45 CFR 164.514(c) allows a code that is not derived from information about the person; a hash of a
record number is derived from it, and a running number tells the order. These are neither.
"""

import secrets
from collections.abc import Container
from types import MappingProxyType

PREFIXES = MappingProxyType(
    {"patient": "P", "procedure": "C", "site": "H", "surgeon": "S", "complication": "E"}
)
"""Kind of thing -> the letter that its surrogates start with."""

_DIGITS, _CONSONANTS = "0123456789", "BCDFGHJKLMNPQRSTVWXZ"
_PAIRS = 7

SURROGATE_PATTERN = f"[A-Z]([0-9][B-DF-HJ-NP-TV-XZ]){{{_PAIRS}}}"
"""A letter, then digits and consonants in turn: never a word, a date, or another known number."""


def new_surrogate(kind: str, taken: Container[str]) -> str:
    """Return a surrogate that is not in `taken`.

    It is one of 1.3e16, from the system's source of randomness. Two practices of a million patients
    each share one with a chance of 1 in 12,800.
    """
    while True:
        pairs = (secrets.choice(_DIGITS) + secrets.choice(_CONSONANTS) for _ in range(_PAIRS))
        surrogate = PREFIXES[kind] + "".join(pairs)
        if surrogate not in taken:
            return surrogate
