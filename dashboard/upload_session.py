"""What the Load data page remembers of one browser: files, their inspection, the last outcome."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx

from dashboard.intake import IDENTIFYING, PUBLISHED, Inspection, Outcome
from etl.steps import STEPS, Progress

KEY = "load_data"
LINKED = "linked_snapshot"
"""The snapshot that this session's address names, as dashboard.freshness remembers it."""
LAST_STEP_TO_STOP = STEPS["snapshot_named"][1]
"""Share from which a load is left alone: its pointer is being swapped."""


@dataclass(frozen=True)
class Attempt:
    """With what files were tried: the mapping, and whether they hold every record."""

    mapping: str
    is_complete: bool = False


@dataclass
class UploadSession:
    """The state of the page in one browser.

    Attributes
    ----------
    round : int
        Counts the sets of files that were let go; each has an uploader of its own.
    sent : tuple of str
        Ids of the files that the server holds in memory.
    inspection : Inspection or None
        Of these files.
    looked : int
        Counts inspections; each has an editor of its own.
    checked : tuple of (Attempt, Outcome) or None
        What was tried with these files last, and what came of it.
    ended : Outcome or None
        What the files of the round before came to.
    kept : tuple of (names, str) or None
        The mapping of files that were refused for identifiers, for when they are dropped again.
    """

    round: int = 0
    sent: tuple[str, ...] = ()
    inspection: Inspection | None = None
    looked: int = 0
    checked: tuple[Attempt, Outcome] | None = None
    ended: Outcome | None = None
    kept: tuple[tuple[str, ...], str] | None = None

    @property
    def uploader_key(self) -> str:
        """Return the key of this round's uploader."""
        return f"files_{self.round}"

    @property
    def editor_key(self) -> str:
        """Return the key of this inspection's editor."""
        return f"mapping_{self.looked}"

    def note_sent(self, files: Sequence[Any]) -> None:
        """Remember which files are there; forget what is known of others, and free their bytes."""
        present = tuple(file.file_id for file in files)
        if present == self.sent:
            return
        _free([name for name in self.sent if name not in present])
        self.sent, self.inspection, self.checked = present, None, None
        if present:
            self.ended = None

    def look(self, inspection: Inspection) -> None:
        """Remember an inspection, with the mapping that was edited for these files before."""
        self.inspection = inspection
        self.looked += 1
        is_known = self.kept is not None and self.kept[0] == inspection.names
        known = self.kept[1] if self.kept and is_known and inspection.is_proposed else ""
        st.session_state[self.editor_key] = known or inspection.mapping

    def outcome_of(self, attempt: Attempt) -> Outcome | None:
        """Return what these files came to when tried in this very way."""
        if self.checked is None or self.checked[0] != attempt:
            return None
        return self.checked[1]

    def settle(self, attempt: Attempt, outcome: Outcome) -> None:
        """Remember what a check or a load came to; let go of files that are done with."""
        if outcome.status == PUBLISHED:
            st.session_state[LINKED] = outcome.shown
        if outcome.has_published or outcome.status == IDENTIFYING:
            names = self.inspection.names if self.inspection else ()
            self.kept = (names, attempt.mapping) if outcome.status == IDENTIFYING else None
            self.end(outcome)
        else:
            self.checked = attempt, outcome

    def end(self, outcome: Outcome) -> None:
        """Let go of the files, in memory too, and remember what they came to."""
        _free(self.sent)
        self.round += 1
        self.sent, self.inspection, self.checked = (), None, None
        self.ended = outcome


def session_of_browser() -> UploadSession:
    """Return what is remembered of the browser that asks."""
    if KEY not in st.session_state:
        st.session_state[KEY] = UploadSession()
    session: UploadSession = st.session_state[KEY]
    return session


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Yield what to call with each step of a load.

    What is clicked meanwhile waits for the end of the load. A session that ends stops its load
    while the warehouse is still as it was, and no more once the pointer is being swapped.
    """
    bar = st.progress(0.0, text="Starting")
    clicked: list[RerunException] = []

    def notify(words: str, share: float) -> None:
        if share >= LAST_STEP_TO_STOP:
            return
        try:
            bar.progress(share, text=words)
        except RerunException as request:
            clicked.append(request)

    yield notify
    if clicked:
        raise clicked[-1]
    bar.empty()


def _free(file_ids: Sequence[str]) -> None:
    """Remove files from the server's memory."""
    context = get_script_run_ctx()
    if context is None or not isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        return
    for file_id in file_ids:
        context.uploaded_file_mgr.remove_file(context.session_id, file_id)
