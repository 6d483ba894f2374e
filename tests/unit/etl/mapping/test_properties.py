"""Of every table: renaming keeps cells, recoding follows values, order does not matter."""

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SETTINGS = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
CELL = st.text(
    alphabet=st.sampled_from("abzÄ09 ,;\"'<>.-_\t"), max_size=12
).filter(lambda text: text not in ("", "NA"))  # fmt: skip
RECORDS = st.lists(st.tuples(CELL, st.none() | CELL, st.none() | CELL), min_size=1, max_size=8)
IDENTITY = """
[leaks]
source = "cases"
[leaks.columns]
procedure_id = "a b"
level = "B"
route = "c.d"
"""


def as_lines(header, records) -> list[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([["" if cell is None else cell for cell in record] for record in records])
    return text.getvalue().rstrip("\n").split("\n")


@given(records=RECORDS)
@SETTINGS
def test_columns_that_are_only_renamed_keep_every_cell(mapped, connection, records):
    # A dot in a name is part of it where no source of that name is joined.
    mapped("leaks", IDENTITY, cases=as_lines(["a b", "B", "c.d"], records))
    found = connection.execute(
        "select procedure_id, level, route from mapped_leaks order by source_record"
    ).fetchall()
    assert found == records


WORDS = ("female", "male", "other", "unknown")


@given(codes=st.permutations(["1", "2", "x y", "'"]), cells=st.lists(st.integers(0, 3), min_size=1))
@SETTINGS
def test_whatever_stands_for_a_word_becomes_that_word(column_of, codes, cells):
    pairs = ", ".join(f'"{code}" = "{word}"' for code, word in zip(codes, WORDS, strict=True))
    line = f'sex = {{ column = "x", recode = {{ {pairs} }} }}'
    made = column_of(line, [f"{codes[place]}," for place in cells])
    # Rows come back by record number, so in the order in which they were written.
    assert made == [WORDS[place] for place in cells]


@given(order=st.permutations(range(6)))
@SETTINGS
def test_the_order_of_records_changes_no_row(mapped, order):
    toml = """
    [treated_levels]
    source = "cases"
    [[treated_levels.join]]
    source = "levels"
    on = { case = "case" }
    many = true
    [treated_levels.columns]
    procedure_id = "case"
    level = "levels.level"
    cement_ml = { column = "levels.cc", unit = "cc -> mL" }
    """
    cases = [f"C{n}" for n in range(6)]
    levels = [f"C{n},T{m},{n}.{m}" for n in range(6) for m in range(1, 3)]

    def rows(case_lines, level_lines):
        made = mapped("treated_levels", toml, cases=["case", *case_lines],
            levels=["case,level,cc", *level_lines])  # fmt: skip
        return sorted(tuple(row.values()) for row in made)

    shuffled = rows([cases[n] for n in order], [levels[2 * n + m] for m in (1, 0) for n in order])
    assert shuffled == rows(cases, levels)
