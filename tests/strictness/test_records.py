"""Records of every malformed kind in one file: each is loaded as meant or set apart by number."""

import pytest

NUMBER = "numbers_are_numbers"
LIMITS = "numbers_are_possible"
WHOLE = "whole_numbers_have_no_fraction"
WORD = "words_are_known"
SURROGATE = "identifiers_are_surrogates"
MISSING = "required_values_are_given"

LOADED_CELLS = {
    "a plus sign": ("age_years", "+65", 65),
    "leading zeros of a number": ("age_years", "0065", 65),
    "leading zeros of an identifier": ("site_id", "007", "007"),
    "an identifier of digits and a point": ("site_id", "1.0", "1.0"),
    "an identifier that reads as a truth": ("site_id", "TRUE", "TRUE"),
    "an identifier that reads as no number": ("site_id", "NaN", "NaN"),
    "an exponent": ("t_score", "-25e-1", -2.5),
    "a whole number with an empty fraction": ("age_years", "65.0", 65),
    "a number without leading zero": ("t_score", "-.5", -0.5),
    "a number that ends in its point": ("t_score", "-2.", -2.0),
    "a number of many places": ("t_score", "-2.3700000000000001", -2.37),
    "blanks around a number": ("age_years", "  65 ", 65),
    "a tab before a number": ("age_years", "\t65", 65),
    "a quoted number": ("age_years", '"65"', 65),
    "a quoted word": ("technique", '"implant"', "implant"),
    "a quoted number and its line end": ("age_years", '"65\n"', 65),
    "nothing": ("t_score", "", None),
    "quoted nothing": ("t_score", '""', None),
    "NA for nothing": ("t_score", "NA", None),
    "NA for a word that is missing": ("steroid", "NA", None),
    "a blank in a column of numbers": ("t_score", "  ", None),
    "a non-breaking blank alone": ("t_score", "\u00a0", None),
    "an ideographic blank in a column of words": ("steroid", "\u3000", None),
}
"""Kind -> column, text of the cell as it stands in the file, value that is meant and loaded."""

