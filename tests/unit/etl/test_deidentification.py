"""The identifier gate: what refuses a source, and what must not."""

import base64
import hashlib
import uuid
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.deidentification import (
    IdentifierFinding,
    find_identifiers,
    find_identifiers_in_cells,
    find_identifiers_in_ragged,
    refuse_identifiers,
)
from etl.identifier_names import identifier_column_name
from etl.identifier_shapes import kind_of_value
from etl.sources.delimited import read_delimited
from warehouse.connection import open_for_building
from warehouse.errors import IdentifiersFound
from warehouse.source_schema import TABLES

SAMPLE = Path(__file__).parents[3] / "data" / "sample"

ENCODED_NAME = base64.b64encode(b"Smith, John").decode()


@pytest.fixture(scope="module")
def find():
    """Return a function that gates one column: name and values in, kind -> cells out."""
    with open_for_building(None) as connection:

        def find_in(column, values, privacy_mode="safe_harbor") -> dict[str, int]:
            connection.execute(f'create or replace table gated ("{column}" varchar)')
            connection.execute("insert into gated select unnest($1::varchar[])", [list(values)])
            found = find_identifiers(connection, "gated", [column], privacy_mode=privacy_mode)
            assert all(finding.column == column for finding in found)
            return {finding.kind: finding.count for finding in found}

        yield find_in


def test_a_value_that_is_tried_once_counts_in_all_of_its_cells():
    with open_for_building(None) as connection:
        connection.execute("create table gated as select 'john@example.org' as site_id")
        connection.execute("insert into gated values ('john@example.org'), ('A'), (null)")
        found = find_identifiers(
            connection, "gated", ["site_id"], privacy_mode="safe_harbor", few_valued={"site_id"}
        )
    assert [(finding.kind, finding.count) for finding in found] == [("e-mail address", 2)]


IDENTIFYING = [
    ("john@example.org", "e-mail address"),
    ("https://example.org/p/1", "web address"),
    ("www.example.org", "web address"),
    ("123-45-6789", "social security number"),
    ("123 45 6789", "social security number"),
    ("123456789", "social security number"),
    ("123456789.0", "social security number"),
    ("SSN123456789", "social security number"),
    ("(555) 123-4567", "telephone number"),
    ("555-123-4567", "telephone number"),
    ("5551234567", "telephone number"),
    ("+44 20 7946 0958", "telephone number"),
    ("Fax: 555 1234", "fax number"),
    ("192.168.0.17", "network address"),
    ("2001:0db8:85a3:0:0:8a2e:0370:7334", "network address"),
    ("MRN0012345", "medical record number"),
    ("MRN: 4711", "medical record number"),
    ("Acct #44512", "account number"),
    ("policy 9921-22", "health plan number"),
    ("NPI 1234567893", "licence number"),
    ("S/N 88123", "device serial or lot number"),
    ("40.7128, -74.0060", "geographic position"),
    ("2024-03-05", "date"),
    ("2024/3/5", "date"),
    ("2024-03-05T10:15:00Z", "date"),
    ("03/05/2024", "date"),
    ("3/5/24", "date"),
    ("5.3.2024", "date"),
    ("05-Mar-2024", "date"),
    ("March 5, 2024", "date"),
    ("Mar 2024", "date"),
    ("Dr Smith", "name"),
    ("Dr. Smith", "name"),
    ("mrs o'neill", "name"),
    ("Smith, John", "name"),
    ("Núñez, María", "name"),
    (" 12 Main Street ", "address"),
    ("she fell in the garden at home", "free text"),
    ("x" * 101, "free text"),
    (ENCODED_NAME, "encoded text"),
]


@pytest.mark.parametrize("column", ["procedure_id", "technique", "cement_type", "implant_code"])
def test_values_of_these_shapes_refuse_any_column_of_text(find, column):
    found = find(column, ["C1", *(value for value, _ in IDENTIFYING)])
    assert found == Counter(kind for _, kind in IDENTIFYING)


