"""Which pages there are, and for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.views import (
    complications,
    data_quality,
    overview,
    pain_and_function,
    reports_page,
    return_to_activity,
    stay_and_aftercare,
    techniques_compared,
    time_to_relief,
)


@dataclass(frozen=True)
class Entry:
    """One page: who it is for, its title, its place in the address and what it shows."""

    group: str
    title: str
    path: str
    icon: str
    show: Callable[[], None]


def _show_load_data() -> None:
    from dashboard.views import load_data  # all that reads files comes with it: on first use

    load_data.show()


LOADING_PATH = "load-data"
"""Where records are loaded: the one page that needs none."""

PAGES: tuple[Entry, ...] = (
    Entry("Everyone", "Overview", "overview", "dashboard", overview.show),
    Entry("Clinicians", "Time to relief", "time-to-relief", "trending_up", time_to_relief.show),
    Entry(
        "Clinicians",
        "Return to activity",
        "return-to-activity",
        "directions_walk",
        return_to_activity.show,
    ),
    Entry("Clinicians", "Pain and function", "pain", "monitor_heart", pain_and_function.show),
    Entry("Clinicians", "Complications", "complications", "emergency", complications.show),
    Entry(
        "Clinicians",
        "Kyphoplasty vs vertebroplasty",
        "techniques",
        "compare_arrows",
        techniques_compared.show,
    ),
    Entry("Clinicians", "Stay and aftercare", "stay", "hotel", stay_and_aftercare.show),
    Entry("Quality", "Data quality", "data-quality", "fact_check", data_quality.show),
    Entry("Quality", "Load data", LOADING_PATH, "upload_file", _show_load_data),
    Entry("Quality", "Reports", "reports", "download", reports_page.show),
)
"""In the order of the sidebar; the first page opens at the bare address."""


def pages() -> dict[str, list[Any]]:
    """Return the pages in their groups."""
    grouped: dict[str, list[Any]] = {}
    for entry in PAGES:
        page = st.Page(
            entry.show,
            title=entry.title,
            icon=f":material/{entry.icon}:",
            url_path=entry.path,
            default=entry is PAGES[0],
        )
        grouped.setdefault(entry.group, []).append(page)
    return grouped
