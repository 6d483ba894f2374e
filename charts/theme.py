"""How figures look: one palette for light and dark, shape and dash beside every colour."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from warehouse.vocabulary import COMPARED_TECHNIQUES, label_of

FONT_FAMILY = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
TEXT_SIZE = 12
GRID_COLOR = "rgba(128, 142, 156, 0.22)"
AXIS_COLOR = "rgba(128, 142, 156, 0.55)"
NOT_JUDGED_COLOR = "#7C8894"
BAND_OPACITY = 0.18


@dataclass(frozen=True)
class Look:
    """How one series is told from the others, with and without colour.

    Attributes
    ----------
    color : str
        At least 3:1 on the light and on the dark ground.
    dash : str
        Plotly dash of its line.
    symbol : str
        Plotly symbol of its marker.
    sign : str
        The same symbol as a character, for labels.
    """

    color: str
    dash: str
    symbol: str
    sign: str


TOTAL_LOOK = Look("#6B7885", "solid", "circle-open", "○")
TECHNIQUE_LOOKS: dict[str, Look] = {
    "kyphoplasty": Look("#0072B2", "solid", "circle", "●"),
    "vertebroplasty": Look("#D55E00", "dash", "diamond", "◆"),
    "implant": Look("#A6559A", "dot", "square", "■"),
    "kyphoplasty_or_mechanical": Look("#7C8894", "dashdot", "triangle-up", "▲"),
    "mixed": Look("#8A7A5C", "longdash", "triangle-down", "▼"),
}

FIGURE_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": "reset",
    "responsive": True,
}
"""Nothing of a figure is offered to a service outside, and no toolbar covers its labels."""

SVG_TEXT_CSS = """
.js-plotly-plot text { fill: light-dark(#47535F, #AEBAC6) !important; }
.js-plotly-plot text tspan[style*="font-weight"] { fill: light-dark(#14202B, #E6ECF1); }
.js-plotly-plot .hoverlayer text, .js-plotly-plot .hoverlayer tspan { fill: #FFFFFF !important; }
"""
"""Text follows the theme by itself: switching between light and dark needs no rerun."""


def look_of(technique: str) -> Look:
    """Return the look of a technique; '' is all of them together."""
    return TECHNIQUE_LOOKS.get(technique, TOTAL_LOOK)


def name_of(technique: str) -> str:
    """Return the technique as it is written beside its mark."""
    return label_of(technique) if technique else "All techniques"


def in_order(techniques: Iterable[str]) -> list[str]:
    """Return the techniques in the order in which every figure lists them; totals come last."""
    present = set(techniques)
    return [technique for technique in (*TECHNIQUE_LOOKS, "") if technique in present]


def compared(techniques: Iterable[str]) -> list[str]:
    """Return those that have an arm of their own, in drawing order; all together when none has."""
    arms = [technique for technique in in_order(techniques) if technique in COMPARED_TECHNIQUES]
    return arms or in_order(techniques)


def translucent(color: str, opacity: float = BAND_OPACITY) -> str:
    """Return a '#RRGGBB' colour as rgba text of the given opacity."""
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def signed(technique: str, words: str, sign: str = "") -> str:
    """Return label text that opens with the technique's coloured sign, or another one."""
    look = look_of(technique)
    return f'<span style="color:{look.color}">{sign or look.sign}</span> {words}'


def share(value: float, *, decimals: int = 0) -> str:
    """Return a proportion as percent text; what is not known is a dash."""
    return "–" if value != value else f"{100 * value:.{decimals}f}%"


def note(text: str, *, x: float, y: float | str, **placing: Any) -> dict[str, Any]:
    """Return one annotation; figures pass all of theirs as one list."""
    return {
        "text": text,
        "x": x,
        "y": y,
        "showarrow": False,
        "font": {"size": TEXT_SIZE},
        "align": "left",
        **placing,
    }


def base_layout(height: int, margin: dict[str, int]) -> dict[str, Any]:
    """Return the layout that every figure starts from; height and margins in pixels."""
    return {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0, **margin},
        "font": {"family": FONT_FAMILY, "size": TEXT_SIZE},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": "#24313D",
            "bordercolor": "#24313D",
            "font": {"color": "#FFFFFF", "family": FONT_FAMILY, "size": TEXT_SIZE},
        },
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
    }


def axis(**settings: Any) -> dict[str, Any]:
    """Return one quiet axis: thin grid, no zoom, no zero line.

    Its labels have room within the margins, so that a browser need not measure each of them.
    """
    return {
        "gridcolor": GRID_COLOR,
        "linecolor": AXIS_COLOR,
        "tickcolor": AXIS_COLOR,
        "tickfont": {"size": TEXT_SIZE},
        "zeroline": False,
        "showgrid": True,
        "fixedrange": True,
        "automargin": False,
        "ticklabeloverflow": "allow",
        **settings,
    }


def hidden_axis(**settings: Any) -> dict[str, Any]:
    """Return an axis that only gives places: of it nothing is drawn."""
    return {"visible": False, "fixedrange": True, **settings}


class PlainFigure(go.Figure):
    """A figure of a plain mapping, which is sent as it is: neither checked nor copied.

    Plotly's own objects copy every value when a figure is made, and again each time it is shown.
    Here they are made when the first of them is asked for. The figure is never changed in place.
    """

    def __init__(self, plain: dict[str, Any]) -> None:
        self.__dict__.update(_plain=plain, _is_made=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the plain mapping itself."""
        return self.__dict__["_plain"]

    def __getattr__(self, name: str) -> Any:
        """Make plotly's objects, where the first of them is asked for."""
        if name.startswith("__") or self.__dict__.get("_is_made", True):
            raise AttributeError(name)
        self.__dict__["_is_made"] = True
        super().__init__(self.to_dict(), _validate=False)
        self.layout.template = None
        return getattr(self, name)


def figure_of(traces: list[dict[str, Any]], layout: dict[str, Any]) -> go.Figure:
    """Return the figure of plain traces and layout, without validating them again.

    A figure is never changed in place, so its revision stays: traces are not compared or drawn
    again when only the page around them was.
    """
    # With a template, whatever it holds, a browser takes the layout for a new one each time it
    # compares two, and draws the figure twice.
    layout = {**layout, "datarevision": 1, "template": None}
    return PlainFigure({"data": traces, "layout": layout})
