"""Which records count as something that happened, by their status: the others are counted."""

from collections.abc import Mapping
from typing import Any

from etl.sources.fhir.concepts import codings_in
from etl.sources.fhir.elements import ResourceFault, object_in, token_in

_READ = {
    "Procedure": "completed stopped unknown",
    "Observation": "final amended corrected unknown",
    "QuestionnaireResponse": "completed amended",
    "AdverseEvent": "actual",
    "Encounter": "arrived triaged in-progress onleave finished unknown",
}
_LEFT_OUT = {
    "Procedure": "preparation in-progress not-done on-hold entered-in-error",
    "Observation": "registered preliminary cancelled entered-in-error",
    "QuestionnaireResponse": "in-progress stopped entered-in-error",
    "AdverseEvent": "potential",
    "Encounter": "planned cancelled entered-in-error",
}
_UNTRUE_CONDITIONS = ("entered-in-error", "refuted")


def reason_left_out(resource_type: str, resource: Mapping[str, Any]) -> str:
    """Return the status for which a record is not used; empty where it is used.

    Raises
    ------
    ResourceFault
        If the status is missing or none of R4: nobody knows whether the record counts.
    """
    if resource_type == "Condition":
        return _reason_of_condition(resource)
    if resource_type not in _READ:
        return ""
    element = "actuality" if resource_type == "AdverseEvent" else "status"
    status = token_in(resource, element)
    if status in _LEFT_OUT[resource_type].split():
        return status
    if status not in _READ[resource_type].split():
        raise ResourceFault(f"'{element}' is {'none of FHIR R4' if status else 'missing'}")
    return ""


def _reason_of_condition(condition: Mapping[str, Any]) -> str:
    codes = [code for _, code in codings_in([object_in(condition, "verificationStatus")])]
    return next((reason for reason in _UNTRUE_CONDITIONS if reason in codes), "")
