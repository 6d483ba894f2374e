"""Who is treated, where, when and by whom, and how long each patient lives."""

from dataclasses import dataclass, fields

import numpy as np

from etl.synthesis.streams import Array, Codes, Flags, Streams, chance_of
from etl.synthesis.world import World

OSTEOPOROSIS, CANCER, TRAUMA = 0, 1, 2
CAUSE_SHARES = (0.74, 0.18, 0.08)
SITES = ("A", "B", "C", "D")
SITE_SHARES = (0.30, 0.28, 0.24, 0.18)
FIRST_YEAR, LAST_DAY = 2021, 2191.0
"""Days run from the start of 2021; the data are cut at the end of 2026."""

SURGEON_SHARES = (
    (0.34, 0.30, 0.25, 0.11),
    (0.34, 0.30, 0.25, 0.11),
    (0.52, 0.48),
    (0.16, 0.14, 0.70),
)
FIRST_SURGEON = (0, 4, 8, 11)
REFERRAL = 0.5
"""Correlation of the surgeon's place at the site with the patient's leaning to kyphoplasty."""
SMALL_SURGEON, SMALL_SURGEON_CASES = 10, 18
ONLY_KYPHOPLASTY, ONLY_VERTEBROPLASTY = (3, 7), (11, 12)
UNCHECKED_SURGEON = 2
SURGEONS = 14
SITE_C, SMALL_SITE = 2, 2

SECOND_SHARE = 0.05
FIRST_GAP, LAST_GAP = 21.0, 900.0

AGE_MEAN, AGE_SD = (75.9, 67.0, 48.0), (9.0, 11.0, 16.0)
AGE_FLOOR = (50.0, 30.0, 18.0)
FEMALE = (0.72, 0.50, 0.38)
INPATIENT = (0.14, 0.30, 0.45)
FRACTURE_AGE_MEDIAN, FRACTURE_AGE_LOG_SD = (28.0, 35.0, 12.0), 0.8
T_SCORE_MEAN, T_SCORE_SD = (-2.8, -1.6, -0.5), (0.8, 1.0, 1.0)
PRIOR_FRACTURE = (0.33, 0.20, 0.05)

DEATH_BY_YEAR = (0.08, 0.45, 0.02)
DEATH_HAZARD = (1.35e-4, 8.2e-4, 2.57e-5)
DEATH_ASA, DEATH_INPATIENT = 1.8, 2.5
EARLY_DAYS, EARLY_OUTPATIENT, EARLY_INPATIENT = 30.0, 1.33, 1.86


