"""Table `procedures`: one treatment session."""

from warehouse import vocabulary as words
from warehouse.columns import Column, Table, decimal, identifier, whole, word, yes_no

_PERSON_AND_PLACE = (
    identifier("procedure_id", "Surrogate of the treatment session", required=True),
    identifier("patient_id", "Surrogate of the patient", required=True),
    identifier("site_id", "Surrogate of the site", required=True),
    identifier("surgeon_id", "Surrogate of the surgeon", core=True),
    whole("procedure_year", "year", "Calendar year", hard=(1984, 2100), required=True),
    whole("procedure_month", "month", "Month; limited data set only", hard=(1, 12)),
    whole("case_order", "", "Order of the session within its site", hard=(1, None)),
    whole("augmentation_number", "", "1 = first known of the patient", hard=(1, 50), soft=(1, 8)),
    decimal(
        "days_since_previous_procedure",
        "days",
        "Days since the patient's procedure before this one",
        hard=(0, 20000),
    ),
    word("procedure_status", ("completed", "aborted"), "Empty means completed"),
)

_WHAT_AND_WHY = (
    word("technique", words.TECHNIQUES, "How the vertebra was augmented", required=True),
    word("cause", words.CAUSES, "Why it broke", required=True),
    word("cause_certainty", words.CAUSE_CERTAINTIES, "How the cause is known", core=True),
    identifier("cause_rule", "Number of the rule that gave the cause"),
    word("cancer_type", ("myeloma", "metastasis", "other"), "Kind of cancer"),
    word("fracture_energy", ("low", "high", "unknown"), "Energy of the injury"),
)

_BEFORE = (
    whole(
        "age_years", "years", "90 stands for 90 and over", hard=(0, 90), soft=(40, 90), core=True
    ),
    word("sex", words.SEXES, "Sex as recorded", core=True),
    decimal(
        "fracture_age_days",
        "days",
        "Age of the most recent treated fracture",
        hard=(0, 3650),
        soft=(0, 365),
        core=True,
    ),
    whole("asa_class", "", "ASA physical status class", hard=(1, 5), core=True),
    whole("charlson", "points", "Charlson comorbidity index", hard=(0, 37), soft=(0, 15)),
    whole("ecog", "", "ECOG performance status", hard=(0, 4)),
    decimal("bmi", "kg/m2", "Body mass index", hard=(8, 90), soft=(14, 55)),
    decimal("t_score", "SD", "Lowest bone density T-score", hard=(-8, 6), soft=(-5.5, 3)),
    yes_no("prior_fracture", "A vertebral fracture before this one", core=True),
    yes_no("steroid", "Long-term systemic steroid"),
    yes_no("osteoporosis_drug_before", "On an osteoporosis drug before"),
    yes_no("osteoporosis_drug_by_90d", "On an osteoporosis drug by day 90"),
    yes_no("dxa_by_90d", "Bone density measured by day 90"),
    yes_no("opioid_at_baseline", "Taking an opioid at baseline", core=True),
    word("anticoagulant", ("none", "held", "continued"), "Anticoagulant around the procedure"),
    word("mri_edema", ("yes", "no", "not_done"), "Marrow oedema on MRI"),
    decimal("height_loss_pct", "%", "Loss of vertebral height before", hard=(0, 100)),
    yes_no("neuro_deficit_before", "Neurological deficit before"),
    word(
        "payer_class",
        ("medicare", "medicaid", "commercial", "self_pay", "public", "other", "unknown"),
        "Who pays",
    ),
    decimal("referral_days", "days", "Referral to procedure", hard=(0, 3650), soft=(0, 365)),
    yes_no("employed_before", "In paid work before the fracture"),
    word(
        "activity_before",
        ("independent", "with_help", "dependent"),
        "Activity before the fracture",
        core=True,
    ),
)

_DURING = (
    word("setting", words.SETTINGS, "Where it was done", core=True),
    word("anesthesia", ("local", "sedation", "general"), "Kind of anaesthesia"),
    word("approach", words.APPROACHES, "Needle approach"),
    whole("needle_count", "", "Needles placed", hard=(1, 20)),
    whole("balloon_count", "", "Balloons inflated", hard=(0, 20)),
    decimal(
        "procedure_minutes",
        "minutes",
        "Duration",
        hard=(0, 480),
        soft=(10, 120),
        above_lower=True,
    ),
    decimal("fluoroscopy_minutes", "minutes", "Fluoroscopy time", hard=(0, 300), soft=(0, 60)),
    decimal("air_kerma_mgy", "mGy", "Air kerma at the reference point", hard=(0, 20000)),
    decimal(
        "length_of_stay_hours",
        "hours",
        "Procedure to discharge",
        hard=(0, 8760),
        soft=(0, 336),
    ),
    yes_no("same_day_discharge", "Home the same day", core=True),
    yes_no("has_caregiver_at_home", "Somebody at home to help"),
    yes_no("rehabilitation_plan", "Rehabilitation planned"),
)


def _milestone(name: str, meaning: str) -> tuple[Column, ...]:
    """Declare the day, the status and the day of asking of one milestone."""
    return (
        decimal(f"{name}_days", "days", f"Day of {meaning}, as given", hard=(0, 3650)),
        word(f"{name}_status", words.STATUSES, f"Whether {meaning} happened"),
        decimal(f"{name}_asked_days", "days", f"Day of asking about {meaning}", hard=(0, 3650)),
    )


_AFTER = (
    *_milestone("relief", "pain relief"),
    *_milestone("return_to_activity", "return to activity"),
    *_milestone("return_to_work", "return to work"),
    *_milestone("resumed_lifting", "lifting again"),
    *_milestone("soreness_resolved", "soreness gone"),
    word(
        "unplanned_contact_30d",
        ("none", "call", "visit", "emergency"),
        "Unplanned contact within 30 days",
    ),
    word("complications_reviewed", words.YES_NO, "Looked for complications", core=True),
    decimal("reviewed_through_days", "days", "Reviewed to this day", hard=(0, 20000)),
    decimal("observed_through_days", "days", "Days to the data cut", hard=(0, 20000), core=True),
    decimal("last_contact_days", "days", "Last contact of any kind", hard=(0, 20000), core=True),
    decimal("death_days", "days", "Day of death; empty when not known dead", hard=(0, 20000)),
    word(
        "vital_status_source",
        ("linkage", "record", "contact", "unknown"),
        "How death or life is known",
    ),
    word("chest_ct_done", words.YES_NO, "Chest CT after the procedure"),
)

PROCEDURES = Table(
    name="procedures",
    grain="one row per treatment session",
    key=("procedure_id",),
    columns=(*_PERSON_AND_PLACE, *_WHAT_AND_WHY, *_BEFORE, *_DURING, *_AFTER),
)
