"""The words that records may use, and how each is said aloud."""

from types import MappingProxyType

YES_NO_UNKNOWN = ("yes", "no", "unknown")
YES_NO = ("yes", "no")

TECHNIQUES = ("kyphoplasty", "vertebroplasty", "implant", "kyphoplasty_or_mechanical", "mixed")
"""All techniques that count in volumes."""

COMPARED_TECHNIQUES = ("kyphoplasty", "vertebroplasty", "implant")
"""Techniques with arms of their own; the others are counted in totals only."""

CAUSES = ("osteoporosis", "cancer", "trauma", "other", "unspecified")
CAUSE_CERTAINTIES = ("stated", "probable", "unspecified")
SEXES = ("female", "male", "other", "unknown")
SETTINGS = ("office", "outpatient", "inpatient")
STATUSES = ("happened", "not_yet", "not_asked", "not_applicable")
APPROACHES = ("unipedicular", "bipedicular")

LEVELS = (
    *(f"C{number}" for number in range(3, 8)),
    *(f"T{number}" for number in range(1, 13)),
    *(f"L{number}" for number in range(1, 6)),
)
"""Vertebral levels from the neck down; neighbours in this order are adjacent levels."""

LEAK_MODALITIES = ("fluoroscopy", "radiograph", "ct")
LEAK_ROUTES = (
    "epidural",
    "foraminal",
    "segmental_vein",
    "cortical_paraspinal",
    "intradiscal",
    "needle_track",
    "intravascular",
    "unspecified",
)
INSTRUMENTS = (
    "pain_nrs",
    "pain_vas",
    "odi",
    "rmdq",
    "eq5d_index",
    "promis_pf",
    "sf36_pcs",
    "walking_ability",
    "bowel_bladder_control",
    "restricted_days_14d",
    "opioid_mme",
)
COMPLICATION_TYPES = (
    "pulmonary_cement_embolism",
    "nerve_injury",
    "spinal_cord_injury",
    "cauda_equina",
    "weakness_numbness_tingling",
    "allergic_reaction",
    "bleeding",
    "infection",
    "adjacent_fracture",
    "remote_fracture",
    "refracture",
    "rib_fracture",
    "pedicle_fracture",
    "pneumothorax",
    "dural_tear",
    "cement_or_device_migration",
    "balloon_rupture",
    "cement_implantation_syndrome",
    "cardiovascular",
    "thromboembolism",
    "pneumonia",
    "urinary_infection",
    "repeat_procedure",
    "readmission",
    "death",
    "other",
)
MECHANISMS = (
    "cement_extravasation",
    "cement_embolism",
    "needle_or_cannula",
    "device",
    "thermal",
    "anaesthesia",
    "drug_or_contrast",
    "infection",
    "bleeding",
    "loading_of_spine",
    "disease",
    "positioning",
    "unknown",
)
RELATEDNESS = ("definite", "probable", "possible", "unrelated", "unknown")
GRADE_SYSTEMS = ("clavien_dindo", "sir", "ctcae")

VISITS = MappingProxyType(
    {
        "baseline": (0.0, -30.0, 0.0),
        "2h": (0.083, 0.0, 0.5),
        "24h": (1.0, 0.5, 2.0),
        "1w": (7.0, 2.0, 14.0),
        "6w": (42.0, 14.0, 60.0),
        "3mo": (90.0, 60.0, 135.0),
        "6mo": (180.0, 135.0, 270.0),
        "12mo": (365.0, 270.0, 540.0),
        "24mo": (730.0, 540.0, 910.0),
    }
)
"""Visit -> (nominal day, opens after, closes at), in days since the procedure."""

LABELS = MappingProxyType(
    {
        "kyphoplasty": "Kyphoplasty",
        "vertebroplasty": "Vertebroplasty",
        "implant": "Implant",
        "kyphoplasty_or_mechanical": "Kyphoplasty or mechanical",
        "mixed": "Mixed techniques",
        "osteoporosis": "Osteoporosis",
        "cancer": "Cancer",
        "trauma": "Trauma",
        "2h": "2 h",
        "24h": "24 h",
        "1w": "1 w",
        "6w": "1 mo / 6 w",
        "3mo": "3 mo",
        "6mo": "6 mo",
        "12mo": "12 mo",
        "24mo": "24 mo",
        "ct": "CT",
        "odi": "ODI",
        "pain_nrs": "Pain (NRS)",
        "pain_vas": "Pain (VAS)",
    }
)


def label_of(word: str) -> str:
    """Return a recorded word as it is written on screen, e.g. `remote_fracture` as words."""
    return LABELS.get(word, word.replace("_", " ").capitalize())
