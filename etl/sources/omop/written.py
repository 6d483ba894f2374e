"""Write a table of kept records as text, with codes for concepts."""

from array import array
from collections.abc import Iterable
from pathlib import Path

from etl.sources.omop.cdm_table import CdmTable, literal
from etl.sources.omop.columns import CODE_COLUMNS, IN_SCOPE, OmopColumn, OmopTable, header_of
from etl.sources.omop.kept import LOCAL_TIME
from etl.sources.omop.specification import cdm_fields
from etl.sources.text_table import TextTable
from warehouse.connection import Connection


def resolve_concepts(connection: Connection, concepts: CdmTable, kept: Iterable[OmopTable]) -> None:
    """Make table codes: concept_id, vocabulary|code and the code alone, of concepts in use."""
    used = " union ".join(
        f"select {field} as concept_id from kept_{table.name}"
        for table in kept
        for field in table.fields
        if field.endswith("_concept_id")
    )
    every = concepts.select(("concept_id", "vocabulary_id", "concept_code"), whole=("concept_id",))
    connection.execute(
        "create table codes as select concept_id, "
        "any_value(vocabulary_id || '|' || concept_code) as code, "
        "any_value(concept_code) as bare "
        f"from ({every}) where concept_id <> '0' "
        f"and concept_id in (select concept_id from ({used})) group by concept_id"
    )


def write_table(
    connection: Connection, source: CdmTable, table: OmopTable, folder: Path
) -> TextTable:
    """Write the sound records of one table, in file order, and say where they stand."""
    path = folder / f"{table.name}.csv"
    path.touch(mode=0o600)
    names = header_of(table)
    cells = ", ".join(f"{_cell(table, name)} as {name}" for name in names)
    connection.execute(
        f"copy (select {cells} from kept_{table.name} as kept{_joins(table)} "
        f"where fault is null order by kept.record) to {literal(path)} "
        "(format csv, header true, use_tmp_file false)"
    )
    places = connection.execute(
        f"select record from kept_{table.name} where fault is null order by record"
    ).fetchall()
    faults = connection.execute(
        f"select record, fault from kept_{table.name} where fault is not null order by record"
    ).fetchall()
    own = [(source.place_of(record), reason) for record, reason in faults]
    return TextTable(
        name=table.name,
        origin=source.origin,
        title=source.title,
        header=names,
        readable_path=path,
        records=len(places),
        places=array("q", (source.place_of(record) for (record,) in places)),
        place_word=source.place_word,
        faults=tuple(sorted([*source.faults, *own])),
    )


def _cell(table: OmopTable, name: str) -> str:
    """Return SQL of one column of the text table."""
    column = next((column for column in table.columns if column.name == name), None)
    if column is not None:
        return _concept_code(column) if column.is_concept else _plain(table, column)
    if name == IN_SCOPE:
        return "case when kept.how is null then 'no' else 'yes' end"
    return dict(
        zip(
            CODE_COLUMNS,
            (
                _source_code(table),
                f"coalesce(own_source.bare, kept.{table.source_value})",
                "own_standard.code",
                f"kept.{table.source_value}",
            ),
            strict=True,
        )
    )[name]


def _source_code(table: OmopTable) -> str:
    """A listed code that only the source value gives takes its vocabulary from the list."""
    if table.name != "procedure_occurrence":
        return "own_source.code"
    return (
        "coalesce(own_source.code, case when kept.how = 'source value' then "
        "(select any_value(listed.vocabulary_id || '|' || listed.code) from augmentation_codes "
        "as listed where listed.code = upper(kept.procedure_source_value)) end)"
    )


def _concept_code(column: OmopColumn) -> str:
    return f"coalesce({', '.join(f'of_{field}.code' for field in column.fields)})"


def _plain(table: OmopTable, column: OmopColumn) -> str:
    name = column.fields[0]
    kind = cdm_fields()[table.name][name].type
    if kind == "date":
        return f"left(kept.{name}, 10)"
    if kind == "datetime":
        local = f"regexp_matches(kept.{name}, '{LOCAL_TIME}')"
        return f"case when {local} then replace(left(kept.{name}, 19), 'T', ' ') end"
    return f"kept.{name}"


def _joins(table: OmopTable) -> str:
    joined = {
        f"of_{field}": field
        for column in table.columns
        if column.is_concept
        for field in column.fields
    }
    if table.source_concept:
        joined |= {"own_source": table.source_concept, "own_standard": table.standard_concept}
    return "".join(
        f" left join codes as {alias} on {alias}.concept_id = kept.{field}"
        for alias, field in joined.items()
    )
