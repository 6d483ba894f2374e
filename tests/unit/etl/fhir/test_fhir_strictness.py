"""Damaged exports are refused with the reason and the place; nothing ends in a traceback."""

import json

import pytest

from etl.sources.fhir import files
from etl.sources.fhir.reader import read_fhir
from warehouse.errors import SourceUnreadable

SOUND = '{"resourceType": "Observation", "id": "sound", "status": "final", "valueInteger": 1}'
PATIENT = '{"resourceType": "Patient", "id": "p1"}'
DEEP = "[" * 5000 + "]" * 5000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"resourceType": "Observation", "id": "a"', "not JSON"),
        ('{"resourceType": "Observation"} {}', "not JSON: Extra data"),
        ('{"resourceType": "Observation", "id": "a", "valueQuantity": {"value": NaN}}', "NaN"),
        ('{"resourceType": "Observation", "valueInteger": -Infinity}', "Infinity"),
        ('{"resourceType": "Observation", "id": "a", "id": "b"}', "gives a name twice"),
        ('{"resourceType": "Observation", "x": ' + DEEP + "}", "nested too deeply"),
        ('{"resourceType": "Observation", "id": "Mrs Example"}', "no id as FHIR defines it"),
        ('{"resourceType": "Observation", "status": "final"}', "no id as FHIR defines it"),
        ('{"resourceType": 7}', "no resourceType"),
        ('{"resourceType": "Observation", "id": 7}', "no id as FHIR defines it"),
        ('["Observation"]', "no resourceType"),
        ("Mrs Example, 7", "not JSON"),
        ('{"resourceType": "Observation", "id": "a", "valueInteger": 007}', "not JSON"),
        (
            '{"resourceType": "Observation", "id": "a", "status": "final", '
            '"valueString": "\\ud83d"}',
            "half a character",
        ),
        (
            '{"resourceType": "Observation", "id": "a", "status": "final", '
            '"modifierExtension": [{"url": "urn:x", "valueBoolean": true}]}',
            "changes what it says",
        ),
        (
            '{"resourceType": "Observation", "id": "a", "status": "final", '
            '"component": [{"modifierExtension": []}]}',
            "changes what it says",
        ),
    ],
)
def test_a_damaged_line_is_a_fault_at_its_line_and_the_others_are_read(read_lines, line, reason):
    read = read_lines(SOUND, "", line, SOUND.replace("sound", "next"), name="Observation.ndjson")
    assert [row["id"] for row in read.rows("Observation")] == ["sound", "next"]
    [(place, said)] = read.faults("Observation")
    assert place == 3
    assert reason in said
    assert "Example" not in said
    counts = read.export.counts["Observation"]
    assert (counts.read, counts.used, counts.refused) == (3, 2, 1)


def test_bytes_that_are_not_utf8_are_a_fault_of_their_line(tmp_path):
    path = tmp_path / "Observation.ndjson"
    path.write_bytes(SOUND.encode() + b'\r\n{"resourceType": "Obs\xff"}\r\n')
    [table] = read_fhir([path], workspace=tmp_path)
    assert table.records == 1
    assert table.faults == ((2, "the line holds bytes that are not UTF-8"),)


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path):
    path = tmp_path / "Observation.ndjson"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.encode())
    assert [table.records for table in read_fhir([path], workspace=tmp_path)] == [1]


def test_a_line_that_is_too_long_is_passed_over(read_lines, monkeypatch):
    monkeypatch.setattr(files, "LONGEST_LINE", 200)
    long = SOUND.replace("sound", "long" * 100)
    read = read_lines(SOUND, long, SOUND.replace("sound", "next"), name="Observation.ndjson")
    assert [row["id"] for row in read.rows("Observation")] == ["sound", "next"]
    assert [place for place, _ in read.faults("Observation")] == [2]


def test_a_bundle_that_is_too_large_is_refused_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_BUNDLE", 10)
    path = tmp_path / "b.json"
    path.write_text(SOUND, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="one resource a line"):
        read_fhir([path], workspace=tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("b.json", "{", "not JSON"),
        ("b.json", SOUND + "\n" + PATIENT, "called .ndjson"),
        ("b.json", DEEP, "nested too deeply"),
        ("b.json", '{"resourceType": "Bundle", "type": "history", "entry": []}', "old versions"),
        ("b.json", '{"resourceType": "Bundle", "type": "batch", "entry": {}}', "not a list"),
        ("b.json", '{"resourceType": "Bundle", "type": "batch"}', "no FHIR resource"),
        ("b.json", '{"name": "Mrs Example"}', "no FHIR resource"),
        ("b.ndjson", "", "no FHIR resource"),
        ("b.ndjson", "Mrs Example", "no FHIR resource"),
        ("b.xml", "<Bundle/>", "not a FHIR file"),
        ("b.ndjson.gz", "", "unpacked"),
    ],
)
def test_a_file_that_is_no_fhir_is_refused_with_the_reason(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceUnreadable) as caught:
        read_fhir([path], workspace=tmp_path)
    assert said in str(caught.value)
    assert "Example" not in str(caught.value)


