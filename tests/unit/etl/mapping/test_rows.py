"""Wide tables become long, visits become days, filters and parts decide on rows."""

import pytest

from etl.mapping.building import map_tables
from etl.mapping.reading import parse_mapping

ASSESSMENTS = """
[visits]
baseline = -1
"24h" = 1
"6w" = 42

[assessments]
source = "scores"
"""


def scores(rows):
    return [(r["procedure_id"], r["instrument"], r["days"], r["score"]) for r in rows]


def test_a_wide_table_becomes_a_row_for_each_score_that_is_given(mapped):
    toml = (
        ASSESSMENTS
        + """
    columns = { procedure_id = "case" }
    [[assessments.wide]]
    instrument = "pain_nrs"
    missing = [99]
    columns = { pain_pre = "baseline", pain_24h = "24h", pain_6w = "6w" }
    [[assessments.wide]]
    instrument = "odi"
    scale = "percent"
    columns = { odi_pre = "baseline", odi_90 = 90 }
    """
    )
    rows = mapped(
        "assessments",
        toml,
        scores=[
            "case,pain_pre,pain_24h,pain_6w,odi_pre,odi_90",
            "C1,8,3,2,60,20",
            "C2,9,,99,70,",
        ],
    )
    # C2 has no pain at 24 h (blank) or 6 weeks (99), and no ODI at day 90: no rows for them.
    assert scores(rows) == [
        ("C1", "pain_nrs", "-1", "8"),
        ("C1", "pain_nrs", "1", "3"),
        ("C1", "pain_nrs", "42", "2"),
        ("C1", "odi", "-1", "60"),
        ("C1", "odi", "90", "20"),
        ("C2", "pain_nrs", "-1", "9"),
        ("C2", "odi", "-1", "70"),
    ]


def test_a_wide_column_may_have_its_day_in_another_column(mapped):
    toml = (
        ASSESSMENTS
        + """
    columns = { procedure_id = "case" }
    [[assessments.wide]]
    instrument = "pain_nrs"
    columns = { pain_6w = { column = "weeks", unit = "weeks -> days" } }
    """
    )
    [row] = mapped("assessments", toml, scores=["case,pain_6w,weeks", "C1,2,6"])
    assert row["days"] == "42"


def test_a_visit_of_a_long_table_becomes_its_day_and_another_is_refused_by_name(mapped):
    toml = (
        ASSESSMENTS
        + """
    [assessments.columns]
    procedure_id = "case"
    instrument = { value = "rmdq" }
    days = { visit = "event" }
    score = "value"
    """
    )
    rows = mapped(
        "assessments", toml, scores=["case,event,value", "C1,6w,9", "C1, baseline,17", "C1,6,9"]
    )
    # '6' is not a visit: it must not pass as day 6.
    assert [row["days"] for row in rows] == ["42", "-1", "undeclared visit 6"]


def test_scores_of_a_long_table_are_scaled_by_their_instrument(mapped):
    toml = (
        ASSESSMENTS
        + """
    [assessments.columns]
    procedure_id = "case"
    instrument = { column = "tool", recode = { VAS = "pain_vas", ODI = "odi", RM = "rmdq" } }
    days = { value = 0 }
    score = { column = "value", scale = { pain_vas = "0-100 -> 0-10", odi = "raw 0-50" } }
    """
    )
    rows = mapped(
        "assessments", toml, scores=["case,tool,value", "C1,VAS,55", "C1,ODI,22", "C1,RM,12"]
    )
    # 55 mm = 5.5; 22 of 50 points = 44 percent; the Roland-Morris score has no scale of its own.
    assert [row["score"] for row in rows] == ["5.5", "44", "12"]


def test_rows_name_the_columns_of_each_level_and_are_made_where_one_is_given(mapped):
    toml = """
    [treated_levels]
    source = "cases"
    columns = { procedure_id = "case", leak_checked = { value = "yes" } }
    [[treated_levels.rows]]
    level = "level_1"
    cement_ml = "cement_1"
    [[treated_levels.rows]]
    level = "level_2"
    cement_ml = "cement_2"
    needs = ["level_2"]
    """
    rows = mapped(
        "treated_levels",
        toml,
        cases=["case,level_1,cement_1,level_2,cement_2", "C1,T12,4,L1,5", "C2,,3,,2"],
    )
    # C2: cement without a level makes a row for the first (to be refused), none for the second.
    assert [(r["procedure_id"], r["level"], r["cement_ml"]) for r in rows] == [
        ("C1", "T12", "4"),
        ("C1", "L1", "5"),
        ("C2", None, "3"),
    ]


