"""One proposed line of a mapping, with how sure it is and why."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from etl.mapping.profiles import ColumnProfile
from etl.mapping.synonyms import plain_name, synonyms
from warehouse.columns import Column

Confidence = Literal["high", "likely", "ask"]

_SHOWN_VALUES = 12
_TIME_WORDS = {
    "days": ("day", "days", "d"),
    "hours": ("hour", "hours", "h", "hr", "hrs"),
    "minutes": ("min", "mins", "minute", "minutes"),
    "weeks": ("week", "weeks", "wk", "wks", "w"),
    "months": ("month", "months", "mo"),
}


@dataclass(frozen=True)
class ProposedLine:
    """A line such as `sex = "gender"`; lines that are to be asked about are written as comments.

    `below` are further lines, of a heading such as [[assessments.wide]].
    """

    text: str
    confidence: Confidence
    reason: str
    below: tuple[str, ...] = ()

    def written(self) -> str:
        """Return the line as it stands in the file."""
        if self.confidence == "ask":
            return f"# ask: {self.text}  # {self.reason}"
        return "\n".join([f"{self.text}  # {self.confidence}: {self.reason}", *self.below])


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)


def propose_cell(column: Column, source: ColumnProfile) -> ProposedLine:
    """Return how a canonical column may be filled from a column of the source."""
    same = source.name == column.name
    known = "the same name" if same else f"'{source.name}' is a known name for it"
    if source.given == 0:
        return _line(column, f"{quoted(source.name)}", "ask", f"{known}, but it is empty")
    if column.kind == "word":
        return _words(column, source, known)
    if column.kind == "identifier":
        return _line(column, quoted(source.name), "high" if same else "likely", known)
    return _number(column, source, known)


def known_share(column: Column, values: Sequence[str]) -> float:
    """Return which share of some values, 0 to 1, are known to mean a word of a column."""
    told = synonyms().values
    known = sum(told.get(plain_name(value), "") in column.words for value in values)
    return known / len(values) if values else 0.0


def _line(column: Column, value: str, confidence: Confidence, reason: str) -> ProposedLine:
    return ProposedLine(f"{column.name} = {value}", confidence, reason)


def _words(column: Column, source: ColumnProfile, known: str) -> ProposedLine:
    if not source.values:
        return _line(column, quoted(source.name), "ask", f"{known}, but it has many values")
    if set(source.values) <= set(column.words):
        return _line(column, quoted(source.name), "high", f"{known}, and all its values are words")
    separator = _separator(column, source.values)
    if separator:
        value = f"{{ column = {quoted(source.name)}, split = {quoted(separator)} }}"
        return _line(column, value, "likely", f"{known}, several to a cell")
    told = synonyms().values
    recode = {value: told.get(plain_name(value), "") for value in source.values}
    untold = [value for value, word in recode.items() if word not in column.words]
    pairs = ", ".join(
        f"{quoted(value)} = {quoted(word if word in column.words else '?')}"
        for value, word in list(recode.items())[:_SHOWN_VALUES]
        if word != value or word not in column.words
    )
    value = f"{{ column = {quoted(source.name)}, recode = {{ {pairs} }} }}"
    if untold:
        allowed = ", ".join(column.words[:6])
        reason = f"{known}; say what {len(untold)} of its values mean ({allowed})"
        return _line(column, value, "ask", reason)
    return _line(column, value, "likely", f"{known}, and its values are known")


def _separator(column: Column, values: Sequence[str]) -> str:
    """Return what parts several words in a cell, such as the levels 'T12, L1'; else ''."""
    for separator in (",", ";", "/", "+", "&"):
        parts = {part.strip() for value in values for part in value.split(separator)} - {""}
        if any(separator in value for value in values) and parts <= set(column.words):
            return separator
    return ""


def _number(column: Column, source: ColumnProfile, known: str) -> ProposedLine:
    comma = ", decimal_comma = true" if source.has_comma else ""
    unit, is_told = _unit(column, source)
    plain = quoted(source.name)
    value = f"{{ column = {plain}{unit}{comma} }}" if unit or comma else plain
    if source.low is None and not comma:
        return _line(column, value, "ask", f"{known}, but not all its values are numbers")
    low, high = column.hard
    span = "" if comma else f"{source.low:g} to {source.high:g}"
    is_outside = not comma and (
        (low is not None and (source.low or 0) < low)
        or (high is not None and (source.high or 0) > high)
    )
    if is_outside and not unit:
        reason = f"{known}, but its numbers are {span}: declare missing codes, a unit or a scale"
        return _line(column, value, "ask", reason)
    if comma or unit or not is_told:
        reason = f"{known}; check the unit, {column.unit or 'a plain number'}"
        return _line(column, value, "likely" if is_told else "ask", reason)
    return _line(column, value, "high", f"{known}, numbers from {span}")


def _unit(column: Column, source: ColumnProfile) -> tuple[str, bool]:
    """Return what converts the unit that the name tells, and whether the unit is told at all."""
    if column.unit not in _TIME_WORDS:
        return "", True
    words = plain_name(source.name).split()
    for unit, spellings in _TIME_WORDS.items():
        if set(spellings) & set(words):
            return ("" if unit == column.unit else f', unit = "{unit} -> {column.unit}"'), True
    return "", source.name == column.name
