"""Table `procedures`: what a practice writes down about each session."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from etl.synthesis import cells
from etl.synthesis.cohort import (
    CANCER,
    FIRST_YEAR,
    OSTEOPOROSIS,
    SITES,
    TRAUMA,
    Cohort,
    by_cause,
)
from etl.synthesis.complications import chest_ct
from etl.synthesis.contact import SITE_WITHOUT_LINKAGE, Contact
from etl.synthesis.levels import Levels
from etl.synthesis.recovery import Recovery
from etl.synthesis.streams import Array, Codes, Flags, Streams
from etl.synthesis.treatment import KYPHOPLASTY, MIXED, Treatment
from warehouse.source_schema import table_named
from warehouse.vocabulary import CAUSES, SETTINGS, SEXES, STATUSES, TECHNIQUES

OTHER_CAUSE, UNSPECIFIED_CAUSE = CAUSES.index("other"), CAUSES.index("unspecified")
OTHER_SHARE, UNSPECIFIED_SHARE = 0.008, 0.012
STATED, PROBABLE, UNSPECIFIED = range(3)
RULE_STATED, RULE_PROBABLE = ("4", "2", "6", "10", "9"), ("7", "3", "8", "10", "9")
HAPPENED, NOT_YET, NOT_ASKED, NOT_APPLICABLE = range(len(STATUSES))
YEAR_DAYS = (365, 730, 1095, 1461, 1826)
FLUOROSCOPY_PER_LEVEL = (6.1, 4.9)
MINUTES = (40.0, 32.0)
"""After a cavity (balloon or implant), and vertebroplasty."""


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


def procedure_table(drawn: Drawn, streams: Streams) -> pa.Table:
    """Return table `procedures` of the block."""
    columns = {
        **_person_and_place(drawn),
        **_what_and_why(drawn, streams),
        **_before(drawn, streams),
        **_bone_health(drawn, streams),
        **_during(drawn, streams),
        **_discharge(drawn, streams),
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


def _before(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    cohort, count = drawn.cohort, len(drawn.cohort)
    asa = np.where(streams.share("asa", 0.15, count), np.where(cohort.severe, 4, 1), 0)
    asa = np.where(asa == 0, np.where(cohort.severe, 3, 2), asa)
    comorbidity = -np.log(streams.uniform("charlson", count)) * np.where(cohort.severe, 2.2, 1.0)
    charlson = np.minimum(np.floor(comorbidity) + 2 * (cohort.cause == CANCER), 12)
    ecog = np.minimum(streams.among("ecog", (0.15, 0.4, 0.3, 0.15), count) + cohort.inpatient, 4)
    height_loss = 33 + 13 * streams.normal("height loss", count)
    deficit = streams.happens("deficit", by_cause((0.02, 0.09, 0.05), cohort.cause))
    referral = np.round(12 * np.exp(0.7 * streams.normal("referral", count)))
    return {
        "age_years": cells.number(cohort.age, where=_kept(streams, "age", 0.995, count)),
        "sex": cells.words(
            np.where(cohort.female, 0, 1), SEXES, _kept(streams, "sex", 0.995, count)
        ),
        "fracture_age_days": cells.number(
            cohort.fracture_age, where=_kept(streams, "fracture age", 0.98, count)
        ),
        "asa_class": cells.number(asa, where=_kept(streams, "asa class", 0.985, count)),
        "charlson": cells.number(charlson, where=_kept(streams, "charlson kept", 0.8, count)),
        "ecog": cells.number(ecog, where=cohort.cause == CANCER),
        "bmi": cells.number(
            np.clip(26 + 4.5 * streams.normal("bmi", count), 15, 52), places=1, where=_kept(streams, "bmi kept", 0.9, count)
        ),
        "prior_fracture": cells.yes_no(
            cohort.prior_fracture, _kept(streams, "prior fracture kept", 0.98, count)
        ),
        "opioid_at_baseline": cells.yes_no(
            cohort.opioid, _kept(streams, "opioid kept", 0.985, count)
        ),
        "height_loss_pct": cells.number(
            np.clip(height_loss, 3, 85), where=_kept(streams, "height loss kept", 0.75, count)
        ),
        "neuro_deficit_before": cells.yes_no(deficit, _kept(streams, "deficit kept", 0.9, count)),
        "referral_days": cells.number(referral, where=_kept(streams, "referral kept", 0.7, count)),
        **_circumstances(drawn, streams),
    }


def _circumstances(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    cohort, count = drawn.cohort, len(drawn.cohort)
    thinner = streams.among("anticoagulant", (0.76, 0.20, 0.04), count)
    edema = streams.among("edema", (0.80, 0.06, 0.14), count)
    elderly = streams.among("payer 65", (0.86, 0.02, 0.06, 0.01, 0.02, 0.02, 0.01), count)
    younger = streams.among("payer", (0.12, 0.14, 0.60, 0.05, 0.04, 0.03, 0.02), count)
    payer = np.where(cohort.age >= 65, elderly, younger)
    return {
        "anticoagulant": cells.words(thinner, words_of("anticoagulant")),
        "mri_edema": cells.words(edema, words_of("mri_edema")),
        "payer_class": cells.words(payer, words_of("payer_class")),
        "employed_before": cells.yes_no(
            employed_before(cohort, streams), _kept(streams, "employed kept", 0.85, count)
        ),
        "activity_before": cells.words(
            activity_before(cohort, streams), words_of("activity_before")
        ),
    }


def employed_before(cohort: Cohort, streams: Streams) -> Flags:
    """Return who was in paid work before the fracture."""
    return streams.happens("employed", np.where(cohort.age < 67, 0.5, 0.04))


def activity_before(cohort: Cohort, streams: Streams) -> Codes:
    """Return independent, with help or dependent as 0, 1, 2; more help at 80 and over."""
    luck = streams.uniform("activity before", len(cohort))
    is_old = cohort.age >= 80
    return (luck > np.where(is_old, 0.62, 0.8)).astype(np.int64) + (luck > 0.94)


def _bone_health(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    cohort, count = drawn.cohort, len(drawn.cohort)
    in_osteoporosis = cohort.cause == OSTEOPOROSIS
    drug_before = streams.happens("drug before", np.where(in_osteoporosis, 0.28, 0.1))
    drug_by_90d = drug_before | streams.happens("drug by 90 d", np.where(in_osteoporosis, 0.3, 0.05))
    seen = in_osteoporosis & (cohort.death > 90) & (cohort.observed >= 90)
    dxa = streams.share("dxa", 0.42, count)
    return {
        "t_score": cells.number(
            cohort.t_score, places=1, where=_kept(streams, "t score kept", 0.7, count)
        ),
        "steroid": cells.yes_no(streams.share("steroid", 0.09, count)),
        "osteoporosis_drug_before": cells.yes_no(drug_before),
        "osteoporosis_drug_by_90d": cells.yes_no(
            drug_by_90d, seen & _kept(streams, "drug by 90 d kept", 0.88, count)
        ),
        "dxa_by_90d": cells.yes_no(dxa, seen & _kept(streams, "dxa kept", 0.88, count)),
    }


def _during(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    cohort, treatment, count = drawn.cohort, drawn.treatment, len(drawn.cohort)
    treated = np.bincount(drawn.levels.row, minlength=count)
    bipedicular = streams.happens("bipedicular", np.where(treatment.has_cavity, 0.8, 0.45))
    needles = treated * np.where(bipedicular, 2, 1)
    with_balloon = np.isin(treatment.recorded, (KYPHOPLASTY, MIXED)) & ~treatment.aborted
    minutes, beam = _duration(treatment, treated, streams)
    kerma = beam * 45 * np.exp(0.4 * streams.normal("kerma", count))
    setting = np.where(cohort.inpatient, 2, np.where(drawn.contact.in_office, 0, 1))
    deeper = streams.among("anesthesia cavity", (0.12, 0.53, 0.35), count)
    lighter = streams.among("anesthesia", (0.45, 0.48, 0.07), count)
    return {
        "setting": cells.words(setting, SETTINGS),
        "anesthesia": cells.words(
            np.where(treatment.has_cavity, deeper, lighter), words_of("anesthesia")
        ),
        "approach": cells.words(bipedicular.astype(np.int64), words_of("approach")),
        "needle_count": cells.number(needles, where=~treatment.aborted),
        "balloon_count": cells.number(
            np.where(treatment.recorded == MIXED, np.minimum(needles, 2), needles), where=with_balloon
        ),
        "procedure_minutes": cells.number(minutes, where=_kept(streams, "minutes kept", 0.95, count)),
        "fluoroscopy_minutes": cells.number(
            beam, places=1, where=_kept(streams, "beam kept", 0.92, count)
        ),
        "air_kerma_mgy": cells.number(kerma, where=_kept(streams, "kerma kept", 0.8, count)),
    }


def _duration(treatment: Treatment, treated: Codes, streams: Streams) -> tuple[Array, Array]:
    """Return minutes of the procedure and, shorter, of fluoroscopy."""
    count, place = len(treated), np.where(treatment.has_cavity, 0, 1)
    minutes = np.asarray(MINUTES)[place] * (0.9 + 0.078 * treated)
    minutes = minutes * np.exp(0.3 * streams.normal("minutes", count) - 0.045)
    spread = np.sqrt(np.log1p((3.3 / 4.9) ** 2))
    beam = np.exp(spread * streams.normal("beam", count) - spread**2 / 2)
    beam = np.asarray(FLUOROSCOPY_PER_LEVEL)[place] * treated * beam
    minutes = np.round(np.clip(minutes, 11, 200))
    return minutes, np.round(np.minimum(beam, minutes - 1), 1)


def _discharge(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    contact, count = drawn.contact, len(drawn.cohort)
    return {
        "length_of_stay_hours": cells.number(
            contact.stay_hours, places=1, where=_kept(streams, "stay kept", 0.95, count)
        ),
        "same_day_discharge": cells.yes_no(
            contact.same_day, _kept(streams, "same day kept", 0.985, count)
        ),
        "has_caregiver_at_home": cells.yes_no(
            streams.share("caregiver", 0.68, count), _kept(streams, "caregiver kept", 0.12, count)
        ),
        "rehabilitation_plan": cells.yes_no(
            streams.share("rehabilitation", 0.4, count), _kept(streams, "plan kept", 0.15, count)
        ),
    }


def _milestones(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    """Return the days that patients gave, each with whether and when they were asked."""
    cohort, count = drawn.cohort, len(drawn.cohort)
    recovery, has_cavity = drawn.recovery, drawn.treatment.has_cavity
    relief = np.where(has_cavity, recovery.relief_kyphoplasty, recovery.relief_vertebroplasty)
    active = np.where(has_cavity, recovery.activity_kyphoplasty, recovery.activity_vertebroplasty)
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
        is_asked = _kept(streams, f"{name} asked", share, count)
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
    has_day = contact.reviewed & _kept(streams, "review day", 0.9, count)
    return {
        "unplanned_contact_30d": cells.words(
            unplanned, words_of("unplanned_contact_30d"), contact.last_contact >= 30
        ),
        "complications_reviewed": cells.yes_no(
            contact.reviewed, _kept(streams, "review said", 0.985, count) | contact.reviewed
        ),
        "reviewed_through_days": cells.number(cohort.observed, where=has_day),
        "observed_through_days": cells.number(cohort.observed),
        "last_contact_days": cells.number(contact.last_contact),
        "death_days": cells.number(contact.death),
        "vital_status_source": cells.words(source, words_of("vital_status_source")),
        "chest_ct_done": cells.yes_no(
            chest_ct(cohort, streams), _kept(streams, "chest ct kept", 0.9, count)
        ),
    }


def _kept(streams: Streams, name: str, share: float, count: int) -> Flags:
    """Return the records in which a value was written down."""
    return streams.share(f"kept {name}", share, count)
