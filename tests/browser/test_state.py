"""The address holds the whole state: filters, page, snapshot."""

from urllib.parse import parse_qs, urlsplit

import pytest

from analysis.measure import current_snapshot_id

pytestmark = pytest.mark.browser

KEPT = ".chips .kept"
FIRST_CURVE = """() => [...(document.querySelector('.js-plotly-plot')
    ?.querySelectorAll('.scatterlayer path.js-line') ?? [])].at(-1)?.getAttribute('d')"""


def asked(page):
    return parse_qs(urlsplit(page.url).query)


def choose(page, settle, word):
    page.locator('[data-testid="stSidebar"]').get_by_role("button", name=word, exact=True).click()
    page.wait_for_function(f"location.search.includes('{word}')")
    settle(page)


def test_a_filter_changes_the_address_and_the_figures(open_page, settle, complaints):
    page = open_page("time-to-relief")
    everyone = page.locator(KEPT).inner_text()
    before = page.wait_for_function(FIRST_CURVE, polling=100).json_value()
    choose(page, settle, "cancer")
    page.wait_for_function(f"document.querySelector('{KEPT}').innerText !== '{everyone}'")
    assert asked(page)["cause"] == ["cancer"]
    page.wait_for_function(f"before => ({FIRST_CURVE})() !== before", arg=before, polling=100)
    assert complaints == []


def test_filters_stay_when_another_page_is_chosen(open_page, settle):
    page = open_page("data-quality?cause=cancer")
    page.get_by_role("link", name="Reports").click()
    page.wait_for_url("**/reports?*cause=cancer*")
    settle(page)
    assert "cause: cancer" in page.locator(".chips").inner_text()


def test_an_address_brings_back_what_was_seen(open_page, sample_warehouse):
    page = open_page("data-quality?technique=kyphoplasty&technique=implant&age=60&age=79&from=2023")
    chips = page.locator(".chips").inner_text()
    assert "technique: kyphoplasty, implant" in chips
    assert "age 60 to 79" in chips
    assert "from 2023" in chips
    assert asked(page)["snapshot"] == [current_snapshot_id(sample_warehouse)]
    again = open_page(page.url.split("/", 3)[3])
    assert again.locator(".chips").inner_text() == chips


def test_an_address_of_other_records_says_that_they_changed(open_page):
    page = open_page("reports?snapshot=000000000000")
    assert page.get_by_text("Data changed since this address was made").is_visible()


def test_reset_clears_the_address(open_page, settle):
    page = open_page("reports?cause=cancer&unit=all")
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("!location.search.includes('cause')")
    settle(page)
    assert set(asked(page)) == {"snapshot"}


def test_on_a_phone_the_sidebar_closes_when_a_page_is_chosen(open_page, settle):
    page = open_page("data-quality", viewport={"width": 390, "height": 844}, has_touch=True)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name="Reports").click()
    page.wait_for_url("**/reports**")
    page.wait_for_selector('[data-testid="stSidebar"][data-collapsed="true"]', state="attached")
    assert page.locator("h1").inner_text() == "Reports"


def test_the_number_at_risk_stands_under_its_day(open_page):
    page = open_page("time-to-relief", viewport={"width": 390, "height": 844})
    figure = page.locator(".js-plotly-plot").first
    ticks = [box_of(tick) for tick in figure.locator(".xtick text").all()]
    first_row = [box_of(number) for number in figure.locator(".textpoint text").all()]
    middles = [box["x"] + box["width"] / 2 for box in first_row[: len(ticks)]]
    for tick, middle in zip(ticks, middles, strict=True):
        assert abs(tick["x"] + tick["width"] / 2 - middle) <= 2


def box_of(element):
    return element.bounding_box()