def test_the_text_of_single_records_is_judged_alike():
    judged = {value: kind_of_value(value, dates_allowed=False) for value, _ in IDENTIFYING}
    assert judged == dict(IDENTIFYING) | {ENCODED_NAME: None}


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("patient_id", "Smith", "name"),
        ("surgeon_id", "John Smith", "name"),
        ("surgeon_id", "J. Smith", "name"),
        ("site_id", "Mary Jones", "name"),
        ("technique", "02139", "postal code"),
        ("technique", "02139-4307", "postal code"),
        ("technique", "20240305", "date"),
        ("technique", "2024-03", "date"),
        ("technique", "Mar-24", "date"),
        ("technique", "555-1234", "telephone number"),
        ("cement_ml", "5551234567", "telephone number"),
        ("onset_days", "2024-03-05", "date"),
        ("score", "123-45-6789", "social security number"),
        ("age_years", "91", "age over 90"),
        ("age_years", "104.5", "age over 90"),
        ("age_years", "93 years", "age over 90"),
    ],
)
def test_a_value_of_this_shape_refuses_columns_of_its_kind(find, column, value, kind):
    assert find(column, ["", value, value]) == {kind: 2}


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("patient_id", ["P000001", "12", "12345678", "PT-0042", "S07", "000012345"]),
        ("procedure_id", ["2024-00017", "A-2024-3", "C000003A", "site1-0001", "101-0001"]),
        ("site_id", ["A", "north", "Site B", "ABC", "12-10-05"]),
        ("surgeon_id", ["S01", "Surgeon A", "surgeon_12", "AB"]),
        ("complication_id", [str(uuid.UUID(int=7)), hashlib.sha256(b"7").hexdigest()]),
        ("technique", ["vertbroplasty", "Kyphoplasty, balloon", "KYPHOPLASTY", "NA", "", "may"]),
        ("type", ["dural_tear", "Dural tear", "Infection, deep"]),
        ("level", ["L1", "T12", "S1", "L1-L2"]),
        ("score", ["7", "-3.25", "999", "1e3", "0.083333333333"]),
        ("air_kerma_mgy", ["2012.05", "20000"]),
        ("age_years", ["90", "90+", "0", "77.5", "999", "unknown"]),
        ("procedure_year", ["2024", "1999"]),
        ("cement_type", ["PMMA", "Simplex P", "Kyphon HV-R"]),
        ("ao_type", ["A3", "A4.1"]),
        ("cause_rule", ["4", "2.1.10"]),
    ],
)
def test_clinical_values_and_plain_surrogates_pass(find, column, values):
    assert find(column, values) == {}


SURROGATES = st.one_of(
    st.integers(0, 99_999_999).map(str),
    st.from_regex(r"[A-Z]{1,3}-?[0-9]{1,7}", fullmatch=True).filter(
        lambda text: not text.startswith(("MRN", "SSN", "NPI", "DEA", "LOT", "UDI", "NHS"))
    ),
    st.uuids(version=4).map(str),
    st.uuids().map(lambda value: value.hex),
    st.binary(max_size=9).map(lambda value: hashlib.sha256(value).hexdigest()),
    st.binary(max_size=9).map(lambda value: hashlib.sha256(value).hexdigest()[:20]),
    st.binary(max_size=9).map(lambda value: base64.b32encode(hashlib.md5(value).digest()).decode()),
)


@settings(
    deadline=None,
    derandomize=True,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(SURROGATES, min_size=20, max_size=60))
def test_plausible_surrogates_raise_no_false_alarm(find, surrogates):
    assert find("patient_id", surrogates) == {}


def test_whole_numbers_are_dates_where_most_of_a_column_reads_as_dates(find):
    assert find("procedure_id", ["20240305", "20231231", "20221105"]) == {"date": 3}
    assert find("procedure_id", ["20240305", "31415926", "27182818"]) == {}


def test_dates_and_postal_codes_are_allowed_in_a_limited_data_set_and_nothing_else_is(find):
    allowed = ["2024-03-05", "03/05/2024", "Mar 2024", "02139"]
    refused = ["john@example.org", "123-45-6789", "Smith, John"]
    found = find("technique", allowed + refused, privacy_mode="limited_data_set")
    assert found == {"e-mail address": 1, "social security number": 1, "name": 1}


def test_a_month_needs_a_limited_data_set(find):
    assert find("procedure_month", ["3", "", None]) == {"month": 1}
    assert find("procedure_month", ["", None, "NA"]) == {}
    assert find("procedure_month", ["3"], privacy_mode="limited_data_set") == {}


