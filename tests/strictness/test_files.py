"""Files of every malformed kind: loaded as meant with bad records set apart, or refused."""

import bz2
import codecs
import gzip
import io
import lzma
import os
import zipfile

import pytest

from etl.sources import text_files
from etl.validate import read_rules

ROWS = 6
HEADER_AGAIN = (
    "procedure_id,patient_id,site_id,procedure_year,technique,cause,"
    "age_years,sex,t_score,steroid,asa_class"
)
OTHER_TABLE = (
    "complication_id,procedure_id,level,type,mechanism,onset_days,"
    "grade,grade_system,symptomatic,resolved_days,planned"
)


def quoted(line):
    return '"' + line.replace(",", '","') + '"'


def lines_of(sound, change):
    return "".join(f"{change(line)}\n" for line in sound.lines)


def in_other_order(line):
    return ",".join(reversed(line.split(",")))


def widened(sound, columns):
    """Return the file with columns added until it has so many."""
    added = columns - len(sound.rows[0])
    names = "".join(f",unknown_{n}" for n in range(added))
    return sound.lines[0] + names + "\n" + "".join(f"{r}{',' * added}\n" for r in sound.lines[1:])


def zipped(text):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("procedures.csv", text)
    return held.getvalue()


LOADED = {
    "as it stands": (lambda s: s.text, {}),
    "no line end at the end": (lambda s: s.text.rstrip("\n"), {}),
    "a byte order mark": (lambda s: "\ufeff" + s.text, {}),
    "a byte order mark and a quoted header": (lambda s: "\ufeff" + lines_of(s, quoted), {}),
    "every cell in quotes": (lambda s: lines_of(s, quoted), {}),
    "line ends of Windows": (lambda s: s.text.replace("\n", "\r\n"), {}),
    "line ends of Windows in the header only": (lambda s: s.text.replace("\n", "\r\n", 1), {}),
    "line ends of Windows in one record": (
        lambda s: s.with_line(4, s.lines[3] + "\r"),
        {},
    ),
    "line ends of Windows and none at the end": (
        lambda s: s.text.replace("\n", "\r\n").rstrip("\r\n"),
        {},
    ),
    "columns in another order": (lambda s: lines_of(s, in_other_order), {}),
    "UTF-16, low byte first": (lambda s: codecs.BOM_UTF16_LE + s.text.encode("utf-16-le"), {}),
    "UTF-16, high byte first": (lambda s: codecs.BOM_UTF16_BE + s.text.encode("utf-16-be"), {}),
    "UTF-16 with line ends of Windows": (
        lambda s: codecs.BOM_UTF16_LE + s.text.replace("\n", "\r\n").encode("utf-16-le"),
        {},
    ),
    "a blank line after the header": (lambda s: s.between("", after=1), {1: 2}),
    "a blank line in the middle": (lambda s: s.between("", after=4), {4: 5}),
    "a blank line at the end": (lambda s: s.text + "\n", {7: 8}),
    "three blank lines at the end": (lambda s: s.text + "\n\n\n", {7: 8, 8: 9, 9: 10}),
    "a blank line of Windows at the end": (
        lambda s: (s.text + "\n").replace("\n", "\r\n"),
        {7: 8},
    ),
    "a blank line between all": (
        lambda s: s.text.replace("\n", "\n\n"),
        {1: 2, 3: 4, 5: 6, 7: 8, 9: 10, 11: 12, 13: 14},
    ),
    "blanks without a line end at the end": (lambda s: s.text + "   ", {7: 8}),
    "a second line of the header": (
        lambda s: s.between(",,,year,,,years,,SD,,class", after=1),
        {1: 2},
    ),
    "a second and a third line of the header": (
        lambda s: s.between("text," * 10 + "text", "-----", after=1),
        {1: 2, 2: 3},
    ),
    "the header twice": (lambda s: s.between(s.lines[0], after=1), {1: 2}),
    "the header again in the middle": (lambda s: s.between(s.lines[0], after=4), {4: 5}),
    "two files one after the other": (
        lambda s: s.text + s.lines[0] + "\n",
        {7: 8},
    ),
    "comments among the records": (
        lambda s: s.between("# one", "// two", "-- three", after=3),
        {3: 4, 4: 5, 5: 6},
    ),
    "a footer": (lambda s: s.text + "(6 rows)\n", {7: 8}),
    "a footer after a blank line": (lambda s: s.text + "\nEnd of report\n", {7: 8, 8: 9}),
    "a total with its delimiters": (lambda s: s.text + "Total,,,,,,401,,,,\n", {7: 8}),
    "an end-of-file mark of old systems": (lambda s: s.text + "\x1a", {7: 8}),
    "a narrower second table": (
        lambda s: s.text + "procedure_id,level\nC1,L1\nC2,L2\n",
        {7: 8, 8: 9, 9: 10},
    ),
    "a wider second table": (
        lambda s: s.text + OTHER_TABLE + ",relatedness\n" + "E1,C1,L1,other" + "," * 8 + "\n",
        {7: 8, 8: 9},
    ),
    "a second table of the same width": (
        lambda s: s.text + OTHER_TABLE + "\n" + "E1,C1,L1,other" + "," * 7 + "\n",
        {7: 8, 8: 9},
    ),
    "the last line cut within a word": (
        lambda s: s.text + "C9,Pq9x,Site-9,2009,kyphopl",
        {7: 8},
    ),
    "the last line cut after a delimiter": (
        lambda s: s.text + "C9,Pq9x,Site-9,2009,",
        {7: 8},
    ),
    "the last line cut within its first cell": (lambda s: s.text + "C", {7: 8}),
    "a record over two lines": (
        lambda s: s.between("C9,Pq9x,Site-9,2009", ",kyphoplasty,cancer", after=3),
        {3: 4, 4: 5},
    ),
    "a cell of three lines before faults": (
        lambda s: s.between('C9,P9,"S\n9\n",2009,implant,cancer,60,male,-1,no,2', "", after=2),
        {2: 3, 3: 6},
    ),
    "a fault of three lines before faults": (
        lambda s: s.between('C9,"P\n9\n",S,2009', 'C8,"P\n8",S,2009', after=2),
        {2: 3, 3: 6},
    ),
    "an exact copy of a record": (lambda s: s.between(s.lines[1], after=7), {7: 8}),
    "faults at the first and at the last record": (
        lambda s: s.between(",", after=1) + "," * 11,
        {1: 2, 8: 9},
    ),
    "only faults around one another": (
        lambda s: s.between("x", "", '"y" z', "," * 20, after=3),
        {3: 4, 4: 5, 5: 6, 6: 7},
    ),
    "a quote opened in one record and closed in the next, at a place that fits": (
        lambda s: s.between(
            'C8,Pq8x,"Site-8,2008,implant,cancer,60,male,-1,no,2',
            'C9,Pq9x,Site-9",2009,implant,cancer,60,male,-1,no,2',
            after=3,
        ),
        {3: 4},
    ),
    "a quote opened in a number and closed in the next": (
        lambda s: s.between(
            'C8,Pq8x,Site-8,2008,implant,cancer,60,male,-1,no,"2',
            'C9,Pq9x,Site-9,2009,implant,cancer,60,male,-1,no,2"',
            after=3,
        ),
        {3: 4},
    ),
}
"""Kind -> the file made of a sound one, line of each refused record; all sound ones are loaded."""

