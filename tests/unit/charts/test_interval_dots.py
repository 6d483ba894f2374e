"""Dots with intervals: the value and n/N beside each, and words where there is no value."""

import re
from itertools import pairwise

import pytest

from charts.arms import arm_rows
from charts.draw import draw
from charts.interval_dots import interval_dots, rows_shown, value_text
from charts.text_columns import LINE_PIXELS, STEP_PIXELS

ROW = {"n": 12, "N": 100, "value": 0.12, "lower": 0.07, "upper": 0.2}
NONE = {"n": 0, "N": 40, "value": 0.0, "lower": 0.0, "upper": 0.0722}


def texts(figure):
    """Return every line of text, free of what only sets its size."""
    lines = [line for note in figure.layout.annotations for line in note.text.split("<br>")]
    return [re.sub(r'^<span style="font-size:\d+px">(.*)</span>$', r"\1", line) for line in lines]


def test_value_and_count_stand_at_the_right_of_their_dot(intervals_of):
    figure = draw(intervals_of([{"label": "Any leak", "technique": "kyphoplasty", **ROW}]))
    assert {"<b>Any leak</b>", "12.0%", "12/100"} <= set(texts(figure))
    dot = figure.data[0]
    assert (dot.x[0], dot.marker.symbol) == (0.12, "circle")
    assert (dot.error_x.array[0], dot.error_x.arrayminus[0]) == pytest.approx((0.08, 0.05))


def test_none_seen_is_shown_as_nought_with_its_bound_in_words(intervals_of):
    row = {"label": "Infection", "note": "none seen; at most 7.2 %", **NONE}
    figure = draw(intervals_of([row]))
    assert {"0.0%", "0/40", "none seen; at most 7.2 %"} <= set(texts(figure))


def test_a_withheld_row_has_neither_dot_nor_number(intervals_of):
    row = {"label": "Bleeding", "note": "withheld", "n": None, "N": None}
    figure = draw(intervals_of([row | {"value": None, "lower": None, "upper": None}]))
    assert {"–", ""} <= set(texts(figure))
    assert figure.data[0].x[0] != figure.data[0].x[0]


def test_techniques_stand_under_one_label_in_their_own_shapes(intervals_of):
    rows = [{"label": "Any leak", "technique": name, **ROW} for name in ("vertebroplasty", "")]
    figure = draw(intervals_of(rows))
    assert texts(figure).count("<b>Any leak</b>") == 1
    assert [trace.marker.symbol for trace in figure.data] == ["diamond", "circle-open"]


def test_a_value_stands_on_the_height_of_its_dot(intervals_of):
    notes = ["", "a note " * 20, ""]
    rows = [{"label": f"Type {place}", **ROW, "note": note} for place, note in enumerate(notes)]
    figure = draw(intervals_of(rows))
    values = next(note for note in figure.layout.annotations if "12.0%" in note.text)
    lines = values.text.split("<br>")
    tops = [values.y + STEP_PIXELS * place for place, line in enumerate(lines) if line]
    assert [top + LINE_PIXELS / 2 for top in tops] == list(figure.data[0].y)


def test_no_two_rows_share_a_place(intervals_of):
    rows = [{"label": f"Type {place}", "note": "not recorded (3)", **ROW} for place in range(9)]
    heights = list(draw(intervals_of(rows)).data[0].y)
    assert min(later - earlier for earlier, later in pairwise(heights)) > 40


def test_a_cause_leaves_its_own_rows_and_none_leaves_the_total(intervals_of):
    result = intervals_of(
        [
            {"label": "All", **ROW},
            {"label": "Cancer", "cause": "cancer", **ROW},
            {"label": "Cancer", "cause": "cancer", "technique": "kyphoplasty", **ROW},
        ]
    )
    assert list(rows_shown(result, None, "")["label"]) == ["All"]
    assert len(rows_shown(result, None, "cancer")) == 2
    assert list(rows_shown(result, None, "trauma")["label"]) == ["All", "Cancer"]


def test_one_group_is_drawn_by_itself(intervals_of):
    result = intervals_of(
        [{"label": "A", "group": "one", **ROW}, {"label": "B", "group": "two", **ROW}]
    )
    assert "<b>A</b>" not in texts(interval_dots(result, group="two"))


def test_changes_are_written_with_a_minus_sign_in_their_own_unit():
    assert value_text(-4.6, "points") == "−4.6"
    assert value_text(None, "points") == "–"


def test_arms_are_taken_from_one_cause_and_totals_are_left_out(intervals_of):
    result = intervals_of([])
    cells = {"measure": "leak", "at": "14", "modality": "ct", **ROW}
    strata = [("cancer", "kyphoplasty"), ("cancer", "vertebroplasty"), ("cancer", ""), ("", "")]
    for place, (cause, technique) in enumerate(strata):
        row = cells | {"cause": cause, "technique": technique}
        result.measures.loc[place, list(row)] = list(row.values())
    rows = arm_rows(result, "cancer", (("leak", "Any leak"),))
    assert list(rows["technique"]) == ["kyphoplasty", "vertebroplasty"]
    assert set(rows["label"]) == {"Any leak (CT) by day 14"}


def test_what_every_note_says_is_said_once(intervals_of):
    notes = ["none seen; not recorded (3)", "not recorded (3)", "+1, day unknown; not recorded (3)"]
    rows = [{"label": f"Type {place}", **ROW, "note": words} for place, words in enumerate(notes)]
    shown = texts(draw(intervals_of(rows)))
    assert shown.count("Every row: not recorded (3)") == 1
    assert {"none seen", "+1, day unknown"} <= set(shown)
    assert not any(words.endswith("not recorded (3)") for words in shown if "Every" not in words)


def test_two_rows_keep_their_own_notes(intervals_of):
    rows = [{"label": f"Type {place}", **ROW, "note": "not recorded (3)"} for place in range(2)]
    assert texts(draw(intervals_of(rows))).count("not recorded (3)") == 2


def test_a_rare_event_is_not_written_as_none():
    # 1 of 2,075 is 0.048 %; a true 0 stays 0.
    assert value_text(1 / 2075, "proportion") == "0.05%"
    assert value_text(0.0, "proportion") == "0.0%"
    assert value_text(0.0724, "proportion") == "7.2%"
