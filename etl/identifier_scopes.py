"""What a column is for, told by its declaration or its name, and which values leave at once."""

from typing import Literal

from etl.deidentify.surrogates import SURROGATE_PATTERN
from etl.identifier_names import words_of
from warehouse.columns import Column
from warehouse.source_schema import TABLES

Scope = Literal["surrogate", "person", "key", "word", "number", "code", "moment", "place", "other"]
"""A surrogate key (`person` where it stands for a patient or a surgeon, `key` where records are
joined by it), one of a few words, a number, a clinical code, something about a time or a place, or
anything else."""

SURROGATES: tuple[Scope, ...] = ("surrogate", "person", "key")
TEXTS: tuple[Scope, ...] = ("word", "place", "moment", "other")
NOT_SURROGATES: tuple[Scope, ...] = (*TEXTS, "number")

EVERYWHERE: tuple[Scope, ...] = (*SURROGATES, *NOT_SURROGATES, "code")

_CODE_SYSTEMS = (
    r"(https?://(terminology\.hl7\.org|hl7\.org|snomed\.info|loinc\.org|unitsofmeasure\.org"
    r"|www\.nlm\.nih\.gov/research/umls|www\.ama-assn\.org/go/cpt|www\.cms\.gov|nucc\.org"
    r"|fhir\.de/CodeSystem|fhir\.nhs\.uk/Id|[^\s;|/]+/([^\s;|]+/)?Questionnaire/)|urn:oid:)"
)
CODINGS = rf"({_CODE_SYSTEMS}[^\s;|]*(\|[A-Za-z0-9.:_-]{{1,40}})?(; ?|$))+"
"""Codes with the public systems that they are of, and names of questionnaires: web addresses of
nobody."""

PERSONS = frozenset(
    "patient pt person subject member surgeon provider physician doctor operator performer".split()  # noqa: SIM905
)
_KEYS = frozenset("id ids identifier key ref reference code".split())  # noqa: SIM905
_CODES = frozenset(
    """cpt hcpcs icd icd9 icd10 icd9cm icd10cm icd10pcs snomed sct loinc opcs opcs4 ops atc rxnorm
    ndc concept dx px""".split()  # noqa: SIM905
)
_CODED = frozenset(
    """procedure procedures diagnosis diagnoses condition source standard bare modifier unit
    operator gender status drug billing value anesthesia clinical body reason""".split()  # noqa: SIM905
)
_MOMENTS = frozenset(
    """day when time admission admitted discharge discharged surgery operation op visit seen start
    end onset entered aufnahme entlassung tag""".split()  # noqa: SIM905
)
_PLACES = frozenset("region area residence home location origin catchment lives".split())  # noqa: SIM905

_COLUMNS: dict[str, Column] = {column.name: column for table in TABLES for column in table.columns}

_PLAIN_SURROGATE = (
    "[A-Za-z]{0,2}[-_]?[0-9]{1,7}[A-Za-z]?"
    "|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[03-58-9a-fA-F][0-9a-fA-F]{3}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
    f"|[0-9a-fA-F]{{32,64}}|[0-9]{{0,7}}[a-f][0-9a-f]{{12,63}}|{SURROGATE_PATTERN}"
)
_PLAIN_NUMBER = r"-?[0-9]{1,7}(\.[0-9]{1,20})?"
_PLAIN_TEXT = rf"[A-Z]?[a-z_]{{1,40}}|{_PLAIN_NUMBER}|{CODINGS}"
PLAIN: dict[Scope, str] = {
    "surrogate": _PLAIN_SURROGATE,
    "person": _PLAIN_SURROGATE,
    "key": _PLAIN_SURROGATE,
    "word": "[a-z_]{1,40}|[A-Z]?[0-9]{1,2}",
    "number": _PLAIN_NUMBER,
    "code": rf"[0-9]{{1,7}}|[A-Z][0-9][0-9A-Z.]{{1,8}}|[0-9]{{1,5}}-[0-9]|{CODINGS}",
    "moment": r"[a-z_]{1,40}|-?[0-9]{1,4}(\.[0-9]{1,20})?",
    "place": r"[a-z_]{1,40}|-?[0-9]{1,4}",
    "other": _PLAIN_TEXT,
}
"""Scope -> pattern of the values that no shape fits, to pass nearly all of them quickly."""


def scope_of(column_name: str) -> Scope:
    """Return the scope of a column, by its declaration or by its name."""
    if column_name in ("patient_id", "surgeon_id"):
        return "person"
    column = _COLUMNS.get(column_name)
    if column is not None:
        if column.kind == "identifier":
            return "surrogate" if column_name.endswith("_id") else "other"
        return "word" if column.kind == "word" else "number"
    return _scope_by_name(words_of(column_name))


def _scope_by_name(words: list[str]) -> Scope:
    found = set(words)
    if found & PERSONS and words[-1] in _KEYS:
        return "person"
    if found & _CODES or (found & {"code", "codes"} and (found & _CODED or len(words) == 1)):
        return "code"
    if words and words[-1] in _KEYS:
        return "surrogate"
    if found & _MOMENTS:
        return "moment"
    return "place" if found & _PLACES else "other"
