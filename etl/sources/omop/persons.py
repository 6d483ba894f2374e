"""Find the persons who had an augmentation, before anything else is read of anybody."""

from collections.abc import Mapping

from etl.sources.omop.cdm_table import CdmTable, literal
from etl.sources.omop.scope import augmentation_codes
from warehouse.connection import Connection
from warehouse.errors import SourceUnreadable

BY_SOURCE, BY_STANDARD, BY_VALUE = "source concept", "standard concept", "source value"

HOW_IN_SCOPE = f"""case
    when procedure_source_concept_id in (select concept_id from listed_concepts) then '{BY_SOURCE}'
    when procedure_concept_id in (select concept_id from meant_concepts) then '{BY_STANDARD}'
    when coalesce(procedure_source_concept_id, '0') = '0'
        and upper(procedure_source_value) in (select code from augmentation_codes)
        then '{BY_VALUE}'
end"""
"""SQL over procedure_occurrence: how a record is known for an augmentation, or null."""

_FIELDS = (
    "person_id", "procedure_concept_id", "procedure_source_concept_id", "procedure_source_value",
)  # fmt: skip
_IDS = frozenset({"person_id", "procedure_concept_id", "procedure_source_concept_id"})


def find_persons(connection: Connection, tables: Mapping[str, CdmTable]) -> int:
    """Make the tables of codes and of persons in scope, and return how many persons there are.

    `listed_concepts` are the concepts of the codes in codes.csv; `meant_concepts` these and what
    they map to. Concept ids are never written down here: the source's own vocabulary gives them.

    Raises
    ------
    SourceUnreadable
        If nobody is in scope.
    """
    _make_concepts(connection, tables)
    procedures = tables["procedure_occurrence"].select(_FIELDS, whole=_IDS)
    connection.execute(
        "create table persons_in_scope as select distinct person_id "
        f"from ({procedures}) where {HOW_IN_SCOPE} is not null and person_id is not null"
    )
    count = connection.execute("select count(*) from persons_in_scope").fetchall()[0][0]
    if not count:
        raise SourceUnreadable(
            f"{tables['procedure_occurrence'].title}: no augmentation was found among "
            f"{tables['procedure_occurrence'].records:,} procedures\n"
            "  Looked for: the procedure codes of CPT, HCPCS, ICD-10-PCS and OPCS-4 in the "
            "reference list, by procedure_source_concept_id and procedure_concept_id through "
            "concept, and by procedure_source_value where no source concept is given."
        )
    return int(count)


def _make_concepts(connection: Connection, tables: Mapping[str, CdmTable]) -> None:
    codes = ", ".join(f"({literal(v)}, {literal(c)})" for v, c in augmentation_codes())
    connection.execute(
        "create table augmentation_codes as "
        f"select * from (values {codes}) as listed (vocabulary_id, code)"
    )
    concepts = tables["concept"].select(
        ("concept_id", "vocabulary_id", "concept_code"), whole=("concept_id",)
    )
    connection.execute(
        "create table listed_concepts as select concept_id "
        f"from ({concepts}) as concept join augmentation_codes as listed "
        "on concept.vocabulary_id = listed.vocabulary_id and concept.concept_code = listed.code"
    )
    connection.execute("create table meant_concepts as select concept_id from listed_concepts")
    if "concept_relationship" in tables:
        connection.execute(
            "insert into meant_concepts select concept_id_2 from "
            f"({_relationships(tables['concept_relationship'])}) "
            "where relationship_id = 'Maps to' and invalid_reason is null "
            "and concept_id_1 in (select concept_id from listed_concepts)"
        )


def _relationships(table: CdmTable) -> str:
    fields = ("concept_id_1", "concept_id_2", "relationship_id", "invalid_reason")
    return table.select(fields, whole=fields[:2])
