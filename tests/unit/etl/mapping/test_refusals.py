"""What a mapping file says wrongly is refused by file, line and key, with what is allowed."""

import pytest

from etl.mapping.reading import parse_mapping, read_mapping
from etl.mapping.statement import toml_statement
from etl.mapping.toml_lines import lines_of_keys
from warehouse.errors import SourceUnreadable


def message_of(toml: str) -> str:
    with pytest.raises(SourceUnreadable) as refused:
        parse_mapping(toml)
    return str(refused.value)


CELL = """
[procedures]
source = "cases"
[procedures.columns]
procedure_id = "case"
patient_id = "patient"
site_id = { value = "A" }
procedure_year = { value = 2024 }
technique = { value = "kyphoplasty" }
cause = { value = "cancer" }
"""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('sxe = "x"', ["key 'procedures.columns.sxe'", "nearest: 'sex'", "Allowed: procedure_id"]),
        ("sex = 1", ["'1' names no column", '{ value = "1" }']),
        ('sex = ""', ["is not a text"]),
        ('sex = { colum = "x" }', ["'colum' is not known here", "nearest: 'column'"]),
        ("sex = {}", ["once where the value comes from", "column, columns, value, visit, codes"]),
        ('sex = { column = "x", value = "male" }', ["once where the value comes from"]),
        (
            'sex = { value = "man" }',
            ["'man' is not known", "Allowed: female, male, other"],
        ),
        ('sex = { column = "x", recode = { m = "man" } }', ["recode.m", "Allowed: female, male"]),
        ('sex = { column = "x", recode = "m" }', ["is not a table"]),
        ('sex = { column = "x", if_missing = "none" }', ["if_missing", "Allowed: female"]),
        ('sex = { column = "x", unit = "hours -> days" }', ["'sex' is no number"]),
        ('sex = { column = "x", format = "DD/MM/YYYY" }', ["no date is stored in 'sex'"]),
        ('sex = { columns = ["x", "y"] }', ["'sex' is no key"]),
        ('sex = { codes = ["x"] }', ["codes do not give 'sex'"]),
        ('sex = { visit = "x" }', ["a visit gives a day"]),
        ('bmi = { value = "tall" }', ["'tall' is not a number"]),
        ('bmi = { column = "x", multiply = nan }', ["is not a number"]),
        ("bmi = { value = inf }", ["is not a number"]),
        ('surgeon_id = { column = "x", split = "" }', ["parts nothing"]),
        ('bmi = { column = "x", scale = "VAS" }', ["no known scale", "'raw 0-50'"]),
        ('bmi = { column = "x", unit = "hours" }', ["no known unit", "'hours -> days'"]),
        ('bmi = { column = "x", multiply = "2" }', ["is not a number"]),
        ('bmi = { column = "x", multiply = 2, unit = "hours -> days" }', ["stands beside it"]),
        ('bmi = { column = "x", scale = { odi = "percent" } }', ["only scores have instruments"]),
        ('bmi = { column = "x", decimal_comma = "yes" }', ["neither true nor false"]),
        ('bmi = { column = "x", part = "year" }', ["it needs a date"]),
        ('bmi = { column = "x", format = "DD/MM/YYYY" }', ["days do not give 'bmi'"]),
        ('death_days = { column = "x", format = "d/m/y" }', ["not a date format", "DD/MM/YYYY"]),
        ('death_days = { column = "x", format = "DD/MM/YYYY", part = "year" }', ['part = "year"']),
        ('death_days = { column = "x", format = "DD/MM/YYYY" }', ["reference_date"]),
        ('death_days = { visit = "x" }', ["no day is declared for any visit", "[visits]"]),
        ('age_years = { column = "x", format = "DD/MM/YY", part = "age" }', ["the century"]),
        ('surgeon_id = { columns = ["a", "b"], separator = ":" }', ["Allowed: -, _, ."]),
        ('surgeon_id = { column = "a", balloon = ["b"] }', ["it needs 'codes'"]),
        ('procedure_month = "m"', ['privacy_mode = "limited_data_set"']),
    ],
)
def test_a_line_is_refused_with_its_number_and_what_is_allowed(line, told):
    message = message_of(CELL + line)
    assert message.startswith(("mapping.toml, line 11", "mapping.toml, line 2"))
    assert [part for part in told if part not in message] == []


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("", ["no table is mapped"]),
        ("sex = 1 2", ["not readable as TOML", "line 1"]),
        ("[procedure]\n", ["'procedure' is not known here", "nearest: 'procedures'"]),
        ("mapping = 2\n" + CELL, ["line 1, key 'mapping'", "Allowed: mapping = 1"]),
        ("reviewed = false\n" + CELL, ["has not been reviewed", "reviewed = true"]),
        ('privacy_mode = "none"\n' + CELL, ["safe_harbor, limited_data_set"]),
        ('day_zero = "noon"\n' + CELL, ["before, after, unknown"]),
        ("[procedures]\ncolumns = {}", ["'source' is missing"]),
        ('[procedures]\nsource = "c"', ["required column procedure_id"]),
        ("[visits]\nearly = \"six\"\n" + CELL, ["line 2, key 'visits.early'", "not a number"]),
        ("[thresholds]\nmax_refused = 5\n" + CELL, ["5 is not a share", "from 0 to 1"]),
        ("[thresholds]\nwords_known = 0.1\n" + CELL, ["nearest: 'words_are_known'"]),
        ('[thresholds]\nwords_are_known = { note = "x" }\n' + CELL, ["'share' is missing"]),
        ('[sources.cases]\ndelimiter = ":"\n' + CELL, ["line 2, key 'sources.cases.delimiter'"]),
        ('[sources.cases]\nencoding = "utf9"\n' + CELL, ["no known encoding"]),
        (CELL + '[[procedures.join]]\nsource = "b"', ["line 11", "'on' is missing"]),
        (CELL + '[[procedures.join]]\nsource = "b"\non = {}', ["no column is named"]),
        (
            CELL + '[[procedures.gather]]\nname = "n"\nsource = "s"\ncolumn = "c"\n'
            'on = { case = "case" }\ndays = [-30, 30]',
            ["days need a date"],
        ),
    ],
)  # fmt: skip
def test_a_part_is_refused_with_what_it_needs(toml, told):
    message = message_of(toml)
    assert [part for part in told if part not in message] == []


