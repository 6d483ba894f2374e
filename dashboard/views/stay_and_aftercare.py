"""Page: the stay, the dose, and what followed: discharge, bone health, deaths."""

from dashboard.choices import choose_cause
from dashboard.components import page_heading
from dashboard.intervals import show_intervals

OUTCOMES = (
    "same_day_discharge",
    "length_of_stay",
    "fluoroscopy_minutes",
    "lifted_before_day_42",
    "bone_health",
    "deaths",
)


def show() -> None:
    """Show the page."""
    page_heading("Stay and aftercare")
    cause = choose_cause()
    for outcome in OUTCOMES:
        show_intervals(outcome, cause)
