"""The columns of every table that the OMOP reader makes, each with what it may give away.

One place, so that the identifier gate, de-identification, mappings and docs/sources/omop.md agree.
"""

from dataclasses import dataclass

ID, DATE, CODE, NUMBER, FREE_TEXT = "id", "date", "code", "number", "free text"


@dataclass(frozen=True)
class OmopColumn:
    """One column of a table.

    Attributes
    ----------
    name : str
    privacy : str
        'id' to be replaced by a surrogate, 'date', 'code', 'number' or 'free text'.
    fields : tuple of str
        Fields of the CDM table that may hold it, of which a version has one at most.
    is_concept : bool
        True where the field holds a concept id and the column its vocabulary and code.
    """

    name: str
    privacy: str
    fields: tuple[str, ...]
    is_concept: bool = False


@dataclass(frozen=True)
class OmopTable:
    """One table: its columns, and the fields of its main concept.

    `date` is the field of the day on which it happened, empty for a table without.
    """

    name: str
    columns: tuple[OmopColumn, ...]
    source_concept: str = ""
    standard_concept: str = ""
    source_value: str = ""
    date: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Return every field of the CDM that is read."""
        own = (self.source_concept, self.standard_concept, self.source_value)
        return tuple(
            dict.fromkeys([*(f for c in self.columns for f in c.fields), *filter(None, own)])
        )

    @property
    def key(self) -> str:
        """Return the first column, which names a record."""
        return self.columns[0].name


def _plain(privacy: str, *names: str) -> tuple[OmopColumn, ...]:
    return tuple(OmopColumn(name, privacy, (name,)) for name in names)


def _concept(name: str, *fields: str) -> OmopColumn:
    return OmopColumn(name, CODE, fields, is_concept=True)


def _event(word: str, stem: str) -> tuple[OmopColumn, ...]:
    """Columns that every clinical event has: ids, day, time, codes."""
    return (
        *_plain(ID, f"{word}_id", "person_id"),
        *_plain(DATE, f"{stem}_date", f"{stem}_datetime"),
    )


CODE_COLUMNS = ("source_code", "bare_code", "standard_code", "source_value")
"""Columns of the main concept, made for every table that has one; all of privacy 'code'."""


def _table(name: str, columns: tuple[OmopColumn, ...], stem: str = "", date: str = "") -> OmopTable:
    if not stem:
        return OmopTable(name, columns, date=date)
    return OmopTable(
        name, columns, f"{stem}_source_concept_id", f"{stem}_concept_id", f"{stem}_source_value",
        date,
    )  # fmt: skip


_AT_VISIT = _plain(ID, "visit_occurrence_id", "provider_id")

TABLES = (
    _table(
        "person",
        (
            *_plain(ID, "person_id"),
            *_plain(DATE, "year_of_birth"),
            _concept("gender_code", "gender_concept_id"),
            *_plain(ID, "care_site_id", "provider_id"),
        ),
    ),
    _table(
        "procedure_occurrence",
        (
            *_event("procedure_occurrence", "procedure"),
            _concept("modifier_code", "modifier_concept_id"),
            *_plain(NUMBER, "quantity"),
            *_AT_VISIT,
        ),
        "procedure",
        "procedure_date",
    ),
    _table(
        "condition_occurrence",
        (
            *_event("condition_occurrence", "condition_start"),
            *_plain(DATE, "condition_end_date"),
            _concept("condition_status_code", "condition_status_concept_id"),
            *_AT_VISIT,
        ),
        "condition",
        "condition_start_date",
    ),
    _table(
        "measurement",
        (
            *_event("measurement", "measurement"),
            _concept("operator_code", "operator_concept_id"),
            *_plain(NUMBER, "value_as_number"),
            _concept("value_code", "value_as_concept_id"),
            _concept("unit_code", "unit_concept_id"),
            *_plain(CODE, "unit_source_value"),
            *_plain(FREE_TEXT, "value_source_value"),
            *_AT_VISIT,
        ),
        "measurement",
        "measurement_date",
    ),
    _table(
        "observation",
        (
            *_event("observation", "observation"),
            *_plain(NUMBER, "value_as_number"),
            *_plain(FREE_TEXT, "value_as_string"),
            _concept("value_code", "value_as_concept_id"),
            _concept("qualifier_code", "qualifier_concept_id"),
            _concept("unit_code", "unit_concept_id"),
            *_plain(CODE, "unit_source_value"),
            *_AT_VISIT,
        ),
        "observation",
        "observation_date",
    ),
    _table(
        "visit_occurrence",
        (
            *_event("visit_occurrence", "visit_start"),
            *_plain(DATE, "visit_end_date", "visit_end_datetime"),
            _concept(
                "admitted_from_code", "admitted_from_concept_id", "admitting_source_concept_id"
            ),
            _concept("discharged_to_code", "discharged_to_concept_id", "discharge_to_concept_id"),
            *_plain(ID, "care_site_id", "provider_id"),
        ),
        "visit",
        "visit_start_date",
    ),
    _table(
        "drug_exposure",
        (
            *_event("drug_exposure", "drug_exposure_start"),
            *_plain(DATE, "drug_exposure_end_date"),
            *_plain(NUMBER, "quantity", "days_supply"),
            *_AT_VISIT,
        ),
        "drug",
        "drug_exposure_start_date",
    ),
    _table(
        "device_exposure",
        (
            *_event("device_exposure", "device_exposure_start"),
            *_plain(NUMBER, "quantity"),
            *_AT_VISIT,
        ),
        "device",
        "device_exposure_start_date",
    ),
    _table(
        "death",
        (*_plain(ID, "person_id"), *_plain(DATE, "death_date", "death_datetime")),
        "cause",
        "death_date",
    ),
)
"""What is read, persons first."""

AUGMENTATION_DAY = OmopTable(
    "augmentation_day",
    (
        *_plain(ID, "person_id"),
        *_plain(NUMBER, "augmentation_number"),
        *_plain(DATE, "augmentation_date"),
        *_plain(CODE, "bare_codes"),
        *_plain(NUMBER, "days_since_previous", "age_by_years"),
        *_plain(ID, "visit_occurrence_id", "provider_id"),
    ),
)
"""Made of procedure_occurrence and person: augmentation_days.py."""

IN_SCOPE = "is_augmentation"
"""Column of procedure_occurrence: 'yes' where the code is one of an augmentation."""


def header_of(table: OmopTable) -> tuple[str, ...]:
    """Return the columns of a table in their order, codes after the rest."""
    names = [column.name for column in table.columns]
    if table.source_concept:
        names += CODE_COLUMNS
    if table.name == "procedure_occurrence":
        names.append(IN_SCOPE)
    return tuple(names)


def privacy_kinds() -> dict[str, dict[str, str]]:
    """Return table -> column -> kind, for the identifier gate and de-identification."""
    return {
        table.name: dict.fromkeys(header_of(table), CODE)
        | {column.name: column.privacy for column in table.columns}
        for table in (*TABLES, AUGMENTATION_DAY)
    }
