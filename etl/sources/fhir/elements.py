"""Take elements out of a resource, each of the JSON type that FHIR gives it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from etl.sources.fhir.strict_json import Number, is_text

LONGEST_TEXT = 10_000
"""Characters that a cell may have."""
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ABSENT_CODE = re.compile(r"[a-z][a-z-]{0,39}")


class ResourceFault(ValueError):
    """Why a resource cannot be read; the message holds none of its values."""


def object_in(holder: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the object under `name`; an empty one where there is none."""
    found = holder.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ResourceFault(f"'{name}' is not an object")
    return found


def objects_in(holder: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the list of objects under `name`; an empty one where there is none."""
    found = holder.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ResourceFault(f"'{name}' is not a list of objects")
    return found


def text_in(holder: Mapping[str, Any], name: str) -> str:
    """Return the text under `name`, exactly; empty where there is none or only blanks."""
    found = holder.get(name)
    if found is None:
        return ""
    if not is_text(found):
        raise ResourceFault(f"'{name}' is not text")
    _check_characters(found, name)
    return found if found.strip() else ""


def token_in(holder: Mapping[str, Any], name: str) -> str:
    """Return text that stands for something: one line, no blanks at its ends."""
    found = text_in(holder, name)
    if found != " ".join(found.split()) or len(found) > 500:
        raise ResourceFault(f"'{name}' is not a code, address or name of an element")
    return found


def words_in(holder: Mapping[str, Any], name: str) -> str:
    """Return free text on one line: runs of white space are one blank."""
    return " ".join(text_in(holder, name).split())


def number_in(holder: Mapping[str, Any], name: str) -> str:
    """Return the number under `name` as it is written; empty where there is none."""
    found = holder.get(name)
    if found is None:
        return ""
    if not isinstance(found, Number):
        raise ResourceFault(f"'{name}' is not a number")
    if len(found) > 40:
        raise ResourceFault(f"'{name}' is a number of more than 40 characters")
    return str(found)


def yes_no_in(holder: Mapping[str, Any], name: str) -> str:
    """Return a boolean as 'yes' or 'no'; empty where there is none."""
    found = holder.get(name)
    if found is None:
        return ""
    if not isinstance(found, bool):
        raise ResourceFault(f"'{name}' is not true or false")
    return "yes" if found else "no"


def choice_in(holder: Mapping[str, Any], name: str, types: Iterable[str]) -> str:
    """Return the type in which a choice such as performed[x] is given; empty without one.

    Raises
    ------
    ResourceFault
        If it is given in two types, or in one that R4 does not allow there.
    """
    given = [
        key
        for key in holder
        if key.startswith(name) and key[len(name) : len(name) + 1].isupper()
        and holder[key] is not None
    ]  # fmt: skip
    if not given:
        return ""
    if len(given) > 1:
        raise ResourceFault(f"'{name}[x]' is given in {len(given)} types")
    kind = given[0][len(name) :]
    if kind not in types:
        raise ResourceFault(f"'{name}[x]' is of a type that R4 does not have there")
    return kind


def absent_reason_of(holder: Mapping[str, Any], name: str) -> str:
    """Return the code in which an extension says why the element `name` has no value."""
    for extension in objects_in(object_in(holder, f"_{name}"), "extension"):
        if extension.get("url") == ABSENT:
            return absent_code(extension.get("valueCode"))
    return ""


def absent_code(found: Any) -> str:
    """Return a data-absent-reason code; one that is no such word is 'not-named'."""
    return found if is_text(found) and _ABSENT_CODE.fullmatch(found) else "not-named"


def _check_characters(found: str, name: str) -> None:
    if len(found) > LONGEST_TEXT:
        raise ResourceFault(f"'{name}' has more than {LONGEST_TEXT:,} characters")
    if _CONTROLS.search(found):
        raise ResourceFault(f"'{name}' holds a control character")
    if not found.isascii():
        try:
            found.encode()
        except UnicodeEncodeError:
            raise ResourceFault(f"'{name}' holds half a character") from None