@dataclass(frozen=True)
class Cohort:
    """One row per procedure, in the order of patients and their procedures; times in days."""

    patient: Codes
    augmentation: Codes
    gap: Array
    next_gap: Array
    day: Array
    site: Codes
    surgeon: Codes
    case_order: Codes
    cause: Codes
    age: Array
    female: Flags
    inpatient: Flags
    severe: Flags
    opioid: Flags
    fracture_age: Array
    kyphosis: Array
    prior_fracture: Flags
    t_score: Array
    death: Array
    observed: Array

    def __len__(self) -> int:
        return len(self.patient)

    def rows(self, chosen: slice) -> "Cohort":
        """Return the procedures in `chosen`."""
        return Cohort(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


@dataclass(frozen=True)
class _Patients:
    """One row per patient, as at the first procedure."""

    day: Array
    site: Codes
    cause: Codes
    age: Array
    female: Flags
    inpatient: Flags
    severe: Flags
    death: Array
    t_score: Array
    prior_fracture: Flags


def by_cause(values: tuple[float, ...], cause: Codes) -> Array:
    """Return the value of each procedure's cause."""
    return np.asarray(values, dtype=float)[cause]


def draw_cohort(
    world: World, streams: Streams, earliest: float = 0.0, few_cases: int = SMALL_SURGEON_CASES
) -> Cohort:
    """Draw patients and lay out exactly `world.procedures` procedures.

    `earliest` is the first day, since the start of 2021, on which a patient may be treated;
    `few_cases` is the number of procedures of the surgeon with few cases.
    """
    second = round(SECOND_SHARE * world.procedures)
    patients = _draw_patients(streams, world.procedures - second, earliest)
    patient, gap = _add_second_procedures(streams, patients, second)
    return _draw_procedures(streams, patients, (patient, gap), few_cases)


def _draw_patients(streams: Streams, count: int, earliest: float) -> _Patients:
    cause = streams.among("cause", CAUSE_SHARES, count)
    age = by_cause(AGE_MEAN, cause) + by_cause(AGE_SD, cause) * streams.normal("age", count)
    age = np.clip(np.floor(age + 0.5), by_cause(AGE_FLOOR, cause), 90.0)
    inpatient = streams.happens("inpatient", by_cause(INPATIENT, cause))
    severe_logit = -0.4 + 0.04 * (age - 75) + 0.8 * (cause == CANCER) + 0.6 * inpatient
    severe = streams.happens("severe", chance_of(severe_logit))
    t_score = by_cause(T_SCORE_MEAN, cause)
    t_score = t_score + by_cause(T_SCORE_SD, cause) * streams.normal("t_score", count)
    return _Patients(
        day=earliest + (LAST_DAY - earliest) * streams.uniform("day", count),
        site=streams.among("site", SITE_SHARES, count),
        cause=cause,
        age=age,
        female=streams.happens("female", by_cause(FEMALE, cause)),
        inpatient=inpatient,
        severe=severe,
        death=_draw_death(streams, cause, severe, inpatient),
        t_score=np.clip(t_score, -5.4, 2.5),
        prior_fracture=streams.happens("prior_fracture", by_cause(PRIOR_FRACTURE, cause)),
    )


def _draw_death(streams: Streams, cause: Codes, severe: Flags, inpatient: Flags) -> Array:
    """Return whole days from the first procedure to death: a hazard with one step at day 30."""
    late = by_cause(DEATH_HAZARD, cause) * np.where(severe, DEATH_ASA, 1.0)
    late = late * np.where(inpatient, DEATH_INPATIENT, 1.0)
    early = late * np.where(inpatient, EARLY_INPATIENT, EARLY_OUTPATIENT)
    spent = -np.log(streams.uniform("death", len(cause)))
    by_step = early * EARLY_DAYS
    days = np.where(spent < by_step, spent / early, EARLY_DAYS + (spent - by_step) / late)
    return np.ceil(days)


def _add_second_procedures(
    streams: Streams, patients: _Patients, second: int
) -> tuple[Codes, Array]:
    """Return for each procedure its patient and the days since the one before (NaN if none)."""
    everyone = np.arange(len(patients.day))
    ends = np.minimum(np.minimum(patients.death, LAST_DAY - patients.day), LAST_GAP)
    order = np.argsort(np.where(ends > FIRST_GAP + 2, streams.uniform("second", len(ends)), 2.0))
    again = np.sort(order[: min(second, int(np.sum(ends > FIRST_GAP + 2)))])
    span = ends[again] - FIRST_GAP - 2
    gap = FIRST_GAP + np.floor(span * streams.uniform("gap", len(again)) ** 1.5)
    patient = np.concatenate([everyone, again])
    gaps = np.concatenate([np.full(len(everyone), np.nan), gap])
    order = np.lexsort((np.isfinite(gaps), patient))
    return patient[order], gaps[order]


def _draw_procedures(
    streams: Streams, patients: _Patients, laid_out: tuple[Codes, Array], few_cases: int
) -> Cohort:
    patient, gap = laid_out
    count, is_second = len(patient), np.isfinite(gap)
    waited = np.where(is_second, gap, 0.0)
    cause, site = patients.cause[patient], patients.site[patient]
    fresh = streams.happens("inpatient again", by_cause(INPATIENT, cause))
    inpatient = np.where(is_second, fresh, patients.inpatient[patient])
    opioid_logit = -0.2 + 0.4 * (cause == CANCER) + 0.4 * inpatient
    fracture_age = np.exp(FRACTURE_AGE_LOG_SD * streams.normal("fracture_age", count))
    fracture_age = np.round(by_cause(FRACTURE_AGE_MEDIAN, cause) * fracture_age)
    fracture_age = np.clip(fracture_age, 1, 900)
    severe = patients.severe[patient]
    opioid = streams.happens("opioid", chance_of(opioid_logit))
    kyphosis = np.clip(14 + 6 * streams.normal("kyphosis", count), -5, 45)
    leaning = leaning_to_kyphoplasty(fracture_age, inpatient, severe, opioid, kyphosis)
    day = patients.day[patient] + waited
    return Cohort(
        patient=patient,
        augmentation=np.where(is_second, 2, 1),
        gap=gap,
        next_gap=_gap_to_next(patient, gap),
        day=day,
        site=site,
        surgeon=_draw_surgeons(streams, site, leaning, few_cases),
        case_order=_order_within(site, day),
        cause=cause,
        age=np.minimum(patients.age[patient] + np.floor(waited / 365.25), 90.0),
        female=patients.female[patient],
        inpatient=inpatient,
        severe=severe,
        opioid=opioid,
        fracture_age=fracture_age,
        kyphosis=kyphosis,
        prior_fracture=patients.prior_fracture[patient] | is_second,
        t_score=patients.t_score[patient],
        death=patients.death[patient] - waited,
        observed=np.floor(LAST_DAY - day),
    )


def _gap_to_next(patient: Codes, gap: Array) -> Array:
    """Return days to the patient's next procedure, infinite where there is none."""
    followed = np.zeros(len(patient), dtype=bool)
    followed[:-1] = patient[:-1] == patient[1:]
    return np.where(followed, np.roll(gap, -1), np.inf)


def _order_within(site: Codes, day: Array) -> Codes:
    """Return the order of each procedure within its site, from 1."""
    order = np.lexsort((day, site))
    ranks = np.empty(len(site), dtype=np.int64)
    starts = np.searchsorted(site[order], np.arange(len(SITES)))
    ranks[order] = np.arange(len(site)) - starts[site[order]] + 1
    return ranks


def leaning_to_kyphoplasty(
    fracture_age: Array, inpatient: Flags, severe: Flags, opioid: Flags, kyphosis: Array
) -> Array:
    """Return the part of the logit of kyphoplasty that comes from the patient."""
    return (
        -1.3 * (fracture_age > 42)
        - 0.7 * (fracture_age > 84)
        - 1.1 * inpatient
        - 0.5 * severe
        - 0.4 * opioid
        + 0.08 * (kyphosis - 14)
    )


def _draw_surgeons(streams: Streams, site: Codes, leaning: Array, few_cases: int) -> Codes:
    """Refer patients within their site: surgeons stand in the order in which they are sent
    patients who lean to kyphoplasty, those with one technique only at the ends."""
    count = len(site)
    wish = REFERRAL * (leaning - leaning.mean()) / max(leaning.std(), 1e-9)
    wish = wish + np.sqrt(1 - REFERRAL**2) * streams.normal("surgeon", count)
    standing = np.empty(count)
    standing[np.argsort(wish)] = (np.arange(count) + 0.5) / count
    surgeon = np.empty(count, dtype=np.int64)
    for place, shares in enumerate(SURGEON_SHARES):
        here = np.searchsorted(np.cumsum(shares)[:-1], standing) + FIRST_SURGEON[place]
        surgeon = np.where(site == place, here, surgeon)
    candidates = np.flatnonzero(site == SMALL_SITE)
    order = np.argsort(streams.uniform("small surgeon", len(candidates)))
    surgeon[candidates[order[:few_cases]]] = SMALL_SURGEON
    return surgeon
