"""Page: the export pack of the sidebar's cohort, for an audience and in a format."""

import streamlit as st

from analysis.disclosure import AUDIENCES, check_audience
from dashboard.components import card, page_heading
from dashboard.downloads import file_name, pack_zip
from dashboard.filters import current_cohort
from reports.pack import FORMATS
from warehouse.errors import SourceUnreadable

WHOM = {
    "outside": "Outside: counts of 1 to 10, and whatever returns them, are withheld",
    "inside": "Inside (care team only): nothing is withheld",
}
WHAT = {
    "csv": "CSV, the measures table",
    "xlsx": "Excel workbook",
    "pdf": "PDF to print",
    "all": "All of them",
}


def show() -> None:
    """Show the page."""
    page_heading("Reports")
    cohort = current_cohort()
    with card("report_pack", "Write a report", f"Who is in: {cohort.in_words()}"):
        audience = st.radio("For whom", AUDIENCES[::-1], format_func=WHOM.__getitem__, key="for")
        chosen = st.selectbox("Format", (*FORMATS, "all"), format_func=_format_words)
        try:
            check_audience(cohort, audience)
        except SourceUnreadable as refused:
            st.warning(str(refused))
            return
        st.download_button(
            "Write and download",
            lambda: pack_zip(cohort, (chosen,), audience),
            file_name=file_name(f"vertebral-outcomes_{audience}", cohort, "zip"),
            mime="application/zip",
            type="primary",
            on_click="ignore",
        )
        st.html(
            '<p class="subtitle">Counting takes some seconds. The zip holds the report, and a '
            "manifest that names its cohort, period, audience, snapshot and checksums. "
            "Differences between two packs of overlapping cohorts are not protected yet.</p>"
        )


def _format_words(name: str) -> str:
    return WHAT.get(name, name.upper())