ASSESSMENTS = """
[assessments]
source = "s"
columns = { procedure_id = "case" }
[[assessments.wide]]
"""


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (ASSESSMENTS + 'columns = { a = 1 }', ["'instrument' is missing"]),
        (ASSESSMENTS + 'instrument = "vas"\ncolumns = { a = 1 }', ["nearest: 'pain_vas'"]),
        (
            ASSESSMENTS + 'instrument = "odi"\ncolumns = { a = "6w" }',
            ["visit '6w' has no day", "[visits]"],
        ),
        (
            '[visits]\n6weeks = 42\n' + ASSESSMENTS
            + 'instrument = "odi"\ncolumns = { a = "6week" }',
            ["nearest: '6weeks'"],
        ),
        (
            ASSESSMENTS + 'instrument = "eq5d_index"\ncolumns = { a = 1 }',
            ["depends on its value set", "eq5d_value_set"],
        ),
        (
            ASSESSMENTS.replace("[[assessments.wide]]", "") + "[assessments.rows]\nscore = \"x\"",
            ["required column instrument, days"],
        ),
        (
            '[treated_levels]\nsource = "s"\n[[treated_levels.wide]]\ninstrument = "odi"',
            ["only assessments are wide"],
        ),
        (
            '[assessments]\nsource = "s"\n'
            'reference_date = { column = "d", format = "DD/MM/YYYY" }\n'
            '[assessments.columns]\nprocedure_id = "c"\ninstrument = "i"\nscore = "s"\n'
            'days = { column = "d2", format = "DD/MM/YYYY" }',
            ["line 8", "day 0 may be before or after", 'day_zero = "before"'],
        ),
        (
            '[assessments]\nsource = "s"\nreference_date = { column = "d" }',
            ["'format' is missing"],
        ),
        (
            '[treated_levels]\nsource = "s"\n[treated_levels.columns]\n'
            'procedure_id = { column = "c", split = "," }\nlevel = { column = "l", split = "," }',
            ["two columns are split"],
        ),
    ],
)  # fmt: skip
def test_rows_are_refused_with_what_they_need(toml, told):
    message = message_of(toml)
    assert [part for part in told if part not in message] == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('source = "cases"', 'source = "case"'), ["line 2", "nearest: 'cases'", "Found: cases"]),
        (('"patient"', '"Patient"'), ["line 6", "cases.csv has no column 'Patient'", "'patient'"]),
    ],
)
def test_names_that_are_not_in_the_source_are_refused(refusal_of, change, told):
    message = refusal_of(CELL.replace(*change), cases=["case,patient", "C1,P1"])
    assert [part for part in told if part not in message] == []


def test_a_mapping_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SourceUnreadable, match=r"nothing\.toml: the mapping cannot be read"):
        read_mapping(tmp_path / "nothing.toml")


def test_a_mapping_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "m.toml"
    path.write_bytes(b'x = "\xe9"')
    with pytest.raises(SourceUnreadable, match="it is not UTF-8"):
        read_mapping(path)


def test_lines_are_found_behind_strings_comments_arrays_and_dotted_keys():
    text = (
        '# first\n"a b".c = { d = "}", \'e f\' = [1, { g = 2 }] }  # h = 3\n'
        'long = """\nx = 1\n"""\nlist = [\n  "one", # ]\n  { two = 2 },\n]\n'
        "[[r]]\nn = 1\n[r.s]\nz = 2\r\n[[r]]\nn = 3\n"
    )
    lines = lines_of_keys(text)
    assert lines["a b", "c", "e f", 1, "g"] == 2
    assert lines["long",] == 3
    assert ("x",) not in lines
    assert ("h",) not in lines
    assert (lines["list", 0], lines["list", 1, "two"]) == (7, 8)
    assert (lines["r", 0, "n"], lines["r", 0, "s", "z"], lines["r", 1, "n"]) == (11, 13, 15)


def test_every_key_of_a_document_has_a_line():
    text = "[a]\nb = { c = [ { d = 1 }, { d = 2 } ] }\n[[a.e]]\nf.g = 2020-01-01\n"
    statement = toml_statement(text, "m.toml")

    def paths(value, path=()):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for key, child in inside:
            yield (*path, key)
            if isinstance(child, dict | list):
                yield from paths(child, (*path, key))

    assert set(paths(statement.value)) <= set(statement.lines)
