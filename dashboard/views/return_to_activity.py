"""Page: how soon are patients active, walking and at work again?"""

from dashboard.choices import choose_cause
from dashboard.components import page_heading
from dashboard.curves import show_waits


def show() -> None:
    """Show the page."""
    page_heading("Return to activity")
    cause = choose_cause()
    show_waits("activity", cause)
    show_waits("walking", cause, in_full=False)
    show_waits("work", cause, in_full=False)
