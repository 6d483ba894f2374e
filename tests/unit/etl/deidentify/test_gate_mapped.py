"""Every source column that a mapping touches is looked at, by the rules of what it is read for."""

import re
from collections.abc import Iterator

import pytest

from etl.identifier_sources import refuse_identifying_columns
from etl.mapping.reading import parse_mapping
from etl.sources.any_source import read_tables
from warehouse.connection import Connection, open_for_building
from warehouse.errors import IdentifiersFound

MAPPING = """
mapping = 1
day_zero = "before"
[visits]
"6 weeks" = 42
[sources.calls]
table = "calls"
missing = ["not asked"]

[procedures]
source = "cases"
where = { kind = ["BKP"] }
reference_date = { column = "op_date", format = "DD/MM/YYYY" }
[[procedures.join]]
source = "people"
on = { person = "id" }
[[procedures.gather]]
name = "earlier"
source = "diagnoses"
column = "icd"
on = { person = "person" }
date = { column = "seen", format = "DD/MM/YYYY" }
days = [-365, 0]
[procedures.columns]
procedure_id = { columns = ["person", "turn"] }
patient_id = "person"
site_id = { value = "A" }
surgeon_id = { column = "operator", recode = { "Dr. Ruth Miller" = "S1" } }
procedure_year = { column = "op_date", format = "DD/MM/YYYY", part = "year" }
age_years = { column = "people.born", format = "DD/MM/YYYY", part = "age" }
cause = { codes = ["dx"], history_codes = ["earlier"] }
referral_days = { column = "waited", unit = "hours -> days" }
technique = { value = "kyphoplasty" }

[assessments]
source = "calls"
reference_date = { column = "called", format = "DD/MM/YYYY" }
[[assessments.join]]
source = "cases"
on = { case = "case", called = "op_date" }
[assessments.columns]
procedure_id = { columns = ["cases.person", "cases.turn"] }
days = { visit = "event" }
instrument = { column = "tool", recode = { NRS = "pain_nrs" } }
score = "answer"
"""
CLEAN = {
    "cases": {
        "case": "1001",
        "person": "P1",
        "turn": "1",
        "kind": "BKP",
        "op_date": "02/01/2024",
        "operator": "Dr. Ruth Miller",
        "dx": "M80.08XA",
        "waited": "48",
        "surname": "Kowalski",
    },
    "people": {"id": "P1", "born": "03/02/1950", "phone": "(617) 555-0132"},
    "diagnoses": {"person": "P1", "icd": "C79.51", "seen": "01/01/2024"},
    "calls": {
        "case": "1001",
        "called": "02/01/2024",
        "event": "6 weeks",
        "tool": "NRS",
        "answer": "3",
    },
}


@pytest.fixture
def connection() -> Iterator[Connection]:
    """Yield an empty database in memory."""
    with open_for_building(None) as opened:
        yield opened


@pytest.fixture
def gate(tmp_path, connection):
    """Return a function that gates the clean sources with one cell or one name of them changed."""

    def look(table="", column="", value="", *, named="", toml=MAPPING, mode="safe_harbor"):
        paths = []
        for name, cells in CLEAN.items():
            changed = cells | ({column: value} if name == table and not named else {})
            header = [named if (name, c) == (table, column) and named else c for c in changed]
            path = tmp_path / f"{name}.csv"
            rows = [header, [f'"{cell}"' for cell in changed.values()]]
            path.write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
            paths.append(path)
        tables = read_tables(paths, workspace=tmp_path)
        refuse_identifying_columns(connection, parse_mapping(toml), tables, privacy_mode=mode)

    return look


def renamed(column: str, named: str) -> str:
    return re.sub(rf'(?<=[ ".{{]){column}(?=[" ])', named, MAPPING)


def test_clean_sources_pass_with_what_the_mapping_declares_or_does_not_read(gate):
    gate()


IDENTIFYING = [
    # of each, the kind, and how the line of the mapping begins on which it is read
    ("people", "id", "Miller", "name", "[[procedures.join]]"),  # joined by
    ("people", "id", "anna@example.org", "e-mail address", "[[procedures.join]]"),
    ("people", "id", "P1 of the ward", "no surrogate key", "[[procedures.join]]"),
    ("people", "id", "123-45-6789", "social security number", "[[procedures.join]]"),
    ("people", "id", "05/06/1950", "date", "[[procedures.join]]"),
    ("diagnoses", "person", "Maria Gonzalez", "name", "[[procedures.gather]]"),  # gathered by
    ("calls", "case", "(617) 555-0132", "telephone number", "[[assessments.join]]"),
    ("cases", "kind", "jane@example.org", "e-mail address", "[procedures]"),  # chosen by
    ("cases", "kind", "MRN 4471283", "medical record number", "[procedures]"),
    ("cases", "turn", "2024-03-05", "date", "procedure_id = { columns"),  # part of a key
    ("cases", "operator", "Dr. Karl Weber", "name", "surgeon_id"),  # recoded, but not this one
    ("cases", "dx", "Smith, John", "name", "cause"),  # codes
    ("diagnoses", "icd", "fell at home on the stairs again", "free text", "cause"),
    ("cases", "waited", "6175550132", "telephone number", "referral_days"),  # converted
    ("calls", "event", "02/01/2024", "date", "visit ="),  # a visit
    ("calls", "tool", "https://example.org/p/12", "web address", "instrument"),
    (
        "people",
        "born",
        "john@example.org",
        "e-mail address",
        "age_years",
    ),  # read as a date, but none
    ("cases", "op_date", "SSN 123-45-6789", "social security number", "reference_date"),
]


