"""Every page: full, empty, and with one technique only."""

import re

import pytest

from dashboard.navigation import PAGES

PATHS = [entry.path for entry in PAGES]
OUTCOME_PATHS = [path for path in PATHS if path not in ("data-quality", "load-data", "reports")]
JUDGING = re.compile(r"\b(better|worse|works|prevents|favou?rs|saves)\b", re.IGNORECASE)


def words_of(at):
    """Return what a page says, as one text."""
    elements = [*at.title, *at.header, *at.subheader, *at.markdown, *at.info, *at.warning]
    return " ".join([element.value for element in elements] + [html_of(at)])


def html_of(at):
    return " ".join(element.proto.body for element in at.get("html"))


def figures_of(at):
    return at.get("plotly_chart")


@pytest.mark.parametrize("path", PATHS)
def test_a_page_shows_who_is_in_and_fails_nowhere(page, path):
    at = page(path)
    assert list(at.exception) == []
    assert re.search(r"[\d,]+ of [\d,]+ procedures kept", html_of(at))
    assert not JUDGING.search(words_of(at))


@pytest.mark.parametrize("path", OUTCOME_PATHS)
def test_every_figure_of_a_page_has_its_text(page, path):
    figures = figures_of(page(path))
    assert figures
    assert [figure for figure in figures if not figure.proto.alt.strip()] == []


@pytest.mark.parametrize("path", OUTCOME_PATHS)
def test_a_page_without_procedures_says_so_in_words(page, path):
    at = page(path, **{"from": "1990", "to": "1991"})
    assert list(at.exception) == []
    assert figures_of(at) == []
    assert "0 of " in html_of(at)
    assert all(info.value.endswith(".") for info in at.info)
    assert len(at.info) >= 1


@pytest.mark.parametrize("path", ["time-to-relief", "techniques", "complications"])
def test_a_page_with_one_technique_draws_it_alone(page, path):
    at = page(path, technique=["kyphoplasty"], cause=["osteoporosis"])
    drawn = " ".join(figure.proto.spec for figure in figures_of(at))
    assert list(at.exception) == []
    assert "Vertebroplasty" not in drawn
    if path != "complications":  # which shows all techniques together until a cause is chosen
        assert "Kyphoplasty" in drawn


def test_causes_together_are_drawn_without_techniques(page):
    first = figures_of(page("time-to-relief"))[0]
    assert "All techniques" in first.proto.spec
    assert "Kyphoplasty" not in first.proto.spec


def test_a_chosen_cause_is_drawn_with_its_techniques(page):
    first = figures_of(page("time-to-relief", show="cancer"))[0]
    assert "Kyphoplasty" in first.proto.spec
    assert "Vertebroplasty" in first.proto.spec


def test_techniques_are_not_contrasted_before_comparability_is_judged(page):
    said = words_of(page("techniques"))
    assert "Not compared" in said
    assert "no contrast is shown" in said
    assert "difference of" not in said


def test_data_quality_accounts_for_every_record_of_the_latest_load(page):
    said = html_of(page("data-quality"))
    for word in ("Quarantined", "Out of scope", "NEW", "published"):
        assert word in said


VIEWS = (
    ("complications", "complications", "Readmission, infection, embolism", "Unplanned readmission"),
    ("complications", "complications", "Cement leaks", "Any cement leak"),
    ("complications", "complications", "New fractures", "New adjacent fracture"),
    ("return-to-activity", "activity", "Unaided walking", "walked unaided again"),
    ("return-to-activity", "activity", "Work", "were back at work"),
    ("pain", "function", "Pain", "Pain"),
    ("pain", "function", "Function (ODI)", "ODI"),
    ("pain", "function", "Answers", "of those due"),
)


@pytest.mark.parametrize(("path", "key", "view", "words"), VIEWS, ids=lambda part: part)
def test_a_view_of_the_address_is_shown_with_texts_for_its_figures(page, path, key, view, words):
    at = page(path, **{key: view})
    assert list(at.exception) == []
    assert words in at.header[0].value
    assert figures_of(at)
    assert [figure for figure in figures_of(at) if not figure.proto.alt.strip()] == []


def test_the_same_numbers_stand_in_a_table_once_it_is_opened(page):
    assert list(page("time-to-relief").dataframe) == []
    table = page("time-to-relief", table_relief=True).dataframe[0].value
    assert {"measure", "n", "N", "lower", "upper"} <= set(table.columns)


def test_what_stands_behind_a_number_is_one_click_away(page):
    at = page("time-to-relief", explain_relief=True)
    said = words_of(at)
    for word in ("**Definition.**", "**Denominator.**", "**Method.**", "**Source.**", "E1 v1"):
        assert word in said
    assert any("select" in code.value for code in at.code)


def test_a_report_is_for_outside_until_inside_is_chosen(page):
    at = page("reports")
    assert at.radio[0].value == "outside"


def test_no_report_for_outside_is_about_chosen_surgeons(page):
    at = page("reports", surgeon=["S01"])
    assert "may not be about chosen surgeons" in at.warning[0].value
    assert at.get("download_button") == []


def test_a_small_cohort_is_told_in_counts_without_a_curve(page):
    at = page("time-to-relief", cause=["other"])
    assert list(at.exception) == []
    assert at.header[0].value.startswith("Counts only: 16 cases")
    assert figures_of(at) == []
    assert at.info[0].value.startswith("Counts only")
