"""The kinds of bad row that the synthesis plants, one of each rule that a load applies."""

from dataclasses import dataclass, field

EXACT, CONFLICT = "exact", "conflict"


@dataclass(frozen=True)
class Fault:
    """One kind of bad row.

    Attributes
    ----------
    cells : dict
        Column -> text put there; None empties the cell.
    only : pair of str, or None
        Column and value that a row must have for the fault to make sense.
    added : {'exact', 'conflict', None}
        Add a copy with the changed cells, and leave the row itself as it was; 'exact' and
        'conflict' say how the two rows meet on one key.
    """

    cells: dict[str, str | None] = field(default_factory=dict)
    only: tuple[str, str] | None = None
    added: str | None = None


FAULTS: dict[str, tuple[Fault, ...]] = {
    "procedures": (
        Fault({"age_years": "-4"}),
        Fault({"age_years": "seventy"}),
        Fault({"asa_class": "7"}),
        Fault({"t_score": "-28"}),
        Fault({"fracture_age_days": "-12"}),
        Fault({"procedure_minutes": "0"}),
        Fault({"technique": "vertbroplasty"}),
        Fault({"cause": "osteoperosis"}),
        Fault({"setting": "ward"}),
        Fault({"sex": "2"}),
        Fault({"patient_id": None}),
        Fault({"site_id": None}),
        Fault({"procedure_year": None}),
        Fault({"procedure_year": "1922"}),
        Fault({"technique": None}),
        Fault({"cause": None}),
        Fault(added=EXACT),
        Fault({"bmi": "27.7"}, added=CONFLICT),
        Fault({"death_days": "3", "last_contact_days": "9"}),
        Fault({"death_days": "-5"}),
        Fault({"balloon_count": "2"}, only=("technique", "vertebroplasty")),
        Fault({"procedure_minutes": "40", "fluoroscopy_minutes": "55"}),
        Fault({"observed_through_days": "30", "last_contact_days": "60", "death_days": None}),
        Fault({"augmentation_number": "0"}),
    ),
    "treated_levels": (
        Fault({"level": "S1"}),
        Fault({"level": "T13"}),
        Fault({"level": None}),
        Fault({"procedure_id": "X000001"}),
        Fault({"cement_ml": "-2"}),
        Fault({"cement_ml": "45"}),
        Fault({"cement_ml": "four"}),
        Fault({"technique": "kypho"}),
        Fault({"balloon_ml": "4"}, only=("technique", "vertebroplasty")),
        Fault({"kyphotic_angle_pre": "190"}),
        Fault({"anterior_height_pct_pre": "400"}),
        Fault({"leak_checked": "maybe"}),
        Fault({"leak_modality": "xray"}),
        Fault(added=EXACT),
        Fault({"cement_ml": "5.7"}, added=CONFLICT),
    ),
    "leaks": (
        Fault({"route": "disk"}),
        Fault({"route": None}),
        Fault({"symptomatic": "maybe"}),
        Fault({"level": None}),
        Fault({"level": "C4"}),
        Fault({"procedure_id": "X000001"}),
        Fault(added=EXACT),
    ),
    "assessments": (
        Fault({"score": "14"}, only=("instrument", "pain_nrs")),
        Fault({"score": "5.5"}, only=("instrument", "pain_nrs")),
        Fault({"score": "130"}, only=("instrument", "odi")),
        Fault({"score": None}),
        Fault({"score": "severe"}),
        Fault({"instrument": "nrs"}),
        Fault({"instrument": None}),
        Fault({"days": None}),
        Fault({"days": "soon"}),
        Fault({"days": "-5000"}),
        Fault({"procedure_id": "X000001"}),
        Fault(added=EXACT),
        Fault({"score": "9"}, only=("score", "2"), added=CONFLICT),
    ),
    "complications": (
        Fault({"type": "embolus"}),
        Fault({"type": None}),
        Fault({"onset_days": "-2"}),
        Fault({"procedure_id": "X000001"}),
        Fault({"grade": "9"}),
        Fault({"mechanism": "unclear"}),
        Fault({"grade_system": "local"}),
        Fault({"infection_depth": "shallow"}, only=("type", "infection")),
        Fault({"level": "C4"}, only=("type", "adjacent_fracture")),
        Fault(added=EXACT),
        Fault({"onset_days": "1"}, only=("type", "adjacent_fracture"), added=CONFLICT),
    ),
}
"""Table -> kinds of bad row, taken in turn."""
