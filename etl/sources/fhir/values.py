"""value[x] of Observations, their components and of answers, in every type, as columns."""

from collections.abc import Callable, Mapping
from typing import Any

from etl.sources.fhir.concepts import concept_columns
from etl.sources.fhir.elements import (
    ABSENT,
    ResourceFault,
    absent_code,
    absent_reason_of,
    choice_in,
    number_in,
    object_in,
    objects_in,
    token_in,
    words_in,
    yes_no_in,
)
from etl.sources.fhir.moments import moment_columns, period_columns
from etl.sources.fhir.strict_json import Number

OBSERVED = (
    "Quantity", "CodeableConcept", "String", "Boolean", "Integer", "Range", "Ratio",
    "SampledData", "Time", "DateTime", "Period",
)  # fmt: skip
ANSWERED = (
    "Boolean", "Decimal", "Integer", "Date", "DateTime", "Time", "String", "Uri",
    "Attachment", "Coding", "Quantity", "Reference",
)  # fmt: skip

_WEIGHTS = (
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/iso21090-CO-value",
    "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue",
)
_COMPARATORS = ("<", "<=", ">=", ">")
_TYPE_WORDS = {
    name.capitalize(): name
    for name in ("boolean", "decimal", "integer", "date", "time", "string", "uri")
} | {"DateTime": "dateTime"}


def value_columns(
    holder: Mapping[str, Any],
    types: tuple[str, ...],
    *,
    key_of_reference: Callable[[Mapping[str, Any]], str],
) -> dict[str, str]:
    """Return the columns of value[x], or why there is no value.

    Parameters
    ----------
    holder : mapping
        An Observation, a component or an answer.
    types : tuple of str
        OBSERVED or ANSWERED.
    key_of_reference : callable
        Follows a Reference to 'Type/id'.

    Raises
    ------
    ResourceFault
        If there are two values, a value and a reason for having none, or one of a wrong type.
    """
    kind = choice_in(holder, "value", types)
    absent = _absent_reason(holder)
    if not kind:
        return {"missing_reason": absent or _reason_beside(holder, types) or "no-value"}
    if absent:
        raise ResourceFault("there are both a value and a dataAbsentReason")
    columns = _columns_of(kind, holder, f"value{kind}", key_of_reference)
    if not any(columns.values()):
        columns = {"missing_reason": _reason_inside(holder, f"value{kind}")}
    return {"value_type": _TYPE_WORDS.get(kind, kind)} | columns


def _columns_of(
    kind: str,
    holder: Mapping[str, Any],
    name: str,
    key_of_reference: Callable[[Mapping[str, Any]], str],
) -> dict[str, str]:
    """Return the columns of a value of one type, without its type."""
    match kind:
        case "Quantity":
            return _quantity_columns(object_in(holder, name))
        case "Integer" | "Decimal":
            return {"value_number": _number(holder, name, whole=kind == "Integer")}
        case "CodeableConcept":
            return _coded(holder, object_in(holder, name))
        case "Coding":
            return _coded(holder, {"coding": [object_in(holder, name)]})
        case "Boolean":
            return {"value_boolean": yes_no_in(holder, name)}
        case "String" | "Uri":
            return {"value_text": words_in(holder, name)}
        case "Time":
            return {"value_time": token_in(holder, name)}
        case "Date" | "DateTime":
            return moment_columns("value_start", holder, name)
        case "Period":
            return period_columns("value", object_in(holder, name))
        case "Range":
            return _pair_columns(object_in(holder, name), "low", "high")
        case "Ratio":
            return _pair_columns(object_in(holder, name), "numerator", "denominator")
        case "Reference":
            return {"value_reference": key_of_reference(object_in(holder, name))}
    return {"missing_reason": "not-read"}


def _quantity_columns(quantity: Mapping[str, Any]) -> dict[str, str]:
    comparator = token_in(quantity, "comparator")
    if comparator and comparator not in _COMPARATORS:
        raise ResourceFault("'comparator' is none of <, <=, >= and >")
    number = number_in(quantity, "value")
    return {
        "value_number": number,
        "value_comparator": comparator if number else "",
        "value_unit": _unit_of(quantity) if number else "",
    }


def _pair_columns(pair: Mapping[str, Any], low: str, high: str) -> dict[str, str]:
    """Return both ends of a Range or Ratio; their units must be one."""
    ends = [object_in(pair, low), object_in(pair, high)]
    numbers = [number_in(end, "value") for end in ends]
    units = [_unit_of(end) for end in ends if end]
    unit = units[0] if len(set(units)) == 1 else "/".join(units)
    return {
        "value_low": numbers[0],
        "value_high": numbers[1],
        "value_unit": unit if any(numbers) else "",
    }


def _unit_of(quantity: Mapping[str, Any]) -> str:
    return token_in(quantity, "code") or token_in(quantity, "unit")


def _number(holder: Mapping[str, Any], name: str, *, whole: bool) -> str:
    number = number_in(holder, name)
    if whole and number and not number.removeprefix("-").isdigit():
        raise ResourceFault(f"'{name}' is not a whole number")
    return number


def _coded(holder: Mapping[str, Any], concept: Mapping[str, Any]) -> dict[str, str]:
    """Return a coded value, with the number that a weight gives to it."""
    weights = {
        weight
        for bearer in (holder, concept, *objects_in(concept, "coding"))
        for weight in _weights_of(bearer)
    }
    if len(weights) > 1:
        raise ResourceFault("a coded value has two weights")
    return concept_columns("value_code", [concept]) | {"value_number": "".join(weights)}


def _weights_of(bearer: Mapping[str, Any]) -> list[str]:
    return [
        number_in(extension, name)
        for extension in objects_in(bearer, "extension")
        if extension.get("url") in _WEIGHTS
        for name in ("valueDecimal", "valueInteger")
        if isinstance(extension.get(name), Number)
    ]


def _absent_reason(holder: Mapping[str, Any]) -> str:
    """Return why there is no value as dataAbsentReason or an extension of the holder says."""
    reason = object_in(holder, "dataAbsentReason")
    if reason:
        codes = [coding.get("code") for coding in objects_in(reason, "coding")]
        return absent_code(codes[0] if codes else None)
    return _extension_reason(holder)


def _extension_reason(holder: Mapping[str, Any]) -> str:
    for extension in objects_in(holder, "extension"):
        if extension.get("url") == ABSENT:
            return absent_code(extension.get("valueCode"))
    return ""


def _reason_beside(holder: Mapping[str, Any], types: tuple[str, ...]) -> str:
    """Return the reason that stands beside a value left out, as '_valueInteger' does."""
    reasons = (absent_reason_of(holder, f"value{kind}") for kind in types)
    return next((reason for reason in reasons if reason), "")


def _reason_inside(holder: Mapping[str, Any], name: str) -> str:
    """Return why a value that is given holds nothing."""
    inside = holder.get(name)
    if isinstance(inside, dict):
        return _extension_reason(inside) or absent_reason_of(inside, "value") or "no-value"
    return absent_reason_of(holder, name) or "no-value"