@pytest.mark.parametrize(("table", "column", "value", "kind", "start"), IDENTIFYING)
def test_an_identifier_in_a_column_of_any_role_is_refused(gate, table, column, value, kind, start):
    with pytest.raises(IdentifiersFound) as refused:
        gate(table, column, value)
    first, *others, remedy = str(refused.value).splitlines()
    found = [found for found in (first, *others) if f"'{column}': {kind}" in found]
    assert found, str(refused.value)
    assert f"{table}.csv, column '{column}'" in found[0]
    lines = MAPPING.splitlines()
    assert found[0].endswith(f", line {1 + next(n for n, x in enumerate(lines) if start in x)})")
    assert value not in str(refused.value)
    assert "vertebra deidentify" in remedy


def test_every_role_is_among_the_cases_that_are_refused():
    read = set(re.findall(r'"(?:people\.|cases\.)?(\w+)"|(\w+) = "(?:id|person|op_date)"', MAPPING))
    columns = {name for pair in read for name in pair} & {c for t in CLEAN.values() for c in t}
    told = {column for _, column, *_ in IDENTIFYING}
    # Carried as they stand, they are looked at as canonical cells; called is a date, as op_date.
    assert columns - told <= {"answer", "person", "called", "seen", "case", "id"}


PASSING = [
    ("people", "id", "3f2a9c1e7b654d0a8e1f2a3b4c5d6e7f"),
    ("people", "id", "9b2e4c1a-7d3f-4a5b-8c6d-1e2f3a4b5c6d"),
    ("people", "id", "A_17.b"),
    ("people", "id", "called"),
    ("people", "born", "31/02/1950"),  # no such day: its row is refused, not the source
    ("people", "born", "1950-02-03"),  # nor in another format
    ("people", "born", "unknown"),
    ("cases", "op_date", ""),
    ("cases", "waited", "about 2"),
    ("calls", "event", "not asked"),  # declared as missing
    ("calls", "tool", "Oswestry"),
    ("calls", "answer", "seven"),
    ("cases", "kind", "http://example.org/fhir/Questionnaire/after-surgery"),
]


@pytest.mark.parametrize(("table", "column", "value"), PASSING)
def test_what_identifies_nobody_in_its_role_passes(gate, table, column, value):
    gate(table, column, value)


NAMED = [
    ("people", "id", "mrn", "medical record number"),
    ("cases", "kind", "city", "address"),
    ("cases", "dx", "notes", "free text"),
    ("cases", "turn", "accession_number", "other unique code"),
    ("cases", "waited", "zip", "postal code"),
    ("calls", "answer", "phone", "telephone number"),  # carried
]


@pytest.mark.parametrize(("table", "column", "name", "kind"), NAMED)
def test_a_column_made_to_hold_identifiers_is_refused_by_its_name(gate, table, column, name, kind):
    toml = renamed(column, name)
    if column == "kind":
        toml = toml.replace('["BKP"]', '["VP"]')
    with pytest.raises(IdentifiersFound, match=f"column '{name}': {kind}, in 1 cell "):
        gate(table, column, named=name, toml=toml)


def test_a_recoded_column_may_have_any_name_while_all_its_values_are_declared(gate):
    gate("cases", "operator", named="surgeon_name", toml=renamed("operator", "surgeon_name"))


def test_a_date_that_is_also_stored_as_a_key_is_refused(gate):
    stored = MAPPING.replace('"person", "turn"]', '"person", "op_date"]')
    with pytest.raises(IdentifiersFound, match="column 'op_date': date, in 1 cell"):
        gate(toml=stored)


def test_a_date_that_no_line_declares_does_not_join(gate):
    # 'called' holds the same days as 'op_date', but no line says in which format.
    undeclared = MAPPING.replace(
        'reference_date = { column = "called", format = "DD/MM/YYYY" }', ""
    )
    with pytest.raises(IdentifiersFound, match="column 'called': date, in 1 cell"):
        gate(toml=undeclared)


def test_a_limited_data_set_lets_dates_through_and_nothing_else(gate):
    gate("calls", "event", "02/01/2024", mode="limited_data_set")
    with pytest.raises(IdentifiersFound):
        gate("people", "id", "anna@example.org", mode="limited_data_set")
