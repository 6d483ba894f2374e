"""Adverse events with type, mechanism, grade and relatedness."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from etl.synthesis import cells
from etl.synthesis.cohort import CANCER, OSTEOPOROSIS, Cohort, by_cause
from etl.synthesis.contact import Contact
from etl.synthesis.fractures import Fractures
from etl.synthesis.levels import Levels
from etl.synthesis.streams import Array, Codes, Flags, Streams
from etl.synthesis.treatment import KYPHOPLASTY, Treatment
from warehouse.vocabulary import (
    COMPLICATION_TYPES,
    GRADE_SYSTEMS,
    LEVELS,
    MECHANISMS,
    RELATEDNESS,
    YES_NO,
    YES_NO_UNKNOWN,
)

DEPTHS = ("superficial", "deep")
READMISSION_OUTPATIENT, READMISSION_INPATIENT = (0.0641, 0.145, 0.05), (0.1335, 0.23, 0.09)
DEEP_INFECTION = (0.004, 0.008, 0.004)
SITE_GRADES = (0, 1, 2, 1)


@dataclass(frozen=True)
class Kind:
    """One kind of adverse event that is drawn with a fixed chance.

    `chance` is a share of procedures in osteoporosis, `in_cancer` multiplies it there;
    `first_day` to `last_day` bound the onset, early days being likelier.
    """

    type: str
    mechanism: str
    chance: float
    in_cancer: float = 1.0
    first_day: float = 0.0
    last_day: float = 1.0
    grade: int = 2
    related: str = "probable"
    has_level: bool = False
    symptomatic: float = 1.0


KINDS = (
    Kind("pulmonary_cement_embolism", "cement_embolism", 0.004, 2, 0, 3, 3, "definite"),
    Kind("nerve_injury", "cement_extravasation", 0.002, 4, 0, 2, 3, "definite", True),
    Kind("spinal_cord_injury", "cement_extravasation", 0.0007, 4, 0, 2, 4, "definite", True),
    Kind("cauda_equina", "cement_extravasation", 0.0004, 3, 0, 5, 4, "definite", True),
    Kind("weakness_numbness_tingling", "needle_or_cannula", 0.006, 2, 0, 10, 2, "probable", True),
    Kind("allergic_reaction", "drug_or_contrast", 0.003, 1, 0, 1, 2),
    Kind("bleeding", "bleeding", 0.005, 2, 0, 4, 2, "definite"),
    Kind("infection", "infection", 0.004, 2, 3, 40, 1, "probable"),
    Kind("rib_fracture", "positioning", 0.008, 2, 0, 3, 2, "probable"),
    Kind("pedicle_fracture", "needle_or_cannula", 0.003, 1, 0, 2, 2, "definite", True),
    Kind("pneumothorax", "needle_or_cannula", 0.001, 1, 0, 2, 3, "definite", True),
    Kind("dural_tear", "needle_or_cannula", 0.001, 1, 0, 1, 2, "definite", True),
    Kind("cement_or_device_migration", "device", 0.0015, 1, 10, 200, 2, "definite", True),
    Kind("cement_implantation_syndrome", "cement_embolism", 0.0015, 1, 0, 0.1, 4, "definite"),
    Kind("cardiovascular", "anaesthesia", 0.007, 1.5, 0, 30, 3, "possible"),
    Kind("thromboembolism", "disease", 0.005, 3, 1, 60, 3, "possible"),
    Kind("pneumonia", "disease", 0.010, 2, 1, 45, 3, "unrelated"),
    Kind("urinary_infection", "disease", 0.012, 1.5, 0, 30, 2, "unrelated"),
    Kind("other", "unknown", 0.008, 1, 0, 60, 1, "unknown"),
)
BALLOON_RUPTURE = Kind("balloon_rupture", "device", 0.009, 1, 0, 0.05, 1, "definite", True, 0.0)
IMAGED_EMBOLISM, CHEST_CT = 0.019, 0.06


@dataclass(frozen=True)
class Events:
    """One row per adverse event; codes are positions in the schema's words, -1 for none."""

    row: Codes
    type: Codes
    mechanism: Codes
    level: Codes
    onset: Array
    grade: Array
    symptomatic: Codes
    related: Codes
    depth: Codes
    planned: Codes

    @classmethod
    def joined(cls, parts: "list[Events]") -> "Events":
        """Return the events of all parts, ordered by procedure, then as drawn."""
        names = cls.__dataclass_fields__
        every = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        order = np.argsort(every["row"], kind="stable")
        return cls(**{name: values[order] for name, values in every.items()})


