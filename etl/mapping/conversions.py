"""Units and scales: declared, linear, and exact on whole numbers."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_SPAN = re.compile(rf"\s*({_NUMBER})\s*-\s*({_NUMBER})\s*->\s*({_NUMBER})\s*-\s*({_NUMBER})\s*")
_NAMED_SCALES = {
    "percent": (0, 100, 0, 100),
    "raw 0-50": (0, 50, 0, 100),
    "fraction": (0, 1, 0, 100),
}
_UNITS = {
    "time": {
        "seconds": Fraction(1, 86400),
        "minutes": Fraction(1, 1440),
        "hours": Fraction(1, 24),
        "days": Fraction(1),
        "weeks": Fraction(7),
        "months": Fraction(487, 16),
        "years": Fraction(1461, 4),
    },
    "volume": {"mL": Fraction(1), "cc": Fraction(1), "L": Fraction(1000)},
    "dose": {"mGy": Fraction(1), "cGy": Fraction(10), "Gy": Fraction(1000)},
    "share": {"fraction": Fraction(100), "percent": Fraction(1)},
}
"""Units of a quantity, each in the quantity's own unit; a month is 30.4375 days."""

SCALE_FORM = "'0-100 -> 0-10', " + ", ".join(f"'{name}'" for name in _NAMED_SCALES)
UNIT_FORM = "'hours -> days'; " + "; ".join(", ".join(units) for units in _UNITS.values())


@dataclass(frozen=True)
class Conversion:
    """A straight line through numbers: (number - start) * factor + shift.

    `limits`, where given, are those of the source's scale; a number outside cannot be converted.
    """

    words: str
    factor: Fraction
    start: Fraction = Fraction(0)
    shift: Fraction = Fraction(0)
    limits: tuple[Fraction, Fraction] | None = None

    def sql(self, number: str) -> str:
        """Return the SQL of a converted double; whole results stay whole."""
        value = f"({number} - {_sql(self.start)})" if self.start else number
        if self.factor.numerator != 1:
            value = f"{value} * {self.factor.numerator}::double"
        if self.factor.denominator != 1:
            value = f"{value} / {self.factor.denominator}::double"
        return f"{value} + {_sql(self.shift)}" if self.shift else value

    def outside(self, number: str) -> str:
        """Return the SQL that is true where a number is not on the source's scale."""
        if self.limits is None:
            return "false"
        low, high = map(_sql, self.limits)
        return f"({number} < {low} or {number} > {high})"


def scale_from(words: str) -> Conversion | None:
    """Return the conversion that '0-100 -> 0-10' or a named scale stands for; None if neither."""
    spans = _NAMED_SCALES.get(words)
    found = _SPAN.fullmatch(words)
    if spans is None and found is None:
        return None
    ends = [Fraction(part) for part in (spans or found.groups())]  # type: ignore[union-attr]
    low, high, new_low, new_high = ends
    if low >= high or new_low == new_high:
        return None
    factor = (new_high - new_low) / (high - low)
    return Conversion(words, factor, low, new_low, (low, high))


def unit_from(words: str) -> Conversion | None:
    """Return the conversion that 'hours -> days' stands for; None where it stands for none."""
    before, arrow, after = (part.strip() for part in words.partition("->"))
    for units in _UNITS.values():
        if arrow and before in units and after in units:
            return Conversion(words, units[before] / units[after])
    return None


def times(number: Decimal) -> Conversion:
    """Return the conversion that multiplies by a declared number."""
    return Conversion(f"times {number}", Fraction(number))


def _sql(number: Fraction) -> str:
    if number.denominator == 1:
        return f"{number.numerator}::double"
    return f"({number.numerator}::double / {number.denominator}::double)"
