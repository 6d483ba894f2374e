"""Curves: steps, labels, and a table on the same axis."""

import pytest

from charts.draw import draw
from charts.step_curves import causes_drawn, cumulative_incidence, interval_censored
from charts.time_axis import time_axis

KYPHOPLASTY = ("osteoporosis", "kyphoplasty")
VERTEBROPLASTY = ("osteoporosis", "vertebroplasty")
IMPLANT = ("osteoporosis", "implant")
RELIEF = [(1.0, 0.5), (14.0, 0.8)]


def lines(figure):
    return [trace for trace in figure.data if trace.line.shape == "hv"]


def ends(figure):
    return [note for note in figure.layout.annotations if note.xanchor == "right"]


def test_each_technique_has_its_own_dash_and_mark_beside_its_colour(incidence_of):
    figure = draw(incidence_of(dict.fromkeys((KYPHOPLASTY, VERTEBROPLASTY, IMPLANT), RELIEF)))
    assert [line.line.dash for line in lines(figure)] == ["solid", "dash", "dot"]
    marks = [trace.marker.symbol for trace in figure.data if trace.mode == "markers"]
    assert marks == ["circle", "diamond", "square"]


def test_a_line_starts_at_nothing_and_is_held_to_the_horizon(incidence_of):
    line = lines(draw(incidence_of({KYPHOPLASTY: RELIEF})))[0]
    assert list(line.y) == [0.0, 0.5, 0.8, 0.8]
    # Early days are drawn wider: places are cube roots, 135 ** (1 / 3) = 5.13.
    assert list(line.x) == pytest.approx([0, 1, 2.410, 5.130], abs=1e-3)


def test_places_are_even_where_no_early_day_is_named():
    days = time_axis(365, [90, 180, 365])
    assert list(days.places([0, 90])) == [0, 90]
    assert "wider" not in days.title


def test_days_are_named_only_where_numbers_have_room_and_window_closes_come_first():
    days = time_axis(135, [0, 2, 7, 14, 30, 42, 60, 90, 135])
    assert days.ticks == (0, 2, 14, 30, 60, 135)


def test_numbers_at_risk_stand_on_the_axis_of_the_curves(incidence_of):
    figure = draw(incidence_of({KYPHOPLASTY: RELIEF, VERTEBROPLASTY: RELIEF}))
    numbers = next(trace for trace in figure.data if trace.mode == "text")
    assert figure.layout.xaxis2.matches == "x"
    assert set(numbers.x) == set(figure.layout.xaxis.tickvals)
    # 1,100 at day 0, ten fewer at each of the five days, as `table` in conftest makes them.
    assert list(numbers.text[:5]) == ["1,100", "1,090", "1,080", "1,070", "1,060"]


def test_rows_of_the_table_are_named_and_competing_is_left_out_where_nothing_competes(incidence_of):
    result = incidence_of({KYPHOPLASTY: RELIEF})
    result.at_risk["competing"] = 0
    words = [note.text for note in draw(result).layout.annotations]
    assert {"At risk", "Events", "Censored"} <= set(words)
    assert "Competing" not in words


def test_labels_at_the_ends_do_not_overlap(incidence_of):
    same_end = dict.fromkeys((KYPHOPLASTY, VERTEBROPLASTY, IMPLANT), RELIEF)
    labels = ends(draw(incidence_of(same_end)))
    below = sorted(note.yshift for note in labels if note.yanchor == "top")
    assert len(labels) == 3
    assert below == [-20, -2]
    assert len({note.y for note in labels if note.yanchor == "top"}) == 1


def test_labels_of_rare_events_all_stand_above_the_curves(incidence_of):
    rare = {KYPHOPLASTY: [(90.0, 0.01), (300.0, 0.05)], VERTEBROPLASTY: [(90.0, 0.01)]}
    figure = draw(incidence_of(rare, days=(0, 90, 180, 365), horizon=365.0))
    assert {note.yanchor for note in ends(figure)} == {"bottom"}
    assert figure.layout.yaxis.range[1] == pytest.approx(0.2, abs=1e-3)


def test_a_small_arm_is_not_drawn_beside_large_ones_but_stays_in_the_table(incidence_of):
    result = incidence_of({KYPHOPLASTY: RELIEF, IMPLANT: RELIEF})
    small = result.at_risk["technique"] == "implant"
    result.at_risk.loc[small, "at_risk"] = 5
    result.at_risk.loc[small, ["events", "competing", "censored"]] = 0
    figure = draw(result)
    assert [line.name for line in lines(figure)] == ["Kyphoplasty"]
    assert any("Implant" in note.text for note in figure.layout.annotations)


def test_a_small_arm_alone_is_drawn(incidence_of):
    result = incidence_of({IMPLANT: RELIEF})
    result.at_risk[["at_risk", "events", "competing", "censored"]] = 1
    assert [line.name for line in lines(draw(result))] == ["Implant"]
    assert causes_drawn(result) == []


def test_all_causes_together_are_drawn_without_techniques(incidence_of):
    figure = cumulative_incidence(incidence_of({("", ""): RELIEF, KYPHOPLASTY: RELIEF}), "")
    assert [line.name for line in lines(figure)] == ["All techniques"]


def test_bounds_are_an_area_between_the_lowest_and_the_highest_share(incidence_of):
    bounds = [("osteoporosis", "kyphoplasty", 14.0, 0.6, 0.8)]
    figure = interval_censored(incidence_of({KYPHOPLASTY: RELIEF}, bounds=bounds), "osteoporosis")
    area = figure.data[0]
    assert area.fill == "toself"
    assert {0.6, 0.8} <= {float(level) for level in area.y}


def test_what_is_sent_of_a_figure_is_what_plotly_makes_of_it(incidence_of):
    figure = draw(incidence_of({KYPHOPLASTY: RELIEF}))
    sent = figure.to_dict()
    assert figure.layout.to_plotly_json() == sent["layout"]
    assert [trace.to_plotly_json() for trace in figure.data] == sent["data"]


def test_hovering_over_a_step_tells_its_day_and_its_share_with_the_interval(incidence_of):
    line = lines(draw(incidence_of({KYPHOPLASTY: [(0.5, 0.2), (14.0, 0.824)]})))[0]
    assert [list(words) for words in line.customdata] == [
        ["0", "0%", "0%", "0%"],
        ["12 h", "20%", "15%", "25%"],
        ["14", "82%", "77%", "87%"],
        ["135", "82%", "77%", "87%"],
    ]
    assert "by day %{customdata[0]}: %{customdata[1]} with relieved" in line.hovertemplate


def test_a_result_without_a_figure_is_refused_in_words():
    with pytest.raises(TypeError, match="no figure is declared for str"):
        draw("relief")
