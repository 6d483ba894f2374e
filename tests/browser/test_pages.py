"""Pages in a real browser: drawn, reachable by everyone, and silent towards the outside."""

from contextlib import suppress
from importlib.resources import files

import pytest

from dashboard.navigation import PAGES

pytest.importorskip("axe_playwright_python")
pytest.importorskip("playwright.sync_api")

from playwright.sync_api import TimeoutError as NeverHappened

pytestmark = pytest.mark.browser

ADDRESSES = {entry.path: "" if entry is PAGES[0] else entry.path for entry in PAGES}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NOT_OURS_TO_JUDGE = [".js-plotly-plot"]
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
    "stFileUploader",
    "stTooltip",
)
"""Parts that Streamlit draws by itself: their faults are not ours to mend."""
FAULTS = """async ([rules, excluded, parts]) => {
    const found = await axe.run(
        {exclude: [excluded]}, {runOnly: rules, resultTypes: ['violations']}
    );
    const isOwn = (node) => parts.some(
        (part) => document.querySelector(node.target[0])?.closest(`[data-testid^="${part}"]`)
    );
    return found.violations.flatMap((fault) => fault.nodes
        .filter((node) => !isOwn(node))
        .map((node) => `${fault.id}: ${node.html.slice(0, 160)}`));
}"""

SCROLLED_BY_ITSELF = '.scroll, [data-testid="stDataFrame"], [role="tablist"] > *'
"""Parts that may be wider than the screen, since what holds them scrolls."""
TOO_WIDE = f"""() => [...document.querySelectorAll('[data-testid="stMain"] *')]
    .filter((element) => !element.closest('{SCROLLED_BY_ITSELF}'))
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => element.outerHTML.slice(0, 120))"""
LAID_OUT_MILLISECONDS = 10_000


@pytest.fixture(scope="module")
def axe() -> str:
    """Return the script that judges a page."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def faults_of(page):
    """Return the faults axe finds in what we draw, each with its element."""
    return page.evaluate(FAULTS, [RULES, NOT_OURS_TO_JUDGE, list(STREAMLITS_OWN)])


@pytest.mark.parametrize("path", list(ADDRESSES))
def test_a_page_is_drawn_without_faults_in_light_dark_and_on_a_phone(
    open_page, settle, axe, path, outside, complaints
):
    page = open_page(ADDRESSES[path])
    assert page.locator("h1").count() == 1
    assert page.get_by_text("a fault in the program").count() == 0
    assert page.locator('[data-testid="stException"]').count() == 0
    page.evaluate(axe)
    faults = faults_of(page)
    turn_dark(page)
    faults += [f"dark: {fault}" for fault in faults_of(page)]
    assert faults == []
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert too_wide(page) == []
    assert outside == []
    assert complaints == []


def turn_dark(page):
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.wait_for_function(
        """() => getComputedStyle(document.querySelector('[data-testid="stApp"]'))
            .colorScheme === 'dark' && document.getAnimations()
            .every((change) => change.playState !== 'running')""",
        polling=100,
    )


def too_wide(page, within=LAID_OUT_MILLISECONDS):
    """Return what reaches beyond the right edge of the screen once it has been laid out anew."""
    with suppress(NeverHappened):
        page.wait_for_function(f"() => ({TOO_WIDE})().length === 0", polling=100, timeout=within)
    return page.evaluate(TOO_WIDE)


def test_a_page_that_asks_for_something_outside_is_noticed(open_page, outside, complaints):
    page = open_page("reports")
    page.evaluate("fetch('https://outside.invalid/figure.js').catch(() => 'blocked')")
    assert outside == ["https://outside.invalid/figure.js"]
    assert any("ERR_NAME_NOT_RESOLVED" in complaint for complaint in complaints)


def test_a_fault_of_ours_is_noticed_in_either_theme(open_page, axe):
    page = open_page("reports")
    page.evaluate(axe)
    page.evaluate(
        """() => document.querySelector('h1').insertAdjacentHTML('afterend',
            '<p id="pale" style="color: #777; background: #888">pale</p>')"""
    )
    assert [fault.partition(":")[0] for fault in faults_of(page)] == ["color-contrast"]
    turn_dark(page)
    assert [fault.partition(":")[0] for fault in faults_of(page)] == ["color-contrast"]


def test_what_is_wider_than_the_screen_is_noticed(open_page):
    page = open_page("reports")
    page.evaluate(
        """() => document.querySelector('h1').insertAdjacentHTML('afterend',
            '<p id="wide" style="width: 3000px">wide</p>')"""
    )
    assert any('id="wide"' in element for element in too_wide(page, within=500))
