"""Pages in a real browser: drawn, reachable by everyone, and silent towards the outside."""

import pytest

from dashboard.navigation import PAGES

axe_playwright_python = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ADDRESSES = {entry.path: "" if entry is PAGES[0] else entry.path for entry in PAGES}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
STREAMLITS_OWN = (
    "stSidebarNav",
    "stSidebarHeader",
    "stSidebarContent",
    "stHeader",
    "stToolbar",
    "stLogo",
    "stMainMenu",
    "stSelectbox",
    "stMultiSelect",
    "stSlider",
    "stDataFrame",
    "stTooltip",
)
"""Parts that Streamlit draws by itself: their faults are not ours to mend."""


def faults_of(page):
    """Return the faults axe finds in what we draw, each with its elements."""
    found = axe_playwright_python.Axe().run(page, options=RULES).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in found
        for node in fault["nodes"]
        if not is_streamlits_own(page, node["target"][0])
    ]


def is_streamlits_own(page, selector):
    return page.evaluate(
        """([selector, parts]) => {
            const element = document.querySelector(selector);
            return parts.some((part) => element?.closest(`[data-testid^="${part}"]`));
        }""",
        [selector, list(STREAMLITS_OWN)],
    )


@pytest.mark.parametrize("path", list(ADDRESSES))
def test_a_page_is_drawn_without_faults_in_light_and_dark(open_page, path, outside, complaints):
    page = open_page(ADDRESSES[path], color_scheme="light")
    assert page.locator("h1").count() == 1
    assert page.get_by_text("a fault in the program").count() == 0
    assert page.locator('[data-testid="stException"]').count() == 0
    faults = faults_of(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "getComputedStyle(document.querySelector('[data-testid=\"stApp\"]')).colorScheme === 'dark'"
    )
    page.wait_for_timeout(250)
    faults += [f"dark: {fault}" for fault in faults_of(page)]
    assert faults == []
    assert outside == []
    assert complaints == []


@pytest.mark.parametrize("path", list(ADDRESSES))
def test_a_phone_shows_a_page_without_scrolling_sideways(open_page, path):
    page = open_page(
        ADDRESSES[path], viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
    )
    wide = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stMain"] *')]
            .filter((element) => !element.closest('.scroll, [data-testid="stDataFrame"]'))
            .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
            .map((element) => element.outerHTML.slice(0, 120))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
