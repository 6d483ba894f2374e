"""A resource as the rows of its table: what is not named here never leaves the reader.

Names, addresses, telecom, dates of birth, identifiers, narrative, notes, photos and attachments
are among what is not named.
"""

from collections.abc import Callable, Mapping
from typing import Any

from etl.sources.fhir.concepts import SEPARATOR, cell_of, codings_in, concept_columns, scope_of
from etl.sources.fhir.elements import (
    ResourceFault,
    choice_in,
    number_in,
    object_in,
    objects_in,
    token_in,
    yes_no_in,
)
from etl.sources.fhir.followers import Follower
from etl.sources.fhir.moments import (
    EFFECTIVE,
    ONSET,
    PERFORMED,
    moment_columns,
    period_columns,
    when_columns,
)
from etl.sources.fhir.questionnaires import Row, response_rows
from etl.sources.fhir.values import OBSERVED, value_columns

_SEXES = ("male", "female", "other", "unknown")


def procedure_rows(resource: Mapping[str, Any], follower: Follower) -> list[Row]:
    """Return the one row of a Procedure; the age is added by who knows the date of birth."""
    code = object_in(resource, "code")
    performers = objects_in(resource, "performer")
    reasons = follower.ids_in(resource, "reasonReference", "Condition")
    return [
        _whose(resource, follower)
        | {"status": token_in(resource, "status"), "in_scope": scope_of(code)}
        | concept_columns("code", [code], "cpt", "hcpcs", "icd10pcs", "opcs4", "snomed")
        | _concept(resource, "category")
        | when_columns("performed", resource, PERFORMED)
        | _concepts(resource, "body_site", "bodySite")
        | _concepts(resource, "reason", "reasonCode", "icd10cm", "snomed")
        | _concept(resource, "outcome")
        | _concepts(resource, "complication", "complication", "icd10cm", "snomed")
        | _concepts(resource, "used", "usedCode", "hcpcs", "snomed")
        | {
            "reason_condition_id": reasons if SEPARATOR not in reasons else "",
            "reason_condition_ids": reasons,
            "complication_condition_ids": follower.ids_in(
                resource, "complicationDetail", "Condition"
            ),
            "performer_ids": cell_of(
                follower.key_of(object_in(performer, "actor"), "performer")
                for performer in performers
            ),
            "location_id": follower.id_in(resource, "location", "Location"),
            "part_of_ids": follower.keys_in(resource, "partOf"),
        }
    ]


def condition_rows(resource: Mapping[str, Any], follower: Follower) -> list[Row]:
    """Return the one row of a Condition."""
    return [
        _whose(resource, follower)
        | {
            "clinical_status": _words_of_status(resource, "clinicalStatus"),
            "verification_status": _words_of_status(resource, "verificationStatus"),
        }
        | _concept(resource, "code", "icd10cm", "snomed")
        | _concepts(resource, "category", "category")
        | _concept(resource, "severity")
        | _concepts(resource, "body_site", "bodySite")
        | when_columns("onset", resource, ONSET)
        | when_columns("abatement", resource, ONSET)
        | moment_columns("recorded", resource, "recordedDate")
    ]


def observation_rows(resource: Mapping[str, Any], follower: Follower) -> list[Row]:
    """Return a row for the value of the whole and one for each component.

    The whole has none where it has components and neither a value nor a reason for its absence.
    """
    shared = (
        _whose(resource, follower)
        | {"status": token_in(resource, "status")}
        | _concepts(resource, "category", "category")
        | when_columns("effective", resource, EFFECTIVE)
        | _concept(resource, "method")
        | _concept(resource, "body_site", element="bodySite")
        | {"part_of_ids": follower.keys_in(resource, "partOf")}
    )
    components = objects_in(resource, "component")
    whole = _observed(resource, follower)
    if not components:
        return [shared | whole]
    panel = concept_columns("panel", [object_in(resource, "code")], "loinc", "snomed")
    rows = [
        shared | _observed(component, follower) | panel | {"component": str(number)}
        for number, component in enumerate(components, start=1)
    ]
    return rows if whole.get("missing_reason") == "no-value" else [shared | whole, *rows]