def chest_ct(cohort: Cohort, streams: Streams) -> Flags:
    """Return who had a chest CT after the procedure."""
    return streams.happens("chest ct", CHEST_CT * np.where(cohort.cause == CANCER, 3.0, 1.0))


def draw_events(
    cohort: Cohort,
    treatment: Treatment,
    levels: Levels,
    followed: tuple[Contact, Fractures],
    streams: Streams,
) -> Events:
    """Draw every adverse event that was recorded."""
    contact, fractures = followed
    top = levels.level[levels.is_first]
    parts = [_of_kind(kind, cohort, treatment, top, streams) for kind in KINDS]
    parts.append(_of_kind(BALLOON_RUPTURE, cohort, treatment, top, streams))
    parts.append(_imaged_embolism(cohort, streams))
    parts.append(_deep_infection(cohort, streams))
    parts.extend(_readmissions(cohort, contact, streams))
    parts.extend(_fractures(fractures, streams))
    parts.append(_deaths(cohort, streams))
    return _recorded(Events.joined(parts), treatment, contact)


def table_of_events(events: Events, cohort: Cohort, first: int, streams: Streams) -> pa.Table:
    """Return table `complications`; `first` is the number of the block's first procedure."""
    count = len(events.row)
    ordinal = np.arange(count) - np.searchsorted(events.row, events.row)
    system = np.asarray(SITE_GRADES)[cohort.site[events.row]]
    has_grade = streams.share("graded", 0.85, count)
    unknown_day = streams.share("day unknown", 0.02, count)
    resolved = events.onset + np.ceil(60 * streams.uniform("resolved", count) ** 2)
    is_over = streams.share("is over", 0.4, count) & (events.symptomatic == 0) & (events.grade < 5)
    is_over &= (resolved < cohort.death[events.row]) & ~unknown_day
    names = cells.identifiers("E", events.row + first)
    letters = cells.words(ordinal, tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    columns = {
        "complication_id": compute.binary_join_element_wise(names, letters, ""),
        "procedure_id": cells.identifiers("C", events.row + first),
        "level": cells.words(events.level, LEVELS),
        "type": cells.words(events.type, COMPLICATION_TYPES),
        "mechanism": cells.words(events.mechanism, MECHANISMS),
        "onset_days": cells.number(events.onset, places=3, where=~unknown_day),
        "grade": cells.number(events.grade, where=has_grade),
        "grade_system": cells.words(system, GRADE_SYSTEMS, has_grade & np.isfinite(events.grade)),
        "symptomatic": cells.words(events.symptomatic, YES_NO_UNKNOWN),
        "resolved_days": cells.number(resolved, where=is_over),
        "infection_depth": cells.words(events.depth, DEPTHS),
        "planned": cells.words(events.planned, YES_NO),
        "relatedness": cells.words(events.related, RELATEDNESS),
    }
    return cells.table_of("complications", columns)


def _events(kind: Kind, row: Codes, onset: Array, **others: Codes) -> Events:
    """Return events of one kind at the days given."""
    none = np.full(len(row), -1)
    return Events(
        row=row,
        type=none + 1 + COMPLICATION_TYPES.index(kind.type),
        mechanism=none + 1 + MECHANISMS.index(kind.mechanism),
        level=others.get("level", none),
        onset=onset,
        grade=np.full(len(row), float(kind.grade)),
        symptomatic=others.get("symptomatic", none + 1),
        related=none + 1 + RELATEDNESS.index(kind.related),
        depth=others.get("depth", none),
        planned=others.get("planned", none),
    )


def _of_kind(
    kind: Kind, cohort: Cohort, treatment: Treatment, top: Codes, streams: Streams
) -> Events:
    chance = kind.chance * np.where(cohort.cause == CANCER, kind.in_cancer, 1.0)
    if kind is BALLOON_RUPTURE:
        chance = chance * (treatment.given == KYPHOPLASTY)
    row = np.flatnonzero(streams.happens(kind.type, chance))
    luck = streams.uniform(f"{kind.type} onset", len(row)) ** 2
    onset = kind.first_day + (kind.last_day - kind.first_day) * luck
    onset = np.where(onset < 2, np.round(onset * 24) / 24, np.round(onset))
    is_felt = streams.share(f"{kind.type} felt", kind.symptomatic, len(row))
    others = {"symptomatic": np.where(is_felt, 0, 1)}
    if kind.has_level:
        others["level"] = top[row]
    if kind.type == "infection":
        others["depth"] = np.where(streams.share("depth known", 0.9, len(row)), 0, -1)
    return _events(kind, row, onset, **others)


def _imaged_embolism(cohort: Cohort, streams: Streams) -> Events:
    """Return cement seen in the lung by CT without symptoms."""
    is_seen = chest_ct(cohort, streams) & streams.share("seen", IMAGED_EMBOLISM, len(cohort))
    row = np.flatnonzero(is_seen)
    onset = np.floor(20 * streams.uniform("seen day", len(row)))
    kind = Kind("pulmonary_cement_embolism", "cement_embolism", 0, grade=1, related="definite")
    return _events(kind, row, onset, symptomatic=np.ones(len(row), dtype=np.int64))


def _deep_infection(cohort: Cohort, streams: Streams) -> Events:
    """Return deep infections: they show late, at four months on average."""
    chance = by_cause(DEEP_INFECTION, cohort.cause)
    row = np.flatnonzero(streams.happens("deep infection", chance))
    onset = 7 + np.floor(350 * streams.uniform("deep infection day", len(row)) ** 2)
    kind = Kind("infection", "infection", 0, grade=3)
    return _events(kind, row, onset, depth=np.ones(len(row), dtype=np.int64))


def _readmissions(cohort: Cohort, contact: Contact, streams: Streams) -> list[Events]:
    """Return unplanned readmissions within 30 days of discharge, and a few planned ones."""
    unplanned_kind = Kind("readmission", "disease", 0, grade=3, related="possible")
    chance = np.where(
        cohort.inpatient,
        by_cause(READMISSION_INPATIENT, cohort.cause),
        by_cause(READMISSION_OUTPATIENT, cohort.cause),
    )
    row = np.flatnonzero(streams.happens("readmission", chance))
    later = 1 + np.floor(30 * streams.uniform("readmission day", len(row)))
    unplanned = np.ones(len(row), dtype=np.int64)
    parts = [_events(unplanned_kind, row, contact.discharge[row] + later, planned=unplanned)]
    planned_kind = Kind("readmission", "disease", 0, grade=1, related="unrelated")
    row = np.flatnonzero(streams.share("planned readmission", 0.01, len(cohort)))
    later = 3 + np.floor(60 * streams.uniform("planned readmission day", len(row)))
    onset = contact.discharge[row] + later
    return [*parts, _events(planned_kind, row, onset, planned=np.zeros(len(row), dtype=np.int64))]


def _fractures(fractures: Fractures, streams: Streams) -> list[Events]:
    """Return new fractures; two in five are found by an image only."""
    loading = Kind("adjacent_fracture", "loading_of_spine", 0, related="possible")
    apart = Kind("remote_fracture", "disease", 0, related="unrelated")
    again = Kind("refracture", "loading_of_spine", 0, related="probable")
    parts = []
    for kind, day, level in (
        (loading, fractures.adjacent, fractures.adjacent_level),
        (apart, fractures.remote, fractures.remote_level),
        (again, fractures.again, fractures.again_level),
    ):
        row = np.arange(len(day))
        luck = streams.uniform(f"{kind.type} felt", len(day))
        felt = np.searchsorted((0.58, 0.97), luck)
        parts.append(_events(kind, row, day, level=level, symptomatic=felt))
    return parts


def _deaths(cohort: Cohort, streams: Streams) -> Events:
    """Return the few deaths that a practice also writes down as an adverse event."""
    is_written = streams.share("death written", 0.25, len(cohort)) & (cohort.death <= 30)
    row = np.flatnonzero(is_written & (cohort.cause == OSTEOPOROSIS))
    kind = Kind("death", "disease", 0, grade=5, related="unrelated")
    return _events(kind, row, cohort.death[row])


def _recorded(events: Events, treatment: Treatment, contact: Contact) -> Events:
    """Keep what happened in contact, at a completed procedure whose record was reviewed."""
    kept = events.onset <= contact.last_contact[events.row]
    kept &= contact.reviewed[events.row] & ~treatment.aborted[events.row]
    return Events(**{name: getattr(events, name)[kept] for name in Events.__dataclass_fields__})
