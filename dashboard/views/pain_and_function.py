"""Page: pain and function at each visit, and how many answered."""

from functools import partial

from dashboard.choices import choose_cause
from dashboard.components import page_heading, show_views
from dashboard.intervals import show_intervals


def show() -> None:
    """Show the page."""
    page_heading("Pain and function")
    cause = choose_cause()
    views = {
        "Responders": partial(show_intervals, "responders", cause),
        "Pain": partial(show_intervals, "pain_change", cause),
        "Function (ODI)": partial(show_intervals, "odi_change", cause),
        "Answers": partial(show_intervals, "capture", cause),
    }
    show_views(views, key="function")
