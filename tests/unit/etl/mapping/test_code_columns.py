"""Columns of codes give technique and cause to rows, with what contradicts them."""

TOP = """
[procedures]
source = "cases"
[procedures.columns]
procedure_id = "case"
patient_id = "case"
site_id = { value = "A" }
procedure_year = { value = 2024 }
"""
CODED = (
    TOP
    + """
technique = { codes = ["cpt_1", "cpt_2"], code_separator = ";", balloon = ["balloon"] }
cause = { codes = ["dx"], code_separator = ";" }
"""
)
HEADER = "case,cpt_1,cpt_2,balloon,dx"


def test_technique_and_cause_come_with_certainty_and_the_rule_that_fired(mapped):
    rows = mapped(
        "procedures",
        CODED,
        cases=[
            HEADER,
            "C1,22514,22515,4.0,M80.08XA",
            "C2,22511;22512,,,M48.56XA;C79.51",
            "C3,22514,,0,",
            "C4,22514,,,m8008xa",
        ],
    )
    told = ("technique", "cause", "cause_certainty", "cause_rule")
    assert [tuple(row[name] for name in told) for row in rows] == [
        ("kyphoplasty", "osteoporosis", "stated", "4"),
        ("vertebroplasty", "cancer", "probable", "3"),
        # A balloon volume of 0 tells of no balloon.
        ("kyphoplasty_or_mechanical", "unspecified", "unspecified", None),
        ("kyphoplasty_or_mechanical", "osteoporosis", "stated", "4"),
    ]


def test_a_technique_that_no_code_tells_is_missing_and_named_in_a_finding(mapped, findings):
    [row] = mapped("procedures", CODED, cases=[HEADER, "C1,22899,,,M80.08XA"])
    assert row["technique"] is None
    assert findings() == [
        (
            "codes_tell_the_technique",
            "warning",
            "cases",
            1,
            "technique",
            "22899",
            "a technique from the record itself",
        )
    ]


def test_findings_name_the_record_they_are_about(mapped, findings):
    mapped("procedures", CODED, cases=[HEADER, "C1,22511,,,M80.08XA", "C2,22511,,,M80.08XA;C79.51"])
    assert [(rule, record, column) for rule, _, _, record, column, *_ in findings()] == [
        ("cause_conflict", 2, "cause")
    ]


def test_the_field_is_kept_beside_codes_and_words_that_are_unknown_stay(mapped, findings):
    toml = (
        TOP
        + """
    technique = { column = "op", recode = { VP = "vertebroplasty" }, codes = ["cpt_1"] }
    cause = { column = "why", codes = ["dx"] }
    """
    )
    rows = mapped(
        "procedures",
        toml,
        cases=["case,op,cpt_1,why,dx", "C1,VP,22514,trauma,M84.58XA", "C2,?,22514,,M84.58XA"],
    )
    told = ("technique", "cause", "cause_certainty", "cause_rule")
    assert [tuple(row[name] for name in told) for row in rows] == [
        ("vertebroplasty", "trauma", "stated", "1"),
        ("?", "cancer", "stated", "2"),
    ]
    assert [(rule, record, found) for rule, _, _, record, _, found, _ in findings()] == [
        ("cause_conflict", 1, "trauma; codes: cancer"),
        ("technique_conflict", 1, "vertebroplasty; codes: kyphoplasty_or_mechanical"),
    ]


def test_age_bone_density_and_energy_of_the_record_decide_on_injury_codes(mapped):
    toml = (
        CODED
        + """
    age_years = "age"
    t_score = "t"
    fracture_energy = { column = "fall", recode = { L = "low", H = "high" } }
    """
    )
    rows = mapped(
        "procedures",
        toml,
        cases=[
            HEADER + ",age,t,fall",
            "C1,22511,,,S32.010A,40,,",
            "C2,22511,,,S32.010A,72,,L",
            "C3,22511,,,S32.010A,,-2.5,L",
            "C4,22511,,,S32.010A,72,,H",
            "C5,22511,,,S32.010A,72,,",
        ],
    )
    assert [(row["cause"], row["cause_rule"]) for row in rows] == [
        ("trauma", "6"),
        ("osteoporosis", "7"),
        ("osteoporosis", "7"),
        ("trauma", "6"),
        ("trauma", "8"),
    ]