REFUSED_CELLS = {
    "a quoted decimal comma": ("t_score", '"-2,37"', NUMBER),
    "a thousands comma": ("age_years", '"1,065"', NUMBER),
    "a thousands blank": ("age_years", "1 065", NUMBER),
    "a thousands apostrophe": ("age_years", "1'065", NUMBER),
    "a currency sign": ("age_years", "$65", NUMBER),
    "a euro sign": ("age_years", "65€", NUMBER),
    "a percent sign": ("age_years", "65%", NUMBER),
    "a unit": ("age_years", "65 years", NUMBER),
    "a comparison": ("age_years", "<65", NUMBER),
    "an approximation": ("age_years", "~65", NUMBER),
    "a range": ("age_years", "60-65", NUMBER),
    "two numbers": ("age_years", "65/66", NUMBER),
    "a remark in place of a number": ("age_years", "was not asked", NUMBER),
    "a question mark": ("age_years", "65?", NUMBER),
    "brackets for a minus": ("t_score", "(2.37)", NUMBER),
    "a minus behind": ("t_score", "2.37-", NUMBER),
    "two minus signs": ("t_score", "--2.37", NUMBER),
    "a minus apart": ("t_score", "- 2.37", NUMBER),
    "a minus sign of typography": ("t_score", "−2.37", NUMBER),
    "a dash for a minus": ("t_score", "–2.37", NUMBER),
    "two points": ("t_score", "-2.3.7", NUMBER),
    "a hexadecimal number": ("age_years", "0x41", NUMBER),
    "a binary number": ("age_years", "0b1", NUMBER),
    "a number with a suffix": ("age_years", "65d", NUMBER),
    "not a number": ("t_score", "nan", NUMBER),
    "not a number, in capitals": ("t_score", "NaN", NUMBER),
    "infinity": ("t_score", "inf", NUMBER),
    "minus infinity in words": ("t_score", "-Infinity", NUMBER),
    "a number beyond all": ("t_score", "1e400", NUMBER),
    "a word for nothing": ("t_score", "NULL", NUMBER),
    "another word for nothing": ("t_score", "None", NUMBER),
    "a stroke for nothing": ("t_score", "-", NUMBER),
    "a point for nothing": ("t_score", ".", NUMBER),
    "n/a": ("t_score", "n/a", NUMBER),
    "a truth in place of a number": ("asa_class", "true", NUMBER),
    "a Roman number": ("asa_class", "III", NUMBER),
    "a number in words": ("asa_class", "three", NUMBER),
    "the letter O for a zero": ("age_years", "6O", NUMBER),
    "full-width digits": ("age_years", "６５", NUMBER),
    "Arabic-Indic digits": ("age_years", "٦٥", NUMBER),
    "a superscript": ("age_years", "6⁵", NUMBER),
    "a fraction sign": ("t_score", "-2½", NUMBER),
    "a non-breaking blank after a number": ("age_years", "65\u00a0", NUMBER),
    "a zero-width blank in a number": ("age_years", "6\u200b5", NUMBER),
    "a byte order mark before a number": ("age_years", "\ufeff65", NUMBER),
    "a mark of direction before a number": ("age_years", "\u200e65", NUMBER),
    "a control character in a number": ("age_years", "6\x075", NUMBER),
    "an escape sequence": ("age_years", "\x1b[1m65", NUMBER),
    "a reference that went wrong": ("age_years", "#REF!", NUMBER),
    "a lookup that found nothing": ("age_years", "#N/A", NUMBER),
    "a column too narrow": ("age_years", "####", NUMBER),
    "a formula": ("age_years", "=1+1", NUMBER),
    "a time of day": ("age_years", "12:30", NUMBER),
    "a fraction in a whole column": ("age_years", "3.9", WHOLE),
    "a small fraction in a whole column": ("age_years", "65.0000001", WHOLE),
    "a fraction by its exponent": ("age_years", "5e-1", WHOLE),
    "a number beyond 32 bits": ("procedure_year", "99999999999", LIMITS),
    "a number beyond minus 32 bits": ("procedure_year", "-2147483649", LIMITS),
    "a number beyond 64 bits": ("age_years", "18446744073709551681", LIMITS),
    "a day number of a spreadsheet": ("procedure_year", "45352", LIMITS),
    "a year of two digits": ("procedure_year", "24", LIMITS),
    "a negative age": ("age_years", "-65", LIMITS),
    "capitals in a word": ("technique", "Kyphoplasty", WORD),
    "a word in capitals": ("steroid", "YES", WORD),
    "a blank after a word": ("steroid", "yes ", WORD),
    "a blank before a word": ("technique", " kyphoplasty", WORD),
    "a quoted blank before a word": ("technique", '" kyphoplasty"', WORD),
    "a line end within a quoted word": ("technique", '"kyphoplasty\n"', WORD),
    "a non-breaking blank after a word": ("technique", "kyphoplasty\u00a0", WORD),
    "a zero-width blank in a word": ("technique", "kypho\u200bplasty", WORD),
    "a soft hyphen in a word": ("technique", "kypho\u00adplasty", WORD),
    "a ligature in a word": ("steroid", "yeſ", WORD),
    "a letter of another script": ("sex", "m\u0430le", WORD),
    "a word cut short": ("technique", "kyphopl", WORD),
    "a word of another column": ("technique", "osteoporosis", WORD),
    "a code in place of a word": ("steroid", "1", WORD),
    "the place of a word in its list": ("technique", "0", WORD),
    "a truth in place of a word": ("steroid", "true", WORD),
    "a truth in capitals": ("steroid", "TRUE", WORD),
    "one letter for a word": ("sex", "F", WORD),
    "a word for nothing in a column of words": ("steroid", "null", WORD),
    "single quotes around a word": ("technique", "'kyphoplasty'", WORD),
    "doubled quotes around a word": ("technique", '"""kyphoplasty"""', WORD),
    "an entity of HTML": ("technique", "&nbsp;kyphoplasty", WORD),
    "a word with two values": ("cause", "cancer;trauma", WORD),
    "an identifier of 65 characters": ("site_id", "S" * 65, SURROGATE),
    "an identifier with an exponent": ("procedure_id", "1E+05", SURROGATE),
    "an identifier after an apostrophe": ("procedure_id", "'00123", SURROGATE),
    "an identifier that is a formula": ("procedure_id", "=1+1", SURROGATE),
    "an identifier that is a command": ("procedure_id", "@SUM(A1)", SURROGATE),
    "an identifier with a blank": ("site_id", "Site 1", SURROGATE),
    "an identifier with a blank behind": ("site_id", "S1 ", SURROGATE),
    "an identifier with a quoted line end": ("site_id", '"S\n1"', SURROGATE),
    "an identifier with a quoted return": ("site_id", '"S\r\n1"', SURROGATE),
    "an identifier with a doubled quote": ("site_id", '"S""1"', SURROGATE),
    "an identifier with a quoted delimiter": ("site_id", '"S,1"', SURROGATE),
    "an identifier with an accent": ("site_id", "Sé", SURROGATE),
    "an identifier with a picture": ("site_id", "S😀", SURROGATE),
    "an identifier with a byte order mark": ("procedure_id", "\ufeffC0", SURROGATE),
    "an identifier with a line separator": ("site_id", "S\u20281", SURROGATE),
    "an identifier with a next-line mark": ("site_id", "S\u00851", SURROGATE),
    "an identifier with a vertical tab": ("site_id", "S\x0b1", SURROGATE),
    "an identifier with a form feed": ("site_id", "S\x0c1", SURROGATE),
    "an identifier with a file separator": ("site_id", "S\x1c1", SURROGATE),
    "an identifier with a tab": ("site_id", "S\t1", SURROGATE),
    "an identifier with a backslash": ("site_id", "S\\1", SURROGATE),
    "an identifier of other digits": ("site_id", "S１", SURROGATE),
    "an identifier that is missing": ("patient_id", "", MISSING),
    "an identifier that is NA": ("patient_id", "NA", MISSING),
    "a required word of blanks": ("technique", "  ", MISSING),
    "a required number, quoted and empty": ("procedure_year", '""', MISSING),
}
"""Kind -> column, text of the cell as it stands in the file, rule that refuses it."""

