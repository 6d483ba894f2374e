"""Who was due at each visit, who answered, and what: counts shared by scores at visits."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.strata import Stratum, strata_of
from warehouse.vocabulary import VISITS, label_of

FOLLOW_UPS = tuple(visit for visit in VISITS if visit != "baseline")
HEADLINE_VISIT = "6w"
NOT_DUE = ("died", "treated_again", "not_yet")
NOT_DUE_IN_WORDS = {
    "died": "died before the visit closed",
    "treated_again": "treated again before it closed",
    "not_yet": "not observed to its close",
}


ANSWERS = ("answered", "paired", "relieved", "change", "square_change")


@dataclass(frozen=True)
class Visit:
    """One visit of one stratum.

    name : of the visit. expected : status -> procedures, from `visits_due`. answers : status ->
    sums of ANSWERS, from `scores_at_visits`.
    """

    stratum: Stratum
    name: str
    expected: dict[str, int]
    answers: dict[str, dict[str, float]]

    @property
    def due(self) -> int:
        """Return how many are due: alive, not treated again, observed to the close."""
        return self.expected.get("due", 0)

    @property
    def not_due(self) -> dict[str, int]:
        """Return how many are not due, by reason."""
        return {status: self.expected.get(status, 0) for status in NOT_DUE}

    def sum_of(self, column: str, *, due_only: bool = True) -> float:
        """Return the sum of one of ANSWERS, over those due or over all."""
        return sum(
            sums[column] for status, sums in self.answers.items() if status == "due" or not due_only
        )

    def count_of(self, column: str, *, due_only: bool = True) -> int:
        """Return a count among ANSWERS, over those due or over all."""
        return int(self.sum_of(column, due_only=due_only))

    @property
    def labels(self) -> dict[str, str]:
        """Return the stratum and the visit as columns of the measures table."""
        return {**self.stratum.labels, "at": self.name}


def visits_of(expected: pd.DataFrame, answers: pd.DataFrame) -> Iterator[Visit]:
    """Yield every follow-up visit of every stratum of the procedures expected."""
    for stratum in strata_of(expected):
        procedures = _by_visit(stratum.counts, ("procedures",))
        sums = _by_visit(_within(answers, stratum), ANSWERS)
        for name in FOLLOW_UPS:
            counts = {status: int(row["procedures"]) for status, row in procedures[name].items()}
            yield Visit(stratum, name, counts, sums[name])


def _by_visit(
    counts: pd.DataFrame, columns: tuple[str, ...]
) -> dict[str, dict[str, dict[str, float]]]:
    """Return visit -> status -> column -> sum."""
    summed = counts.groupby(["visit", "status"])[list(columns)].sum()
    found: dict[str, dict[str, dict[str, float]]] = {name: {} for name in FOLLOW_UPS}
    for (visit, status), values in zip(summed.index, summed.to_numpy().tolist(), strict=True):
        found[visit][status] = dict(zip(columns, values, strict=True))
    return found


def eligible_visits(reader: CountReader) -> list[Visit]:
    """Return the visits of procedures eligible for relief (E1): a floor of 4, compared arms."""
    expected = reader.count("visits_due", kind="pain")
    answers = reader.count("scores_at_visits", kind="pain")
    return list(
        visits_of(expected[expected["standing"] == "eligible"], answers[answers["is_eligible"]])
    )


def visit_label(row: dict) -> str:
    """Return the visit of a measures row as it is written on screen."""
    return label_of(row["at"])


def _within(answers: pd.DataFrame, stratum: Stratum) -> pd.DataFrame:
    for column, value in stratum.labels.items():
        if value:
            answers = answers[answers[column] == value]
    return answers
