"""QuestionnaireResponses as rows: one for each answer, found by the path of its linkIds."""

from collections.abc import Iterator, Mapping
from typing import Any

from etl.sources.fhir.concepts import cell_of
from etl.sources.fhir.elements import (
    ABSENT,
    ResourceFault,
    absent_code,
    objects_in,
    token_in,
    words_in,
)
from etl.sources.fhir.followers import Follower
from etl.sources.fhir.moments import moment_columns
from etl.sources.fhir.values import ANSWERED, value_columns

PATH_SEPARATOR = " > "
DEEPEST_ITEM = 50
Row = dict[str, str]


def response_rows(resource: Mapping[str, Any], follower: Follower) -> list[Row]:
    """Return a row for each answer, and one for each question without an answer.

    Raises
    ------
    ResourceFault
        If an item has no linkId, or items are nested deeper than 50 levels.
    """
    shared = {
        "patient_id": follower.id_in(resource, "subject", "Patient"),
        "encounter_id": follower.id_in(resource, "encounter", "Encounter"),
        "status": token_in(resource, "status"),
        "questionnaire": token_in(resource, "questionnaire"),
        "part_of_ids": follower.keys_in(resource, "partOf"),
    } | moment_columns("authored", resource, "authored")
    return [shared | row for row in _item_rows(resource, (), follower)]


def _item_rows(
    holder: Mapping[str, Any], path: tuple[str, ...], follower: Follower
) -> Iterator[Row]:
    """Yield the rows of the items that a response, a group or an answer holds."""
    if len(path) > DEEPEST_ITEM:
        raise ResourceFault(f"items are nested deeper than {DEEPEST_ITEM} levels")
    for item in objects_in(holder, "item"):
        link_id = token_in(item, "linkId")
        if not link_id:
            raise ResourceFault("an item has no linkId, which R4 requires")
        inner = (*path, link_id)
        yield from _answer_rows(item, inner, follower)
        yield from _item_rows(item, inner, follower)


def _answer_rows(
    item: Mapping[str, Any], path: tuple[str, ...], follower: Follower
) -> Iterator[Row]:
    question = {
        "path": PATH_SEPARATOR.join(path),
        "link_id": path[-1],
        "question_text": words_in(item, "text"),
    }
    answers = objects_in(item, "answer")
    if not answers and not objects_in(item, "item"):
        yield question | {"missing_reason": _reason_of(item) or "no-answer"}
    for number, answer in enumerate(answers, start=1):
        yield (
            question
            | {"answer": str(number)}
            | value_columns(
                answer, ANSWERED, key_of_reference=lambda found: follower.key_of(found, "answer")
            )
        )
        yield from _item_rows(answer, path, follower)


def _reason_of(item: Mapping[str, Any]) -> str:
    """Return the data-absent-reason of a question."""
    return cell_of(
        absent_code(extension.get("valueCode"))
        for extension in objects_in(item, "extension")
        if extension.get("url") == ABSENT
    )