REFUSED_RECORDS = {
    "a delimiter too many at the start": (lambda r: "," + r, "too many fields"),
    "a delimiter too many in the middle": (lambda r: r.replace(",Site", ",,Site"), "too many"),
    "a delimiter too many at the end": (lambda r: r + ",", "one delimiter too many at the end"),
    "a delimiter too many and an empty last field": (
        lambda r: r.rsplit(",", 1)[0] + ",,",
        "one delimiter too many at the end",
    ),
    "three delimiters too many at the end": (lambda r: r + ",,,", "too many fields"),
    "a delimiter missing at the start": (lambda r: r.replace(",", "", 1), "too few fields"),
    "a delimiter missing in the middle": (lambda r: r.replace(",Site", "Site"), "too few fields"),
    "the last field missing": (lambda r: r.rsplit(",", 1)[0], "too few fields"),
    "all but the first field missing": (lambda r: r.split(",")[0], "too few fields"),
    "only delimiters": (lambda r: "," * 10, MISSING),
    "only delimiters, one too many": (lambda r: "," * 11, "one delimiter too many at the end"),
    "only delimiters, too few": (lambda r: "," * 4, "too few fields"),
    "a blank line": (lambda r: "", "blank line"),
    "a line of blanks": (lambda r: "   ", "too few fields"),
    "a line of one tab": (lambda r: "\t", "too few fields"),
    "a comment": (lambda r: "# checked", "too few fields"),
    "a comment with delimiters": (lambda r: "# " + r, SURROGATE),
    "the header again": (
        lambda r: (
            "procedure_id,patient_id,site_id,procedure_year,technique,cause,"
            "age_years,sex,t_score,steroid,asa_class"
        ),
        WORD,
    ),
    "a row of units": (lambda r: ",,,year,,,years,,SD,,class", MISSING),
    "a row of numbers of columns": (lambda r: "1,2,3,4,5,6,7,8,9,10,11", LIMITS),
    "a total with its delimiters": (lambda r: "Total,,,,,,,,,,120", MISSING),
    "a total without delimiters": (lambda r: "Total: 120", "too few fields"),
    "a line of strokes": (lambda r: "-" * 40, "too few fields"),
    "two records on one line": (lambda r: r + r, "too many fields"),
    "semicolons in one record": (lambda r: r.replace(",", ";"), "too few fields"),
    "tabs in one record": (lambda r: r.replace(",", "\t"), "too few fields"),
    "bars in one record": (lambda r: r.replace(",", "|"), "too few fields"),
    "one semicolon in one record": (lambda r: r.replace(",", ";", 1), "too few fields"),
    "a semicolon at the end": (lambda r: r + ";", NUMBER),
    "full-width commas": (lambda r: r.replace(",", "，"), "too few fields"),
    "a decimal comma without quotes": (lambda r: r.replace(".", ",", 1), "too many fields"),
    "a stray quote in a field": (lambda r: r.replace("Site", 'Si"te'), "a quote inside"),
    "a stray quote at the end of a field": (lambda r: r.replace("plasty,", 'plasty",'), "quote"),
    "a stray pair of quotes in a field": (lambda r: r.replace("Site", 'Si""te'), "a quote inside"),
    "a quote after a blank": (lambda r: r.replace("Site-", ' "Site"'), "a quote inside"),
    "text after a closing quote": (lambda r: r.replace("Site", '"Site"'), "text after"),
    "a blank after a closing quote": (lambda r: r.replace("Site-", '"Site" '), "text after"),
    "a backslash before a quote": (lambda r: r.replace("Site-", '"Si\\"te"'), "text after"),
    "a backslash before a delimiter": (lambda r: r.replace("Site", "Si\\,te"), "too many fields"),
    "a backslash at the end of a quoted field": (
        lambda r: r.replace("Site-", '"S\\",'),
        "too many",
    ),
    "single quotes around a delimiter": (lambda r: r.replace("Site", "'Si,te'"), "too many fields"),
    "typographic quotes around a delimiter": (lambda r: r.replace("Site", "“S,”"), "too many"),
    "an identifier that keeps its zeros by a formula": (
        lambda r: r.replace("Site", '="007"'),
        "a quote inside",
    ),
    "the whole record in quotes": (lambda r: f'"{r}"', "too few fields"),
    "quotes that swallow a delimiter": (
        lambda r: r.replace("female,", '"female,').replace(",yes", '",yes', 1),
        "too few fields",
    ),
    "a line end in a quoted field and a field too few": (
        lambda r: r.replace("Site", '"Si\nte"', 1).replace('"-', '"', 1),
        "text after",
    ),
    "four thousand delimiters": (lambda r: r + "," * 4_000, "too many fields"),
    "an open bracket of another format": (lambda r: "{" + r + "}", SURROGATE),
    "technique and cause exchanged": (
        lambda r: ",".join(r.split(",")[i] for i in (0, 1, 2, 3, 5, 4, 6, 7, 8, 9, 10)),
        WORD,
    ),
    "age and sex exchanged": (
        lambda r: ",".join(r.split(",")[i] for i in (0, 1, 2, 3, 4, 5, 7, 6, 8, 9, 10)),
        WORD,
    ),
    "year and age exchanged": (
        lambda r: ",".join(r.split(",")[i] for i in (0, 1, 2, 6, 4, 5, 3, 7, 8, 9, 10)),
        LIMITS,
    ),
    "cells one place to the left": (lambda r: r.split(",", 1)[1] + ",", WORD),
    "cells one place to the right": (lambda r: "," + r.rsplit(",", 1)[0], MISSING),
    "a field left out and a delimiter at the end": (
        lambda r: ",".join([*r.split(",")[:4], *r.split(",")[5:], ""]),
        WORD,
    ),
}
"""Kind -> what is made of a sound record, a part of the reason that refuses it."""

