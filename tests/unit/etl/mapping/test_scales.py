"""An ODI that may be points or percent is asked about, never doubled silently."""

import pytest

LONG = """
[assessments]
source = "scores"
[assessments.columns]
procedure_id = "case"
instrument = "tool"
days = "day"
score = SCORE
"""
WIDE = """
[assessments]
source = "scores"
columns = { procedure_id = "case" }
[[assessments.wide]]
instrument = "odi"
columns = { odi_pre = 0, odi_90 = 90 }
"""


def long_rows(*scores: tuple[str, int, int]) -> list[str]:
    return ["case,tool,day,value", *(f"C1,{tool},{day},{score}" for tool, day, score in scores)]


def test_low_scores_without_a_scale_are_refused_with_the_line_to_write(refusal_of):
    # Highest 44 <= 50, mean baseline (30 + 32) / 2 = 31 < 35: points or percent.
    rows = long_rows(("odi", 0, 30), ("odi", -3, 32), ("odi", 90, 44))
    message = refusal_of(LONG.replace("SCORE", '"value"'), scores=rows)
    assert message.startswith("mapping.toml, line 8, column 'score' from 'value'")
    assert "no ODI score is above 44 and the mean baseline is 31.0" in message
    assert 'scale = { odi = "raw 0-50" }' in message
    assert 'scale = { odi = "percent" }' in message


def test_a_wide_table_is_asked_for_the_scale_of_its_column(refusal_of):
    message = refusal_of(WIDE, scores=["case,odi_pre,odi_90", "C1,30,12"])
    assert "line 7" in message
    assert 'scale = "raw 0-50"' in message


@pytest.mark.parametrize(
    "rows",
    [
        (("odi", 0, 30), ("odi", 90, 51)),  # above 50: percent
        (("odi", 0, 35), ("odi", 90, 20)),  # a mean baseline of 35 is not low
        (("rmdq", 0, 20), ("rmdq", 90, 10)),  # another instrument
    ],
)
def test_scores_that_can_only_be_percent_are_not_asked_about(mapped, rows):
    made = mapped("assessments", LONG.replace("SCORE", '"value"'), scores=long_rows(*rows))
    assert [row["score"] for row in made] == [str(score) for _, _, score in rows]


def test_scores_without_any_baseline_are_asked_about(refusal_of):
    message = refusal_of(LONG.replace("SCORE", '"value"'), scores=long_rows(("odi", 90, 40)))
    assert "none is of a baseline" in message


@pytest.mark.parametrize(
    ("scale", "made"), [('{ odi = "raw 0-50" }', "60"), ('{ odi = "percent" }', "30")]
)
def test_a_declared_scale_is_followed(mapped, scale, made):
    toml = LONG.replace("SCORE", f'{{ column = "value", scale = {scale} }}')
    [row] = mapped("assessments", toml, scores=long_rows(("odi", 0, 30)))
    assert row["score"] == made
