"""From a result to its figure."""

from functools import singledispatch

import plotly.graph_objects as go

from analysis.overview_result import OverviewResult
from analysis.results import CountsResult, IncidenceResult, IntervalsResult, Result
from charts.interval_dots import interval_dots
from charts.step_curves import cumulative_incidence
from charts.volumes import by_year, technique_by_cause


@singledispatch
def draw(result: Result) -> go.Figure:
    """Return the main figure of a result; TypeError where its kind has none."""
    raise TypeError(f"no figure is declared for {type(result).__name__}")


@draw.register
def _(result: IncidenceResult) -> go.Figure:
    causes = list(dict.fromkeys(result.curves["cause"]))
    return cumulative_incidence(result, causes[0] if causes else "")


@draw.register
def _(result: IntervalsResult) -> go.Figure:
    return interval_dots(result)


@draw.register
def _(result: CountsResult) -> go.Figure:
    return technique_by_cause(result)


def overview_volumes_matrix(result: OverviewResult) -> go.Figure:
    """Return the matrix of an overview's volumes."""
    return technique_by_cause(_volumes_of(result))


def overview_volumes_by_year(result: OverviewResult) -> go.Figure:
    """Return the yearly bars of an overview's volumes."""
    return by_year(_volumes_of(result))


def _volumes_of(result: OverviewResult) -> CountsResult:
    if result.volumes is None:
        raise TypeError("this overview has no volumes")
    return result.volumes


@draw.register
def _(result: OverviewResult) -> go.Figure:
    return overview_volumes_matrix(result)
