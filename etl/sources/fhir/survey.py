"""First walk through an export: what is there, under which ids, and what contradicts itself."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from etl.sources.fhir.columns import COLUMNS
from etl.sources.fhir.elements import ResourceFault, objects_in, text_in
from etl.sources.fhir.files import Entry, FhirFile, entries_of
from etl.sources.fhir.references import ID, ReferenceIndex, contained_keys
from etl.sources.fhir.strict_json import is_text
from warehouse.errors import SourceUnreadable

TYPES_READ = frozenset(COLUMNS)
_DIGEST_BITS = 64


@dataclass(frozen=True)
class SurveyedFile:
    """A file that holds FHIR.

    Attributes
    ----------
    file : FhirFile
    base : int
        Added to a place of this file, it gives a place in the whole export.
    usual_type : str
        Type that most of its resources have among those that are read; may be empty.
    """

    file: FhirFile
    base: int
    usual_type: str


@dataclass
class Survey:
    """What the first walk found.

    Attributes
    ----------
    files : list of SurveyedFile
    ignored : list of FhirFile
        JSON files without any FHIR resource.
    first_places : dict
        'Type/id' -> place of its first record in the whole export, and a digest of it.
    contradicted : set of str
        'Type/id' of records that are given twice with different content.
    unusable : dict
        'Type/id' -> why the record must not be read as R4 defines it.
    births : dict
        'Patient/id' -> date of birth. It never leaves the reader.
    """

    files: list[SurveyedFile] = field(default_factory=list)
    ignored: list[FhirFile] = field(default_factory=list)
    first_places: dict[str, int] = field(default_factory=dict)
    contradicted: set[str] = field(default_factory=set)
    unusable: dict[str, str] = field(default_factory=dict)
    births: dict[str, str] = field(default_factory=dict)
    index: ReferenceIndex = field(default_factory=ReferenceIndex)

    def is_first(self, key: str, place: int) -> bool:
        """Tell whether the record at `place` of the whole export is the first of its id."""
        return self.first_places[key] >> _DIGEST_BITS == place


def survey_files(files: Iterable[FhirFile]) -> Survey:
    """Walk through every file once.

    Raises
    ------
    SourceUnreadable
        As `entries_of`, and where a file that is named for FHIR holds no resource.
    """
    survey = Survey()
    survey.index.keys = survey.first_places
    base = 0
    for file in files:
        base += _survey_file(survey, file, base)
    if not survey.files:
        raise SourceUnreadable(
            "No FHIR resource was found\n"
            "  Needed: resources with a resourceType, in .ndjson files or Bundles (.json)."
        )
    return survey


def key_of(entry: Entry) -> str:
    """Return 'Type/id'; the id of an entry without one is that of its urn; empty without both."""
    resource_id = entry.resource.get("id")
    if resource_id is None and entry.full_url.startswith("urn:"):
        resource_id = entry.full_url.rpartition(":")[2]
    if not is_text(resource_id) or not ID.fullmatch(resource_id):
        return ""
    return f"{entry.resource['resourceType']}/{resource_id}"


def _survey_file(survey: Survey, file: FhirFile, base: int) -> int:
    """Note what a file holds and return its last place."""
    types: Counter[str] = Counter()
    last, resources = 0, 0
    for entry in entries_of(file):
        last = entry.place
        if not entry.resource:
            continue
        resources += 1
        types[entry.resource["resourceType"]] += 1
        _survey_entry(survey, entry, base + entry.place)
    usual = max((t for t in types if t in TYPES_READ), key=lambda t: types[t], default="")
    if resources:
        survey.files.append(SurveyedFile(file, base, usual))
    elif file.was_named or _is_named_for_fhir(file):
        raise SourceUnreadable(
            f"{file.title}: holds no FHIR resource that can be read\n"
            "  Needed: one resource a line in .ndjson, one Bundle or resource in .json, as UTF-8."
        )
    else:
        survey.ignored.append(file)
    return last


def _is_named_for_fhir(file: FhirFile) -> bool:
    """Tell whether a file of lines is called as a bulk export calls files of our types."""
    return file.is_lines and file.path.name.split(".")[0] in TYPES_READ and _has_text(file)


def _has_text(file: FhirFile) -> bool:
    return file.path.stat().st_size > 0


def _survey_entry(survey: Survey, entry: Entry, place: int) -> None:
    resource, key = entry.resource, key_of(entry)
    if not key:
        return
    if entry.full_url:
        survey.index.add_full_url(entry.full_url, key)
    if resource["resourceType"] not in TYPES_READ:
        return
    try:
        content = json.dumps({k: v for k, v in resource.items() if k != "meta"}, sort_keys=True)
    except RecursionError:
        survey.unusable[key], content = "nested too deeply", ""
    if '"modifierExtension"' in content or '"implicitRules"' in content:
        survey.unusable[key] = "a modifierExtension or implicitRules changes what it says"
    _note_content(survey, key, place, content)
    _note_patient(survey, resource, key)


def _note_content(survey: Survey, key: str, place: int, content: str) -> None:
    """Remember the first record of an id, and whether another one differs from it."""
    digest = int.from_bytes(blake2b(content.encode(), digest_size=_DIGEST_BITS // 8).digest())
    first = survey.first_places.setdefault(key, place << _DIGEST_BITS | digest)
    if first & (1 << _DIGEST_BITS) - 1 != digest:
        survey.contradicted.add(key)


def _note_patient(survey: Survey, resource: Mapping[str, Any], key: str) -> None:
    """Remember identifiers and dates of birth of a patient, and of patients it contains.

    What is malformed is left: the second walk refuses the record and says why.
    """
    try:
        if resource["resourceType"] == "Patient":
            survey.births[key] = text_in(resource, "birthDate")
            survey.index.add_identifiers(resource, key)
        contained = contained_keys(resource, key)
        for inner in objects_in(resource, "contained"):
            if inner.get("resourceType") == "Patient" and inner.get("id") in contained:
                survey.births[contained[inner["id"]]] = text_in(inner, "birthDate")
    except ResourceFault:
        return