LOADED_RECORDS = {
    "every cell in quotes": lambda r: '"' + r.replace(",", '","') + '"',
    "numbers without quotes, texts in quotes": lambda r: r.replace("kyphoplasty", '"kyphoplasty"'),
    "a return before the line end": lambda r: r + "\r",
    "as it stands": lambda r: r,
}
"""Kind -> what is made of a sound record without changing what it means."""

KINDS = [*LOADED_CELLS, *REFUSED_CELLS, *REFUSED_RECORDS, *LOADED_RECORDS]
PLACES = {kind: 2 * place + 2 for place, kind in enumerate(KINDS)}
"""Kind -> number of its record; a sound record stands before and after each."""


def text_of(kind, record, columns):
    """Return a sound record as the kind would have it."""
    if kind in LOADED_RECORDS:
        return LOADED_RECORDS[kind](record)
    if kind in REFUSED_RECORDS:
        return REFUSED_RECORDS[kind][0](record)
    column, cell, _ = (LOADED_CELLS | REFUSED_CELLS)[kind]
    cells = record.split(",")
    cells[columns.index(column)] = cell
    return ",".join(cells)


@pytest.fixture(scope="module")
def sound(sound_of):
    return sound_of(2 * len(KINDS) + 1)


@pytest.fixture(scope="module")
def texts(sound):
    """Return the text of each record of the file, from record 1."""
    lines = list(sound.lines)
    for kind, record in PLACES.items():
        lines[record] = text_of(kind, lines[record], sound.columns)
    return lines


