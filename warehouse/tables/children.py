"""Tables `treated_levels`, `leaks`, `assessments` and `complications`."""

from warehouse import vocabulary as words
from warehouse.columns import Table, decimal, identifier, whole, word, yes_no

_PROCEDURE = identifier("procedure_id", "The session this belongs to", required=True)
_POSITIONS = ("supine", "standing")

TREATED_LEVELS = Table(
    name="treated_levels",
    grain="one row per vertebra treated in a session",
    key=("procedure_id", "level"),
    columns=(
        _PROCEDURE,
        word("level", words.LEVELS, "The vertebra", required=True),
        word("technique", words.TECHNIQUES, "Technique at this level"),
        word("cause", words.CAUSES, "Cause at this level"),
        word("cause_certainty", words.CAUSE_CERTAINTIES, "How the cause is known"),
        decimal("fracture_age_days", "days", "Age of this fracture", hard=(0, 3650), soft=(0, 365)),
        identifier("ao_type", "AO Spine fracture type, such as A3"),
        yes_no("posterior_wall_breach", "Posterior wall broken"),
        yes_no("cleft", "Cleft within the vertebra"),
        word("approach", words.APPROACHES, "Needle approach at this level"),
        decimal(
            "cement_ml",
            "mL",
            "Cement injected",
            hard=(0, 20),
            soft=(1, 8),
            above_lower=True,
            core=True,
        ),
        identifier("cement_type", "Kind of cement, such as PMMA"),
        decimal("balloon_ml", "mL", "Balloon volume, both sides", hard=(0, 20), soft=(0, 12)),
        word("biopsy", ("none", "benign", "malignant", "not_recorded"), "Biopsy result"),
        decimal("kyphotic_angle_pre", "degrees", "Local, kyphosis positive", hard=(-60, 90)),
        decimal("kyphotic_angle_post", "degrees", "Local, kyphosis positive", hard=(-60, 90)),
        decimal(
            "anterior_height_pct_pre",
            "% of neighbours",
            "Anterior height before",
            hard=(0, 130),
            soft=(0, 105),
        ),
        decimal(
            "anterior_height_pct_post",
            "% of neighbours",
            "Anterior height after",
            hard=(0, 130),
            soft=(0, 105),
        ),
        decimal("post_image_days", "days", "Day of the later image", hard=(0, 3650)),
        word("image_position_pre", _POSITIONS, "Position in the earlier image"),
        word("image_position_post", _POSITIONS, "Position in the later image"),
        word("leak_checked", words.YES_NO, "Looked for a leak", core=True),
        word("leak_modality", words.LEAK_MODALITIES, "How it was looked for", core=True),
    ),
)

LEAKS = Table(
    name="leaks",
    grain="one row per leak route of a treated level",
    key=("procedure_id", "level", "route"),
    columns=(
        _PROCEDURE,
        word("level", words.LEVELS, "The vertebra", required=True),
        word("route", words.LEAK_ROUTES, "Where the cement went", required=True),
        yes_no("symptomatic", "The leak caused symptoms"),
    ),
)

ASSESSMENTS = Table(
    name="assessments",
    grain="one row per score of one instrument at one time",
    key=("procedure_id", "instrument", "days"),
    columns=(
        _PROCEDURE,
        word("instrument", words.INSTRUMENTS, "What was asked", required=True),
        decimal(
            "days",
            "days",
            "Days since the procedure; negative before it",
            hard=(-3650, 20000),
            soft=(-90, 910),
            required=True,
        ),
        decimal("score", "of the instrument", "The score", hard=(-1, 10000), required=True),
    ),
)

COMPLICATIONS = Table(
    name="complications",
    grain="one row per adverse event",
    key=("complication_id",),
    columns=(
        identifier("complication_id", "Surrogate of the event", required=True),
        _PROCEDURE,
        word("level", words.LEVELS, "The vertebra, where one is meant"),
        word("type", words.COMPLICATION_TYPES, "What happened", required=True),
        word("mechanism", words.MECHANISMS, "How it came about"),
        decimal("onset_days", "days", "Day of onset; empty when unknown", hard=(0, 20000)),
        whole("grade", "", "Grade within its system", hard=(1, 5)),
        word("grade_system", words.GRADE_SYSTEMS, "The grading system"),
        yes_no("symptomatic", "It caused symptoms"),
        decimal("resolved_days", "days", "Day it was over", hard=(0, 20000)),
        word("infection_depth", ("superficial", "deep"), "Depth of an infection"),
        word("planned", words.YES_NO, "A planned readmission"),
        word("relatedness", words.RELATEDNESS, "Related to device, procedure or anaesthesia"),
    ),
)

SCORE_RANGES = {
    "pain_nrs": (0, 10),
    "pain_vas": (0, 10),
    "odi": (0, 100),
    "rmdq": (0, 24),
    "eq5d_index": (-0.7, 1),
    "promis_pf": (10, 90),
    "sf36_pcs": (0, 100),
    "walking_ability": (0, 3),
    "bowel_bladder_control": (0, 1),
    "restricted_days_14d": (0, 14),
    "opioid_mme": (0, 2000),
}
"""Instrument -> inclusive hard limits of its score."""

WHOLE_SCORES = (
    "pain_nrs",
    "rmdq",
    "walking_ability",
    "bowel_bladder_control",
    "restricted_days_14d",
)
"""Instruments whose scores have no fraction."""
