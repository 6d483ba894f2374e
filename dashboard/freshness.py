"""Whether the records changed since an address was made."""

import streamlit as st

from dashboard.loaders import snapshot_id

KEY = "snapshot"


def note_changed_records() -> None:
    """Name the snapshot in the address, and say so when the address named another one."""
    current = snapshot_id()
    state = st.session_state
    state.setdefault("linked_snapshot", st.query_params.get(KEY, current))
    if state["linked_snapshot"] != current:
        st.warning(
            "Data changed since this address was made: it names snapshot "
            f"{state['linked_snapshot'][:12]}, and snapshot {current} is shown. "
            "Numbers may differ from those seen then."
        )
    if st.query_params.get(KEY) != current:
        st.query_params[KEY] = current
