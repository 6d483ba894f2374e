"""Imports point down, and heavy libraries stay in their room."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_imports_point_down_and_libraries_stay_in_their_rooms():
    checked = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_no_file_takes_a_standard_library_name():
    # Streamlit puts dashboard/ first on sys.path, so such a file would hide the library's own.
    rooms = ["dashboard", "dashboard/views"]
    taken = [
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).glob("*.py")
        if path.stem in sys.stdlib_module_names
    ]
    assert taken == []


def test_vague_room_names_are_not_used():
    vague = {"common", "core", "utils", "helpers", "constants", "pages", "misc", "manager"}
    rooms = ["analysis", "charts", "cli", "dashboard", "etl", "reports", "warehouse"]
    found = [
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).rglob("*")
        if path.stem in vague
    ]
    assert found == []
