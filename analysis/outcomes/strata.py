"""The strata of every result: all together, each cause, each technique within a cause."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from warehouse.vocabulary import CAUSES, COMPARED_TECHNIQUES


@dataclass(frozen=True)
class Stratum:
    """One stratum of counts; empty `cause` and `technique` stand for all."""

    cause: str
    technique: str
    counts: pd.DataFrame

    @property
    def labels(self) -> dict[str, str]:
        """Return the stratum as columns of the measures table."""
        return {"cause": self.cause, "technique": self.technique}


def strata_of(counts: pd.DataFrame) -> Iterator[Stratum]:
    """Yield the strata of counts with columns `cause` and `technique`, those with rows only.

    First all together, then each cause, each followed by its compared techniques. A technique is
    never pooled over causes.
    """
    if counts.empty:
        return
    yield Stratum("", "", counts)
    for cause in CAUSES:
        of_cause = counts[counts["cause"] == cause]
        if of_cause.empty:
            continue
        yield Stratum(cause, "", of_cause)
        for technique in COMPARED_TECHNIQUES:
            of_technique = of_cause[of_cause["technique"] == technique]
            if not of_technique.empty:
                yield Stratum(cause, technique, of_technique)


def stratum_labels(cause: str, technique: str) -> tuple[tuple[str, str], ...]:
    """Return the strata that a row of counts belongs to, as pairs of cause and technique."""
    together = (("", ""), (cause, ""))
    return (*together, (cause, technique)) if technique in COMPARED_TECHNIQUES else together


def totals_by(counts: pd.DataFrame, column: str) -> dict[str, int]:
    """Return the sum of `procedures` for each value of `column`."""
    totals: dict[str, int] = {}
    for value, procedures in zip(counts[column], counts["procedures"], strict=True):
        totals[value] = totals.get(value, 0) + int(procedures)
    return totals


def count_of(counts: pd.DataFrame, **values: object) -> int:
    """Return the sum of `procedures` over the rows whose columns equal `values`."""
    for column, value in values.items():
        counts = counts[counts[column] == value]
    return int(counts["procedures"].sum())
