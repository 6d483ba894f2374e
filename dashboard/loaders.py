"""What pages show, loaded once for each snapshot and cohort."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from analysis.cohort import Cohort, parse_cohort
from analysis.measure import CountReader, current_snapshot_id
from analysis.results import Result
from warehouse.errors import WarehouseUnavailable
from warehouse.settings import settle
from warehouse.snapshot import open_snapshot

EVERY_PROCEDURE = Cohort(unit="all")
MOVES_FOLLOWED = 3
Loaded = TypeVar("Loaded")
Kind = TypeVar("Kind", bound=Result)


@dataclass(frozen=True)
class Choices:
    """What the filters offer: recorded words, and years from the latest back."""

    years: tuple[str, ...]
    sites: tuple[str, ...]
    surgeons: tuple[str, ...]


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
    return _of_published(lambda snapshot: _reader(snapshot, cohort.as_query()).count(query))


def load_size(cohort: Cohort) -> int:
    """Return how many procedures a cohort keeps."""
    return int(load_counts("cohort_extent", cohort)["procedures"].iloc[0])


def load_choices() -> Choices:
    """Return what the filters offer."""
    return _of_published(_choices)


def load_result(outcome: str, cohort: Cohort, kind: type[Kind]) -> Kind:
    """Return one outcome of the catalogue for a cohort; TypeError if it is not of this kind."""
    result = _of_published(lambda snapshot: _result(snapshot, outcome, cohort.as_query()))
    if not isinstance(result, kind):
        raise TypeError(f"{outcome} is a {type(result).__name__}, not a {kind.__name__}")
    return result


def load_figure(drawing: Callable[..., Any], outcome: str, cohort: Cohort, **options: Any) -> Any:
    """Return the figure that `drawing(result, **options)` makes of an outcome."""
    named = tuple(sorted(options.items()))
    return _of_published(
        lambda snapshot: _figure(
            snapshot, outcome, cohort.as_query(), drawing.__name__, named, _drawing=drawing
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


class _Opened:
    """One snapshot, open until nobody reads it: to open it takes longer than to count."""

    def __init__(self, snapshot: str) -> None:
        self._stack = ExitStack()
        opened = self._stack.enter_context(open_snapshot(warehouse_path()))
        if opened.snapshot_id != snapshot:
            self._stack.close()
            raise SnapshotMoved
        self.connection = opened.connection

    def __del__(self) -> None:
        self._stack.close()


@dataclass(frozen=True)
class _Reading:
    """The reader of one cohort, which remembers what several outcomes count alike."""

    opened: _Opened
    reader: CountReader


# What is kept here is shared by every session and never changed: to copy it for each of them, as
# cache_data does, takes longer than to send it.
@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(warehouse: str, snapshot: str) -> _Opened:
    return _Opened(snapshot)


@st.cache_resource(max_entries=100, show_spinner=False)
def _reading(warehouse: str, snapshot: str, query_string: str) -> _Reading:
    opened = _opened(warehouse, snapshot)
    reader = CountReader(parse_cohort(query_string), connection=opened.connection)
    return _Reading(opened, reader)


def _reader(snapshot: str, query_string: str) -> CountReader:
    return _reading(str(warehouse_path()), snapshot, query_string).reader


@st.cache_resource(max_entries=2, show_spinner=False)
def _choices(snapshot: str) -> Choices:
    reader = _reader(snapshot, EVERY_PROCEDURE.as_query())
    extent = reader.count("cohort_extent").iloc[0]
    years = range(0)
    if extent["procedures"]:
        years = range(int(extent["last_year"]), int(extent["first_year"]) - 1, -1)
    recorded = reader.count("filter_choices")
    sites, surgeons = (
        tuple(recorded.loc[recorded["field"] == field, "value"]) for field in ("site", "surgeon")
    )
    return Choices(tuple(str(year) for year in years), sites, surgeons)


@st.cache_resource(max_entries=300, show_spinner=False)
def _result(snapshot: str, outcome: str, query_string: str) -> Result:
    from analysis.outcomes import outcome_of  # heavy libraries come with it: on first use

    return outcome_of(outcome).compute(_reader(snapshot, query_string))


@st.cache_resource(max_entries=600, show_spinner=False)
def _figure(
    snapshot: str,
    outcome: str,
    query_string: str,
    drawing_name: str,
    options: tuple[tuple[str, Any], ...],
    *,
    _drawing: Callable[..., Any],
) -> Any:
    return _drawing(_result(snapshot, outcome, query_string), **dict(options))
