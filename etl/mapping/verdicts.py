"""What codes and fields together say: a value, how sure it is, and what contradicts it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CodeFinding:
    """Something to look at: a rule of the mapping, and what was found, without a patient's rest."""

    rule: str
    found: str
    allowed: str


@dataclass(frozen=True)
class Verdict:
    """Technique or cause of a record.

    Attributes
    ----------
    value : str
        Canonical word; empty where nothing tells it.
    certainty, rule : str
        Of a cause: 'stated', 'probable' or 'unspecified', and the number of the rule that fired.
    levels : int or None
        Of a technique: how many levels were billed; None where the codes do not count them.
    out_of_scope : bool
        True where only the sacrum was treated.
    findings : tuple of CodeFinding
    """

    value: str
    certainty: str = ""
    rule: str = ""
    levels: int | None = None
    out_of_scope: bool = False
    findings: tuple[CodeFinding, ...] = ()