@pytest.fixture(scope="module")
def loaded(load_bytes, texts):
    outcome = load_bytes("".join(f"{text}\n" for text in texts).encode())
    assert outcome.exit_code == 0, outcome.messages
    return outcome


def line_of(texts, record):
    return 1 + sum(text.count("\n") + 1 for text in texts[:record])


def refused_kinds():
    return [*REFUSED_CELLS, *REFUSED_RECORDS]


@pytest.mark.parametrize("kind", REFUSED_CELLS)
def test_a_cell_that_is_not_meant_so_is_set_apart_by_record_and_line(loaded, texts, kind):
    column, _, rule = REFUSED_CELLS[kind]
    record = PLACES[kind]
    assert loaded.quarantined.get(record) == line_of(texts, record)
    assert f"{rule} ({column}: " in loaded.reasons[record]
    assert f"C{record}" not in loaded.rows


@pytest.mark.parametrize("kind", REFUSED_RECORDS)
def test_a_record_that_cannot_be_trusted_is_set_apart_by_record_and_line(loaded, texts, kind):
    record = PLACES[kind]
    assert loaded.quarantined.get(record) == line_of(texts, record)
    assert REFUSED_RECORDS[kind][1] in loaded.reasons[record]
    assert loaded.unread[record] in ("", texts[record])
    assert f"C{record}" not in loaded.rows


@pytest.mark.parametrize("kind", LOADED_CELLS)
def test_a_cell_that_is_odd_and_correct_is_loaded_as_meant(loaded, sound, kind):
    column, _, value = LOADED_CELLS[kind]
    meant = dict(zip(sound.columns, sound.rows[PLACES[kind] - 1], strict=True)) | {column: value}
    assert loaded.rows.get(f"C{PLACES[kind]}") == tuple(meant.values())


@pytest.mark.parametrize("kind", LOADED_RECORDS)
def test_a_record_that_is_odd_and_correct_is_loaded_as_meant(loaded, sound, kind):
    assert loaded.rows.get(f"C{PLACES[kind]}") == sound.rows[PLACES[kind] - 1]


def test_every_other_record_is_loaded_and_holds_what_its_line_says(loaded, sound):
    meant = {row[0]: row for row in sound.rows[::2]}
    assert {name: loaded.rows.get(name) for name in meant} == meant


def test_just_the_refused_kinds_are_set_apart_and_the_counts_add_up(loaded, sound):
    refused = {PLACES[kind] for kind in refused_kinds()}
    assert set(loaded.quarantined) == refused
    assert loaded.counts.read == len(sound.rows)
    assert loaded.counts.quarantined == len(refused)
    assert loaded.counts.loaded == len(loaded.rows) == len(sound.rows) - len(refused)


def test_no_message_holds_another_cell_of_the_patient(loaded, sound):
    # Surrogates and T-scores here occur nowhere else, so one in a message is a leak of its row.
    own = {found for _, found in loaded.found}
    strange = [str(value) for row in sound.rows for value in (row[1], row[8])]
    assert [text for text in strange if text in loaded.messages and text not in own] == []


def test_a_finding_shows_at_most_forty_characters(loaded):
    assert max(len(found) for _, found in loaded.found) == 40
