"""Columns of `procedures` that describe the patient before the session, and bone health after."""

import numpy as np
import pyarrow as pa

from etl.synthesis import cells
from etl.synthesis.cohort import CANCER, OSTEOPOROSIS, by_cause
from etl.synthesis.drawn import Drawn, activity_before, employed_before, kept, words_of
from etl.synthesis.streams import Streams
from warehouse.vocabulary import SEXES


def patient_columns(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    """Return what is recorded of the patients: column name -> text, one value a procedure."""
    cohort, count = drawn.cohort, len(drawn.cohort)
    asa = np.where(streams.share("asa", 0.15, count), np.where(cohort.severe, 4, 1), 0)
    asa = np.where(asa == 0, np.where(cohort.severe, 3, 2), asa)
    comorbidity = -np.log(streams.uniform("charlson", count)) * np.where(cohort.severe, 2.2, 1.0)
    charlson = np.minimum(np.floor(comorbidity) + 2 * (cohort.cause == CANCER), 12)
    ecog = np.minimum(streams.among("ecog", (0.15, 0.4, 0.3, 0.15), count) + cohort.inpatient, 4)
    bmi = np.clip(26 + 4.5 * streams.normal("bmi", count), 15, 52)
    height_loss = 33 + 13 * streams.normal("height loss", count)
    deficit = streams.happens("deficit", by_cause((0.02, 0.09, 0.05), cohort.cause))
    referral = np.round(12 * np.exp(0.7 * streams.normal("referral", count)))
    return {
        "age_years": cells.number(cohort.age, where=kept(streams, "age", 0.995, count)),
        "sex": cells.words(
            np.where(cohort.female, 0, 1), SEXES, kept(streams, "sex", 0.995, count)
        ),
        "fracture_age_days": cells.number(
            cohort.fracture_age, where=kept(streams, "fracture age", 0.98, count)
        ),
        "asa_class": cells.number(asa, where=kept(streams, "asa class", 0.985, count)),
        "charlson": cells.number(charlson, where=kept(streams, "charlson kept", 0.8, count)),
        "ecog": cells.number(ecog, where=cohort.cause == CANCER),
        "bmi": cells.number(bmi, places=1, where=kept(streams, "bmi kept", 0.9, count)),
        "prior_fracture": cells.yes_no(
            cohort.prior_fracture, kept(streams, "prior fracture kept", 0.98, count)
        ),
        "opioid_at_baseline": cells.yes_no(
            cohort.opioid, kept(streams, "opioid kept", 0.985, count)
        ),
        "height_loss_pct": cells.number(
            np.clip(height_loss, 3, 85), where=kept(streams, "height loss kept", 0.75, count)
        ),
        "neuro_deficit_before": cells.yes_no(deficit, kept(streams, "deficit kept", 0.9, count)),
        "referral_days": cells.number(referral, where=kept(streams, "referral kept", 0.7, count)),
        **_circumstances(drawn, streams),
        **_bone_health(drawn, streams),
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
            employed_before(cohort, streams), kept(streams, "employed kept", 0.85, count)
        ),
        "activity_before": cells.words(
            activity_before(cohort, streams), words_of("activity_before")
        ),
    }


def _bone_health(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    cohort, count = drawn.cohort, len(drawn.cohort)
    in_osteoporosis = cohort.cause == OSTEOPOROSIS
    drug_before = streams.happens("drug before", np.where(in_osteoporosis, 0.28, 0.1))
    started = streams.happens("drug by 90 d", np.where(in_osteoporosis, 0.3, 0.05))
    seen = in_osteoporosis & (cohort.death > 90) & (cohort.observed >= 90)
    dxa = streams.share("dxa", 0.42, count)
    return {
        "t_score": cells.number(
            cohort.t_score, places=1, where=kept(streams, "t score kept", 0.7, count)
        ),
        "steroid": cells.yes_no(streams.share("steroid", 0.09, count)),
        "osteoporosis_drug_before": cells.yes_no(drug_before),
        "osteoporosis_drug_by_90d": cells.yes_no(
            drug_before | started, seen & kept(streams, "drug by 90 d kept", 0.88, count)
        ),
        "dxa_by_90d": cells.yes_no(dxa, seen & kept(streams, "dxa kept", 0.88, count)),
    }