def test_a_dated_column_is_refused_even_if_empty(find):
    assert find("surgery_date", [None, ""]) == {"date": 0}
    assert find("surgery_date", ["x"], privacy_mode="limited_data_set") == {}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("patient_name", "name"),
        ("LastName", "name"),
        ("name", "name"),
        ("surgeon_name", "name"),
        ("HomePhone", "telephone number"),
        ("Contact Phone Number", "telephone number"),
        ("fax", "fax number"),
        ("e-mail", "e-mail address"),
        ("SSN", "social security number"),
        ("mrn", "medical record number"),
        ("medical_record_no", "medical record number"),
        ("insurance_id", "health plan number"),
        ("account_number", "account number"),
        ("license", "licence number"),
        ("surgeon_npi", "licence number"),
        ("vehicle_plate", "vehicle identifier"),
        ("balloon_serial", "device serial or lot number"),
        ("cement_lot", "device serial or lot number"),
        ("website", "web address"),
        ("ip_address", "network address"),
        ("photo", "biometric or photograph"),
        ("dob", "birth date"),
        ("birth_year", "birth date"),
        ("DateOfBirth", "birth date"),
        ("procedure_date", "date"),
        ("admitdate", "date"),
        ("discharge_dt", "date"),
        ("surgery_month", "date"),
        ("ZIP", "postal code"),
        ("zip3", "postal code"),
        ("home_address", "address"),
        ("latitude", "geographic position"),
        ("clinical_notes", "free text"),
    ],
)
def test_a_column_is_told_by_its_name(name, kind):
    assert identifier_column_name(name) == kind


@pytest.mark.parametrize(
    "name",
    ["drug_name", "follow_up_days", "state", "update", "candidate", "image_position", "dosage"],
)
def test_an_ordinary_column_name_passes(name):
    assert identifier_column_name(name) is None


def test_no_canonical_column_is_told_by_its_name():
    names = [name for table in TABLES for name in table.column_names]
    assert [name for name in names if identifier_column_name(name)] == []


def test_single_cells_are_gated_by_the_column_they_come_from():
    with open_for_building(None) as connection:
        connection.execute(
            "create table bad_cells as select * from (values "
            "('age_years', '93'), ('days', '93'), ('technique', 'Dr Smith'), ('days', 'late')) "
            "as cells(column_name, found)"
        )
        found = find_identifiers_in_cells(connection, "bad_cells", privacy_mode="safe_harbor")
    assert found == [
        IdentifierFinding("age_years", "age over 90", 1),
        IdentifierFinding("technique", "name", 1),
    ]


def test_no_cells_and_no_columns_give_no_findings():
    with open_for_building(None) as connection:
        connection.execute("create table none_bad (column_name varchar, found varchar)")
        assert find_identifiers_in_cells(connection, "none_bad", privacy_mode="safe_harbor") == []
        assert find_identifiers(connection, "none_bad", [], privacy_mode="safe_harbor") == []


def test_records_kept_from_the_warehouse_are_gated_too(tmp_path):
    path = tmp_path / "leaks.csv"
    path.write_text('a,b\n1,2\n1,2,"john@example.org"\n1,2,3\n', encoding="utf-8")
    file = read_delimited(path, table="leaks", workspace=tmp_path)
    [finding] = find_identifiers_in_ragged(file, privacy_mode="safe_harbor")
    assert (finding.kind, finding.count) == ("e-mail address", 1)


def test_a_refusal_names_column_kind_and_count_and_no_value(find):
    findings = [IdentifierFinding("patient_id", "name", 1200)]
    with pytest.raises(IdentifiersFound) as refusal:
        refuse_identifiers("procedures.csv", findings)
    assert "procedures.csv, column 'patient_id': name, in 1,200 cells" in str(refusal.value)
    assert refusal.value.exit_code == 3


def test_a_header_that_identifies_refuses_and_is_not_repeated(find):
    assert find("Smith, John", ["x"]) == {"name": 1}
    with pytest.raises(IdentifiersFound) as refusal:
        refuse_identifiers("leaks.csv", [IdentifierFinding("Smith, John", "name", 1)])
    assert "Smith" not in str(refusal.value)


def test_nothing_found_refuses_nothing():
    assert refuse_identifiers("procedures.csv", []) is None


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="data/sample is not there yet")
@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_the_sample_passes_the_gate(table):
    with open_for_building(None) as connection:
        connection.execute(
            "create table sample as select * from read_csv(?, all_varchar = true)",
            [str(SAMPLE / f"{table}.csv")],
        )
        columns = [row[0] for row in connection.execute("describe sample").fetchall()]
        assert find_identifiers(connection, "sample", columns, privacy_mode="safe_harbor") == []