def test_units_biopsy_and_device_are_read(connection, mapped, findings):
    toml = (
        TOP
        + """
    technique = { codes = ["cpt"], units = ["n"], device = { column = "kit", recode = KIT } }
    cause = { codes = ["dx"], biopsy = { column = "bx", recode = BIOPSY } }
    [treated_levels]
    source = "levels"
    columns = { procedure_id = "case", level = "level" }
    """
    )
    toml = toml.replace("KIT", '{ SJ = "implant" }')
    toml = toml.replace("BIOPSY", '{ pos = "malignant", neg = "benign" }')
    rows = mapped(
        "procedures",
        toml,
        cases=["case,cpt,n,kit,dx,bx", "C1,22514,3,SJ,M80.08XA,pos", "C2,22514,1,,M80.08XA,neg"],
        levels=["case,level", "C1,T12", "C1,L1", "C2,L1"],
    )
    assert [(row["technique"], row["cause"]) for row in rows] == [
        ("implant", "cancer"),
        ("kyphoplasty_or_mechanical", "osteoporosis"),
    ]
    # C1: three units billed and two levels recorded.
    assert [f[0::3] for f in findings() if f[0] == "levels_agree_with_codes"] == [
        ("levels_agree_with_codes", 1, "as many levels as primary and add-on codes")
    ]


def test_sacral_codes_alone_are_out_of_scope(mapped, connection):
    mapped("procedures", CODED, cases=[HEADER, "C1,0200T,,,", "C2,22511,,,"])
    assert connection.execute(
        "select procedure_id, technique, out_of_scope from mapped_procedures order by 1"
    ).fetchall() == [("C1", None, True), ("C2", "vertebroplasty", False)]


def test_codes_of_many_records_are_gathered_within_their_days(mapped):
    toml = """
    [procedures]
    source = "cases"
    reference_date = { column = "day", format = "YYYY-MM-DD" }
    [[procedures.gather]]
    name = "billed"
    source = "bills"
    column = "code"
    on = { case = "case" }
    [[procedures.gather]]
    name = "near"
    source = "diagnoses"
    column = "icd"
    on = { person = "person" }
    date = { column = "seen", format = "DD.MM.YYYY" }
    days = [-30, 30]
    [[procedures.gather]]
    name = "earlier"
    source = "diagnoses"
    column = "icd"
    on = { person = "person" }
    date = { column = "seen", format = "DD.MM.YYYY" }
    days = [-365, 0]
    [procedures.columns]
    procedure_id = "case"
    patient_id = "person"
    site_id = { value = "A" }
    procedure_year = { value = 2024 }
    technique = { codes = ["billed"] }
    cause = { codes = ["dx"], nearby_codes = ["near"], history_codes = ["earlier"] }
    """
    rows = mapped(
        "procedures",
        toml,
        cases=["case,person,day,dx", "C1,P1,2024-06-30,", "C2,P1,2024-12-30,", "C3,P2,2024-06-30,"],
        bills=["case,code", "C1,22514", "C1,22515", "C2,22511", "C2,22514"],
        diagnoses=["person,icd,seen", "P1,M48.54XA,20.06.2024", "P1,C79.51,01.02.2024"],
    )
    told = ("technique", "cause", "cause_rule")
    # C1: collapse 10 days before, metastasis 150 days before. C2: the collapse is 193 days old,
    # too far for a fracture code. C3 has neither codes nor diagnoses.
    assert [tuple(row[name] for name in told) for row in rows] == [
        ("kyphoplasty_or_mechanical", "cancer", "3"),
        ("mixed", "unspecified", None),
        (None, "unspecified", None),
    ]


def test_levels_may_have_codes_of_their_own(mapped):
    toml = """
    [treated_levels]
    source = "cases"
    columns = { procedure_id = "case" }
    [[treated_levels.rows]]
    level = "level_1"
    cause = { codes = ["dx_1"] }
    [[treated_levels.rows]]
    level = "level_2"
    cause = { codes = ["dx_2"] }
    """
    rows = mapped(
        "treated_levels",
        toml,
        cases=["case,level_1,dx_1,level_2,dx_2", "C1,T12,M80.08XA,L1,M84.58XA"],
    )
    assert [(row["level"], row["cause"], row["cause_certainty"]) for row in rows] == [
        ("T12", "osteoporosis", "stated"),
        ("L1", "cancer", "stated"),
    ]
