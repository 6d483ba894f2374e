"""How soon the server answers, and how soon a filter has changed every chart on a page."""

import os
import socket
import statistics
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from bench.measuring import ROOT, SCRATCH, remember, vertebra

CHROMIUM = os.environ.get("VERTEBRA_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PAGES = ("", "time-to-relief", "return-to-activity", "complications")
CHOICES = ("cancer", "trauma", "osteoporosis")
PAINTED = """
before => {
    const app = document.querySelector('[data-testid="stApp"]');
    const kept = document.querySelector('[data-testid="stMain"]').innerText.match(/[\\d,]+ of/);
    return kept && kept[0] !== before
        && app.dataset.testScriptState === 'notRunning'
        && !document.querySelector('[data-stale="true"]');
}
"""
KEPT = "() => document.querySelector('[data-testid=\"stMain\"]').innerText.match(/[\\d,]+ of/)?.[0]"
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def measure() -> None:
    """Measure the start of the server and changes of the cohort on the sample."""
    warehouse = SCRATCH / "screen" / "bench.warehouse"
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    sample = str(ROOT / "data" / "sample")
    subprocess.run(vertebra("load", sample, "--warehouse", str(warehouse)), check=True)
    serve = vertebra("serve", "--no-browser", "--warehouse", str(warehouse))
    with _served(serve) as (address, seconds):
        rows = [{"what": "server healthy after `vertebra serve`", "milliseconds": _ms(seconds)}]
        rows += _measure_pages(address)
    remember("screen", rows)


def _measure_pages(address: str) -> list[dict[str, object]]:
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for path in PAGES:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{address}/{path}")
            page.wait_for_function(PAINTED, arg="", timeout=60_000)
            new, seen = _change_cohort(page)
            name = path or "overview"
            rows.append({"what": f"{name}: new cohort, aim 450", "milliseconds": _ms(new)})
            rows.append({"what": f"{name}: cohort seen before, aim 300", "milliseconds": _ms(seen)})
            page.close()
        browser.close()
    return rows


def _change_cohort(page: Page) -> tuple[float, float]:
    """Return the median seconds of a cohort's first and second choosing."""
    times: dict[str, list[float]] = {"new": [], "seen": []}
    for kind in ("new", "seen"):
        for cause in CHOICES:
            pill = page.locator('[data-testid="stSidebar"]').get_by_text(cause, exact=True).first
            times[kind].append(_seconds_to_paint(page, pill.click))
            _seconds_to_paint(page, pill.click)
    return statistics.median(times["new"]), statistics.median(times["seen"])


def _seconds_to_paint(page: Page, act) -> float:
    before = page.evaluate(KEPT)
    started = time.perf_counter()
    act()
    page.wait_for_function(PAINTED, arg=before, polling="raf", timeout=60_000)
    page.evaluate(TWO_FRAMES)
    return time.perf_counter() - started


@contextmanager
def _served(command: list[str]) -> Iterator[tuple[str, float]]:
    """Serve while the block runs; give the address and the seconds until it was healthy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([*command, "--port", str(port)], **quiet)
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}", time.perf_counter() - started
    finally:
        server.terminate()
        server.wait()


def _wait_until_healthy(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise SystemExit("the server did not become healthy within 60 seconds")


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
