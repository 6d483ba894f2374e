"""Pages in a real browser: drawn, reachable by everyone, and silent towards the outside."""

import pytest

from dashboard.navigation import PAGES

axe_playwright_python = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ADDRESSES = {entry.path: "" if entry is PAGES[0] else entry.path for entry in PAGES}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTEXT = {"exclude": [[".js-plotly-plot"]]}
"""Figures are images with a text of their own; the contrast of their parts is a unit test."""
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
    found = (
        axe_playwright_python.Axe().run(page, context=CONTEXT, options=RULES).response["violations"]
    )
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
def test_a_page_is_drawn_without_faults_in_light_dark_and_on_a_phone(
    open_page, path, outside, complaints
):
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
    assert too_wide_on_a_phone(page) == []
    assert outside == []
    assert complaints == []


def too_wide_on_a_phone(page):
    """Return what reaches beyond the right edge of a narrow screen."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(700)  # figures are drawn again to the new width
    return page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stMain"] *')]
            .filter((element) => !element.closest('.scroll, [data-testid="stDataFrame"]'))
            .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
            .map((element) => element.outerHTML.slice(0, 120))"""
    )