def patient_rows(resource: Mapping[str, Any], _follower: Follower) -> list[Row]:
    """Return the one row of a Patient: sex and death, nothing that names the person."""
    sex = token_in(resource, "gender")
    if sex and sex not in _SEXES:
        raise ResourceFault("'gender' is none of male, female, other and unknown")
    kind = choice_in(resource, "deceased", ("Boolean", "DateTime"))
    if kind == "DateTime":
        died = moment_columns("deceased", resource, "deceasedDateTime")
        return [{"sex": sex, "deceased": "yes" if died else ""} | died]
    return [{"sex": sex, "deceased": yes_no_in(resource, "deceasedBoolean")}]


def adverse_event_rows(resource: Mapping[str, Any], follower: Follower) -> list[Row]:
    """Return the one row of an AdverseEvent."""
    suspects = objects_in(resource, "suspectEntity")
    causality = [
        object_in(cause, "assessment")
        for suspect in suspects
        for cause in objects_in(suspect, "causality")
    ]
    return [
        _whose(resource, follower)
        | _concept(resource, "event", "snomed", "icd10cm")
        | _concepts(resource, "category", "category")
        | moment_columns("occurred", resource, "date")
        | moment_columns("detected", resource, "detected")
        | moment_columns("recorded", resource, "recordedDate")
        | _concept(resource, "seriousness")
        | _concept(resource, "severity")
        | _concept(resource, "outcome")
        | concept_columns("causality", causality)
        | {
            "resulting_condition_ids": follower.ids_in(resource, "resultingCondition", "Condition"),
            "suspect_ids": cell_of(
                follower.key_of(object_in(suspect, "instance"), "suspectEntity")
                for suspect in suspects
            ),
        }
    ]


def encounter_rows(resource: Mapping[str, Any], follower: Follower) -> list[Row]:
    """Return the one row of an Encounter."""
    length = object_in(resource, "length")
    setting = codings_in([{"coding": [object_in(resource, "class")]}])
    return [
        {"patient_id": follower.id_in(resource, "subject", "Patient")}
        | {
            "status": token_in(resource, "status"),
            "class": cell_of(f"{system}|{code}" for system, code in setting),
            "length": number_in(length, "value"),
            "length_unit": token_in(length, "code") or token_in(length, "unit"),
            "location_ids": cell_of(
                follower.id_in(place, "location", "Location")
                for place in objects_in(resource, "location")
            ),
        }
        | _concepts(resource, "type", "type")
        | period_columns("period", object_in(resource, "period"))
        | _concept(
            object_in(resource, "hospitalization"), "discharge", element="dischargeDisposition"
        )
        | _concepts(resource, "reason", "reasonCode", "icd10cm", "snomed")
    ]


ROWS: Mapping[str, Callable[[Mapping[str, Any], Follower], list[Row]]] = {
    "Procedure": procedure_rows,
    "Condition": condition_rows,
    "Observation": observation_rows,
    "QuestionnaireResponse": response_rows,
    "Patient": patient_rows,
    "AdverseEvent": adverse_event_rows,
    "Encounter": encounter_rows,
}
"""Resource type -> how it becomes rows, without its own id."""


def _whose(resource: Mapping[str, Any], follower: Follower) -> Row:
    return {
        "patient_id": follower.id_in(resource, "subject", "Patient"),
        "encounter_id": follower.id_in(resource, "encounter", "Encounter"),
    }


def _concept(holder: Mapping[str, Any], name: str, *systems: str, element: str = "") -> Row:
    """Return the columns of one concept; `element` is its name where that is not `name`."""
    return concept_columns(name, [object_in(holder, element or name)], *systems)


def _concepts(holder: Mapping[str, Any], name: str, element: str, *systems: str) -> Row:
    """Return the columns of a list of concepts."""
    return concept_columns(name, objects_in(holder, element), *systems)


def _observed(holder: Mapping[str, Any], follower: Follower) -> Row:
    """Return what was observed, and its value, of an Observation or a component."""
    return concept_columns("code", [object_in(holder, "code")], "loinc", "snomed") | value_columns(
        holder, OBSERVED, key_of_reference=lambda found: follower.key_of(found, "value")
    )


def _words_of_status(resource: Mapping[str, Any], element: str) -> str:
    return cell_of(code for _, code in codings_in([object_in(resource, element)]))
