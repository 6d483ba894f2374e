"""One Chromium a worker, one server for all of them; a page may reach nothing but the server."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from etl.pipeline import load
from warehouse.settings import Settings
from warehouse.sql_files import records_root

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

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
LONGEST_SHARED_SECONDS = 900
LONGEST_RUN_MILLISECONDS = 60_000
POLLING_MILLISECONDS = 100
"""By default a condition is asked at every frame, which costs a core where frames are drawn."""
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
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that every worker of this run sees."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "browser"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: one worker at a time."""
    lock = folder / "lock"
    until = time.monotonic() + 2 * LONGEST_START_SECONDS
    while True:
        try:
            lock.mkdir()
            break
        except FileExistsError:
            assert time.monotonic() < until, f"{lock} was not given free"
            time.sleep(0.1)
    try:
        yield
    finally:
        lock.rmdir()


@pytest.fixture(scope="session")
def sample_warehouse(shared: Path) -> Path:
    """Return the pointer of a warehouse of the sample, loaded by the first worker that asks."""
    warehouse = shared / "vertebra.warehouse"
    with alone_in(shared):
        if not warehouse.exists():
            load([records_root() / "sample"], Settings(warehouse))
    return warehouse


@pytest.fixture(scope="session")
def address(browser: Browser, sample_warehouse: Path, shared: Path) -> Iterator[str]:
    """Return the address of a server started by `vertebra serve` from another folder.

    The first worker starts it and, when it is done, waits for the others before it stops it.
    """
    users = shared / "users"
    users.mkdir(exist_ok=True)
    mine = users / str(os.getpid())
    told = shared / "address"
    server = None
    with alone_in(shared):
        if not told.exists():
            server, root = _started(sample_warehouse, shared)
            told.write_text(root, encoding="utf-8")
        mine.touch()
    try:
        yield told.read_text(encoding="utf-8")
    finally:
        mine.unlink()
        if server is not None:
            _stop_after_the_others(server, users, told)


def _started(warehouse: Path, folder: Path) -> tuple[subprocess.Popen, str]:
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
    root = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(root, server, log)
    except BaseException:
        server.terminate()
        raise
    return server, root


def _stop_after_the_others(server: subprocess.Popen, users: Path, told: Path) -> None:
    until = time.monotonic() + LONGEST_SHARED_SECONDS
    while time.monotonic() < until:
        with alone_in(told.parent):
            if not any(users.iterdir()):
                told.unlink()
                break
        time.sleep(0.5)
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


class Windows:
    """Browser contexts, one for each way of looking, kept for the whole run.

    A context keeps the program's scripts between pages, so that only the first page fetches them.
    `outside` and `complaints` are those of the test that runs.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self._browser = browser
        self._address = address
        self._contexts: dict[str, BrowserContext] = {}

    def context(self, **options) -> BrowserContext:
        """Return the context with these keywords of `new_context`."""
        options = {
            "viewport": {"width": 1440, "height": 900},
            "color_scheme": "light",
            "reduced_motion": "reduce",
        } | options
        if repr(options) not in self._contexts:
            self._contexts[repr(options)] = self._listened(self._browser.new_context(**options))
        return self._contexts[repr(options)]

    def clear(self) -> None:
        """Close every page and forget what was heard."""
        for context in self._contexts.values():
            for page in context.pages:
                page.close()
        self.outside.clear()
        self.complaints.clear()

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
def all_windows(browser: Browser, address: str) -> Windows:
    """Return the contexts of this worker."""
    return Windows(browser, address)


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
    """Return a function that opens a path and waits until its page has been drawn."""

    def open_path(path: str = "", **options) -> Page:
        page = windows.context(**options).new_page()
        page.goto(f"{address}/{path}")
        settle(page)
        return page

    return open_path


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
