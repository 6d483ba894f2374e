"""CodeableConcepts and codings as columns: every coding kept, bare text kept apart."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from etl.sources.fhir.elements import ResourceFault, objects_in, token_in, words_in
from etl.sources.fhir.systems import key_of_system, scope_of_codes

SEPARATOR = "; "
"""Stands between several codes or ids in one cell."""
Coding = tuple[str, str]
"""System (empty where none is given) and code."""


def codings_in(concepts: Iterable[Mapping[str, Any]]) -> list[Coding]:
    """Return each coding of the concepts once, in their order."""
    found = [coding_of(coding) for concept in concepts for coding in objects_in(concept, "coding")]
    return list(dict.fromkeys(coding for coding in found if coding[1]))


def coding_of(coding: Mapping[str, Any]) -> Coding:
    """Return system and code of one coding; the code is empty where it has only a display."""
    system, code = token_in(coding, "system"), token_in(coding, "code")
    if "|" in system or " " in system or ";" in system:
        raise ResourceFault("'system' is not the address of a code system")
    if ";" in code:
        raise ResourceFault("'code' holds a semicolon, which separates codes here")
    return system, code


def concept_columns(
    name: str, concepts: Sequence[Mapping[str, Any]], *systems: str
) -> dict[str, str]:
    """Return the columns of one or several concepts, as `columns.COLUMNS` declares them."""
    concepts = [concept for concept in concepts if concept]
    if not concepts:
        return {}
    codings = codings_in(concepts)
    return {
        name: cell_of(f"{system}|{code}" for system, code in codings),
        f"{name}_text": "" if codings else _bare_text(concepts),
    } | {
        f"{name}_{key}": cell_of(code for system, code in codings if key_of_system(system) == key)
        for key in systems
    }


def cell_of(values: Iterable[str]) -> str:
    """Return several codes or ids as one cell, without the empty ones."""
    return SEPARATOR.join(value for value in values if value)


def scope_of(concept: Mapping[str, Any]) -> str:
    """Return whether a procedure's code is one of vertebral augmentation."""
    scopes = {
        scope_of_codes().get((key_of_system(system), code), "no")
        for system, code in codings_in([concept])
    }
    return next((scope for scope in ("yes", "only_with_cement") if scope in scopes), "no")


def _bare_text(concepts: Iterable[Mapping[str, Any]]) -> str:
    """Return what stands in words where no coding has a code."""
    texts = (
        words_in(concept, "text") or _first_display(objects_in(concept, "coding"))
        for concept in concepts
    )
    return cell_of(texts)


def _first_display(codings: Iterable[Mapping[str, Any]]) -> str:
    return next((found for coding in codings if (found := words_in(coding, "display"))), "")
