"""What the README says happens when its commands are run."""

import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from warehouse.snapshot import read_pointer

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LONGEST_START_SECONDS = 60


def commands() -> list[str]:
    return re.findall(r"^\$ python3 start\.py ?(\w*)", README, re.MULTILINE)


@pytest.fixture
def start_py() -> dict:
    """Return what start.py defines, where its own set-up is the one that is running."""
    defined = runpy.run_path(str(ROOT / "start.py"))
    if defined["text_of"](defined["STAMP"]) != defined["fingerprint"]():
        pytest.skip("not set up by start.py here; run `python3 start.py test`")
    return defined


def healthy(port: int, server: subprocess.Popen) -> bool:
    until = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as answer:
                return answer.read() == b"ok"
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


@pytest.mark.skipif(os.name == "nt", reason="stops the server by SIGINT")
def test_the_first_command_serves_the_sample_at_the_address_it_prints(start_py, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    warehouse = tmp_path / "x.warehouse"
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "start.py"), "--no-browser", "--port", str(port)],
        cwd=tmp_path,
        env=os.environ | {"VERTEBRA_WAREHOUSE": str(warehouse)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        assert healthy(port, server)
        assert f"snapshot {read_pointer(warehouse).snapshot_id} (published)" in README
    finally:
        os.killpg(server.pid, signal.SIGINT)
        printed, _ = server.communicate(timeout=30)
    assert f"Dashboard: http://127.0.0.1:{port}" in printed


def test_every_command_in_the_readme_is_one_that_exists():
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    named = {verb for verb in commands() if verb not in ("", "test")}
    assert {"check", "load", "serve", "report"} <= named
    assert [verb for verb in named if verb not in done.stdout] == []


def test_every_place_that_documents_point_to_exists():
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    missing = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert missing == []


def test_no_message_sends_anybody_to_a_command_that_does_not_exist():
    rooms = ("analysis", "charts", "cli", "dashboard", "etl", "reports", "warehouse")
    told = {
        verb
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        for verb in re.findall(r"`vertebra ([a-z]+)", path.read_text(encoding="utf-8"))
    }
    existing = {
        "load", "check", "map", "deidentify", "status", "sample", "serve", "demo", "report",
    }  # fmt: skip
    assert {"load", "status"} <= told
    assert told - existing == set()
