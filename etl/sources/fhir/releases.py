"""Tell resources of FHIR R4 from those of other releases by the elements that they have.

A resource does not say its release. An element that another release has in R4's place gives
it away: such a resource is refused, since it would be read with parts missing. An element that
no R4 resource has is left out and counted.

Source: element lists of https://hl7.org/fhir/R4 (4.0.1), /STU3 and /DSTU2, and of 5.0.0.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from etl.sources.fhir.elements import ResourceFault
from etl.sources.fhir.moments import EFFECTIVE, ONSET, PERFORMED
from etl.sources.fhir.values import OBSERVED

_BASE = (
    "resourceType id meta implicitRules language text contained extension modifierExtension "
    "identifier"
)
_ELEMENTS = {
    "Procedure": "instantiatesCanonical instantiatesUri basedOn partOf status statusReason "
    "category code subject encounter recorder asserter performer location reasonCode "
    "reasonReference bodySite outcome report complication complicationDetail followUp "
    "note focalDevice usedReference usedCode",
    "Condition": "clinicalStatus verificationStatus category severity code bodySite subject "
    "encounter recordedDate recorder asserter stage evidence note",
    "Observation": "basedOn partOf status category code subject focus encounter issued performer "
    "dataAbsentReason interpretation note bodySite method specimen device referenceRange "
    "hasMember derivedFrom component",
    "QuestionnaireResponse": "basedOn partOf questionnaire status subject encounter authored "
    "author source item",
    "Patient": "active name telecom gender birthDate address maritalStatus photo contact "
    "communication generalPractitioner managingOrganization link",
    "AdverseEvent": "actuality category event subject encounter date detected recordedDate "
    "resultingCondition location seriousness severity outcome recorder contributor suspectEntity "
    "subjectMedicalHistory referenceDocument study",
    "Encounter": "status statusHistory class classHistory type serviceType priority subject "
    "episodeOfCare basedOn participant appointment period length reasonCode reasonReference "
    "diagnosis account hospitalization location serviceProvider partOf",
}
_CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Procedure": {"performed": PERFORMED},
    "Condition": {"onset": ONSET, "abatement": ONSET},
    "Observation": {"effective": EFFECTIVE, "value": OBSERVED},
    "Patient": {
        "deceased": ("Boolean", "DateTime"),
        "multipleBirth": ("Boolean", "Integer"),
    },
}
_OTHER_RELEASES = {
    "Procedure": {
        "STU3": "notDone notDoneReason context definition",
        "DSTU2": "notPerformed reasonNotPerformed used",
        "R5": "occurrenceDateTime occurrencePeriod occurrenceString occurrenceAge occurrenceRange "
        "occurrenceTiming recorded reportedBoolean reportedReference reason focus supportingInfo",
    },
    "Condition": {
        "STU3": "context assertedDate",
        "DSTU2": "patient dateRecorded abatementBoolean",
        "R5": "participant",
    },
    "Observation": {
        "STU3": "context related comment",
        "DSTU2": "comments",
        "R5": "instantiatesCanonical instantiatesReference triggeredBy bodyStructure "
        "valueAttachment valueReference",
    },
    "QuestionnaireResponse": {"STU3": "context parent", "DSTU2": "group"},
    "Patient": {"STU3": "animal", "DSTU2": "careProvider"},
    "AdverseEvent": {
        "STU3": "type reaction description adverseEventParticipant",
        "R5": "status code occurrenceDateTime occurrencePeriod occurrenceTiming "
        "resultingEffect participant",
    },
    "Encounter": {
        "STU3": "incomingReferral",
        "DSTU2": "patient indication",
        "R5": "subjectStatus actualPeriod plannedStartDate plannedEndDate admission "
        "virtualService businessStatus careTeam",
    },
}


def _elements_of(resource_type: str) -> frozenset[str]:
    choices = {
        f"{name}{kind}" for name, kinds in _CHOICES.get(resource_type, {}).items() for kind in kinds
    }
    return frozenset(_BASE.split()) | frozenset(_ELEMENTS[resource_type].split()) | choices


R4_ELEMENTS: Mapping[str, frozenset[str]] = {name: _elements_of(name) for name in _ELEMENTS}
"""Resource type -> names of the elements that R4 gives it."""
_RELEASE_OF_ELEMENT = {
    resource_type: {
        element: release for release, elements in releases.items() for element in elements.split()
    }
    for resource_type, releases in _OTHER_RELEASES.items()
}


def check_release(resource_type: str, resource: Mapping[str, Any]) -> int:
    """Return how many elements R4 does not have; refuse a resource of another release.

    Raises
    ------
    ResourceFault
        If an element belongs to another release, which is named.
    """
    foreign = list(_foreign_elements(resource_type, resource))
    releases = _RELEASE_OF_ELEMENT[resource_type]
    for element in foreign:
        if element in releases:
            raise ResourceFault(
                f"'{element}' is an element of FHIR {releases[element]}; only R4 (4.0.1) is read"
            )
    return len(foreign)


def _foreign_elements(resource_type: str, resource: Mapping[str, Any]) -> Iterator[str]:
    """Yield names that R4 does not give; '_name' belongs to the primitive element 'name'."""
    known = R4_ELEMENTS[resource_type]
    for element in resource:
        if element not in known and element.removeprefix("_") not in known:
            yield element
