"""The gate is told which columns are read, which of them as dates only, and which are dropped."""

from etl.mapping.reading import parse_mapping
from etl.mapping.used_columns import date_columns, dropped_columns, used_columns

MAPPING = """
day_zero = "before"
[sources.calls]
table = "Calls of 2024"

[procedures]
source = "cases"
where = { kind = ["KP"] }
reference_date = { column = "operated", format = "DD/MM/YYYY" }
[[procedures.join]]
source = "people"
on = { person = "id" }
[[procedures.gather]]
name = "bills"
source = "claims"
column = "cpt"
on = { case = "case" }
date = { column = "billed", format = "DD/MM/YYYY" }
days = [0, 1]
[procedures.columns]
procedure_id = "case"
patient_id = "person"
site_id = { value = "A" }
procedure_year = { column = "operated", format = "DD/MM/YYYY", part = "year" }
technique = { codes = ["bills"] }
cause = { codes = ["dx"] }
sex = "people.sex"
death_days = { column = "people.died", format = "DD/MM/YYYY" }

[assessments]
source = "calls"
columns = { procedure_id = "case" }
[[assessments.wide]]
instrument = "pain_nrs"
columns = { pain = 1 }
"""


def test_columns_that_are_read_are_listed_by_table():
    assert used_columns(parse_mapping(MAPPING)) == {
        "cases": ["case", "dx", "kind", "operated", "person"],
        "people": ["died", "id", "sex"],
        "claims": ["billed", "case", "cpt"],
        "Calls of 2024": ["case", "pain"],
    }


def test_columns_of_which_only_days_are_kept_are_listed_apart():
    assert date_columns(parse_mapping(MAPPING)) == {
        "cases": ["operated"],
        "people": ["died"],
        "claims": ["billed"],
    }


def test_a_date_that_is_read_as_text_too_is_no_date_only():
    mapping = parse_mapping(MAPPING + '[leaks]\nsource = "cases"\n[leaks.columns]\n'
        'procedure_id = "operated"\nlevel = "dx"\nroute = "dx"')  # fmt: skip
    assert "cases" not in date_columns(mapping)


def test_columns_that_no_line_reads_are_dropped(tables_from):
    tables = tables_from(cases=["case,surname,dx,phone", "C1,x,y,z"], other=["a", "1"])
    assert dropped_columns(parse_mapping(MAPPING), tables) == {
        "cases": ["surname", "phone"],
        "other": ["a"],
    }