def test_a_cell_of_several_levels_makes_a_row_for_each(mapped):
    toml = """
    [treated_levels]
    source = "cases"
    [treated_levels.columns]
    procedure_id = "case"
    level = { column = "levels", split = ";", missing = ["none"], recode = { "12" = "T12" } }
    """
    rows = mapped(
        "treated_levels", toml, cases=["case,levels", "C1,12; L1;", "C2,", "C3,none", "C4,L2"]
    )
    assert [tuple(row.values()) for row in rows] == [("C1", "L1"), ("C1", "T12"), ("C4", "L2")]


def test_a_checkbox_makes_a_complication_where_it_is_ticked(mapped):
    toml = """
    [complications]
    source = "cases"
    columns = { procedure_id = "case" }
    [[complications.rows]]
    where = { infection = [1, "yes"] }
    complication_id = { columns = ["case", "n"], separator = "." }
    type = { value = "infection" }
    onset_days = "infection_day"
    needs = ["infection"]
    """
    rows = mapped(
        "complications",
        toml,
        cases=["case,n,infection,infection_day", "C1,1,1,90", "C2,1,0,", "C3,1,,", "C4,2,yes,"],
    )
    assert [(r["complication_id"], r["type"], r["onset_days"]) for r in rows] == [
        ("C1.1", "infection", "90"),
        ("C4.2", "infection", None),
    ]


def test_only_records_with_the_declared_values_are_meant_and_the_others_counted(
    connection, tables_from, procedures
):
    toml = procedures.replace(
        "[procedures.columns]", 'where = { kind = ["VP", "KP"] }\n[procedures.columns]'
    )
    tables = tables_from(cases=["case,patient,kind", "C1,P1,KP", "C2,P2,", "C3,P3, VP", "C4,P4,X"])
    [made] = map_tables(connection, parse_mapping(toml), tables)
    rows = connection.execute(
        "select procedure_id, source_table, source_record from mapped_procedures order by 1"
    ).fetchall()
    assert rows == [("C1", "cases", 1), ("C3", "cases", 3)]
    assert made.left_out == 2


def test_several_blocks_fill_one_table_and_say_where_each_row_is_from(connection, tables_from):
    toml = """
    [[assessments]]
    source = "pain"
    [assessments.columns]
    procedure_id = "case"
    instrument = { value = "pain_nrs" }
    days = "day"
    score = "nrs"
    [[assessments]]
    source = "roland"
    [assessments.columns]
    procedure_id = "id"
    instrument = { value = "rmdq" }
    days = "when"
    score = "points"
    """
    mapping = parse_mapping(toml)
    map_tables(
        connection,
        mapping,
        tables_from(pain=["case,day,nrs", "C1,0,8"], roland=["id,when,points", "C1,0,17"]),
    )
    rows = connection.execute(
        "select score, source_table, source_record, source_entry from mapped_assessments order by 4"
    ).fetchall()
    assert rows == [("8", "pain", 1, 0), ("17", "roland", 1, 1)]
    assert mapping.source_words(1, "score") == "points"
    assert mapping.place_of(1, "score") == "mapping.toml, line 15"


KEYS = """
[complications]
source = "events"
[complications.columns]
complication_id = { columns = ["patient", "number"], separator = "-" }
procedure_id = "patient"
type = { value = "other" }
"""


@pytest.mark.parametrize(
    ("patient", "number", "key"),
    [
        ("P-7", "2", "P-7-2"),
        ("P7", "", None),
        ("", "2", None),
        # P-7 with 2, and P with 7-2, would be one key: only the first part may hold the separator.
        ("P", "7-2", "separator within a part"),
    ],
)
def test_a_composite_key_is_unambiguous_or_refused(mapped, patient, number, key):
    [row] = mapped("complications", KEYS, events=["patient,number", f"{patient},{number}"])
    assert row["complication_id"] == key


def test_a_blank_may_part_the_levels_of_a_cell(mapped):
    toml = """
    [treated_levels]
    source = "cases"
    columns = { procedure_id = "case", level = { column = "levels", split = " " } }
    """
    rows = mapped("treated_levels", toml, cases=["case,levels", "C1,L1 T12"])
    assert [row["level"] for row in rows] == ["L1", "T12"]
