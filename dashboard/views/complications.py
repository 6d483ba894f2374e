"""Page: what went wrong, how often, and out of how many that were looked at."""

from functools import partial

from dashboard.choices import choose_cause
from dashboard.components import page_heading, show_views
from dashboard.curves import show_waits
from dashboard.intervals import show_intervals


def show() -> None:
    """Show the page."""
    page_heading("Complications")
    cause = choose_cause()
    views = {
        "By type": partial(show_intervals, "complications", cause),
        "Readmission, infection, embolism": partial(show_intervals, "key_events", cause),
        "Cement leaks": partial(show_intervals, "leaks", cause),
        "New fractures": partial(show_waits, "new_fractures", cause),
    }
    show_views(views, key="complications")
