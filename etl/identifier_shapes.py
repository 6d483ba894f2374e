"""Tell from the shape of a value that it identifies somebody.

The warehouse looks at values in bulk, Python at the text of single records.
"""

import re
from collections.abc import Iterable

from etl.identifier_catalogue import DIGITS, MAYBE_DATE, SHAPES, Shape
from etl.identifier_scopes import Scope
from etl.identifier_words import DATE, FREE_TEXT, POSTAL_CODE

LONGEST_VALUE = 100
"""Characters; anything longer is free or encoded text, whatever its shape."""


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
    for shape in shapes_for("other", dates_allowed=dates_allowed):
        if re.search(shape.pattern, value) and not (
            shape.unless and re.search(shape.unless, value)
        ):
            return shape.kind
    return FREE_TEXT if len(value) > LONGEST_VALUE else None
