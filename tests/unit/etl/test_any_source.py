"""Every kind of source is told by its name and first lines, and read as text tables."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from etl.mapping.reading import parse_mapping
from etl.mapping.reading_source import read_mapped_source
from etl.sources.any_source import read_source, read_tables
from warehouse.connection import open_for_building
from warehouse.errors import SourceUnreadable


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def cells_of(table) -> list[str]:
    return table.readable_path.read_text(encoding="utf-8-sig").splitlines()


def test_a_folder_of_several_kinds_gives_a_table_each(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    write(folder / "cases.csv", "case,sex\nC1,f\n")
    write(folder / "calls.tsv", 'case\tnote, short\nC1\t"a ""b"""\n')
    write(folder / "events.jsonl", '{"case": "C1", "day": 3}\n')
    write(folder / "readme.md", "not a table")
    book = Workbook()
    book.active.title = "Levels"
    book.active.append(["case", "level"])
    book.active.append(["C1", "T12"])
    book.save(folder / "levels.xlsx")
    with open_for_building(None) as connection:
        connection.execute(f"copy (select 'C1' as id) to '{folder / 'ids.parquet'}'")
    tables = {t.name: t for t in read_tables([folder], workspace=tmp_path)}
    assert sorted(tables) == ["Levels", "calls", "cases", "events", "ids"]
    assert cells_of(tables["calls"]) == ['case,"note, short"', 'C1,"a ""b"""']
    assert cells_of(tables["Levels"]) == ["case,level", "C1,T12"]
    assert cells_of(tables["events"])[1] == "C1,3"


def test_a_redcap_export_is_told_by_its_dictionary(tmp_path):
    names = [
        "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
        "Choices, Calculations, OR Slider Labels", "Field Note",
        "Text Validation Type OR Show Slider Number", "Text Validation Min", "Text Validation Max",
        "Identifier?", "Branching Logic (Show field only if...)", "Required Field?",
        "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name",
        "Matrix Ranking?", "Field Annotation",
    ]  # fmt: skip
    fields = ["record_id,cases,,text,Record" + "," * 13, "bmi,cases,,text,BMI,,,number" + "," * 10]
    header = ",".join(f'"{name}"' for name in names)
    write(tmp_path / "dictionary.csv", "\n".join([header, *fields]) + "\n")
    write(tmp_path / "records.csv", "record_id,bmi,cases_complete\n1,27,2\n")
    workspace = tmp_path / "space"
    workspace.mkdir()
    [table] = read_tables(
        [tmp_path / "dictionary.csv", tmp_path / "records.csv"], workspace=workspace
    )
    assert (table.name, table.records) == ("cases", 1)
    assert "bmi" in table.header


def test_json_lines_of_fhir_resources_are_read_as_fhir(tmp_path):
    patient = {"resourceType": "Patient", "id": "p1", "gender": "female"}
    write(tmp_path / "patients.ndjson", json.dumps(patient) + "\n")
    [table] = read_tables([tmp_path / "patients.ndjson"], workspace=tmp_path)
    assert table.name == "Patient"


def test_a_mapping_declares_how_its_files_are_written(tmp_path):
    (tmp_path / "fälle.csv").write_bytes("fall;größe\nC1;1,7\n".encode("cp1252"))
    mapping = parse_mapping(
        '[sources.a]\ntable = "fälle"\ndelimiter = ";"\nencoding = "cp1252"\n'
        '[leaks]\nsource = "a"\n'
        'columns = { procedure_id = "fall", level = "größe", route = "fall" }'
    )
    source = read_mapped_source([tmp_path / "fälle.csv"], mapping, workspace=tmp_path)
    assert source.tables[0].header == ("fall", "größe")
    assert cells_of(source.tables[0])[1] == 'C1,"1,7"'


def test_a_record_of_another_width_is_a_fault_with_its_line(tmp_path):
    write(tmp_path / "a.csv", "x,y\n1,2\n3\n4,5\n")
    [table] = read_tables([tmp_path / "a.csv"], workspace=tmp_path)
    assert (table.records, table.faults) == (2, ((3, "1 fields, the header has 2"),))
    assert [table.place_of(1), table.place_of(2)] == ["line 2", "line 4"]
    assert list(table.places) == [2, 4]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["nothing.csv"], "there is no such file or folder"),
        (["a.doc"], "files of this kind are not read"),
        (["empty"], "no file of a known kind is there"),
        (["a.csv", "a.tsv"], "another table is called 'a' too: a.csv"),
        (["dictionary.csv"], "this REDCap dictionary has no export beside it"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path, names, told):
    write(tmp_path / "a.csv", "x\n1\n")
    write(tmp_path / "a.tsv", "x\n1\n")
    write(tmp_path / "a.doc", "x")
    write(tmp_path / "dictionary.csv", "field_name,form_name\nrecord_id,cases\n")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceUnreadable, match=told):
        read_source([tmp_path / name for name in names], workspace=tmp_path)


def test_the_log_of_a_bulk_export_is_named_and_left_alone(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    patient = {"resourceType": "Patient", "id": "p1", "gender": "female"}
    write(folder / "Patient.000.ndjson", json.dumps(patient) + "\n")
    write(folder / "log.ndjson", json.dumps({"eventId": "kickoff"}) + "\n")
    source = read_source([folder], workspace=tmp_path)
    assert [table.name for table in source.tables] == ["Patient"]
    assert any("log.ndjson" in finding.note + finding.table for finding in source.findings)
