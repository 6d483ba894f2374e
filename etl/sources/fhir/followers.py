"""Follow the references of one resource, and note those that lead nowhere."""

from collections.abc import Mapping
from typing import Any

from etl.sources.fhir.concepts import cell_of
from etl.sources.fhir.elements import object_in, objects_in
from etl.sources.fhir.notes import Notes
from etl.sources.fhir.references import Owner, ReferenceIndex, Target, follow
from etl.sources.fhir.survey import TYPES_READ


class Follower:
    """Follows the references of the resource `owner`, which stands at `place`."""

    def __init__(
        self, owner: Owner, index: ReferenceIndex, notes: Notes, *, table: str, place: int
    ) -> None:
        self._owner = owner
        self._index = index
        self._notes = notes
        self._table = table
        self._place = place

    def id_in(self, holder: Mapping[str, Any], element: str, resource_type: str) -> str:
        """Return the id of the resource of a type that `element` points to; empty without one."""
        return self._id_of(object_in(holder, element), element, resource_type)

    def ids_in(self, holder: Mapping[str, Any], element: str, resource_type: str) -> str:
        """Return the ids of the resources of one type among those that `element` points to."""
        return cell_of(
            target.resource_id
            for reference in objects_in(holder, element)
            if (target := self._follow(reference, element)).resource_type in (resource_type, "")
        )

    def keys_in(self, holder: Mapping[str, Any], element: str) -> str:
        """Return 'Type/id' of the resources that `element` points to."""
        return cell_of(self.key_of(found, element) for found in objects_in(holder, element))

    def key_of(self, reference: Mapping[str, Any], element: str) -> str:
        """Return 'Type/id' of the resource that a reference points to; empty without both."""
        target = self._follow(reference, element)
        return target.key if target.resource_type else ""

    def _id_of(self, reference: Mapping[str, Any], element: str, resource_type: str) -> str:
        target = self._follow(reference, element)
        if target.resource_type not in (resource_type, ""):
            self._note(element, f"points to no {resource_type}")
            return ""
        return target.resource_id

    def _follow(self, reference: Mapping[str, Any], element: str) -> Target:
        if not reference:
            return Target("")
        target = follow(reference, self._owner, self._index, TYPES_READ)
        if target.problem:
            self._note(element, target.problem)
        return target

    def _note(self, element: str, problem: str) -> None:
        self._notes.add("reference_not_resolved", self._table, element, problem, self._place)
