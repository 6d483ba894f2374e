"""Who was due at each visit, who answered, and what: counts shared by scores at visits."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.strata import strata_of, stratum_labels
from warehouse.vocabulary import VISITS, label_of

FOLLOW_UPS = tuple(visit for visit in VISITS if visit != "baseline")
HEADLINE_VISIT = "6w"
NOT_DUE = ("died", "treated_again", "not_yet")
NOT_DUE_IN_WORDS = {
    "died": "died before the visit closed",
    "treated_again": "treated again before it closed",
    "not_yet": "not observed to its close",
}


_Sums = defaultdict[tuple[str, str, str], defaultdict[str, dict[str, float]]]
ANSWERS = ("answered", "paired", "relieved", "change", "square_change")


@dataclass(frozen=True)
class Visit:
    """One visit of one stratum; empty `cause` and `technique` stand for all.

    name : of the visit. expected : status -> procedures, from `visits_due`. answers : status ->
    sums of ANSWERS, from `scores_at_visits`.
    """

    cause: str
    technique: str
    name: str
    expected: dict[str, float]
    answers: dict[str, dict[str, float]]

    @property
    def due(self) -> int:
        """Return how many are due: alive, not treated again, observed to the close."""
        return int(self.expected.get("due", 0))

    @property
    def not_due(self) -> dict[str, int]:
        """Return how many are not due, by reason."""
        return {status: int(self.expected.get(status, 0)) for status in NOT_DUE}

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
        return {"cause": self.cause, "technique": self.technique, "at": self.name}


def visits_of(expected: pd.DataFrame, answers: pd.DataFrame) -> Iterator[Visit]:
    """Yield every follow-up visit of every stratum of the procedures expected."""
    procedures, sums = _sums(expected, ("procedures",)), _sums(answers, ANSWERS)
    for stratum in strata_of(expected):
        for name in FOLLOW_UPS:
            place = (stratum.cause, stratum.technique, name)
            counts = {status: row["procedures"] for status, row in procedures[place].items()}
            yield Visit(*place, counts, sums[place])


def _sums(counts: pd.DataFrame, columns: tuple[str, ...]) -> _Sums:
    """Return (cause, technique, visit) -> status -> column -> sum, in every stratum."""
    found: _Sums = defaultdict(lambda: defaultdict(lambda: dict.fromkeys(columns, 0.0)))
    keys = counts[["cause", "technique", "visit", "status"]].itertuples(index=False, name=None)
    for (cause, technique, visit, status), values in zip(
        keys, counts[list(columns)].to_numpy(float).tolist(), strict=True
    ):
        for labels in stratum_labels(cause, technique):
            sums = found[(*labels, visit)][status]
            for column, value in zip(columns, values, strict=True):
                sums[column] += value
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
