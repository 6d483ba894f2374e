"""From counts of watched procedures and their events to risks by a day."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measure import CountReader
from analysis.outcomes.event_batches import ENDINGS, Batch, Moves
from warehouse.vocabulary import CAUSES, COMPARED_TECHNIQUES

HORIZONS = (1, 30, 90, 365)
GROUP = ["cause", "technique", "procedure_year"]
STRATUM = ["year", "cause", "technique"]
"""What tells strata apart; year 0 stands for all years."""


@dataclass(frozen=True)
class Watch:
    """Which kinds of first event to count, and how procedures must have been watched for them.

    Attributes
    ----------
    kinds : tuple of str
        Of the mart `first_events`.
    way : str
        Way of watching, as the macro `watched_for_events` names it.
    horizons : tuple of int
        Days by which risk is told.
    """

    kinds: tuple[str, ...]
    way: str = "reviewed"
    horizons: tuple[int, ...] = HORIZONS


def event_risks(reader: CountReader, watch: Watch) -> pd.DataFrame:
    """Return the risk of each kind of event by each horizon, in every stratum of the cohort.

    Returns
    -------
    pandas.DataFrame
        One row per kind, stratum (`cause`, `technique`; empty for all), `year` (0 for all) and
        `horizon`: `n`, `N`, `value`, `lower`, `upper`, `method`, `lost_before`, `day_unknown`, and
        the counts of NOT_ELIGIBLE. Where n is 0, `upper` is the one-sided bound.
    """
    return risks_of_counts(*_counted(reader, watch, by_year=False), watch.kinds)


def yearly_risks(reader: CountReader, watch: Watch) -> pd.DataFrame:
    """Return the frame of `event_risks` for the whole cohort, and by `year` (`whole_and_years`)."""
    counts = _counted(reader, watch, by_year=True)
    return risks_of_counts(*counts, watch.kinds, strata=whole_and_years)


def risks_of_counts(
    watched: pd.DataFrame,
    events: pd.DataFrame,
    kinds: tuple[str, ...],
    *,
    strata: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Return the frame of `event_risks` from the rows of the two queries.

    `strata` puts groups (GROUP columns) into the strata they belong to; `in_strata` unless given.
    """
    both = pd.concat([watched[GROUP], events[GROUP]], ignore_index=True)
    group = both.groupby(GROUP, dropna=False, sort=False).ngroup().to_numpy()
    groups = both.assign(group=group).drop_duplicates("group")
    cells, membership = _membership((strata or in_strata)(groups))
    own, theirs = group[: len(watched)], group[len(watched) :]
    kind = pd.Index(kinds).get_indexer(pd.Index(events["kind"]))
    moves = (
        _moves(watched, own, np.zeros(len(watched), dtype=int), "ending"),
        _moves(events, theirs, kind, "ending"),
        _moves(events, theirs, kind, "status"),
    )
    at = watched["horizon"].to_numpy(), events["horizon"].to_numpy()
    labels = {name: np.repeat(cells[name].to_numpy(object), len(kinds)) for name in STRATUM}
    labels["kind"] = np.array(list(kinds) * len(cells), dtype=object)
    parts = []
    for horizon in np.unique(at[0]):
        here, there = at[0] == horizon, at[1] == horizon
        chosen = moves[0].where(here), moves[1].where(there), moves[2].where(there)
        batch = Batch(*chosen, membership, len(kinds), float(horizon))
        named = {"horizon": np.full(len(labels["kind"]), horizon, dtype=np.int64)}
        parts.append(labels | named | batch.risks())
    if not parts:
        return pd.DataFrame(columns=["kind", *STRATUM, "horizon", "n", "N", "value", "day_unknown"])
    # One frame of whole columns: frames put together by horizon cost several times as much.
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def in_strata(groups: pd.DataFrame) -> pd.DataFrame:
    """Return groups once for all together, once for their cause and once for their technique.

    A technique outside COMPARED_TECHNIQUES stands in the totals only; none is pooled over causes.
    """
    by_technique = groups.assign(year=0)
    compared = by_technique[by_technique["technique"].isin(COMPARED_TECHNIQUES)]
    by_cause = by_technique.assign(technique="")
    return pd.concat([by_cause.assign(cause=""), by_cause, compared], ignore_index=True)


def whole_and_years(groups: pd.DataFrame) -> pd.DataFrame:
    """Return groups once for the whole cohort, as year 0, and once for their procedure year.

    All years before a year stand together under its negative number.
    """
    years = groups["procedure_year"].to_numpy(int)
    everyone = np.arange(len(groups))
    parts = [(everyone, np.zeros_like(years)), (everyone, years)]
    for year in np.unique(years):
        earlier = np.flatnonzero(years < year)
        parts.append((earlier, np.full(len(earlier), -year)))
    rows, labels = (np.concatenate(part) for part in zip(*parts, strict=True))
    group = groups["group"].to_numpy()[rows]
    return pd.DataFrame({"group": group, "year": labels, "cause": "", "technique": ""})


def _counted(
    reader: CountReader, watch: Watch, *, by_year: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    asked = {"way": watch.way, "horizons": list(watch.horizons), "by_year": by_year}
    events = reader.count("watched_events", kinds=list(watch.kinds), **asked)
    return reader.count("event_watch", **asked), events


def _membership(placed: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the strata in order (totals, then causes, each with its techniques), and who is in."""
    places = {name: place for place, name in enumerate(("", *CAUSES, *COMPARED_TECHNIQUES))}
    words = ([places[word] for word in placed[name]] for name in ("cause", "technique"))
    codes = np.column_stack([placed["year"].to_numpy(int), *words])
    _, first, cell = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    group = placed["group"].to_numpy()
    membership = np.zeros((len(first), len(np.unique(group))))
    membership[cell, group] = 1
    return placed[STRATUM].take(first).reset_index(drop=True), membership


def _moves(rows: pd.DataFrame, group: np.ndarray, kind: np.ndarray, ending: str) -> Moves:
    codes = pd.Index(ENDINGS).get_indexer(pd.Index(rows[ending]))
    day = rows[f"{ending}_days"].to_numpy(float)
    return Moves(group, kind, codes, day, rows["procedures"].to_numpy(float))