REFUSED = {
    "nothing": (lambda s: b"", 2, "is empty"),
    "only a byte order mark": (lambda s: codecs.BOM_UTF8, 2, "is empty"),
    "only a line end": (lambda s: "\n", 2, "line 1: the header is blank"),
    "only line ends": (lambda s: "\n\n\n\n", 2, "line 1: the header is blank"),
    "only blanks": (lambda s: "    ", 2, "line 1: the header is blank"),
    "only delimiters": (lambda s: ",,,,\n,,,,\n", 2, "line 1: the header is blank"),
    "a header only": (lambda s: s.lines[0] + "\n", 2, "has a header and no record"),
    "a header without line end": (lambda s: s.lines[0], 2, "has a header and no record"),
    "no header": (lambda s: s.text.split("\n", 1)[1], 2, "line 1"),
    "a blank line before the header": (lambda s: "\n" + s.text, 2, "the header is blank"),
    "a title before the header": (lambda s: "Procedures\n" + s.text, 2, "line 1"),
    "a title with its delimiters before the header": (
        lambda s: "Procedures" + "," * 10 + "\n" + s.text,
        2,
        "line 1: column 2 has no name",
    ),
    "a comment before the header": (lambda s: "# export\n" + s.text, 2, "line 1"),
    "a line of groups before the header": (
        lambda s: "ids,,,when,what,why,person,,,,\n" + s.text,
        2,
        "line 1: column 2 has no name",
    ),
    "a declared delimiter before the header": (lambda s: "sep=;\n" + s.text, 2, "line 1"),
    "a declared comma before the header": (lambda s: "sep=,\n" + s.text, 2, "line 1"),
    "two header names alike": (
        lambda s: s.text.replace("t_score", "sex", 1),
        2,
        "columns 8 and 9 have the same name",
    ),
    "two header names alike but for capitals": (
        lambda s: s.text.replace("t_score", "SEX", 1),
        2,
        "columns 8 and 9 have the same name",
    ),
    "two header names alike but for a blank": (
        lambda s: s.text.replace("t_score", " sex", 1),
        2,
        "columns 8 and 9 have the same name",
    ),
    "a header name that is missing": (
        lambda s: s.text.replace("t_score", "", 1),
        2,
        "column 9 has no name",
    ),
    "a delimiter at the end of all lines": (
        lambda s: lines_of(s, lambda line: line + ","),
        2,
        "column 12 has no name",
    ),
    "a header in capitals": (lambda s: s.text.replace(s.lines[0], s.lines[0].upper()), 2, "mind"),
    "a header with a blank": (lambda s: s.text.replace(",cause", ", cause", 1), 2, "mind blanks"),
    "a header of another language": (lambda s: s.text.replace("cause", "Ursache", 1), 2, "'cause'"),
    "a header with a zero-width blank": (
        lambda s: s.text.replace("cause", "cau\u200bse", 1),
        2,
        "'cause' is missing",
    ),
    "a header with a line end": (
        lambda s: s.text.replace("cause", '"cau\nse"', 1),
        2,
        "'cause' is missing",
    ),
    "a header with a stray quote": (lambda s: s.text.replace("cause", 'cau"se', 1), 2, "line 1"),
    "a header with text after a quote": (
        lambda s: s.text.replace("cause", '"cau"se', 1),
        2,
        "line 1: the header has text after a closing quote",
    ),
    "a header with a quote left open": (
        lambda s: s.text.replace("cause", '"cause', 1),
        2,
        "line 1: a quote opens",
    ),
    "two byte order marks": (
        lambda s: "\ufeff\ufeff" + s.text,
        2,
        "'procedure_id' is missing",
    ),
    "a delimiter too many in the header": (
        lambda s: s.text.replace("sex", "sex,", 1),
        2,
        "column 9 has no name",
    ),
    "a delimiter missing in the header": (
        lambda s: s.text.replace("technique,cause", "techniquecause", 1),
        2,
        "'technique', 'cause' are missing",
    ),
    "an unknown column": (lambda s: s.text.replace("t_score", "tee_score", 1), 2, "'tee_score'"),
    "semicolons": (lambda s: s.text.replace(",", ";"), 2, "separated by a semicolon"),
    "semicolons and decimal commas": (
        lambda s: s.text.replace(",", ";").replace(".", ","),
        2,
        "separated by a semicolon",
    ),
    "tabs": (lambda s: s.text.replace(",", "\t"), 2, "separated by a tab"),
    "bars": (lambda s: s.text.replace(",", "|"), 2, "separated by a vertical bar"),
    "blanks for delimiters": (lambda s: s.text.replace(",", " "), 2, "line 1"),
    "carets for delimiters": (lambda s: s.text.replace(",", "^"), 2, "line 1"),
    "columns of fixed width": (
        lambda s: lines_of(s, lambda line: "".join(f"{c:20}" for c in line.split(","))),
        3,
        "free text",
    ),
    "every line in quotes as a whole": (
        lambda s: lines_of(s, lambda line: f'"{line}"'),
        2,
        "line 1",
    ),
    "another delimiter in the header only": (
        lambda s: s.text.replace(s.lines[0], s.lines[0].replace(",", ";")),
        2,
        "separated by a semicolon",
    ),
    "a quote left open in the first record": (
        lambda s: s.with_line(2, '"' + s.lines[1]),
        2,
        "line 2: a quote opens",
    ),
    "a quote left open in the last record": (
        lambda s: s.with_line(7, s.lines[6].replace(",Site", ',"Site')),
        2,
        "line 7: a quote opens",
    ),
    "a quote left open in the last cell": (lambda s: s.text + 'C9,"', 2, "line 8: a quote opens"),
    "a single quote at the end": (lambda s: s.text + '"', 2, "line 8: a quote opens"),
    "returns for line ends": (lambda s: s.text.replace("\n", "\r"), 2, "line 1: holds a carriage"),
    "returns for some line ends": (
        lambda s: s.with_line(4, s.lines[3] + "\r" + s.lines[3]),
        2,
        "line 4: holds a carriage return",
    ),
    "two returns before a line feed": (
        lambda s: s.text.replace("\n", "\r\r\n"),
        2,
        "line 1: holds a carriage return",
    ),
    "line feeds before returns": (
        lambda s: s.text.replace("\n", "\n\r"),
        2,
        "line 2: holds a carriage return",
    ),
    "a return in a quoted cell": (
        lambda s: s.with_line(3, s.lines[2].replace("Site-2", '"Site\r2"')),
        2,
        "line 3: holds a carriage return",
    ),
    "a NUL": (lambda s: s.with_line(5, s.lines[4] + "\0"), 2, "line 5: holds a NUL"),
    "a NUL in quotes": (
        lambda s: s.with_line(5, s.lines[4].replace("Site-4", '"Site\0"')),
        2,
        "line 5: holds a NUL",
    ),
    "NULs at the end, as after a crash": (lambda s: s.text + "\0" * 512, 2, "line 8: holds a NUL"),
    "only NULs": (lambda s: "\0" * 4096, 2, "line 1: holds a NUL"),
    "UTF-16 without a mark, low byte first": (lambda s: s.text.encode("utf-16-le"), 2, "NUL"),
    "UTF-16 without a mark, high byte first": (lambda s: s.text.encode("utf-16-be"), 2, "NUL"),
    "UTF-16 cut within a character": (
        lambda s: s.text.encode("utf-16") + b"\x41",
        2,
        "not UTF-16",
    ),
    "UTF-16 with half a pair": (
        lambda s: s.text.encode("utf-16") + b"\x00\xd8\x41\x00",
        2,
        "not UTF-16",
    ),
    "UTF-16 with a NUL": (lambda s: (s.text + "\0").encode("utf-16"), 2, "line 8: holds a NUL"),
    "UTF-16 of which only the mark is there": (lambda s: codecs.BOM_UTF16_LE, 2, "is empty"),
    "UTF-32 with a mark": (lambda s: s.text.encode("utf-32"), 2, "UTF-32"),
    "UTF-32 with a mark, high byte first": (
        lambda s: codecs.BOM_UTF32_BE + s.text.encode("utf-32-be"),
        2,
        "UTF-32",
    ),
    "UTF-32 without a mark": (lambda s: s.text.encode("utf-32-be"), 2, "NUL"),
    "Latin-1": (
        lambda s: s.with_line(4, s.lines[3].replace("Site", "Sité")).encode("latin-1"),
        2,
        "line 4: holds bytes that are not UTF-8",
    ),
    "Windows-1252": (
        lambda s: s.with_line(3, s.lines[2].replace("Site", "“Site”")).encode("cp1252"),
        2,
        "line 3: holds bytes that are not UTF-8",
    ),
    "an old encoding of Japanese": (
        lambda s: s.with_line(3, s.lines[2].replace("Site", "部")).encode("shift-jis"),
        2,
        "not UTF-8",
    ),
    "a page of a mainframe": (lambda s: s.text.encode("cp037"), 2, "line 1"),
    "two encodings in one file": (
        lambda s: (
            s.text.replace("Site-2", "Sité-2").encode()
            + "C9,Pé,S,2009,implant,cancer,60,male,-1,no,2\n".encode("latin-1")
        ),
        2,
        "line 8: holds bytes that are not UTF-8",
    ),
    "an overlong form of UTF-8": (lambda s: s.text.encode() + b"C\xc0\xaf,", 2, "line 8"),
    "half a pair in UTF-8": (lambda s: s.text.encode() + b"C\xed\xa0\x80,", 2, "line 8"),
    "a character beyond Unicode": (lambda s: s.text.encode() + b"C\xf4\x90\x80\x80", 2, "line 8"),
    "a character cut at the end": (lambda s: s.text.encode() + "€".encode()[:2], 2, "line 8"),
    "a byte that UTF-8 never has": (lambda s: s.text.encode() + b"\xff", 2, "line 8"),
    "a compressed file": (lambda s: gzip.compress(s.text.encode()), 2, "a compressed file"),
    "a file compressed by bzip2": (lambda s: bz2.compress(s.text.encode()), 2, "compressed"),
    "a file compressed by xz": (lambda s: lzma.compress(s.text.encode()), 2, "compressed"),
    "a zip archive": (lambda s: zipped(s.text), 2, "a zip archive"),
    "an empty zip archive": (lambda s: b"PK\x05\x06" + b"\0" * 18, 2, "zip archive"),
    "an old workbook": (lambda s: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, 2, "old"),
    "a Parquet file": (lambda s: b"PAR1" + b"\x15\x04" * 90 + b"PAR1", 2, "a Parquet file"),
    "a PDF document": (lambda s: b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n", 2, "a PDF document"),
    "a database": (lambda s: b"SQLite format 3\0" + b"\0" * 84, 2, "a database"),
    "a picture": (lambda s: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 2, "a picture"),
    "a page of HTML": (lambda s: "<html><body><table><tr><td>C1", 2, "a web page"),
    "a page of HTML with a sound table below": (lambda s: "\n <pre>\n" + s.text, 2, "web"),
    "JSON": (lambda s: '{"procedures": [{"procedure_id": "C1"}]}', 2, "this is JSON"),
    "JSON in lines": (lambda s: '{"procedure_id": "C1", "sex": "male"}\n' * 3, 2, "JSON"),
    "XML": (lambda s: '<?xml version="1.0"?>\n<rows><row/></rows>\n', 2, "XML"),
    "forty unknown columns": (lambda s: widened(s, 51), 2, "40 of 51 columns are not part"),
    "501 columns": (lambda s: widened(s, 501), 2, "501 columns, more than 500"),
    "an endless line": (lambda s: s.text + "a" * (2 << 20), 2, "line 8: the record that starts"),
    "an endless header": (lambda s: "a," * (1 << 20), 2, "line 1: the record that starts"),
    "an endless run of delimiters": (lambda s: s.text + "," * (2 << 20), 2, "line 8: the record"),
    "a huge cell": (lambda s: s.text + "C9," + "a" * 200_000 + "\n", 2, "line 8: the record"),
    "a huge quoted cell": (lambda s: s.text + 'C9,"' + "a\n" * 100_000 + '"\n', 2, "line 8"),
    "a cell over 10,000 characters": (
        lambda s: s.with_line(3, s.lines[2].replace("Site", "S" * 10_001)),
        3,
        "free text",
    ),
    "an identifier of a thousand characters": (
        lambda s: s.with_line(3, s.lines[2].replace("Site", "S" * 1000)),
        3,
        "'site_id': free text",
    ),
    "a date in a column of numbers": (
        lambda s: s.with_line(3, s.lines[2].replace(",2002,", ",2002-03-01,")),
        3,
        "'procedure_year': date",
    ),
    "a date in a record with a field too many": (
        lambda s: s.with_line(3, s.lines[2] + ",2002-03-01"),
        3,
        "date, in 1 cell",
    ),
    "a telephone number in place of a number": (
        lambda s: s.with_line(3, s.lines[2].replace(",62,", ",2025550143,")),
        3,
        "'age_years': telephone number",
    ),
    "an age over ninety": (
        lambda s: s.with_line(3, s.lines[2].replace(",62,", ",93,")),
        3,
        "'age_years'",
    ),
}
"""Kind -> the file made of a sound one, exit code, a part of the message."""


@pytest.fixture(scope="module")
def sound(sound_of):
    return sound_of(ROWS)


@pytest.fixture(autouse=True)
def _no_warnings(monkeypatch):
    """Leave out the rules that refuse nothing: they have tests of their own."""
    rules = tuple(rule for rule in read_rules() if rule.severity != "warning")
    monkeypatch.setattr("etl.pipeline.read_rules", lambda: rules)


def bytes_of(made):
    return made if isinstance(made, bytes) else made.encode()


@pytest.mark.parametrize("kind", LOADED)
def test_a_file_is_loaded_as_meant_and_its_bad_records_are_set_apart(sound, load_bytes, kind):
    make, quarantined = LOADED[kind]
    outcome = load_bytes(bytes_of(make(sound)))
    assert outcome.exit_code == 0, outcome.messages
    assert outcome.quarantined == quarantined
    assert outcome.rows == {row[0]: row for row in sound.rows}
    assert outcome.counts.read == ROWS + len(quarantined)
    assert outcome.counts.quarantined == len(quarantined)


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_cannot_be_trusted_is_refused_with_its_reason(sound, load_bytes, kind):
    make, exit_code, reason = REFUSED[kind]
    outcome = load_bytes(bytes_of(make(sound)))
    assert (outcome.exit_code, reason in outcome.messages) == (exit_code, True), outcome.messages
    assert "procedures.csv" in outcome.messages
    held = [str(cell) for row in sound.rows for cell in row[:2]]
    assert [cell for cell in held if cell in outcome.messages] == []


def test_commas_in_a_file_of_tabs_are_told(sound, load_bytes):
    outcome = load_bytes(sound.text.encode(), name="procedures.tsv")
    assert outcome.exit_code == 2
    assert "separated by a comma, not by a tab" in outcome.messages


def test_a_file_of_tabs_is_loaded_as_meant(sound, load_bytes):
    outcome = load_bytes(sound.text.replace(",", "\t").encode(), name="procedures.tsv")
    assert outcome.rows == {row[0]: row for row in sound.rows}


def test_a_key_with_other_values_loads_none_of_its_records(sound, load_bytes):
    other = sound.lines[2].replace(",62,", ",63,")
    outcome = load_bytes(sound.between(other, after=7).encode())
    assert outcome.quarantined == {2: 3, 7: 8}
    assert outcome.rows == {row[0]: row for row in sound.rows if row[0] != "C2"}


def test_a_quote_that_closes_in_the_next_record_takes_just_that_with_it(sound, load_bytes):
    opened = sound.with_line(3, sound.lines[2].replace(",2002", ',"2002'))
    outcome = load_bytes(opened.replace("Site-3", 'Site-3"').encode())
    assert outcome.quarantined == {2: 3}
    assert outcome.rows == {row[0]: row for row in sound.rows if row[0] not in ("C2", "C3")}
    assert outcome.counts.read == 5


@pytest.mark.parametrize("cell", ["3-Mar", "Mar-3", "03.03.", "3/3"])
def test_a_day_made_of_a_score_is_never_loaded(sound, load_bytes, cell):
    # Whether it identifies is the gate's to say: the file is refused for it, or the record.
    changed = sound.with_line(3, sound.lines[2].rsplit(",", 1)[0] + f",{cell}")
    outcome = load_bytes(changed.encode())
    assert outcome.exit_code == 3 or outcome.quarantined == {2: 3}
    assert "C2" not in outcome.rows


def test_a_header_without_its_line_end_tells_no_cell_of_the_first_record(sound, load_bytes):
    outcome = load_bytes(sound.text.replace("\n", "", 1).encode())
    assert outcome.exit_code == 2
    assert "Pq1x" not in outcome.messages


def test_a_title_with_a_date_before_the_header_refuses_the_file(sound, load_bytes):
    outcome = load_bytes(("Export of 2024-03-01\n" + sound.text).encode())
    assert outcome.exit_code == 3


@pytest.mark.parametrize(("number", "cell"), [(",62,", ",6_2,"), (",-1.002,", ",+-1.002,")])
def test_what_only_a_cast_takes_for_a_number_is_set_apart(sound, load_bytes, number, cell):
    outcome = load_bytes(sound.with_line(3, sound.lines[2].replace(number, cell)).encode())
    assert outcome.quarantined == {2: 3}


@pytest.mark.parametrize(
    "faults",
    [
        lambda line: line + ",",
        lambda line: line.rsplit(",", 1)[0],
        lambda line: line.replace(",", ", "),
        lambda line: line.replace("Site", 'Si"te'),
    ],
    ids=["delimiter at the end", "last field missing", "blanks after delimiters", "stray quotes"],
)
def test_a_fault_in_all_records_loads_none_and_stops_at_the_usual_threshold(
    sound, load_bytes, faults
):
    lines = [sound.lines[0], *map(faults, sound.lines[1:])]
    content = "".join(f"{line}\n" for line in lines).encode()
    outcome = load_bytes(content)
    assert outcome.quarantined == {n: n + 1 for n in range(1, ROWS + 1)}
    assert outcome.rows == {}
    stopped = load_bytes(content, max_refused=0.05)
    assert stopped.exit_code == 4
    assert "6 of 6 records are refused" in stopped.messages


def test_a_file_over_the_allowed_size_is_refused_unread(sound, load_bytes, monkeypatch):
    monkeypatch.setattr(text_files, "LARGEST_FILE", len(sound.text) - 1)
    assert load_bytes(sound.text.encode()).exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="such files are made by POSIX systems")
@pytest.mark.parametrize("kind", ["folder", "pipe", "endless device", "link to nothing", "loop"])
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path, load_path, kind):
    path = tmp_path / "procedures.csv"
    make = {
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "endless device": lambda: path.symlink_to("/dev/zero"),
        "link to nothing": lambda: path.symlink_to(tmp_path / "nowhere"),
        "loop": lambda: path.symlink_to(path),
    }
    make[kind]()
    outcome = load_path(path)
    assert outcome.exit_code == 2
    assert "procedures.csv" in outcome.messages