def test_a_missing_path_and_a_folder_without_fhir_are_refused(tmp_path):
    with pytest.raises(SourceUnreadable, match="no such file"):
        read_fhir([tmp_path / "none.json"], workspace=tmp_path)
    with pytest.raises(SourceUnreadable, match="No FHIR file"):
        read_fhir([tmp_path], workspace=tmp_path)


def test_a_file_called_as_ours_in_which_every_line_is_damaged_is_refused(read_lines):
    with pytest.raises(SourceUnreadable, match=r"Procedure\.001\.ndjson"):
        read_lines("{", name="Procedure.001.ndjson")


def test_an_empty_file_of_a_bulk_export_is_no_fault(tmp_path):
    (tmp_path / "AdverseEvent.ndjson").write_bytes(b"")
    (tmp_path / "Observation.ndjson").write_text(SOUND, encoding="utf-8")
    assert [t.name for t in read_fhir([tmp_path], workspace=tmp_path)] == ["Observation"]


def test_a_searchset_that_goes_on_is_told(read_bundle):
    next_page = [{"relation": "next", "url": "https://example.org/fhir?page=2"}]
    read = read_bundle([("", json.loads(PATIENT))], "searchset", link=next_page)
    assert ("export_goes_on", "", "") in read.rules()
    assert len(read.rows("Patient")) == 1


def test_an_entry_without_a_resource_is_a_fault(read_bundle):
    read = read_bundle([("", json.loads(PATIENT)), ("urn:uuid:1", {})])
    assert [place for place, _ in read.faults("Patient")] == [2]


def test_a_damaged_line_among_types_that_are_not_read_is_told(read_lines):
    read = read_lines('{"resourceType": "Device", "id": "d"}', "{", name="Device.ndjson")
    assert ("line_not_readable", "", "") in read.rules()


def test_items_nested_too_deeply_are_a_fault(read_lines):
    item: dict = {"linkId": "x", "answer": [{"valueInteger": 1}]}
    for _ in range(60):
        item = {"linkId": "g", "item": [item]}
    answered = {"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed"}
    read = read_lines(answered | {"item": [item]})
    [(_, reason)] = read.faults("QuestionnaireResponse")
    assert "nested deeper than 50 levels" in reason


@pytest.mark.parametrize(
    ("resource", "release"),
    [
        ({"resourceType": "Procedure", "status": "completed", "notDone": False}, "STU3"),
        ({"resourceType": "Procedure", "status": "completed", "notPerformed": True}, "DSTU2"),
        ({"resourceType": "Procedure", "status": "completed", "occurrenceDateTime": "2024"}, "R5"),
        ({"resourceType": "Condition", "context": {"reference": "Encounter/1"}}, "STU3"),
        ({"resourceType": "Observation", "status": "final", "comment": "x"}, "STU3"),
        ({"resourceType": "AdverseEvent", "actuality": "actual", "status": "completed"}, "R5"),
        ({"resourceType": "Encounter", "status": "finished", "actualPeriod": {}}, "R5"),
    ],
)
def test_a_resource_of_another_release_is_refused_by_name(read_lines, resource, release):
    read = read_lines(PATIENT, resource | {"id": "a"})
    [(_, reason)] = read.faults(resource["resourceType"])
    assert f"FHIR {release}; only R4 (4.0.1) is read" in reason


def test_places_in_several_files_name_the_file(tmp_path):
    source = tmp_path / "s"
    source.mkdir()
    (source / "Observation.000.ndjson").write_text(SOUND + "\n", encoding="utf-8")
    (source / "Observation.001.ndjson").write_text(
        "{\n" + SOUND.replace("sound", "next") + "\n", encoding="utf-8"
    )
    [table] = read_fhir([source], workspace=tmp_path)
    assert table.place_of(1) == "Observation.000.ndjson, line 1"
    assert table.place_of(2) == "Observation.001.ndjson, line 2"
    [(_, reason)] = table.faults
    assert reason.startswith("Observation.001.ndjson, line 1: not JSON")


def test_fhir_is_told_from_other_json_by_its_beginning(tmp_path):
    (tmp_path / "a.json").write_text(SOUND, encoding="utf-8")
    (tmp_path / "b.ndjson").write_text('{"name": "x"}', encoding="utf-8")
    (tmp_path / "c.csv").write_text('"resourceType"', encoding="utf-8")
    told = {name: files.holds_fhir(tmp_path / name) for name in ("a.json", "b.ndjson", "c.csv")}
    assert told == {"a.json": True, "b.ndjson": False, "c.csv": False}
    assert files.holds_fhir(tmp_path)
    (tmp_path / "a.json").unlink()
    assert not files.holds_fhir(tmp_path)


def test_a_file_named_after_a_patient_is_called_by_its_number(tmp_path):
    source = tmp_path / "s"
    source.mkdir()
    for name in ("Observation.000.ndjson", "Wilhelmina_Examplesson_0042.ndjson"):
        line = SOUND.replace("sound", name[:4])
        (source / name).write_text(line + "\n{\n", encoding="utf-8")
    [table] = read_fhir([source], workspace=tmp_path)
    assert [table.place_of(n) for n in (1, 2)] == [
        "Observation.000.ndjson, line 1",
        "s, file 2 of 2, line 1",
    ]
    assert "Examplesson" not in str(table.faults)
