"""Whatever happens to an export, no reading ends in a traceback, and the counts add up."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from etl.sources.fhir.reader import read_fhir_export
from warehouse.errors import SourceUnreadable

THIRD_PARTY = Path(__file__).parents[5] / "shared" / "data"

MUTATED = ("fhir_odi_nrs", "fhir_hl7", "fhir_r4_bulk", "fhir_r4_bundles")
PIECE = 12_000
"""Bytes of a sample that are mutated, so that 200 readings stay quick."""


def pieces() -> list[tuple[str, bytes]]:
    """Return the samples, cut to their first whole lines or their first entries."""
    found = []
    for folder in MUTATED:
        for path in sorted((THIRD_PARTY / folder).glob("*json")):
            content = path.read_bytes()
            if path.suffix == ".ndjson":
                content = content[: content.rfind(b"\n", 0, PIECE) + 1] or content[:PIECE]
            elif len(content) > PIECE:
                bundle = json.loads(content)
                content = json.dumps(bundle | {"entry": bundle["entry"][:6]}).encode()
            found.append((path.name, content))
    return found


def check_reading(path: Path, workspace: Path) -> int:
    """Read a damaged export and return how many resources were refused."""
    try:
        export = read_fhir_export([path], workspace=workspace)
    except SourceUnreadable:
        return 0
    for counts in export.counts.values():
        left_out = sum(counts.left_out.values())
        assert counts.read == counts.used + counts.repeated + counts.refused + left_out
    for table in export.tables:
        assert len(table.places) == table.records
        assert all(table.place_of(n) for n in range(1, table.records + 1))
    return sum(counts.refused for counts in export.counts.values())


def mutate(content: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one to four changes of a kind that transfers and editors make."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed))
        match chance.randrange(6):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.randint(1, 40)]
            case 2:
                changed[at:at] = chance.choice(
                    [b'"', b"{", b"}", b"[", b"]", b",", b"null", b"\0", b"\xff", b"NaN", b"\n"]
                )
            case 3:
                changed[at:at] = changed[at : at + chance.randint(1, 400)]
            case 4:
                del changed[at:]
            case _:
                words = [b'"status"', b'"reference"', b"completed", b"T", b"-", b'"resourceType"']
                changed = changed.replace(chance.choice(words), chance.choice(words), 1)
        if not changed:
            break
    return bytes(changed)


@pytest.mark.skipif(
    not THIRD_PARTY.is_dir(), reason="third-party samples are not in ../shared/data"
)
@pytest.mark.parametrize("part", range(4))
def test_no_mutation_of_a_sample_ends_in_a_traceback_and_counts_add_up(tmp_path, part):
    chance = random.Random(part)
    sources = pieces()
    assert len(sources) == 11
    for number in range(50):
        name, content = sources[number % len(sources)]
        path = tmp_path / name
        path.write_bytes(mutate(content, chance))
        check_reading(path, tmp_path)


FULL = [
    {"resourceType": "Patient", "id": "p", "gender": "male", "birthDate": "1950-01-01",
     "deceasedDateTime": "2024-01-01", "identifier": [{"system": "urn:m", "value": "1"}]},
    {"resourceType": "Procedure", "id": "a", "status": "completed",
     "contained": [{"resourceType": "Condition", "id": "z", "subject": {"reference": "#"}}],
     "subject": {"reference": "Patient/p"}, "reasonReference": [{"reference": "#z"}],
     "code": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "22514"}]},
     "performedPeriod": {"start": "2024-01-01", "end": "2024-01-02T00:00:00Z"},
     "performer": [{"actor": {"identifier": {"system": "urn:m", "value": "1"}}}],
     "partOf": [{"reference": "Procedure/b"}]},
    {"resourceType": "Procedure", "id": "b", "status": "stopped",
     "performedRange": {"low": {"value": 70, "code": "a"}, "high": {"value": 71, "code": "a"}}},
    {"resourceType": "Condition", "id": "c", "code": {"text": "x"},
     "verificationStatus": {"coding": [{"code": "confirmed"}]},
     "onsetAge": {"value": 70, "code": "a"}, "abatementString": "later"},
    {"resourceType": "Observation", "id": "o", "status": "final",
     "effectiveTiming": {"event": ["2024-01-01"]}, "valueQuantity": {"value": 1, "code": "mg"},
     "component": [{"code": {"text": "y"}, "valueRatio": {"numerator": {"value": 1}}},
                   {"code": {}, "dataAbsentReason": {"coding": [{"code": "unknown"}]}}]},
    {"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed",
     "item": [{"linkId": "g", "item": [{"linkId": "1", "answer": [
         {"valueCoding": {"code": "k", "extension": [
             {"url": "http://hl7.org/fhir/StructureDefinition/itemWeight", "valueDecimal": 3}]},
          "item": [{"linkId": "2", "answer": [{"valueReference": {"reference": "#"}}]}]}]}]}]},
    {"resourceType": "AdverseEvent", "id": "e", "actuality": "actual", "date": "2024",
     "suspectEntity": [{"instance": {"reference": "Procedure/a"},
                        "causality": [{"assessment": {"text": "likely"}}]}]},
    {"resourceType": "Encounter", "id": "v", "status": "finished", "class": {"code": "AMB"},
     "length": {"value": 2, "unit": "h"}, "location": [{"location": {"reference": "Location/1"}}],
     "period": {"start": "2024-01-01"}},
]  # fmt: skip
JUNK = [
    None, True, 1, -1.5, "", "x", "2024-02-30", "Patient/p", "#", "#z", [], {}, [None], [1], ["a"],
    [[]], {"coding": 1}, {"coding": [{"code": 1}]}, {"value": "1"}, "a;b", "a|b", "\ud800", "\0",
    {"reference": 7}, {"extension": [{}]}, [{"extension": "x"}], {"identifier": {"value": 1}},
]  # fmt: skip


def spots_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (holder, key) of everything inside an object or a list."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from spots_in(value[key])


def test_no_value_of_a_wrong_type_anywhere_ends_in_a_traceback(tmp_path):
    chance = random.Random(8)
    path = tmp_path / "export.ndjson"
    refused = 0
    for _ in range(150):
        resources = copy.deepcopy(FULL)
        for _ in range(chance.randint(1, 8)):
            holder, key = chance.choice(list(spots_in(chance.choice(resources))))
            holder[key] = copy.deepcopy(chance.choice(JUNK))
        path.write_text("\n".join(json.dumps(r) for r in resources), encoding="utf-8")
        refused += check_reading(path, tmp_path)
    assert refused > 150


def test_the_resources_that_are_spoiled_are_sound_before(tmp_path):
    path = tmp_path / "export.ndjson"
    path.write_text("\n".join(json.dumps(r) for r in FULL), encoding="utf-8")
    export = read_fhir_export([path], workspace=tmp_path)
    assert sum(counts.used for counts in export.counts.values()) == len(FULL) + 1
    assert [table.faults for table in export.tables] == [()] * 7
