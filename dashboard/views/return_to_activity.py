"""Page: how soon are patients active, walking and at work again?"""

from functools import partial

from dashboard.choices import choose_cause
from dashboard.components import page_heading, show_views
from dashboard.curves import show_waits


def show() -> None:
    """Show the page."""
    page_heading("Return to activity")
    cause = choose_cause()
    views = {
        "Activity": partial(show_waits, "activity", cause),
        "Unaided walking": partial(show_waits, "walking", cause, in_full=False),
        "Work": partial(show_waits, "work", cause, in_full=False),
    }
    show_views(views, key="activity")
