"""The gate is told which columns are read, for what each of them, and which are dropped."""

from etl.mapping.reading import parse_mapping
from etl.mapping.used_columns import column_uses, dropped_columns, used_columns

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


def roles(table: str) -> list[tuple[str, str]]:
    uses = column_uses(parse_mapping(MAPPING))[table]
    return [(use.column, use.role) for use in uses]


def test_each_column_is_listed_with_what_it_is_read_for():
    assert roles("cases") == [
        ("kind", "filter"),
        ("operated", "date"),
        ("case", "carry"),
        ("person", "carry"),
        ("operated", "date"),
        ("dx", "code"),
        ("person", "join"),
        ("case", "join"),
    ]
    assert roles("people") == [("sex", "carry"), ("died", "date"), ("id", "join")]
    assert roles("claims") == [("cpt", "code"), ("case", "join"), ("billed", "date")]
    assert roles("Calls of 2024") == [("case", "carry"), ("pain", "carry")]


def test_what_the_mapping_declares_of_a_column_is_told_with_its_line():
    mapping = parse_mapping(MAPPING)
    kind, operated, *_ = column_uses(mapping)["cases"]
    assert kind.declared == {"KP"}
    assert operated.format == "DD/MM/YYYY"
    line = 1 + MAPPING.splitlines().index("[[procedures.join]]")
    assert column_uses(mapping)["people"][-1].line == line


def test_a_text_of_which_something_else_is_made_is_not_carried():
    mapping = parse_mapping(
        '[visits]\nearly = 1\n[sources.calls]\ntable = "calls"\nmissing = ["-9"]\n'
        '[assessments]\nsource = "calls"\n[assessments.columns]\n'
        'procedure_id = { columns = ["case", "turn"] }\ndays = { visit = "event" }\n'
        'instrument = { column = "tool", recode = { NRS = "pain_nrs" } }\n'
        'score = { column = "answer", scale = "0-100 -> 0-10" }\n'
    )
    uses = {use.column: (use.role, set(use.declared)) for use in column_uses(mapping)["calls"]}
    assert uses == {
        "case": ("make", {"-9"}),
        "turn": ("make", {"-9"}),
        "event": ("make", {"early", "-9"}),
        "tool": ("make", {"NRS", "-9"}),
        "answer": ("make", {"-9"}),
    }


def test_columns_that_no_line_reads_are_dropped(tables_from):
    tables = tables_from(cases=["case,surname,dx,phone", "C1,x,y,z"], other=["a", "1"])
    assert dropped_columns(parse_mapping(MAPPING), tables) == {
        "cases": ["surname", "phone"],
        "other": ["a"],
    }
