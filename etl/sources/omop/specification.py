"""The fields that a version of the OMOP CDM has, and which version a source is of."""

import csv
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from warehouse.errors import SourceUnreadable
from warehouse.sql_files import records_root

VERSIONS = ("5.3", "5.4")
_REQUIRED, _ABSENT = "yes", "absent"
_VERSION = re.compile(r"v?\s*(\d+\.\d+)(\.\d+)*\s*", re.IGNORECASE)


@dataclass(frozen=True)
class CdmField:
    """One field: its type ('integer', 'number', 'date', 'datetime', 'text') and whether required.

    `required` is version -> 'yes', 'no' or 'absent'.
    """

    table: str
    name: str
    type: str
    required: Mapping[str, str]

    def is_in(self, version: str) -> bool:
        """Return whether a version of the CDM has this field."""
        return self.required[version] != _ABSENT

    def is_required_in(self, version: str) -> bool:
        """Return whether a version demands a value in every record."""
        return self.required[version] == _REQUIRED


@cache
def cdm_fields() -> dict[str, dict[str, CdmField]]:
    """Return table -> field -> what the specifications say of it."""
    path = records_root() / "reference" / "omop_cdm_fields.csv"
    fields: dict[str, dict[str, CdmField]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            required = {
                version: row[f"required_{version.replace('.', '_')}"] for version in VERSIONS
            }
            table, name = row["cdm_table"], row["field"]
            fields.setdefault(table, {})[name] = CdmField(table, name, row["type"], required)
    return fields


def version_by_name(text: str) -> str:
    """Return the version that cdm_source names, such as '5.3' for 'v5.3.1'.

    Raises
    ------
    SourceUnreadable
        If it is another version.
    """
    found = _VERSION.fullmatch(text.strip())
    if found is None or found.group(1) not in VERSIONS:
        raise SourceUnreadable(
            "cdm_source, field 'cdm_version': not a version that can be read\n"
            f"  Allowed: {' and '.join(VERSIONS)}. Export the tables in one of these versions."
        )
    return found.group(1)


def version_by_fields(headers: Mapping[str, Collection[str]]) -> str | None:
    """Return the only version that has every field found, or None where both have.

    Raises
    ------
    SourceUnreadable
        If some fields belong to one version only and others to the other only.
    """
    telling = {version: _only_in(version, headers) for version in VERSIONS}
    if all(telling.values()):
        raise SourceUnreadable(
            "The tables are of two versions of the CDM at once\n"
            + "".join(f"  Only in {v}: {', '.join(names[:3])}.\n" for v, names in telling.items())
            + "  Export all tables in one version."
        )
    return next((version for version, names in telling.items() if names), None)


def _only_in(version: str, headers: Mapping[str, Collection[str]]) -> list[str]:
    return [
        f"{table}.{name}"
        for table, names in headers.items()
        for name in names
        if (field := cdm_fields().get(table, {}).get(name)) is not None
        and field.is_in(version)
        and not all(field.is_in(other) for other in VERSIONS)
    ]
