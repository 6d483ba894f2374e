"""One Chromium, one server; a page may reach nothing but the server."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Literal

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Names other than this machine's are not found: a request for one fails and is recorded.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
LONGEST_START_SECONDS = 60
LONGEST_RUN_MILLISECONDS = 60_000
POLLING_MILLISECONDS = 100
"""By default a condition is asked at every frame, which costs a core where frames are drawn."""
NOWHERE = "about:blank"
DESK: ViewportSize = {"width": 1440, "height": 900}
OWN_SCHEMES = ("data:", "blob:")
HARMLESS = ("/_stcore/health", "/_stcore/host-config")
"""Deep links ask for these under their own path first; Streamlit then asks again at the root."""


def chromium_path() -> str | None:
    """Return where a Chromium is, or nothing."""
    chosen = os.environ.get("VERTEBRA_CHROMIUM")
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    return chosen or next((path for path in found if path), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a Chromium; skip, or fail where it is required, when there is none."""
    path = chromium_path()
    if path is None:
        words = "no Chromium was found; on Debian and Ubuntu: apt install chromium"
        if os.environ.get("VERTEBRA_REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def serving() -> Callable[[Path, Path], AbstractContextManager[str]]:
    """Return a function that serves a warehouse from a folder: `with serving(...) as address`."""
    return _serving


@contextmanager
def _serving(warehouse: Path, folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "cli.main", "serve", "--no-browser", "--port", str(port)]
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as written:
        server = subprocess.Popen(
            [*command, "--warehouse", str(warehouse)],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_healthy(root: str, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{root}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture(scope="session")
def address(browser: Browser, sample_warehouse: Path, serving, tmp_path_factory) -> Iterator[str]:
    """Return the address of a server started by `vertebra serve` from another folder."""
    with serving(sample_warehouse, tmp_path_factory.mktemp("served")) as root:
        yield root


class Windows:
    """Browser contexts, with touch and without, each with a tab that is kept for the whole run.

    The tab holds the program's scripts, read and compiled, between pages: to open the next one
    costs a third of what it does in a new tab. `outside` and `complaints` are those of the test
    that runs.
    """

    def __init__(self, browser: Browser) -> None:
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self._browser = browser
        self._contexts: dict[bool, BrowserContext] = {}
        self._address = NOWHERE

    def open(
        self,
        address: str,
        path: str,
        *,
        viewport: ViewportSize = DESK,
        color_scheme: Literal["dark", "light"] = "light",
        has_touch: bool = False,
    ) -> Page:
        """Open a path of a server and wait until its page has been drawn."""
        self._address = address
        page = self._free_tab(has_touch)
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme, reduced_motion="reduce")
        page.goto(f"{address}/{path}")
        settle(page)
        return page

    def clear(self) -> None:
        """Leave every page and forget what was heard."""
        for context in self._contexts.values():
            for page in context.pages[1:]:
                page.close()
            for page in (page for page in context.pages if page.url != NOWHERE):
                page.evaluate("sessionStorage.clear()")
                page.goto(NOWHERE)
        self.outside.clear()
        self.complaints.clear()

    def _free_tab(self, has_touch: bool) -> Page:
        if has_touch not in self._contexts:
            self._contexts[has_touch] = self._listened(
                self._browser.new_context(has_touch=has_touch)
            )
        context = self._contexts[has_touch]
        free = [page for page in context.pages if page.url == NOWHERE]
        return free[0] if free else context.new_page()

    def _listened(self, context: BrowserContext) -> BrowserContext:
        context.set_default_timeout(LONGEST_RUN_MILLISECONDS)
        context.on("request", lambda request: self._note_request(request.url))
        context.on("console", self._note_message)
        context.on("weberror", lambda fault: self.complaints.append(str(fault.error)))
        return context

    def _note_request(self, url: str) -> None:
        if not url.startswith((self._address, *OWN_SCHEMES)):
            self.outside.append(url)

    def _note_message(self, message) -> None:
        where = str(message.location.get("url", ""))
        if message.type == "error" and not where.endswith(HARMLESS):
            self.complaints.append(f"{message.text} {where}")


@pytest.fixture(scope="session")
def all_windows(browser: Browser) -> Windows:
    """Return the contexts of this worker."""
    return Windows(browser)


@pytest.fixture
def windows(all_windows: Windows) -> Iterator[Windows]:
    """Return the contexts, without pages of an earlier test."""
    yield all_windows
    all_windows.clear()


@pytest.fixture
def outside(windows: Windows) -> list[str]:
    """Return the requests that tried to leave this machine; each failed."""
    return windows.outside


@pytest.fixture
def complaints(windows: Windows) -> list[str]:
    """Return what the pages' console and scripts complained of."""
    return windows.complaints


@pytest.fixture
def open_page(address: str, windows: Windows) -> Callable[..., Page]:
    """Return a function that opens a path of the sample's server; options as of Windows.open."""
    return lambda path="", **options: windows.open(address, path, **options)


def settle(page: Page) -> None:
    """Wait until the script has run, nothing is stale and every figure fills its place."""
    page.wait_for_function(
        """() => {
            const app = document.querySelector('[data-testid="stApp"]');
            const run = app?.getAttribute('data-test-script-state') === 'notRunning';
            const fresh = !document.querySelector('[data-stale="true"]');
            const figures = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')];
            const painted = figures.every((figure) => {
                const svg = figure.querySelector('.main-svg');
                return svg && Math.abs(svg.clientWidth - figure.clientWidth) <= 2;
            });
            const loading = document.querySelector('[data-testid="stSkeleton"]');
            return document.querySelector('h1') && run && fresh && painted && !loading;
        }""",
        polling=POLLING_MILLISECONDS,
    )


@pytest.fixture(name="settle")
def settle_fixture() -> Callable[[Page], None]:
    """Return the function that waits until a page has been drawn."""
    return settle
