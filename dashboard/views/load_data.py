"""Page: drop files, see what they are, try them, and publish them by one explicit button."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from dashboard import intake, intake_words
from dashboard.components import card, page_heading, show_table
from dashboard.intake import Inspection, Outcome, Refusal
from dashboard.loaders import warehouse_path
from dashboard.upload_session import Attempt, UploadSession, session_of_browser, shown_progress
from dashboard.uploads import ACCEPTED, LARGEST_FILE, Dropped, accept, remove_leftovers
from dashboard.views import data_quality, overview
from etl.demonstration import holds_only_the_sample
from warehouse.errors import SourceUnreadable

CHECKED_HEADS = [
    "Table",
    "Read",
    "Fit to load",
    "Unchanged",
    "To update",
    "Refused",
    "Out of scope",
]
LOADED_HEADS = ["Table", "Read", "Loaded", "Unchanged", "Updated", "Refused", "Out of scope"]
FINDING_HEADS = ["Rule", "Table", "Records", "Where"]
HEADLINES = {
    intake.PUBLISHED: "Published. Every page shows snapshot {shown} now.",
    intake.UNCHANGED: "Nothing changed: every record was there already. {still}",
    intake.CHECKED: "Checked; nothing was published. {still}",
    intake.REFUSED: "Refused; nothing was published. {still}",
    intake.IDENTIFYING: "Refused: something in the files identifies people. Nothing of them was "
    "kept, and nothing was published. {still}",
    intake.UNREADABLE: "The files cannot be read as they stand; nothing was published. {still}",
    intake.UNAVAILABLE: "The warehouse cannot be loaded now; nothing was published. {still}",
}
PUBLISHING = {
    False: "Publishing adds these records; every page then shows the new snapshot.",
    True: "Every record that is fit to load is there already: publishing changes nothing.",
}
"""Whether nothing would change -> what publishing does."""
REMOVING = (
    "Publishing makes these records the only ones. Those of the warehouse that the files lack are "
    "removed: {removed}. Every page then shows the new snapshot."
)
COMPLETE = "These files hold every record: remove what they lack"
ABOUT_COMPLETE = (
    "Leave this off for an export of some months or of some tables. With it, published records "
    "that the files lack are removed, and the check says how many."
)
ACCEPTANCE = """<ul class="footnotes">
<li><b>Accepted:</b> procedures.csv and its sister tables, or tables of your own with a mapping
that is proposed to you: CSV, Excel, Parquet, JSON lines, REDCap, OMOP, FHIR.</li>
<li><b>Refused:</b> what identifies people: names, dates, record numbers, postal codes, free
text.</li>
<li><b>Where it stays:</b> on the machine that runs this page. A file lies on its disk, in a private
folder, only while it is read; records are what is published.</li></ul>"""
EDITOR_STYLE = """<style>.st-key-mapping_editor textarea {
  font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: 0.82rem; line-height: 1.5; white-space: pre; overflow-x: auto; }</style>"""


def show() -> None:
    """Show the page."""
    if intake.shown_snapshot(warehouse_path()):
        page_heading("Load data")
    else:  # the first load makes the warehouse
        st.title("Load data", anchor=False)
    remove_leftovers(warehouse_path())
    session = session_of_browser()
    is_demo = holds_only_the_sample(warehouse_path())
    if is_demo:
        st.info(
            "This warehouse holds the synthetic sample. Files can be checked here and not "
            "published, because your records would mix with it. For your own records run "
            "`vertebra serve --warehouse my-practice.warehouse`."
        )
    ended = st.container()
    with card("drop_files", "Drop your files", "Nothing is published before you press Publish"):
        dropped = _show_uploader(session)
    if session.ended is not None:
        with ended:
            _show_ended(session.ended)
    if dropped:
        _show_dropped(session, dropped, is_demo=is_demo)


def _show_uploader(session: UploadSession) -> list[Dropped]:
    files: list[Any] = st.file_uploader(
        "Files of records, with their mapping if you have one",
        type=[suffix.removeprefix(".") for suffix in ACCEPTED],
        accept_multiple_files=True,
        key=session.uploader_key,
        max_upload_size=LARGEST_FILE // 1024**2,
    )
    session.note_sent(files)
    if not files:
        st.html(ACCEPTANCE)
    try:
        return accept(files)
    except SourceUnreadable as error:
        _show_refusal("These files are not read.", intake.explain(error))
        return []


def _show_dropped(session: UploadSession, dropped: Sequence[Dropped], *, is_demo: bool) -> None:
    """Show what the files are, then how to go on with them."""
    if session.inspection is None:
        with st.spinner("Looking at the files"):
            session.look(intake.inspect(dropped, warehouse_path()))
    inspection = session.inspection
    assert inspection is not None
    if inspection.ends is not None:
        session.end(inspection.ends)
        st.rerun()
    _show_files(inspection)
    if inspection.refusal is None:
        mapping = "" if inspection.is_canonical else _show_mapping(session, inspection)
        _show_check(session, dropped, mapping, is_demo=is_demo)


def _show_files(inspection: Inspection) -> None:
    with card("files", "What was dropped"):
        show_table(["File", "Kind"], inspection.files, stacked=True)
        if inspection.refusal is not None:
            _show_refusal("The files cannot be read as they stand.", inspection.refusal)
    if inspection.identifying:
        subtitle = "Kinds and counts; the values were looked at and are shown nowhere"
        with card("identifying", "Columns that identify people", subtitle):
            heads = ["Column", "Table", "Kind", "Filled cells"]
            show_table(heads, inspection.identifying, numbers=(3,), stacked=True)
            st.html(
                '<p class="summary">A column that the mapping does not use is not kept. A mapping '
                "that reads one of these is refused, unless it reads it as a date in a declared "
                "format.</p>"
            )


def _show_mapping(session: UploadSession, inspection: Inspection) -> str:
    """Show the mapping to be edited, and return it as it stands."""
    title = "The proposed mapping" if inspection.is_proposed else "Your mapping"
    with card("mapping", title, "What each column means; a load uses only what is written here"):
        rows = intake_words.confidence_rows(inspection.confidences)
        if rows:
            show_table(["Confidence", "Lines", "To do"], rows)
        elif inspection.is_proposed:
            st.info("Nothing here looks like records of augmentations. Write the mapping by hand.")
        st.html(EDITOR_STYLE)
        with st.container(key="mapping_editor"):
            mapping: str = st.text_area("Mapping (TOML)", height=420, key=session.editor_key)
        open_questions = intake_words.open_questions(mapping)
        if open_questions:
            st.html(
                f'<p class="summary">Still marked "ask": {escape(", ".join(open_questions))}.</p>'
            )
        with st.container(horizontal=True):
            if not intake_words.is_reviewed(mapping):
                st.button(
                    "I have reviewed every line", key="reviewed", on_click=_mark, args=(session,)
                )
            st.download_button(
                "Keep the mapping as a file",
                mapping,
                file_name=intake.MAPPING_FILE,
                mime="application/toml",
                on_click="ignore",
            )
    return mapping


def _mark(session: UploadSession) -> None:
    """Write into the mapping that it was reviewed."""
    text = st.session_state[session.editor_key]
    st.session_state[session.editor_key] = intake_words.mark_reviewed(text)


def _show_check(
    session: UploadSession, dropped: Sequence[Dropped], mapping: str, *, is_demo: bool
) -> None:
    with card("check", "Try it, then publish", "The check does all that a load does, but publish"):
        if not intake_words.is_reviewed(mapping):
            st.html('<p class="summary">Review the mapping first.</p>')
            return
        attempt = Attempt(mapping, _asked_complete(session))
        outcome = session.outcome_of(attempt)
        kind: Literal["primary", "secondary"] = "primary" if outcome is None else "secondary"
        if st.button("Check", type=kind, key="check_files"):
            _run(session, dropped, attempt, publishes=False)
        if outcome is None:
            return
        _show_headline(outcome)
        _show_counts(outcome, CHECKED_HEADS)
        if outcome.status == intake.CHECKED:
            does = PUBLISHING[outcome.changes_nothing]
            if removed := intake_words.removed_in_words(outcome.report):
                does = REMOVING.format(removed=removed)
            st.html(f'<p class="summary">{does}</p>')
            if st.button("Publish", type="primary", key="publish", disabled=is_demo):
                _run(session, dropped, attempt, publishes=True)
        _show_findings(outcome)


def _asked_complete(session: UploadSession) -> bool:
    """Ask whether the files hold every record; nothing to ask before the first load."""
    if not intake.shown_snapshot(warehouse_path()):
        return False
    return st.checkbox(COMPLETE, key=f"complete_{session.looked}", help=ABOUT_COMPLETE)


def _run(
    session: UploadSession, dropped: Sequence[Dropped], attempt: Attempt, *, publishes: bool
) -> None:
    """Check or publish, and show the page anew with what came of it."""
    with shown_progress() as progress:
        outcome = intake.run_load(
            dropped,
            attempt.mapping,
            warehouse_path(),
            publishes=publishes,
            is_complete=attempt.is_complete,
            progress=progress,
        )
        session.settle(attempt, outcome)
    st.rerun()


def _show_ended(outcome: Outcome) -> None:
    """Say what became of files that the page no longer holds."""
    with card("ended", "What became of your files"):
        _show_headline(outcome)
        _show_counts(outcome, LOADED_HEADS)
        if outcome.has_published:
            with st.container(horizontal=True):
                for page, icon in (
                    (st.Page(overview.show, title="Overview", default=True), "dashboard"),
                    (
                        st.Page(data_quality.show, title="Data quality", url_path="data-quality"),
                        "fact_check",
                    ),
                ):
                    st.page_link(page, label=f"Go to {page.title}", icon=f":material/{icon}:")
        _show_findings(outcome)


def _show_headline(outcome: Outcome) -> None:
    still = (
        f"Snapshot {outcome.shown} is shown still."
        if outcome.shown
        else "The warehouse holds no records yet."
    )
    headline = HEADLINES[outcome.status].format(shown=outcome.shown, still=still)
    if outcome.refusal is not None:
        _show_refusal(headline, outcome.refusal)
    else:
        st.info(headline)


def _show_counts(outcome: Outcome, heads: list[str]) -> None:
    if outcome.report is not None:
        rows = intake_words.table_rows(outcome.report)
        show_table(heads, rows, numbers=(1, 2, 3, 4, 5, 6), stacked=True)
        if outcome.report.groups is not None:
            st.html(f'<p class="summary">{escape(outcome.report.groups.in_words())}</p>')


def _show_findings(outcome: Outcome) -> None:
    """Show what keeps records out, open where it stopped the load, and what else was noticed."""
    if outcome.report is None:
        return
    refused = intake_words.finding_rows(outcome.report, refused=True)
    if refused:
        with st.expander("Refused records, and why", expanded=outcome.refusal is not None):
            show_table(FINDING_HEADS, refused, numbers=(2,), stacked=True)
            if outcome.report.quarantine is not None:
                _offer_quarantine(outcome.report.quarantine)
    listed = intake_words.finding_rows(outcome.report, refused=False)
    if listed:
        with st.expander("Fit to load, but worth a look"):
            show_table(FINDING_HEADS, listed, numbers=(2,), stacked=True)


def _offer_quarantine(folder: Path) -> None:
    """Offer the refused records as a file that can be corrected and dropped here."""
    st.html(
        '<p class="summary">Each stands with its line and reason in a file that can be corrected '
        "and dropped here, also in the folder "
        f'<code style="overflow-wrap: anywhere">{escape(str(folder))}</code>.</p>'
    )
    refused = intake.quarantine_file(folder)
    if refused is not None:
        name, content = refused
        st.download_button(
            "Download the refused records",
            content,
            file_name=name,
            key="quarantine",
            on_click="ignore",
        )


def _show_refusal(headline: str, refusal: Refusal) -> None:
    """Say what was refused, why, and what to do; names from files are never read as Markdown."""
    st.warning(headline)
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in refusal.reasons)
    st.html(
        f'<ul class="summary">{reasons}</ul>'
        f'<p class="summary" style="margin-top: 0.6rem">{escape(refusal.remedy)}</p>'
    )
