"""Page: pain and function at each visit, and how many answered."""

from dashboard.choices import choose_cause
from dashboard.components import page_heading
from dashboard.intervals import show_intervals


def show() -> None:
    """Show the page."""
    page_heading("Pain and function")
    cause = choose_cause()
    for outcome in ("responders", "pain_change", "odi_change", "capture"):
        show_intervals(outcome, cause)
