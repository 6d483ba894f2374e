"""One server and one Chromium for the whole run; a page may reach nothing but the server."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LONGEST_START_SECONDS = 60
LONGEST_RUN_MILLISECONDS = 60_000
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
def address(browser: Browser, sample_warehouse: Path, tmp_path_factory) -> Iterator[str]:
    """Return the address of a server started by `vertebra serve` from another folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "cli.main", "serve", "--no-browser", "--port", str(port)]
    log = tmp_path_factory.mktemp("server") / "server.log"
    with log.open("w", encoding="utf-8") as written:
        server = subprocess.Popen(
            [*command, "--warehouse", str(sample_warehouse)],
            cwd=log.parent,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            root = f"http://127.0.0.1:{port}"
            _wait_until_healthy(root, server, log)
            yield root
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


@pytest.fixture
def outside() -> list[str]:
    """Return the requests that tried to leave this machine; each was blocked."""
    return []


@pytest.fixture
def complaints() -> list[str]:
    """Return what the pages' console and scripts complained of."""
    return []


@pytest.fixture
def context_of(
    browser: Browser, address: str, outside: list[str], complaints: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a context; keywords are those of `new_context`."""
    opened: list[BrowserContext] = []

    def guard(route: Route) -> None:
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def open_context(**options) -> BrowserContext:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
        context.set_default_timeout(LONGEST_RUN_MILLISECONDS)
        context.route("**/*", guard)
        context.on("console", lambda message: _listen(message, complaints))
        context.on("weberror", lambda fault: complaints.append(str(fault.error)))
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


def _listen(message, complaints: list[str]) -> None:
    where = str(message.location.get("url", ""))
    if message.type == "error" and not where.endswith(HARMLESS):
        complaints.append(f"{message.text} {where}")


@pytest.fixture
def open_page(address: str, context_of) -> Callable[..., Page]:
    """Return a function that opens a path and waits until its page has been drawn."""

    def open_path(path: str = "", **options) -> Page:
        page = context_of(**options).new_page()
        page.goto(f"{address}/{path}")
        settle(page)
        return page

    return open_path


def settle(page: Page) -> None:
    """Wait until the script has run and nothing on the page is stale."""
    page.wait_for_selector("h1")
    page.wait_for_function(
        """() => {
            const app = document.querySelector('[data-testid="stApp"]');
            const fresh = !document.querySelector('[data-stale="true"]');
            return app?.getAttribute('data-test-script-state') === 'notRunning' && fresh;
        }"""
    )
    page.wait_for_timeout(250)  # figures are painted after the script has ended


@pytest.fixture(name="settle")
def settle_fixture() -> Callable[[Page], None]:
    """Return the function that waits until a page has been drawn."""
    return settle
