"""Nothing that names a person leaves the reader, and every column says what it may hold."""

from pathlib import Path

from etl.sources.fhir.columns import COLUMNS, Privacy
from etl.sources.fhir.rows import ROWS

SECRETS = {
    "name": [{"family": "Examplesson", "given": ["Wilhelmina"]}],
    "telecom": [{"system": "phone", "value": "555-0142"}],
    "address": [{"line": ["12 Hidden Lane"], "city": "Smalltown", "postalCode": "02139"}],
    "identifier": [{"system": "urn:mrn", "value": "MRN0042", "assigner": {"display": "General"}}],
    "birthDate": "1931-02-17",
    "photo": [{"data": "UGhvdG8="}],
    "contact": [{"name": {"text": "Nextof Kin"}}],
    "text": {"status": "generated", "div": "<div>Wilhelmina</div>"},
    "extension": [{"url": "urn:maiden", "valueString": "Maidensson"}],
    "meta": {"source": "urn:Wilhelmina", "lastUpdated": "2023-01-01T00:00:00Z"},
    "communication": [{"language": {"text": "Examplish"}}],
    "generalPractitioner": [{"reference": "Practitioner/gp", "display": "Dr Quincy"}],
}
NOTED = {
    "note": [{"text": "Wilhelmina said", "authorString": "Dr Quincy", "time": "2021-05-05"}],
    "text": {"status": "generated", "div": "<div>Wilhelmina</div>"},
    "identifier": [{"value": "MRN0042"}],
    "subject": {"reference": "Patient/p1", "display": "Wilhelmina Examplesson"},
    "extension": [{"url": "urn:x", "valueString": "Maidensson"}],
}
WORDS = (
    *("Examplesson", "Wilhelmina", "555-0142", "Hidden", "Smalltown", "02139", "MRN0042", "Kin"),
    *("General", "1931", "UGhvdG8=", "Maidensson", "Examplish", "Quincy", "2021-05-05", "2023-01"),
)


def resources() -> list[dict]:
    return [
        {"resourceType": "Patient", "id": "p1", "gender": "female", **SECRETS},
        {
            "resourceType": "Procedure",
            "id": "a",
            "status": "completed",
            "performedDateTime": "2024-01-01",
            "performer": [{"actor": {"reference": "Practitioner/s", "display": "Dr Quincy"}}],
            "location": {"reference": "Location?identifier=urn:x|MRN0042", "display": "General"},
            **NOTED,
        },
        {"resourceType": "Condition", "id": "c", **NOTED},
        {"resourceType": "Observation", "id": "o", "status": "final", **NOTED},
        {
            "resourceType": "QuestionnaireResponse",
            "id": "q",
            "status": "completed",
            **{name: value for name, value in NOTED.items() if name != "note"},
            "author": {"identifier": {"value": "MRN0042"}, "display": "Wilhelmina"},
            "item": [
                {
                    "linkId": "1",
                    "answer": [{"valueAttachment": {"data": "UGhvdG8=", "title": "Wilhelmina"}}],
                }
            ],
        },
        {
            "resourceType": "AdverseEvent",
            "id": "e",
            "actuality": "actual",
            **{name: value for name, value in NOTED.items() if name not in ("note", "identifier")},
        },
        {
            "resourceType": "Encounter",
            "id": "v",
            "status": "finished",
            "participant": [{"individual": {"display": "Dr Quincy"}}],
            **{name: value for name, value in NOTED.items() if name != "note"},
        },
    ]


def test_what_identifies_never_leaves_the_reader(read_lines):
    read = read_lines(*resources())
    assert {counts.used for counts in read.export.counts.values()} == {1}
    written = "".join(
        table.readable_path.read_text(encoding="utf-8") for table in read.export.tables
    )
    told = str(read.export.findings)
    assert [word for word in WORDS if word in written or word in told] == []
    assert read.rows("Procedure")[0]["age_years"] == "90"


def test_free_text_dates_and_ids_are_declared_as_such():
    assert set(COLUMNS) == set(ROWS)
    for columns in COLUMNS.values():
        names = [column.name for column in columns]
        assert len(names) == len(set(names))
        kinds = {column.name: column.privacy for column in columns}
        assert all(kinds[name] is Privacy.FREE_TEXT for name in names if name.endswith("_text"))
        dates = [name for name in names if name.endswith(("_date", "_instant"))]
        assert all(kinds[name] is Privacy.DATE for name in dates)
        ids = [name for name in names if name == "id" or name.endswith(("_id", "_ids"))]
        assert all(kinds[name] is Privacy.ID for name in ids if name != "link_id")
        assert all(bool(c.refers_to) == (c.privacy is Privacy.ID) for c in columns)


def test_the_manual_names_every_column_with_its_kind():
    manual = Path(__file__).parents[4] / "docs" / "sources" / "fhir.md"
    lines = set(manual.read_text(encoding="utf-8").splitlines())
    missing = [
        f"{resource_type}.{column.name}"
        for resource_type, columns in COLUMNS.items()
        for column in columns
        if f"| {column.name} | {column.privacy} | {column.refers_to} | {column.words} |"
        not in lines
    ]
    assert missing == []
