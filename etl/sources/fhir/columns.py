"""The columns of every table that the FHIR reader makes, each with what it may give away.

One place, so that the identifier gate, `vertebra deidentify`, the mapping and the manual
(docs/sources/fhir.md) say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from etl.sources.fhir.systems import SYSTEMS


class Privacy(StrEnum):
    """What a column may hold that identifies.

    ID must be replaced by a surrogate, the same for the same value of the same resource type.
    DATE must become days or a year. FREE_TEXT may hold anything and is dropped unless allowed.
    CODE and NUMBER are looked at by value like every other column.
    """

    ID = "id"
    DATE = "date"
    CODE = "code"
    NUMBER = "number"
    FREE_TEXT = "free text"


@dataclass(frozen=True)
class FhirColumn:
    """One column.

    Attributes
    ----------
    name : str
    privacy : Privacy
    words : str
        What it holds.
    refers_to : str
        The resource type whose id it holds, so that surrogates agree; 'any' where the text
        says it ('Practitioner/7'). Several ids are separated by '; '.
    """

    name: str
    privacy: Privacy
    words: str
    refers_to: str = ""


def _code(name: str, words: str) -> FhirColumn:
    return FhirColumn(name, Privacy.CODE, words)


def _number(name: str, words: str) -> FhirColumn:
    return FhirColumn(name, Privacy.NUMBER, words)


def _text(name: str, words: str) -> FhirColumn:
    return FhirColumn(name, Privacy.FREE_TEXT, words)


def _id(name: str, refers_to: str, words: str) -> FhirColumn:
    return FhirColumn(name, Privacy.ID, words, refers_to)


def _concept(name: str, words: str, *systems: str) -> tuple[FhirColumn, ...]:
    """Columns of a CodeableConcept: every coding, the codes of known systems, bare text."""
    return (
        _code(name, f"{words}: every coding as system|code, separated by '; '"),
        *(_code(f"{name}_{key}", f"{words}: {SYSTEMS[key].title} codes") for key in systems),
        _text(f"{name}_text", f"{words}: its text, only where it has no code"),
    )


def _moment(name: str, words: str) -> tuple[FhirColumn, ...]:
    """Columns of a date or time."""
    return (
        FhirColumn(f"{name}_date", Privacy.DATE, f"{words}: local day as written, may be partial"),
        _code(f"{name}_precision", f"{words}: year, month, day or time"),
        FhirColumn(f"{name}_instant", Privacy.DATE, f"{words}: time with offset as written"),
    )


def _when(name: str, words: str) -> tuple[FhirColumn, ...]:
    """Columns of a choice of dateTime, instant, Period, Timing, Age, Range and string."""
    return (
        _code(f"{name}_type", f"{words}: the type in which it is given"),
        *_moment(f"{name}_start", f"{words}, start or only time"),
        *_moment(f"{name}_end", f"{words}, end of a Period"),
        _number(f"{name}_age_low", f"{words}: age or low end of ages; 90 = 90 and over"),
        _number(f"{name}_age_high", f"{words}: high end of ages; 90 = 90 and over"),
        _code(f"{name}_age_unit", f"{words}: unit of the age in UCUM, such as a (years)"),
        _text(f"{name}_text", f"{words}: given as text"),
    )


_VALUE = (
    _code("value_type", "Type of the value, such as Quantity or Coding"),
    _number("value_number", "Number as written: of a quantity, integer, decimal or weighted code"),
    _code("value_comparator", "<, <=, >= or > where the number is a bound"),
    _code("value_unit", "Unit: its code in UCUM, else its text"),
    _number("value_low", "Low end of a range, or numerator of a ratio"),
    _number("value_high", "High end of a range, or denominator of a ratio"),
    _code("value_boolean", "yes or no"),
    *_concept("value_code", "Coded value"),
    *_moment("value_start", "Value that is a date, time or Period"),
    *_moment("value_end", "Value that is a Period: its end"),
    _code("value_time", "Value that is a time of day"),
    _text("value_text", "Value that is text or an address (URI)"),
    _id("value_reference", "any", "Value that points to a resource, as Type/id"),
    _code("missing_reason", "Why there is no value: dataAbsentReason, no-value or not-read"),
)
_PATIENT = _id("patient_id", "Patient", "Whose record it is")
_ENCOUNTER = _id("encounter_id", "Encounter", "Encounter it belongs to")


def _own_id(resource_type: str) -> FhirColumn:
    return _id("id", resource_type, f"Id of the {resource_type}")


_PROCEDURE = (
    _own_id("Procedure"),
    _PATIENT,
    _ENCOUNTER,
    _code("status", "completed, stopped or unknown; others are counted, not read"),
    _code("in_scope", "yes, only_with_cement or no: is a code one of vertebral augmentation?"),
    _code("session", "first or further in-scope procedure of its patient on its local day"),
    *_concept("code", "Procedure", "cpt", "hcpcs", "icd10pcs", "opcs4", "snomed"),
    *_concept("category", "Category"),
    *_when("performed", "When it was done"),
    _number("age_years", "Completed years of age at its start; 90 = 90 and over"),
    *_concept("body_site", "Body site"),
    *_concept("reason", "Reason", "icd10cm", "snomed"),
    _id("reason_condition_id", "Condition", "The Condition that was the reason, where it is one"),
    _id("reason_condition_ids", "Condition", "Conditions that were the reason"),
    *_concept("outcome", "Outcome"),
    *_concept("complication", "Complication", "icd10cm", "snomed"),
    _id("complication_condition_ids", "Condition", "Conditions that were complications"),
    *_concept("used", "Items used, such as implants", "hcpcs", "snomed"),
    _id("performer_ids", "any", "Who did it, as Type/id"),
    _id("location_id", "Location", "Where it was done"),
    _id("part_of_ids", "any", "Procedures that it is part of, as Type/id"),
)
_CONDITION = (
    _own_id("Condition"),
    _PATIENT,
    _ENCOUNTER,
    _code("clinical_status", "active, recurrence, relapse, inactive, remission or resolved"),
    _code("verification_status", "confirmed, unconfirmed, provisional or differential"),
    *_concept("code", "Condition", "icd10cm", "snomed"),
    *_concept("category", "Category"),
    *_concept("severity", "Severity"),
    *_concept("body_site", "Body site"),
    *_when("onset", "Onset"),
    *_when("abatement", "End"),
    *_moment("recorded", "When it was first recorded"),
)
_OBSERVATION = (
    _own_id("Observation"),
    _number("component", "Number of the component, from 1; empty for the value of the whole"),
    _PATIENT,
    _ENCOUNTER,
    _code("status", "final, amended, corrected or unknown; others are counted, not read"),
    *_concept("code", "What was observed (of the component, where it is one)", "loinc", "snomed"),
    *_concept("panel", "What the whole was, where the row is a component", "loinc", "snomed"),
    *_concept("category", "Category"),
    *_when("effective", "When it was so"),
    *_VALUE,
    *_concept("method", "Method"),
    *_concept("body_site", "Body site"),
    _id("part_of_ids", "any", "Procedures that it is part of, as Type/id"),
)
_QUESTIONNAIRE_RESPONSE = (
    _own_id("QuestionnaireResponse"),
    _PATIENT,
    _ENCOUNTER,
    _code("status", "completed or amended; others are counted, not read"),
    _code("questionnaire", "Address of the questionnaire, with its version after |"),
    *_moment("authored", "When the answers were given"),
    _id("part_of_ids", "any", "Procedures that it is part of, as Type/id"),
    _code("path", "linkIds from the outermost group to the question, separated by ' > '"),
    _code("link_id", "linkId of the question"),
    _number("answer", "Number of the answer to this question, from 1"),
    _text("question_text", "Wording of the question"),
    *_VALUE,
)
_PATIENT_TABLE = (
    _own_id("Patient"),
    _code("sex", "female, male, other or unknown"),
    _code("deceased", "yes or no; yes where a date of death is given"),
    *_moment("deceased", "Death"),
)
_ADVERSE_EVENT = (
    _own_id("AdverseEvent"),
    _PATIENT,
    _ENCOUNTER,
    *_concept("event", "What happened", "snomed", "icd10cm"),
    *_concept("category", "Category"),
    *_moment("occurred", "When it happened"),
    *_moment("detected", "When it was noticed"),
    *_moment("recorded", "When it was recorded"),
    _id("resulting_condition_ids", "Condition", "Conditions that it led to"),
    *_concept("seriousness", "Seriousness"),
    *_concept("severity", "Severity"),
    *_concept("outcome", "Outcome"),
    _id("suspect_ids", "any", "What is suspected to have caused it, as Type/id"),
    *_concept("causality", "Assessment of what caused it"),
)
_ENCOUNTER_TABLE = (
    _own_id("Encounter"),
    _PATIENT,
    _code("status", "arrived, triaged, in-progress, onleave, finished or unknown"),
    _code("class", "Setting, as system|code, such as AMB or IMP"),
    *_concept("type", "Type"),
    *_moment("period_start", "Start"),
    *_moment("period_end", "End"),
    _number("length", "Length without leave, as written"),
    _code("length_unit", "Unit of the length in UCUM"),
    *_concept("discharge", "Discharge disposition"),
    *_concept("reason", "Reason", "icd10cm", "snomed"),
    _id("location_ids", "Location", "Where it took place"),
)

COLUMNS: Mapping[str, tuple[FhirColumn, ...]] = MappingProxyType(
    {
        "Procedure": _PROCEDURE,
        "Condition": _CONDITION,
        "Observation": _OBSERVATION,
        "QuestionnaireResponse": _QUESTIONNAIRE_RESPONSE,
        "Patient": _PATIENT_TABLE,
        "AdverseEvent": _ADVERSE_EVENT,
        "Encounter": _ENCOUNTER_TABLE,
    }
)
"""Resource type -> columns of its table, in their order."""


def header_of(resource_type: str) -> tuple[str, ...]:
    """Return the names of the columns of a table."""
    return tuple(column.name for column in COLUMNS[resource_type])
