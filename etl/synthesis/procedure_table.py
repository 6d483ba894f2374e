"""Table `procedures`: what a practice writes down about each session."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from etl.synthesis import cells
from etl.synthesis.cohort import CANCER, FIRST_YEAR, SITES, TRAUMA
from etl.synthesis.complications import chest_ct
from etl.synthesis.contact import SITE_WITHOUT_LINKAGE
from etl.synthesis.drawn import (
    UNSPECIFIED_CAUSE,
    Drawn,
    activity_before,
    employed_before,
    kept,
    recorded_cause,
    words_of,
)
from etl.synthesis.patient_columns import patient_columns
from etl.synthesis.session_columns import session_columns
from etl.synthesis.streams import Array, Flags, Streams
from warehouse.vocabulary import CAUSES, STATUSES, TECHNIQUES

STATED, PROBABLE, UNSPECIFIED = range(3)
RULE_STATED, RULE_PROBABLE = ("4", "2", "6", "10", "9"), ("7", "3", "8", "10", "9")
HAPPENED, NOT_YET, NOT_ASKED, NOT_APPLICABLE = range(len(STATUSES))
YEAR_DAYS = (365, 730, 1095, 1461, 1826)


def procedure_table(drawn: Drawn, streams: Streams) -> pa.Table:
    """Return table `procedures` of the block."""
    columns = {
        **_person_and_place(drawn),
        **_what_and_why(drawn, streams),
        **patient_columns(drawn, streams),
        **session_columns(drawn, streams),
        **_milestones(drawn, streams),
        **_contact(drawn, streams),
    }
    return cells.table_of("procedures", columns)


def _person_and_place(drawn: Drawn) -> dict[str, pa.Array]:
    cohort = drawn.cohort
    year = FIRST_YEAR + np.searchsorted(YEAR_DAYS, cohort.day, side="right")
    return {
        "procedure_id": cells.identifiers("C", np.arange(len(cohort)) + drawn.first),
        "patient_id": cells.identifiers("P", cohort.patient + drawn.first_patient),
        "site_id": cells.words(cohort.site, SITES),
        "surgeon_id": cells.words(cohort.surgeon, tuple(f"S{n:02d}" for n in range(1, 15))),
        "procedure_year": cells.number(year),
        "case_order": cells.number(cohort.case_order),
        "augmentation_number": cells.number(cohort.augmentation),
        "days_since_previous_procedure": cells.number(cohort.gap),
        "procedure_status": cells.words(
            drawn.treatment.aborted.astype(np.int64), words_of("procedure_status")
        ),
    }


def _what_and_why(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    cohort, count = drawn.cohort, len(drawn.cohort)
    cause = recorded_cause(cohort, streams)
    certainty = np.where(streams.share("probable", 0.17, count), PROBABLE, STATED)
    certainty = np.where(cause == UNSPECIFIED_CAUSE, UNSPECIFIED, certainty)
    rule = np.where(streams.share("explicit", 0.3, count), 5, cause)
    stated = cells.words(rule, (*RULE_STATED, "1"), certainty != PROBABLE)
    probable = cells.words(cause, RULE_PROBABLE, certainty == PROBABLE)
    cancer_type = streams.among("cancer type", (0.35, 0.6, 0.05), count)
    energy = np.where(cause == TRAUMA, 1, 0)
    energy = np.where(streams.share("energy unknown", 0.08, count), 2, energy)
    return {
        "technique": cells.words(drawn.treatment.recorded, TECHNIQUES),
        "cause": cells.words(cause, CAUSES),
        "cause_certainty": cells.words(certainty, words_of("cause_certainty")),
        "cause_rule": compute.coalesce(stated, probable),
        "cancer_type": cells.words(cancer_type, words_of("cancer_type"), cause == CANCER),
        "fracture_energy": cells.words(energy, words_of("fracture_energy"), cause != CANCER),
    }


def _milestones(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    """Return the days that patients gave, each with whether and when they were asked."""
    cohort, count = drawn.cohort, len(drawn.cohort)
    recovery, has_cavity = drawn.recovery, drawn.treatment.has_cavity
    relief, active = recovery.relief_under(has_cavity), recovery.activity_under(has_cavity)
    work = active + 7 + np.floor(40 * streams.uniform("work", count))
    lifting = np.ceil(active * 1.5 + 60 * streams.uniform("lifting", count) ** 2)
    soreness = np.ceil(-4 * np.log(streams.uniform("soreness", count)))
    everyone = np.ones(count, dtype=bool)
    may_be_active = activity_before(cohort, streams) < 2
    given = (
        ("relief", relief, 0.15, everyone),
        ("return_to_activity", active, 0.42, may_be_active),
        ("return_to_work", work, 0.7, employed_before(cohort, streams)),
        ("resumed_lifting", lifting, 0.1, may_be_active),
        ("soreness_resolved", soreness, 0.1, everyone),
    )
    columns: dict[str, pa.Array] = {}
    for name, day, share, applies in given:
        is_asked = kept(streams, f"{name} asked", share, count)
        columns |= _milestone(name, day, np.where(is_asked, drawn.contact.asked, np.nan), applies)
    return columns


def _milestone(name: str, day: Array, asked: Array, applies: Flags) -> dict[str, pa.Array]:
    is_asked = np.isfinite(asked) & applies
    happened = is_asked & (day <= asked)
    status = np.where(happened, HAPPENED, np.where(is_asked, NOT_YET, NOT_ASKED))
    return {
        f"{name}_days": cells.number(day, places=3, where=happened),
        f"{name}_status": cells.words(np.where(applies, status, NOT_APPLICABLE), STATUSES),
        f"{name}_asked_days": cells.number(asked, where=is_asked),
    }


def _contact(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    cohort, contact, count = drawn.cohort, drawn.contact, len(drawn.cohort)
    unplanned = streams.among("unplanned", (0.82, 0.10, 0.05, 0.03), count)
    is_dead = np.isfinite(contact.death)
    source = np.where(cohort.site == SITE_WITHOUT_LINKAGE, 1, 0)
    source = np.where(is_dead, source, np.where(streams.share("by contact", 0.6, count), 2, source))
    has_day = contact.reviewed & kept(streams, "review day", 0.9, count)
    return {
        "unplanned_contact_30d": cells.words(
            unplanned, words_of("unplanned_contact_30d"), contact.last_contact >= 30
        ),
        "complications_reviewed": cells.yes_no(
            contact.reviewed, kept(streams, "review said", 0.985, count) | contact.reviewed
        ),
        "reviewed_through_days": cells.number(cohort.observed, where=has_day),
        "observed_through_days": cells.number(cohort.observed),
        "last_contact_days": cells.number(contact.last_contact),
        "death_days": cells.number(contact.death),
        "vital_status_source": cells.words(source, words_of("vital_status_source")),
        "chest_ct_done": cells.yes_no(
            chest_ct(cohort, streams), kept(streams, "chest ct kept", 0.9, count)
        ),
    }
