"""Entry of the dashboard: what every page shares, then the page itself."""

import gc
import logging
from pathlib import Path

import streamlit as st

from dashboard.components import close_sidebar_on_phone, show_style
from dashboard.filters import show_filters
from dashboard.freshness import note_changed_records
from dashboard.navigation import LOADING_PATH, pages
from dashboard.unavailable import show_failure, show_unavailable
from warehouse.connection import DatabaseError
from warehouse.errors import VertebraError, WarehouseUnavailable

STATIC = Path(__file__).resolve().parent / "static"
TITLE = "Vertebral Outcomes"


@st.cache_resource
def _freeze_imports() -> None:
    """Keep what imports left behind out of every later collection; once a server."""
    gc.freeze()


def main() -> None:
    """Run one page."""
    st.set_page_config(TITLE, page_icon=str(STATIC / "icon.png"), layout="wide")
    st.logo(str(STATIC / "logo.svg"), size="large", icon_image=str(STATIC / "mark.svg"))
    show_style()
    page = st.navigation(pages())
    close_sidebar_on_phone(page.title)
    try:
        show_cohort(is_needed=page.url_path != LOADING_PATH)
        page.run()
    except (VertebraError, DatabaseError) as error:
        show_unavailable(error)
    except Exception:  # a fault of ours: the log says which, the screen stays in words
        logging.getLogger(__name__).exception("The page '%s' failed", page.title)
        show_failure(page.title)
    _freeze_imports()


def show_cohort(*, is_needed: bool) -> None:
    """Show the filters; a page that needs no records goes without where there are none."""
    try:
        show_filters()
        note_changed_records()
    except WarehouseUnavailable:
        if is_needed:
            raise


if __name__ == "__main__":
    main()
