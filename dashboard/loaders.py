"""What pages show, loaded once for each snapshot and cohort."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from analysis.cohort import Cohort, parse_cohort
from analysis.measure import CountReader, current_snapshot_id
from analysis.results import Result
from charts.draw import restored, stored
from warehouse.errors import WarehouseUnavailable
from warehouse.settings import settle
from warehouse.snapshot import open_snapshot

EVERY_PROCEDURE = Cohort(unit="all")
MOVES_FOLLOWED = 3
Loaded = TypeVar("Loaded")
Kind = TypeVar("Kind", bound=Result)


class SnapshotMoved(Exception):
    """Another snapshot was published between reading the pointer and opening it."""


def warehouse_path() -> Path:
    """Return the pointer file that this server reads."""
    return settle().warehouse


def snapshot_id() -> str:
    """Return the id of the published snapshot."""
    return current_snapshot_id(warehouse_path())


def load_counts(query: str, cohort: Cohort) -> pd.DataFrame:
    """Return the rows of one query for a cohort."""
    return _of_published(lambda snapshot: _counts(snapshot, query, cohort.as_query()))


def load_result(outcome: str, cohort: Cohort, kind: type[Kind]) -> Kind:
    """Return one outcome of the catalogue for a cohort; TypeError if it is not of this kind."""
    result = _of_published(lambda snapshot: _result(snapshot, outcome, cohort.as_query()))
    if not isinstance(result, kind):
        raise TypeError(f"{outcome} is a {type(result).__name__}, not a {kind.__name__}")
    return result


def load_figure(drawing: Callable[..., Any], outcome: str, cohort: Cohort, **options: Any) -> Any:
    """Return the figure that `drawing(result, **options)` makes of an outcome."""
    named = tuple(sorted(options.items()))
    return restored(
        _of_published(
            lambda snapshot: _figure(
                snapshot, outcome, cohort.as_query(), drawing.__name__, named, _drawing=drawing
            )
        )
    )


def _of_published(load: Callable[[str], Loaded]) -> Loaded:
    """Load from the published snapshot, following it when it moves meanwhile."""
    for _ in range(MOVES_FOLLOWED):
        try:
            return load(snapshot_id())
        except SnapshotMoved:
            continue
    raise WarehouseUnavailable(
        "The warehouse is being replaced again and again.\n"
        "  Wait until the loads have ended, then reload this page."
    )


@contextmanager
def _reader(snapshot: str, query_string: str) -> Iterator[CountReader]:
    """Open the snapshot that the cache key names, and no other."""
    with open_snapshot(warehouse_path()) as opened:
        if opened.snapshot_id != snapshot:
            raise SnapshotMoved
        yield CountReader(parse_cohort(query_string), connection=opened.connection)


@st.cache_data(max_entries=200, show_spinner=False)
def _counts(snapshot: str, query: str, query_string: str) -> pd.DataFrame:
    with _reader(snapshot, query_string) as reader:
        return reader.count(query)


@st.cache_data(max_entries=300, show_spinner="Counting …")
def _result(snapshot: str, outcome: str, query_string: str) -> Result:
    from analysis.outcomes import outcome_of  # heavy libraries come with it: on first use

    with _reader(snapshot, query_string) as reader:
        return outcome_of(outcome).compute(reader)


@st.cache_data(max_entries=600, show_spinner=False)
def _figure(
    snapshot: str,
    outcome: str,
    query_string: str,
    drawing_name: str,
    options: tuple[tuple[str, Any], ...],
    *,
    _drawing: Callable[..., Any],
) -> dict[str, Any]:
    return stored(_drawing(_result(snapshot, outcome, query_string), **dict(options)))
