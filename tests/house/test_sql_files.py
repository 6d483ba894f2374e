"""SQL files: one statement each, a header that tells the truth, a portable subset."""

import re
from pathlib import Path

import pytest

from etl.build import MACROS, MARTS, build_marts, create_tables, create_types
from warehouse.connection import open_for_building
from warehouse.sql_files import header_field, header_of, read_sql, sql_names, sql_root

LONGEST_HEADER_LINE = 100
NOT_PORTABLE = ("asof", "pivot", "columns(", "product(", "quantile_cont", " // ")


def body_of(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))


def declared_columns(text: str) -> list[str]:
    """Return the column names that a header lists under 'Columns:', in order."""
    lines = header_of(text).split("Columns:", 1)[1].splitlines()[1:]
    return [line.split()[0] for line in lines if re.match(r"^  \w", line)]


ALL_FILES = [
    name
    for folder in ("staging", "checks", "marts", "macros", "queries", "privacy")
    for name in sql_names(folder)
]


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_file_holds_one_statement_and_opens_with_a_sentence(name):
    text = read_sql(name)
    assert ";" not in body_of(text).rstrip().rstrip(";")
    assert header_of(text).splitlines()[0].rstrip().endswith((".", ","))


@pytest.mark.parametrize(
    "name", [*sql_names("marts"), *sql_names("queries"), *sql_names("privacy")]
)
def test_a_mart_or_query_declares_grain_and_columns_and_stays_portable(name):
    text = read_sql(name)
    assert header_field(text, "Grain")
    assert declared_columns(text)
    lowered = body_of(text).lower()
    assert [construct for construct in NOT_PORTABLE if construct in lowered] == []


@pytest.mark.parametrize("name", sql_names("checks"))
def test_a_rule_never_repeats_another_value_of_the_patient(name):
    # What is allowed may name columns and declared limits, never what this patient's row holds.
    told = re.findall(r"^.*\bas allowed\b", body_of(read_sql(name)), re.MULTILINE)
    joined = {part for line in told for part in re.findall(r"\|\|\s*([a-z_.]+)", line)}
    assert joined <= {"allowed", "low", "high", "instrument"}


@pytest.fixture(scope="module")
def built():
    with open_for_building(None) as connection:
        create_types(connection)
        create_tables(connection)
        build_marts(connection)
        yield connection


@pytest.mark.parametrize("mart", MARTS)
def test_a_marts_header_names_the_columns_it_returns(built, mart):
    described = built.execute(f"describe {mart}").fetchall()
    assert [row[0] for row in described] == declared_columns(read_sql(f"marts/{mart}"))


def test_every_mart_and_macro_file_is_built():
    assert {f"marts/{name}" for name in MARTS} == set(sql_names("marts"))
    assert {f"macros/{name}" for name in MACROS} == set(sql_names("macros"))


def test_no_sql_file_lies_outside_the_known_folders():
    folders = {path.parent.name for path in Path(sql_root()).rglob("*.sql")}
    assert folders <= {"staging", "checks", "marts", "macros", "queries", "migrations", "privacy"}
