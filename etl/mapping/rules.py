"""What the mapping itself may find, each named for the sound state."""

from types import MappingProxyType

MAPPING_RULES = MappingProxyType(
    {
        "cause_conflict": (
            "warning",
            "The codes of a procedure, and its own field, do not contradict each other on cause.",
        ),
        "technique_conflict": (
            "warning",
            "The technique that is recorded agrees with the codes that were billed.",
        ),
        "codes_are_known": ("warning", "Every code is in the reference list of codes."),
        "codes_tell_the_technique": (
            "warning",
            "No code leaves the technique to be looked up by hand.",
        ),
        "codes_tell_the_cause": ("warning", "A code or a field says why the vertebra broke."),
        "codes_are_of_this_treatment": (
            "warning",
            "A fracture code is of active treatment, not of follow-up or sequela.",
        ),
        "snomed_ids_are_sound": ("warning", "The check digit of every SNOMED CT id is right."),
        "levels_agree_with_codes": (
            "warning",
            "As many levels are recorded as primary and add-on codes were billed.",
        ),
    }
)
"""Rule -> its severity, and what is true of sound records."""
