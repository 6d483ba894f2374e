"""What was drawn for a block, and what more than one table takes from it."""

from dataclasses import dataclass

import numpy as np

from etl.synthesis.cohort import Cohort
from etl.synthesis.contact import Contact
from etl.synthesis.levels import Levels
from etl.synthesis.recovery import Recovery
from etl.synthesis.streams import Codes, Flags, Streams
from etl.synthesis.treatment import Treatment
from warehouse.source_schema import table_named
from warehouse.vocabulary import CAUSES

OTHER_CAUSE, UNSPECIFIED_CAUSE = CAUSES.index("other"), CAUSES.index("unspecified")
OTHER_SHARE, UNSPECIFIED_SHARE = 0.008, 0.012


@dataclass(frozen=True)
class Drawn:
    """Everything drawn for a block, before it is written down."""

    first: int
    first_patient: int
    cohort: Cohort
    treatment: Treatment
    recovery: Recovery
    levels: Levels
    contact: Contact


def words_of(column: str) -> tuple[str, ...]:
    """Return the words that a column of `procedures` may hold."""
    return table_named("procedures").column(column).words


def recorded_cause(cohort: Cohort, streams: Streams) -> Codes:
    """Return the cause as recorded: a few are another cause, or not specified."""
    luck = streams.uniform("recorded cause", len(cohort))
    unclear = np.where(luck < OTHER_SHARE, OTHER_CAUSE, UNSPECIFIED_CAUSE)
    return np.where(luck < OTHER_SHARE + UNSPECIFIED_SHARE, unclear, cohort.cause)


def employed_before(cohort: Cohort, streams: Streams) -> Flags:
    """Return who was in paid work before the fracture."""
    return streams.happens("employed", np.where(cohort.age < 67, 0.5, 0.04))


def activity_before(cohort: Cohort, streams: Streams) -> Codes:
    """Return independent, with help or dependent as 0, 1, 2; more help at 80 and over."""
    luck = streams.uniform("activity before", len(cohort))
    is_old = cohort.age >= 80
    return (luck > np.where(is_old, 0.62, 0.8)).astype(np.int64) + (luck > 0.94)


def kept(streams: Streams, name: str, share: float, count: int) -> Flags:
    """Return the records in which a value was written down."""
    return streams.share(f"kept {name}", share, count)
