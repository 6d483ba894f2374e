"""Values that several expressions share, computed once each in nested selects.

Without names the warehouse computes such a value again in every branch of a case.
"""

import re

_NAME = re.compile(r"\bvalue_[0-9]+\b")
PART = "part"
"""Name in SQL of one part of a cell that is split."""


class NamedValues:
    """Names for SQL expressions; an expression may use names given before it."""

    def __init__(self) -> None:
        self._name_of: dict[str, str] = {}
        self._depth_of: dict[str, int] = {}
        self._of_part: set[str] = set()

    def name(self, expression: str) -> str:
        """Return the name of an expression, the same for the same text."""
        if expression in self._name_of:
            return self._name_of[expression]
        name = f"value_{len(self._name_of) + 1}"
        uses = [used for used in _NAME.findall(expression) if used in self._depth_of]
        self._name_of[expression] = name
        self._depth_of[name] = 1 + max((self._depth_of[used] for used in uses), default=0)
        if re.search(rf"\b{PART}\b", expression) or self._of_part & set(uses):
            self._of_part.add(name)
        return name

    def computed(self, rows: str, *, of_part: bool) -> str:
        """Return the SQL of `rows` with the values that need a part of a cell, or the others."""
        chosen = {
            expression: name
            for expression, name in self._name_of.items()
            if (name in self._of_part) is of_part
        }
        for depth in sorted({self._depth_of[name] for name in chosen.values()}):
            values = ", ".join(
                f"{expression} as {name}"
                for expression, name in chosen.items()
                if self._depth_of[name] == depth
            )
            rows = f"select *, {values} from ({rows}) as rows_{depth}"
        return rows
