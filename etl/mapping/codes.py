"""Codes of procedures and diagnoses: how they are written, and what the reference says of them."""

import csv
import re
from dataclasses import dataclass
from functools import cache

from warehouse.sql_files import records_root

GATHERED_BETWEEN = "\x1e"
"""Stands between cells that were gathered from many records."""

_MODIFIER = re.compile(r"([0-9]{4}[0-9A-Z])-[0-9A-Z]{2}")
_RANGE = re.compile(r"([A-Z])([0-9]{2})%-[A-Z]([0-9]{2})%")
_ONE_CODE = re.compile(r"[A-Z0-9]{3,18}")
_SNOMED = re.compile(r"[0-9]{6,18}")
_NUMBERED_IN = ("CPT", "HCPCS", "ICD-10-PCS", "ICD-10-CM", "OPCS-4")

# Verhoeff 1969: products of the dihedral group of ten, and the permutation that is applied.
_PRODUCTS = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTATION = "1576283094"


@dataclass(frozen=True)
class Meaning:
    """What the reference says of a code: which field it speaks of, and what it says."""

    field: str
    value: str


def written_plainly(code: str) -> str:
    """Return a code in capitals, without dots, blanks and a billing modifier after a hyphen."""
    plain = re.sub(r"[.\s]", "", code).upper()
    modified = _MODIFIER.fullmatch(plain)
    return modified.group(1) if modified else plain


def codes_in(cell: str, separator: str = "") -> tuple[str, ...]:
    """Return the codes of a cell, written plainly; without a separator the cell is one code."""
    gathered = cell.split(GATHERED_BETWEEN)
    parts = [part for one in gathered for part in (one.split(separator) if separator else [one])]
    return tuple(plain for part in parts if (plain := written_plainly(part)))


def is_one_code(code: str) -> bool:
    """Return whether a text that is written plainly can be a code at all, and one only."""
    return _ONE_CODE.fullmatch(code) is not None


def meanings_of(code: str) -> tuple[Meaning, ...]:
    """Return everything that the reference says of a code that is written plainly.

    Several codes in one text say nothing: their separator has to be declared.
    """
    if not is_one_code(code):
        return ()
    exact, prefixes = _reference()
    found = list(exact.get(code, ()))
    found += [meaning for prefix, meaning in prefixes if code.startswith(prefix)]
    return tuple(found)


def values_of(code: str, field: str) -> tuple[str, ...]:
    """Return what the reference says of a code about one field, such as 'technique'."""
    return tuple(meaning.value for meaning in meanings_of(code) if meaning.field == field)


def looks_like_snomed(code: str) -> bool:
    """Return whether a code is written as SNOMED CT ids are: 6 to 18 digits."""
    return _SNOMED.fullmatch(code) is not None


def is_sound_snomed_id(code: str) -> bool:
    """Return whether the last digit of a SNOMED CT id is its Verhoeff check digit."""
    if not looks_like_snomed(code):
        return False
    check = "0"
    for place, digit in enumerate(reversed(code)):
        for _ in range(place % 8):
            digit = _PERMUTATION[int(digit)]
        check = _PRODUCTS[int(check)][int(digit)]
    return check == "0"


@cache
def _reference() -> tuple[dict[str, list[Meaning]], list[tuple[str, Meaning]]]:
    """Return the exact codes and the prefixes of the reference."""
    exact: dict[str, list[Meaning]] = {}
    prefixes: list[tuple[str, Meaning]] = []
    path = records_root() / "reference" / "codes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            meaning = Meaning(row["maps_to_field"], row["maps_to_value"])
            if row["system"] not in _NUMBERED_IN:
                continue
            if row["match_type"] == "exact":
                exact.setdefault(written_plainly(row["code"]), []).append(meaning)
            prefixes += [(prefix, meaning) for prefix in _prefixes(row["code"], row["match_type"])]
    return exact, prefixes


def _prefixes(code: str, match_type: str) -> list[str]:
    """Return the prefixes that a pattern stands for; a placeholder X at its end may be left out."""
    if match_type == "prefix_range":
        found = _RANGE.fullmatch(code)
        if found is None:
            raise ValueError(f"codes.csv: {code} is no range")
        letter, first, last = found.groups()
        return [f"{letter}{number:02d}" for number in range(int(first), int(last) + 1)]
    if match_type not in ("prefix", "prefix_list"):
        return []
    return [written_plainly(part).rstrip("%").removesuffix("X") for part in code.split("|")]
