"""The pieces that pages are made of."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from analysis.results import Explanation, Result
from charts.theme import FIGURE_CONFIG, SVG_TEXT_CSS
from dashboard.downloads import file_name, table_csv
from dashboard.filters import BOUND, current_cohort
from dashboard.loaders import EVERY_PROCEDURE, load_size
from warehouse.sql_files import read_sql

STYLE = Path(__file__).with_name("style.css")

CLOSE_SIDEBAR = """<script data-page="{page}">
(() => {{
  const sidebar = document.querySelector('[data-testid="stSidebar"][data-collapsed="false"]');
  if (sidebar && window.matchMedia('(max-width: 768px)').matches) {{
    sidebar.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  }}
}})();
</script>"""
"""On a phone the sidebar covers the page; it closes when another page was chosen."""


@cache
def _style() -> str:
    return f"<style>{STYLE.read_text(encoding='utf-8')}{SVG_TEXT_CSS}</style>"


def show_style() -> None:
    """Apply the style sheet; charts' text follows the theme through it."""
    st.html(_style())


def close_sidebar_on_phone(page: str) -> None:
    """Close the sidebar over a narrow screen when `page` was just opened."""
    st.html(CLOSE_SIDEBAR.format(page=escape(page)), unsafe_allow_javascript=True)


def page_heading(title: str) -> None:
    """Show the page's title, how many procedures are kept, and the filters in force."""
    st.title(title, anchor=False)
    cohort = current_cohort()
    kept, total = load_size(cohort), load_size(EVERY_PROCEDURE)
    chips = [f'<li class="kept">{kept:,} of {total:,} procedures kept</li>']
    chips += [f"<li>{escape(words)}</li>" for words in cohort.in_words().split("; ")]
    st.html(f'<ul class="chips" aria-label="Who is in">{"".join(chips)}</ul>')


@contextmanager
def card(key: str, title: str, subtitle: str = "") -> Iterator[None]:
    """Open a card with its title in words and what is drawn in it."""
    with st.container(key=f"card_{key}"):
        st.header(title, anchor=False)
        if subtitle:
            st.html(f'<p class="subtitle">{escape(subtitle)}</p>')
        yield


def show_views(views: Mapping[str, Callable[[], None]], key: str) -> None:
    """Offer views of a page as tabs, kept in the address under `key`; only the open one is made."""
    for tab, show in zip(st.tabs(list(views), key=key, bind=BOUND), views.values(), strict=True):
        if tab.open:
            with tab:
                show()


def show_empty(result: Result) -> bool:
    """Say why there is nothing to show; tell whether that was so."""
    if result.is_empty:
        with card(f"{result.outcome}_empty", result.title or "Nothing to show"):
            st.info(result.empty_reason)
            show_explanation(result.explanation, result.outcome)
    return result.is_empty


def show_figure(figure: Any, key: str, alt: str) -> None:
    """Show a figure with its text for those who do not see it."""
    st.plotly_chart(figure, key=key, config=FIGURE_CONFIG, alt=alt, theme=None)


def show_behind(result: Result, *, with_words: bool = True) -> None:
    """Show what stands behind a card: its words, its explanation, footnotes and table."""
    if with_words:
        st.html(f'<p class="summary">{escape(result.summary)}</p>')
    show_footnotes(result.footnotes)
    show_explanation(result.explanation, result.outcome)
    if not result.measures.empty:
        show_measures(result)


def show_footnotes(footnotes: tuple[str, ...]) -> None:
    """List the footnotes."""
    if footnotes:
        items = "".join(f"<li>{escape(words)}</li>" for words in footnotes)
        st.html(f'<ul class="footnotes">{items}</ul>')


@st.fragment
def show_explanation(explanation: Explanation, key: str) -> None:
    """Offer what stands behind a number, one click away; it is written when it is opened."""
    behind = st.popover("Explain this number", key=f"explain_{key}", on_change="rerun")
    if not behind.open:
        return
    with behind:
        for name, words in (
            ("Definition", f"{explanation.definition} ({explanation.version})"),
            ("Denominator", explanation.denominator),
            ("Method", explanation.method),
            ("Source", explanation.source),
        ):
            st.markdown(f"**{name}.** {words}")
        if explanation.waterfall:
            steps = [(step, f"{count:,}") for step, count in explanation.waterfall]
            show_table(["Step", "Procedures"], steps, numbers=(1,))
        for name in explanation.sql:
            st.markdown(f"Counted by `{name}`")
            st.code(read_sql(name), language="sql", height=220)


@st.fragment
def show_measures(result: Result) -> None:
    """Offer the same numbers as a table, with a download that withholds small counts.

    It is written when it is opened: a table costs a browser more than the figure above it.
    """
    cohort = current_cohort()
    opened = st.expander(
        "The same numbers as a table", key=f"table_{result.outcome}", on_change="rerun"
    )
    if not opened.open:
        return
    with opened:
        shown = result.measures.dropna(axis="columns", how="all")
        st.dataframe(shown, hide_index=True, height=360, alt=f"{result.title}: its numbers by row")
        if cohort.surgeon:
            st.write("No file is offered for chosen surgeons: files withhold who operated.")
            return
        st.download_button(
            "Download as CSV (small counts withheld)",
            lambda: table_csv(result.outcome, cohort),
            file_name=file_name(result.outcome, cohort, "csv"),
            mime="text/csv",
            key=f"download_{result.outcome}",
            on_click="ignore",
        )


class Html(str):
    """Text of ours that is put into a table cell as it is, not escaped."""


def picture(svg: str, alt: str) -> Html:
    """Return an SVG drawing as an image in a page's text; '' where there is no drawing."""
    if not svg:
        return Html("")
    encoded = b64encode(svg.encode("utf-8")).decode("ascii")
    return Html(f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{encoded}">')


def show_table(
    columns: list[str],
    rows: Sequence[Sequence[Any]],
    *,
    numbers: tuple[int, ...] = (),
    stacked: bool = False,
) -> None:
    """Show a small table; the first cell of a row names it.

    `numbers` are the places of columns set right. A `stacked` table turns each row into a block on
    a narrow screen, every cell behind its column's name.
    """

    def cell(place: int, content: Any) -> str:
        inner = content if isinstance(content, Html) else escape(str(content))
        kind = ' class="number"' if place in numbers else ""
        if place == 0:
            return f'<th scope="row">{inner}</th>'
        return f'<td{kind} data-column="{escape(columns[place])}">{inner}</td>'

    heads = "".join(
        f'<th scope="col"{kind}>{escape(name)}</th>'
        for place, name in enumerate(columns)
        for kind in [' class="number"' if place in numbers else ""]
    )
    lines = ["".join(cell(place, content) for place, content in enumerate(row)) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    kind = "plain stacked" if stacked else "plain"
    st.html(
        f'<div class="scroll" tabindex="0" role="region" aria-label="Table: {escape(columns[0])}">'
        f'<table class="{kind}"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )
