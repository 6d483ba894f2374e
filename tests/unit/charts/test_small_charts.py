"""Volumes, sparklines, bars and the palette."""

import plotly.io
import pytest

from charts.draw import draw
from charts.share_bar import share_bar, share_text
from charts.sparkline import sparkline
from charts.theme import FIGURE_CONFIG, TECHNIQUE_LOOKS, TOTAL_LOOK, look_of
from charts.volumes import by_year

LIGHT_CARD, DARK_CARD = "#FFFFFF", "#151E27"


def luminance(color):
    """Return the relative luminance of WCAG 2.1, https://www.w3.org/TR/WCAG21/."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("look", [*TECHNIQUE_LOOKS.values(), TOTAL_LOOK], ids=lambda x: x.symbol)
@pytest.mark.parametrize("ground", [LIGHT_CARD, DARK_CARD])
def test_every_series_stands_out_from_both_grounds(look, ground):
    assert contrast(look.color, ground) >= 3


def test_no_two_techniques_share_a_colour_a_dash_or_a_symbol():
    looks = [*TECHNIQUE_LOOKS.values()]
    for part in ("color", "dash", "symbol", "sign"):
        assert len({getattr(look, part) for look in looks}) == len(looks)


def test_figures_offer_nothing_to_a_service_outside():
    assert FIGURE_CONFIG["showSendToCloud"] is False
    assert FIGURE_CONFIG["displaylogo"] is False


def test_the_matrix_shows_noughts_and_leaves_out_causes_without_procedures(counts_of):
    figure = draw(
        counts_of(
            {
                ("osteoporosis", "kyphoplasty"): 1200,
                ("osteoporosis", "implant"): 3,
                ("cancer", "kyphoplasty"): 90,
                ("cancer", "implant"): 0,
                ("trauma", "kyphoplasty"): 0,
            }
        )
    )
    numbers = [note.text for note in figure.layout.annotations if "<" not in note.text]
    assert numbers == ["1,200", "90", "3", "0"]
    names = [note.text for note in figure.layout.annotations if note.yanchor == "bottom"]
    assert names[:2] == ["<b>Osteo-<br>porosis</b>", "<b>Cancer</b>"]
    assert not any("Trauma" in name for name in names)


def test_years_are_stacked_with_their_total_beside_them(counts_of):
    figure = by_year(counts_of({}, years=[(2024, "kyphoplasty", 30), (2024, "vertebroplasty", 12)]))
    assert "<b>42</b>" in [note.text for note in figure.layout.annotations]
    assert [bar.marker.pattern.shape for bar in figure.data] == ["", "/"]


def test_a_sparkline_breaks_where_a_year_is_missing():
    assert sparkline([0.2, 0.4, None, 0.3, 0.5]).count("<polyline") == 2
    assert sparkline([None, float("nan")]) == ""


def test_a_sparkline_of_one_level_lies_in_the_middle():
    assert 'cy="17.0"' in sparkline([0.4, 0.4])


def test_a_share_is_told_in_numbers_and_nothing_is_told_of_no_records():
    assert share_text(2758, 2873) == "2,758 of 2,873 (96%)"
    assert share_text(0, 0) == "no records"
    assert 'width="70.0"' in share_bar(1, 2)


def test_an_unknown_technique_looks_like_the_total():
    assert look_of("") is TOTAL_LOOK


def test_no_figure_carries_a_template_which_would_have_it_drawn_twice(counts_of, monkeypatch):
    monkeypatch.setattr(plotly.io.templates, "default", "plotly")
    figure = draw(counts_of({("cancer", "kyphoplasty"): 3}))
    assert figure.to_plotly_json()["layout"]["template"] is None
    assert figure.layout.datarevision == 1
