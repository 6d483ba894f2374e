"""Code systems that get a column of their own, and the codes that make a procedure ours."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from warehouse.sql_files import records_root


@dataclass(frozen=True)
class CodeSystem:
    """A code system: its name in data/reference/codes.csv and the addresses FHIR gives it."""

    title: str
    addresses: tuple[str, ...]


SYSTEMS = {
    "cpt": CodeSystem("CPT", ("http://www.ama-assn.org/go/cpt", "urn:oid:2.16.840.1.113883.6.12")),
    "hcpcs": CodeSystem(
        "HCPCS",
        (
            "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
            "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
            "http://terminology.hl7.org/CodeSystem/HCPCS",
            "urn:oid:2.16.840.1.113883.6.285",
        ),
    ),
    "icd10pcs": CodeSystem(
        "ICD-10-PCS",
        (
            "http://www.cms.gov/Medicare/Coding/ICD10",
            "https://www.cms.gov/Medicare/Coding/ICD10",
            "http://hl7.org/fhir/sid/icd-10-pcs",
            "urn:oid:2.16.840.1.113883.6.4",
        ),
    ),
    "icd10cm": CodeSystem(
        "ICD-10-CM", ("http://hl7.org/fhir/sid/icd-10-cm", "urn:oid:2.16.840.1.113883.6.90")
    ),
    "opcs4": CodeSystem(
        "OPCS-4",
        (
            "http://fhir.hl7.org.uk/CodeSystem/OPCS-4",
            "https://fhir.hl7.org.uk/CodeSystem/OPCS-4",
            "http://fhir.hl7.org.uk/R4/CodeSystem/OPCS-4",
        ),
    ),
    "snomed": CodeSystem("SNOMED CT", ("http://snomed.info/sct", "urn:oid:2.16.840.1.113883.6.96")),
    "loinc": CodeSystem("LOINC", ("http://loinc.org", "urn:oid:2.16.840.1.113883.6.1")),
}
"""Ending of a column name -> code system."""

_KEY_OF_ADDRESS = {address: key for key, system in SYSTEMS.items() for address in system.addresses}
_TECHNIQUE_FIELDS = ("technique", "technique_component", "technique_device")
_SCOPE_OF_VALUES = {
    "vertebroplasty": "yes",
    "kyphoplasty": "yes",
    "kyphoplasty_or_mechanical": "yes",
    "implant": "yes",
    "cement": "yes",
    "reduction": "only_with_cement",
}


def key_of_system(address: str) -> str:
    """Return the ending of the column for a system's address; empty for any other system."""
    return _KEY_OF_ADDRESS.get(address, "")


@cache
def scope_of_codes() -> Mapping[tuple[str, str], str]:
    """Return (ending of the column, code) -> 'yes' or 'only_with_cement'.

    Source: data/reference/codes.csv. A reposition is part of an augmentation only where
    cement was given into the same region: that takes all codes of the session, which the
    mapping sees. Codes of the sacrum are out of scope.
    """
    keys = {system.title: key for key, system in SYSTEMS.items()}
    path = records_root() / "reference" / "codes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (keys[row["system"]], row["code"]): _SCOPE_OF_VALUES[row["maps_to_value"]]
            for row in csv.DictReader(file)
            if row["maps_to_field"] in _TECHNIQUE_FIELDS
            and row["match_type"] == "exact"
            and row["maps_to_value"] in _SCOPE_OF_VALUES
            and not _is_of_sacrum(row["code"])
        }


def _is_of_sacrum(code: str) -> bool:
    """ICD-10-PCS: body system Q (lower bones) with body part 1 is the sacrum."""
    return code.startswith(("0QU1", "0QS1"))
