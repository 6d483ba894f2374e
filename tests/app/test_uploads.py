"""Dropped files: their names, their limits, and the folder they lie in while they are read."""

import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException

from dashboard import upload_session, uploads
from dashboard.uploads import Dropped, accept, private_folder, remove_leftovers, safe_name
from etl.lock import hold_lock
from etl.steps import STEPS
from warehouse.errors import SourceUnreadable
from warehouse.snapshot import snapshot_folder


@dataclass
class Sent:
    name: str
    content: bytes = b"a,b\n1,2\n"

    def getbuffer(self) -> memoryview:
        return memoryview(self.content)


@pytest.mark.parametrize(
    "name",
    [
        "procedures.csv",
        "own.xlsx",
        "Mercy spine 2023.xlsx",
        "procedure_occurrence.csv",
        "Observation.000.ndjson",
        "pain_and_function.csv",
    ],
)
def test_a_plain_name_is_kept(name):
    assert safe_name(name, 3) == name


@pytest.mark.parametrize(
    "name",
    [
        "john smith.csv",
        "Smith, John.csv",
        "Müller_Anna.csv",
        "cases 2024-03-01.csv",
        "MRN 12345.csv",
        "1234567.csv",
        "john.smith@example.org.csv",
        "a" * 101 + ".csv",
        "a\nb.csv",
        "![x](y).csv",
        ".hidden.csv",
    ],
)
def test_a_name_that_may_identify_or_disturb_becomes_a_number(name):
    assert safe_name(name, 3) == "file_3.csv"


@pytest.mark.parametrize("name", ["../../leaks.csv", "C:\\patients\\leaks.csv", "/a/leaks.csv"])
def test_a_name_is_a_base_name(name):
    assert safe_name(name, 1) == "leaks.csv"


def test_a_file_over_the_limit_is_refused_with_the_command_that_takes_it(monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_FILE", 4)
    with pytest.raises(SourceUnreadable, match=r"own.csv: has .*(\n.*)*vertebra load FILE"):
        accept([Sent("own.csv")])


def test_files_over_the_limit_together_are_refused(monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_TOTAL", 12)
    assert len(accept([Sent("a.csv")])) == 1
    with pytest.raises(SourceUnreadable, match="together"):
        accept([Sent("a.csv"), Sent("b.csv")])


def test_two_files_of_one_name_two_mappings_and_other_kinds_are_refused():
    with pytest.raises(SourceUnreadable, match="two files have this name"):
        accept([Sent("a.csv"), Sent("A.csv")])
    with pytest.raises(SourceUnreadable, match="Two mappings"):
        accept([Sent("a.toml"), Sent("b.toml")])
    with pytest.raises(SourceUnreadable, match="files of this kind are not read"):
        accept([Sent("a.exe")])


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_dropped_files_are_readable_by_their_owner_only(tmp_path):
    warehouse = tmp_path / "w.warehouse"
    with private_folder(warehouse) as folder:
        [path] = uploads.write_files([Dropped("a.csv", memoryview(b"a"))], folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_private_folder_goes_after_an_error_too(tmp_path):
    warehouse = tmp_path / "w.warehouse"
    with pytest.raises(OSError, match="disk"):
        fail_in_a_private_folder(warehouse)
    assert list((snapshot_folder(warehouse) / "uploads").iterdir()) == []


def fail_in_a_private_folder(warehouse):
    with private_folder(warehouse) as folder:
        (folder / "a.csv").write_bytes(b"a")
        raise OSError("the disk is full")


def test_what_a_killed_server_left_goes_and_what_is_in_use_stays(tmp_path):
    warehouse = tmp_path / "w.warehouse"
    with private_folder(warehouse) as used:
        (used.parent / "left").mkdir()
        (used.parent / "left" / "a.csv").write_bytes(b"a")
        remove_leftovers(warehouse)
        assert [path.name for path in used.parent.iterdir() if path.is_dir()] == [used.name]
        with hold_lock(used.parent / "other", datetime.now(UTC)):
            (used.parent / "other").mkdir()
            remove_leftovers(warehouse)
            assert (used.parent / "other").exists()


class Bar:
    """Stands for st.progress; raises what a session asks for at one step."""

    def __init__(self, at: str, asked: BaseException | None) -> None:
        self.shown: list[str] = []
        self._at, self._asked = at, asked

    def progress(self, share: float, text: str) -> None:
        self.shown.append(text)
        if text == self._at and self._asked is not None:
            raise self._asked

    def empty(self) -> None:
        self.shown.append("")


def walk(monkeypatch, bar: Bar) -> None:
    monkeypatch.setattr(upload_session.st, "progress", lambda *_, **__: bar)
    with upload_session.shown_progress() as progress:
        for words, share in STEPS.values():
            progress(words, share)


def test_every_step_of_a_load_is_shown_until_the_pointer_is_swapped(monkeypatch):
    bar = Bar("", None)
    walk(monkeypatch, bar)
    assert bar.shown[0] == "Counting records"
    assert "Checking records" in bar.shown
    assert bar.shown[-2:] == ["Publishing", ""]


def test_a_click_during_a_load_waits_for_its_end(monkeypatch):
    bar = Bar("Checking records", RerunException(RerunData()))
    with pytest.raises(RerunException):
        walk(monkeypatch, bar)
    assert bar.shown[-1] == "Publishing"


def test_a_session_that_ends_stops_its_load_but_not_while_the_pointer_is_swapped(monkeypatch):
    bar = Bar("Checking records", StopException())
    with pytest.raises(StopException):
        walk(monkeypatch, bar)
    assert bar.shown[-1] == "Checking records"
    walk(monkeypatch, Bar("Cleaning up", StopException()))
