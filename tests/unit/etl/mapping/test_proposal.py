"""A mapping is proposed with a confidence and a reason a line, and is followed once reviewed."""

import re

import pytest

from etl.mapping.building import map_tables
from etl.mapping.proposal import propose
from etl.mapping.reading import parse_mapping
from etl.mapping.synonyms import instrument_and_visit, plain_name
from warehouse.connection import open_for_building
from warehouse.errors import SourceUnreadable

CLINIC = [
    "patient_no,Surname,DOB,Gender,age,op_date,cpt,dx,pain_pre,pain_6w,vas_24h,odi_pre,los,asa,mood",
    "P1,Miller,01/02/1950,F,72,01/02/2024,22514;22515,M80.08XA,8,2,30,60,4,2,a",
    "P2,Smith,03/02/1950,M,71,05/02/2024,22511,M84.58XA;C79.51,9,,40,70,24,3,b",
]


@pytest.fixture
def proposed(tables_from):
    """Return a function that proposes a mapping of tables."""
    return lambda **tables: propose(tables_from(**tables))


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if start in line)


def test_canonical_tables_are_mapped_one_to_one_and_need_no_settling(proposed, tables_from):
    leaks = ["procedure_id,level,route,symptomatic", "C1,T12,epidural,yes", "C2,L1,odd,"]
    proposal = proposed(leaks=leaks)
    assert proposal.counts == {"high": 4, "likely": 0, "ask": 0}
    with open_for_building(None) as connection:
        map_tables(connection, parse_mapping(proposal.text), tables_from(leaks=leaks))
        rows = connection.execute(
            "select procedure_id, level, route, symptomatic from mapped_leaks order by 1"
        ).fetchall()
    assert rows == [("C1", "T12", "epidural", "yes"), ("C2", "L1", "odd", None)]


def test_names_values_and_codes_are_told_with_a_reason(proposed):
    text = proposed(clinic=CLINIC).text
    assert line_of(text, "sex =").startswith(
        'sex = { column = "Gender", recode = { "F" = "female", "M" = "male" } }  # likely: '
    )
    assert line_of(text, "age_years =").startswith('age_years = "age"  # high: ')
    assert 'technique = { codes = ["cpt"], code_separator = ";" }  # likely' in text
    assert 'cause = { codes = ["dx"], code_separator = ";" }  # likely' in text
    assert 'columns = { "pain_pre" = "pre", "pain_6w" = "6w" }' in text
    assert '"6w" = 42  # likely' in text


def test_what_is_unsure_is_a_comment_and_keeps_load_from_following_the_rest(proposed):
    text = proposed(clinic=CLINIC).text
    assert line_of(text, "length_of_stay_hours").startswith("# ask: ")
    assert line_of(text, "site_id").startswith("# ask: ")
    assert '# ask: scale = "percent"  # or "raw 0-50"' in text
    with pytest.raises(SourceUnreadable, match="has not been reviewed"):
        parse_mapping(text)


def test_a_date_format_is_never_guessed(proposed):
    text = proposed(clinic=CLINIC).text
    assert line_of(text, "procedure_year").startswith(
        '# ask: procedure_year = { column = "op_date", format = "?", part = "year" }'
    )


def test_identifying_columns_are_listed_by_kind_and_none_of_their_values(proposed):
    proposal = proposed(clinic=CLINIC)
    assert set(proposal.identifying["clinic"]) == {"Surname", "DOB", "op_date"}
    assert '# Dropped, because it identifies: "Surname" (name)' in proposal.text
    assert '# Not used: "mood"' in proposal.text
    assert [v for v in ("Miller", "Smith", "1950", "2024", "P1") if v in proposal.text] == []


def test_a_scale_above_ten_is_proposed_as_a_visual_analogue_scale(proposed):
    text = proposed(clinic=CLINIC).text
    assert (
        'instrument = "pain_vas"\ncolumns = { "vas_24h" = "24h" }\nscale = "0-100 -> 0-10"' in text
    )


def test_a_value_whose_meaning_is_unknown_is_asked_for(proposed):
    text = proposed(cases=["case,patient,sex,technique", "C1,P1,1,KP", "C2,P2,2,VP"]).text
    assert line_of(text, "sex =").startswith(
        '# ask: sex = { column = "sex", recode = { "1" = "?", "2" = "?" } }'
    )
    assert 'recode = { "KP" = "kyphoplasty", "VP" = "vertebroplasty" } }  # likely' in text


def test_numbers_outside_their_limits_are_asked_about(proposed):
    cases = ["case,patient,technique,asa,bmi", "C1,P1,KP,999,27", "C2,P2,KP,2,28"]
    text = proposed(cases=cases).text
    assert line_of(text, "asa_class").startswith('# ask: asa_class = "asa"')
    assert "2 to 999: declare missing codes, a unit or a scale" in text
    assert line_of(text, "bmi").startswith('bmi = "bmi"  # high')


def test_decimal_commas_and_units_that_the_name_tells_are_proposed(proposed):
    text = proposed(cases=["case,technique,bmi,los_days", 'C1,KP,"27,5",2', 'C2,KP,"30,1",1']).text
    assert 'bmi = { column = "bmi", decimal_comma = true }  # likely' in text
    assert 'length_of_stay_hours = { column = "los_days", unit = "days -> hours" }' in text


def test_a_reviewed_proposal_is_followed(proposed, tables_from):
    text = proposed(clinic=CLINIC).text
    settled = text.replace("reviewed = false", 'reviewed = true\nday_zero = "before"')
    settled = settled.replace('# ask: site_id = { value = "?" }', 'site_id = { value = "A" }')
    settled = settled.replace('# ask: scale = "percent"', 'scale = "percent"')
    settled = settled.replace("# ask: procedure_id", "procedure_id")
    settled = re.sub('# ask: (procedure_year.*)"\\?"', r'\1"DD/MM/YYYY"', settled)
    with open_for_building(None) as connection:
        made = map_tables(connection, parse_mapping(settled), tables_from(clinic=CLINIC))
        rows = connection.execute(
            "select patient_id, technique, cause, procedure_year, sex from mapped_procedures "
            "order by 1"
        ).fetchall()
    assert [one.table for one in made] == ["procedures", "assessments"]
    assert rows == [
        ("P1", "kyphoplasty_or_mechanical", "osteoporosis", "2024", "female"),
        ("P2", "vertebroplasty", "cancer", "2024", "male"),
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("pain_pre", ("pain_nrs", "pre", "-1")),
        ("VAS 24h", ("pain_vas", "24h", "1")),
        ("6w_odi", ("odi", "6w", "42")),
        ("eq5d_index_12mo", ("eq5d_index", "12mo", "365")),
        ("pain", None),
        ("age_pre", None),
    ],
)
def test_instrument_and_visit_are_told_from_a_name(name, told):
    assert instrument_and_visit(name) == told


@pytest.mark.parametrize(
    ("name", "plain"),
    [("ProcedureId", "procedure id"), ("AGE (years)", "age years"), ("Größe", "grösse")],
)
def test_names_are_written_plainly(name, plain):
    assert plain_name(name) == plain
