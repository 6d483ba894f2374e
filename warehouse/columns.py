"""What one column of a canonical table is, and short ways to declare one."""

from dataclasses import dataclass, field
from typing import Literal

from warehouse.vocabulary import YES_NO_UNKNOWN

Kind = Literal["identifier", "word", "whole", "decimal"]
Range = tuple[float | None, float | None]

ANY: Range = (None, None)


@dataclass(frozen=True)
class Column:
    """One declared column of a canonical table.

    Attributes
    ----------
    name : str
        Header in the source file and column name in the warehouse.
    kind : {'identifier', 'word', 'whole', 'decimal'}
        How its text is read; 'word' is one of `words`, 'whole' has no fraction.
    description : str
        Meaning in one line, for the data dictionary and the column comment.
    unit : str
        Unit of a number; empty for identifiers and words.
    words : tuple of str
        Allowed words, lower case; empty unless kind is 'word'.
    hard, soft : pair of float or None
        Inclusive limits: outside `hard` a row is refused, outside `soft` it is listed.
    above_lower : bool
        True where the lower hard limit itself is refused (a cement volume is above 0).
    required : bool
        True where a record without a value is refused.
    core : bool
        True where completeness is scored.
    """

    name: str
    kind: Kind
    description: str
    unit: str = ""
    words: tuple[str, ...] = ()
    hard: Range = ANY
    soft: Range = ANY
    above_lower: bool = False
    required: bool = False
    core: bool = False

    @property
    def allowed(self) -> str:
        """Say in words what a cell of this column may hold."""
        if self.kind == "word":
            return ", ".join(self.words)
        if self.kind == "identifier":
            return "a surrogate of 1 to 64 letters, digits, '-', '_' or '.'"
        noun = "a whole number" if self.kind == "whole" else "a number"
        return f"{noun} {_limits_in_words(self.hard, self.above_lower)}".rstrip()


@dataclass(frozen=True)
class Table:
    """One canonical table: its grain, key and columns in file order."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...] = field(repr=False)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Return the names of the columns, in file order."""
        return tuple(column.name for column in self.columns)

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Return the names of the columns that a file must have."""
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name!r}")


def identifier(name: str, description: str, **options: bool) -> Column:
    """Declare a surrogate key: text that means nothing outside the practice."""
    return Column(name, "identifier", description, **options)  # type: ignore[arg-type]


def word(name: str, words: tuple[str, ...], description: str, **options: bool) -> Column:
    """Declare a column that holds one of a few words."""
    return Column(name, "word", description, words=words, **options)  # type: ignore[arg-type]


def yes_no(name: str, description: str, **options: bool) -> Column:
    """Declare a column that says yes, no or unknown."""
    return word(name, YES_NO_UNKNOWN, description, **options)


def whole(
    name: str, unit: str, description: str, *, hard: Range = ANY, soft: Range = ANY, **options: bool
) -> Column:
    """Declare a column of whole numbers."""
    return Column(name, "whole", description, unit, hard=hard, soft=soft, **options)  # type: ignore[arg-type]


def decimal(
    name: str, unit: str, description: str, *, hard: Range = ANY, soft: Range = ANY, **options: bool
) -> Column:
    """Declare a column of decimal numbers."""
    return Column(name, "decimal", description, unit, hard=hard, soft=soft, **options)  # type: ignore[arg-type]


def _limits_in_words(limits: Range, above_lower: bool) -> str:
    """Say inclusive limits in words; empty when there are none."""
    lower, upper = limits
    if lower is None and upper is None:
        return ""
    low = f"above {lower:g}" if above_lower else f"{lower:g}"
    if upper is None:
        return low if above_lower else f"of {low} or more"
    if lower is None:
        return f"up to {upper:g}"
    return f"{low} and up to {upper:g}" if above_lower else f"from {low} to {upper:g}"
