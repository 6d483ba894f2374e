"""One value of a mapping file, where it stands, and how it is refused."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any

from etl.mapping.toml_lines import Path, lines_of_keys
from warehouse.errors import SourceUnreadable

_SHOWN_LENGTH = 40


@dataclass(frozen=True, eq=False)
class Statement:
    """A value of the mapping file, with its keys from the top and the line that it stands on."""

    file: str
    value: Any
    path: Path = ()
    lines: dict[Path, int] = field(default_factory=dict, repr=False)

    @property
    def line(self) -> int:
        """Return the line of the file, from 1, of this value or of what it stands in."""
        path = self.path
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    @property
    def key(self) -> str:
        """Return its keys from the top, such as 'procedures.columns.sex'."""
        return ".".join(str(part) for part in self.path if isinstance(part, str))

    @property
    def place(self) -> str:
        """Return where it stands, such as 'mapping.toml, line 12, key 'procedures.source''."""
        key = f", key '{self.key}'" if self.key else ""
        return f"{self.file}, line {self.line}{key}"

    def refusal(self, problem: str, remedy: str) -> SourceUnreadable:
        """Return the error that says what is wrong with this value and what to do."""
        return SourceUnreadable(f"{self.place}: {problem}\n  {remedy}")

    def child(self, key: str | int) -> "Statement":
        """Return the value below `key`."""
        return Statement(self.file, self.value[key], (*self.path, key), self.lines)

    def entries(self, known: Iterable[str] | None = None) -> "dict[str, Statement]":
        """Return key -> value of a table; with `known`, any other key is refused."""
        if not isinstance(self.value, dict):
            raise self.refusal(f"{_shown(self.value)} is not a table", "Write it as a table.")
        children = {key: self.child(key) for key in self.value}
        allowed = None if known is None else tuple(known)
        for key, child in children.items():
            if allowed is not None and key not in allowed:
                raise child.refusal(
                    f"'{key}' is not known here{_nearest(key, allowed)}",
                    f"Allowed: {', '.join(allowed)}. Correct the mapping.",
                )
        return children

    def items(self) -> "Iterator[Statement]":
        """Yield the values of an array; a value that is no array is an array of one."""
        if isinstance(self.value, list):
            yield from (self.child(place) for place in range(len(self.value)))
        else:
            yield self

    def text(self) -> str:
        """Return a text that is not blank."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refusal(f"{_shown(self.value)} is not a text", "Write a text in quotes.")
        return self.value

    def mark(self) -> str:
        """Return what parts values, such as ';' or a blank."""
        if not isinstance(self.value, str) or not self.value:
            raise self.refusal(f"{_shown(self.value)} parts nothing", 'Write a text such as ";".')
        return self.value

    def scalar(self) -> str:
        """Return a text or a number as a cell would hold it; true and false as they are."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        if isinstance(self.value, str | int | Decimal):
            return str(self.value)
        raise self.refusal(f"{_shown(self.value)} is not a cell", "Write a text or a number.")

    def texts(self) -> tuple[str, ...]:
        """Return the texts of an array of texts, or of one text."""
        return tuple(item.text() for item in self.items())

    def scalars(self) -> tuple[str, ...]:
        """Return an array of texts and numbers as cells."""
        return tuple(item.scalar() for item in self.items())

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.refusal(f"{_shown(self.value)} is neither true nor false", "Write one.")
        return self.value

    def number(self) -> Decimal:
        """Return a number."""
        is_number = isinstance(self.value, int | Decimal) and not isinstance(self.value, bool)
        if not is_number or not Decimal(self.value).is_finite():
            raise self.refusal(f"{_shown(self.value)} is not a number", "Write a number.")
        return Decimal(self.value)

    def one_of(self, allowed: Iterable[str]) -> str:
        """Return a text that is one of `allowed`."""
        words = tuple(allowed)
        if self.value not in words:
            near = _nearest(str(self.value), words)
            raise self.refusal(
                f"{_shown(self.value)} is not known{near}", f"Allowed: {', '.join(words)}."
            )
        return str(self.value)


def read_toml(path: FilePath) -> Statement:
    """Return the whole of a TOML file as one statement.

    Raises
    ------
    SourceUnreadable
        If the file cannot be opened, is not UTF-8, or is not TOML; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SourceUnreadable(
            f"{path.name}: the mapping cannot be read: {reason}\n  Check the path and the encoding."
        ) from None
    return toml_statement(text, path.name)


def toml_statement(text: str, file: str) -> Statement:
    """Return a TOML text as one statement; SourceUnreadable where it is not TOML."""
    try:
        read = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SourceUnreadable(
            f"{file}: not readable as TOML: {error}\n"
            '  Allowed: key = "text", [table] and [[table]] headings. Correct that line.'
        ) from None
    return Statement(file, read, (), lines_of_keys(text))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ' (nearest: ...)' where a known name looks like `name`, else nothing."""
    return _nearest(name, tuple(known))


def _nearest(name: str, known: tuple[str, ...]) -> str:
    folded = {word.casefold(): word for word in known}
    sought = name.strip().casefold()
    near = get_close_matches(sought, list(folded), n=1, cutoff=0.6)
    near = near or [word for word in folded if len(sought) > 2 and sought in word]
    return f" (nearest: '{folded[near[0]]}')" if near else ""


def _shown(value: Any) -> str:
    return f"'{str(value)[:_SHOWN_LENGTH]}'"
