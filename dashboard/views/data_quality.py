"""Page: what was loaded, what was refused and why, and how complete the records are."""

import pandas as pd
import streamlit as st

from analysis.results import IntervalsResult
from charts.share_bar import share_bar, share_text
from dashboard.components import (
    card,
    page_heading,
    picture,
    show_behind,
    show_empty,
    show_table,
)
from dashboard.filters import current_cohort
from dashboard.loaders import load_result, warehouse_path
from etl.history import read_findings, read_loads, read_tables
from warehouse.vocabulary import label_of

COUNTS = ("read", "loaded", "unchanged", "updated", "quarantined", "out_of_scope")
SHOWN_LOADS = 20


def show() -> None:
    """Show the page."""
    page_heading("Data quality")
    loads = read_loads(warehouse_path())
    if loads.empty:
        st.info(
            "No load is remembered for this warehouse. After `vertebra load FOLDER` this page "
            "says what was read, refused and why."
        )
    else:
        _show_latest(loads)
        _show_findings()
    _show_completeness()
    if not loads.empty:
        _show_history(loads)


def _show_latest(loads: pd.DataFrame) -> None:
    tables = read_tables(warehouse_path())
    with card("latest_load", "The latest load, table by table", _load_in_words(loads.iloc[0])):
        if tables.empty:
            st.info("The latest load ended before any table was counted.")
            return
        heads = ["Table", *(label_of(name) for name in COUNTS)]
        rows = [
            (label_of(row["table_name"]), *(f"{row[name]:,}" for name in COUNTS))
            for row in tables.to_dict("records")
        ]
        show_table(heads, rows, numbers=(1, 2, 3, 4, 5, 6), stacked=True)
        st.html(
            '<p class="subtitle">In every table the records read are those loaded, unchanged, '
            "updated, quarantined and out of scope.</p>"
        )


def _show_findings() -> None:
    findings = read_findings(warehouse_path())
    subtitle = "Each rule that records break, and whether that is new since the load before"
    with card("findings", "What was found in the records", subtitle):
        if findings.empty:
            st.info("Every record of the latest load keeps every rule.")
            return
        changes = ["NEW", "EXISTING", "STABLE", "RESOLVED"]
        chosen = st.pills("Change since the load before", changes, selection_mode="multi")
        if chosen:
            findings = findings[findings["change"].isin(chosen)]
        rows = [
            (
                label_of(row["rule"]),
                label_of(row["table_name"]),
                row["severity"],
                f"{row['count']:,} of {row['of']:,}",
                f"{row['previous_count']:,}",
                row["change"],
            )
            for row in findings.to_dict("records")
        ]
        heads = ["Rule", "Table", "Severity", "Records", "Load before", "Change"]
        show_table(heads, rows, numbers=(3, 4), stacked=True)
        st.html(
            '<p class="subtitle">error: the record waits in quarantine. '
            "warning: it is loaded and listed.</p>"
        )


def _show_completeness() -> None:
    result = load_result("completeness", current_cohort(), IntervalsResult)
    if show_empty(result):
        return
    with card("completeness", result.title, result.subtitle):
        rows = [
            (
                label_of(row["label"]),
                label_of(row["group"]),
                share_text(row["n"], row["N"]),
                picture(share_bar(row["n"], row["N"]), ""),
            )
            for row in result.rows.to_dict("records")
        ]
        show_table(["Column", "Table", "Recorded", "Share"], rows, stacked=True)
        show_behind(result)


def _show_history(loads: pd.DataFrame) -> None:
    with card("history", "Load history", "The latest first; times in UTC"):
        rows = [
            (
                f"{row['load_id']}",
                row["started"].replace("T", " ").removesuffix("+00:00"),
                row["kind"],
                row["status"],
                row["snapshot"] or "–",
                row["message"].partition("\n")[0] or "–",
            )
            for row in loads.head(SHOWN_LOADS).to_dict("records")
        ]
        show_table(["Load", "Started", "Kind", "Status", "Snapshot", "Message"], rows, stacked=True)


def _load_in_words(load: pd.Series) -> str:
    started = load["started"].replace("T", " ").removesuffix("+00:00")
    return f"Load {load['load_id']}, started {started} UTC: {load['status']}"
