"""What stands in place of a page when there is nothing to read."""

import streamlit as st

from dashboard.loaders import warehouse_path
from warehouse.errors import VertebraError

DAMAGED = (
    "The warehouse cannot be read: it is damaged, or was written by another version.\n"
    "  Load the records again; `vertebra status` lists earlier loads."
)


def show_unavailable(error: Exception) -> None:
    """Say in words what is missing and what to do; never a traceback."""
    message = str(error) if isinstance(error, VertebraError) else DAMAGED
    cause, _, remedy = message.partition("\n")
    st.title("No records to show", anchor=False)
    st.warning(cause)
    if remedy.strip():
        st.markdown(remedy.strip())
    if not warehouse_path().exists():
        st.markdown("Or drop your files on the page **Load data**.")


def show_failure(page: str) -> None:
    """Say that a page failed through a fault of this program."""
    st.warning(
        f"The page '{page}' could not be shown: this is a fault in the program, not in your "
        "records. The server's log says more; the other pages can still be read."
    )
