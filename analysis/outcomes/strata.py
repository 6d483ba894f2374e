"""The strata of every result: all together, each cause, each technique within a cause."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
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
    causes, techniques = (counts[name].to_numpy(object) for name in ("cause", "technique"))
    for cause in CAUSES:
        of_cause = np.flatnonzero(causes == cause)
        if not len(of_cause):
            continue
        yield Stratum(cause, "", counts.take(of_cause))
        for technique in COMPARED_TECHNIQUES:
            of_technique = of_cause[techniques[of_cause] == technique]
            if len(of_technique):
                yield Stratum(cause, technique, counts.take(of_technique))


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
    is_counted = np.ones(len(counts), dtype=bool)
    for column, value in values.items():
        is_counted &= counts[column].to_numpy(object) == value
    return int(counts["procedures"].to_numpy()[is_counted].sum())
