"""Page: what went wrong, how often, and out of how many that were looked at."""

from dashboard.choices import choose_cause
from dashboard.components import page_heading
from dashboard.curves import show_waits
from dashboard.intervals import show_intervals


def show() -> None:
    """Show the page."""
    page_heading("Complications")
    cause = choose_cause()
    for outcome in ("complications", "key_events", "leaks"):
        show_intervals(outcome, cause)
    show_waits("new_fractures", cause)
