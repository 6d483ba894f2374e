"""Which procedures are augmentations, by codes.csv and the vocabulary of the source."""

import csv
from functools import cache

from warehouse.sql_files import records_root

VOCABULARIES = {
    "CPT": "CPT4",
    "HCPCS": "HCPCS",
    "ICD-10-PCS": "ICD10PCS",
    "OPCS-4": "OPCS4",
}
"""Code system in codes.csv -> vocabulary_id in OMOP."""

_FIELDS = ("technique", "technique_device", "technique_component")
_NOT_BY_ITSELF = ("reduction", "review_manually")


@cache
def augmentation_codes() -> tuple[tuple[str, str], ...]:
    """Return (vocabulary_id, code) of every code that alone says that a vertebra was augmented.

    Sacral augmentation is out of scope; a repositioning without cement and an unlisted
    procedure of the spine do not tell.
    """
    path = records_root() / "reference" / "codes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            (VOCABULARIES[row["system"]], row["code"])
            for row in csv.DictReader(file)
            if row["system"] in VOCABULARIES
            and row["match_type"] == "exact"
            and row["maps_to_field"] in _FIELDS
            and row["maps_to_value"] not in _NOT_BY_ITSELF
            and not row["maps_to_value"].endswith("_exclude")
        )
