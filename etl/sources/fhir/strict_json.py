"""Read JSON strictly: numbers as they are written, and one value for a name."""

import json
from typing import Any, TypeGuard


class Number(str):
    """A JSON number, exactly as it is written in the source."""

    __slots__ = ()


class JsonFault(ValueError):
    """Text that cannot be read as JSON; the message holds none of it."""


def is_text(found: Any) -> TypeGuard[str]:
    """Tell whether a value is a JSON string: a `Number` is none, although it holds text."""
    return isinstance(found, str) and not isinstance(found, Number)


def parse_json(text: str) -> Any:
    """Return the value that `text` holds; numbers come back as `Number`.

    Raises
    ------
    JsonFault
        If it is no JSON, holds NaN or Infinity, gives a name of an object twice, or is
        nested too deeply.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonFault(f"not JSON: {error.msg} at character {error.pos + 1:,}") from None
    except RecursionError:
        raise JsonFault("nested too deeply") from None


def _refuse_constant(name: str) -> None:
    raise JsonFault(f"{name.lstrip('-')} is not a number of JSON")


def _object_of_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; a name given twice is refused, since nobody knows which value counts."""
    holder = dict(pairs)
    if len(holder) != len(pairs):
        raise JsonFault("an object gives a name twice")
    return holder


_DECODER = json.JSONDecoder(
    parse_float=Number,
    parse_int=Number,
    parse_constant=_refuse_constant,
    object_pairs_hook=_object_of_pairs,
)
