"""Files dropped in a real browser: from the first look to the published snapshot."""

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from etl.pipeline import load
from warehouse.settings import Settings
from warehouse.snapshot import read_pointer, snapshot_folder

pytest.importorskip("axe_playwright_python")
pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

COLUMNS = "procedure_id,patient_id,site_id,procedure_year,technique,cause"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OURS = '[data-testid="stMain"]'
STREAMLITS_OWN = [["[data-testid='stFileUploader']"], ["[data-testid='stExpander'] summary"]]
"""Widgets that Streamlit draws by itself: their faults are not ours to mend."""
FAULTS = """async ([rules, ours, others]) => {
    const found = await axe.run(
        {include: [ours], exclude: others}, {runOnly: rules, resultTypes: ['violations']}
    );
    return found.violations.flatMap((fault) => fault.nodes
        .map((node) => `${fault.id}: ${node.html.slice(0, 160)}`));
}"""
TOO_WIDE = """() => [...document.querySelectorAll('[data-testid="stMain"] *')]
    .filter((element) => !element.closest('.scroll, [data-testid="stFileUploader"]'))
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => element.outerHTML.slice(0, 120))"""


def procedures(count: int) -> str:
    lines = [f"C{n},P{n},A,2024,kyphoplasty,osteoporosis" for n in range(count)]
    return "\n".join([COLUMNS, *lines]) + "\n"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pointer of a warehouse of five procedures, which the tests add to."""
    folder = tmp_path_factory.mktemp("loaded")
    (folder / "procedures.csv").write_text(procedures(5), encoding="utf-8")
    load([folder / "procedures.csv"], Settings(folder / "vertebra.warehouse"))
    return folder / "vertebra.warehouse"


@pytest.fixture(scope="module")
def own_address(browser: Browser, serving, warehouse: Path) -> Iterator[str]:
    """Return the address of a server of this warehouse alone: the tests publish into it."""
    with serving(warehouse, warehouse.parent) as address:
        yield address


@pytest.fixture
def open_own_page(own_address: str, windows) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the page of this warehouse; it may reach nothing but it."""
    yield lambda **options: windows.open(own_address, "load-data", **options)
    assert windows.outside == []


def drop(page: Page, *sent: tuple[str, str]) -> None:
    page.set_input_files(
        'input[type="file"]',
        [{"name": n, "mimeType": "text/csv", "buffer": text.encode()} for n, text in sent],
    )
    page.get_by_text("What was dropped").wait_for()


def press(page: Page, name: str, then: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_text(then).first.wait_for()


def faults_of(page: Page) -> list[str]:
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    return page.evaluate(FAULTS, [RULES, OURS, STREAMLITS_OWN])


def uploaded(warehouse: Path) -> list[Path]:
    return list((snapshot_folder(warehouse) / "uploads").glob("*"))


def test_what_is_published_is_shown_on_the_other_pages(open_own_page, warehouse, settle):
    page = open_own_page()
    assert page.locator(".chips .kept").inner_text() == "5 of 5 procedures kept"
    drop(page, ("procedures.csv", procedures(8)))
    press(page, "Check", "Checked; nothing was published")
    settle(page)
    assert faults_of(page) == []
    press(page, "Publish", "Published. Every page shows snapshot")
    settle(page)
    assert read_pointer(warehouse).snapshot_id in page.locator(OURS).inner_text()
    assert uploaded(warehouse) == []
    assert page.locator('[data-testid="stFileUploaderFile"]').count() == 0
    page.get_by_role("link", name="Go to Overview").click()
    page.wait_for_function("document.querySelector('h1')?.innerText === 'Overview'")
    settle(page)
    assert page.locator(".chips .kept").inner_text() == "8 of 8 procedures kept"
    assert page.get_by_text("Data changed since").count() == 0


def test_a_file_of_ones_own_is_proposed_edited_and_tried_on_a_phone_in_the_dark(
    open_own_page, warehouse, settle
):
    own = "Case No,Patient,Site,Year,Procedure type,Cause,Date of birth\n" + "".join(
        f"X{n},Q{n},A,2024,BKP,cancer,1950-02-{n + 10}\n" for n in range(9)
    )
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}
    before = warehouse.read_bytes()
    page = open_own_page(**phone)
    drop(page, ("own.csv", own))
    editor = page.get_by_label("Mapping (TOML)")
    assert "mono" in editor.evaluate("(box) => getComputedStyle(box).fontFamily")
    assert "1950-02-1" not in page.content()
    editor.fill(editor.input_value().replace('procedure_year = "Year"', 'procedure_year = "?"'))
    press(page, "I have reviewed every line", "Try it, then publish")
    press(page, "Check", "The files cannot be read as they stand")
    editor.fill(editor.input_value().replace('procedure_year = "?"', 'procedure_year = "Year"'))
    press(page, "Check", "Checked; nothing was published")
    settle(page)
    assert faults_of(page) == []
    assert page.evaluate(TOO_WIDE) == []
    assert warehouse.read_bytes() == before


def test_a_browser_that_is_closed_in_the_middle_leaves_a_whole_warehouse(open_own_page, warehouse):
    page = open_own_page()
    before = page.locator(".chips .kept").inner_text()
    drop(page, ("procedures.csv", procedures(3000)))
    press(page, "Check", "Checked; nothing was published")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("progressbar").first.wait_for()
    page.close()
    page = open_own_page()
    kept = page.locator(".chips .kept").inner_text()
    assert kept in (before, "3,000 of 3,000 procedures kept")
