"""What the kept records leave to be settled."""

from collections.abc import Iterator
from dataclasses import dataclass

from etl.sources.omop.columns import OmopTable
from etl.sources.omop.kept import ZONED_TIME
from etl.sources.omop.persons import BY_STANDARD, BY_VALUE
from etl.sources.omop.specification import cdm_fields
from etl.sources.source_finding import SourceFinding
from warehouse.connection import Connection

_SOURCE_CONCEPT = "procedure_source_concept_id"
_DAY = "person_id, left(procedure_date, 10)"
_SAME_PROCEDURE = (
    f"{_DAY}, coalesce(nullif({_SOURCE_CONCEPT}, '0'), procedure_source_value, "
    "procedure_concept_id), coalesce(modifier_concept_id, '')"
)


@dataclass(frozen=True)
class _Question:
    """A finding to be, with the SQL that counts it over the sound records of a table."""

    rule: str
    severity: str
    column: str
    note: str
    count: str
    of: str = "count(*)"


def findings_about_records(connection: Connection, table: OmopTable) -> Iterator[SourceFinding]:
    """Yield what is noticed in the sound records of one table, in one query."""
    questions = [*_about_concepts(table), *_about_times(table), _about_key(table)]
    if table.name == "procedure_occurrence":
        questions += _about_augmentations()
    if table.name == "person":
        questions.append(_about_missing_persons())
    counted = ", ".join(f"{question.count}, {question.of}" for question in questions)
    answer = connection.execute(
        f"select {counted} from kept_{table.name} where fault is null"
    ).fetchall()[0]
    for question, count, of in zip(questions, answer[::2], answer[1::2], strict=True):
        if count > 0:
            yield SourceFinding(
                question.rule, question.severity, table.name, question.column, count, of,
                question.note,
            )  # fmt: skip


def _about_concepts(table: OmopTable) -> Iterator[_Question]:
    for field in table.fields:
        if not field.endswith("_concept_id"):
            continue
        yield _Question(
            "concept_unmapped", "note", field,
            "The source says 0, no matching concept: the column is empty.",
            f"count(*) filter (where {field} = '0')",
        )  # fmt: skip
        yield _Question(
            "concept_not_in_vocabulary", "warning", field,
            "Table concept lacks the concept, so its code is not known. Export concept whole.",
            f"count(*) filter (where {field} <> '0' "
            f"and {field} not in (select concept_id from codes))",
        )  # fmt: skip


def _about_times(table: OmopTable) -> Iterator[_Question]:
    for field in table.fields:
        if cdm_fields()[table.name][field].type != "datetime":
            continue
        zoned, day = f"regexp_matches({field}, '{ZONED_TIME}')", field.removesuffix("time")
        yield _Question(
            "time_has_a_zone", "note", field,
            "The time of day is left out; the local day stands in the date.",
            f"count(*) filter (where {zoned})",
        )  # fmt: skip
        if day in table.fields:
            yield _Question(
                "date_and_time_disagree", "warning", field,
                f"Another day than {day}, which is the one to use.",
                f"count(*) filter (where left({field}, 10) <> left({day}, 10) and not {zoned})",
            )  # fmt: skip


def _about_key(table: OmopTable) -> _Question:
    return _Question(
        "key_repeated", "error", table.key,
        "A key stands for one record only; all of them are in the table.",
        f"count(*) - count(distinct {table.key})",
    )  # fmt: skip


def _about_missing_persons() -> _Question:
    persons = "(select count(*) from persons_in_scope)"
    return _Question(
        "person_not_in_source", "error", "person_id",
        "Persons with an augmentation of whom table person has no sound record.",
        f"{persons} - count(distinct person_id)", persons,
    )  # fmt: skip


def _about_augmentations() -> Iterator[_Question]:
    known = "count(*) filter (where how is not null)"
    yield _Question(
        "scope_by_source_value", "warning", _SOURCE_CONCEPT,
        "No source concept is given; the source value is one of the listed codes.",
        f"count(*) filter (where how = '{BY_VALUE}')", known,
    )  # fmt: skip
    yield _Question(
        "scope_by_standard_concept", "warning", _SOURCE_CONCEPT,
        "Only the standard concept says that it is an augmentation; it may tell the technique "
        "less finely than a billed code.",
        f"count(*) filter (where how = '{BY_STANDARD}')", known,
    )  # fmt: skip
    yield _Question(
        "procedure_recorded_twice", "warning", "",
        "The same person, day, code and modifier once more. All stay in the table: an add-on "
        "code may be billed once for each level.",
        f"{known} - count(distinct ({_SAME_PROCEDURE})) filter (where how is not null)", known,
    )  # fmt: skip
    yield _Question(
        "several_codes_a_day", "note", "",
        "More augmentation codes than days of augmentation. Whether those of a day are one "
        "session, as codes for further levels are, is for the mapping to say.",
        f"{known} - count(distinct ({_DAY})) filter (where how is not null)", known,
    )  # fmt: skip
