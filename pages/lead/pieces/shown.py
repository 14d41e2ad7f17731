"""A report's blocks on a page: words, tables, and figures with their numbers under the pointer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from agreement.paper.document import Chart, Document, Section, Table, Text, shown
from pages.lead.pieces.one_item import item_address
from pages.plotted import plotted
from pages.said import plain

BOXES: dict[str, Callable[[str], object]] = {
    "good": st.success,
    "fair": st.warning,
    "poor": st.error,
    "open": st.info,
    "note": st.caption,
}


LOOK = "look"
"""The column that leads to an item's texts."""

Parts = Mapping[str, Callable[[], None]]


def show(document: Document, more: Parts, own: Parts | None = None, start: str = "") -> None:
    """Show the section that the reader chose: a hundred tables at once would keep her waiting.

    Parameters
    ----------
    more : mapping of title to function
        What a page offers behind the last section.
    own : mapping of section to function, optional
        Sections that a page shows in its own way.
    start : str
        The title to begin with; the first section otherwise.
    """
    st.caption(plain(document.subtitle))
    sections = {section.title: section for section in document.sections}
    titles = [*sections, *more]
    chosen = st.segmented_control("Section", titles, default=start or titles[0], label_visibility="collapsed")
    if chosen is not None and chosen in more:
        more[chosen]()
    else:
        section = sections[chosen or titles[0]]
        (own or {}).get(section.key, partial(_section, section))()
    with st.expander("Where this comes from"):
        for name, value in document.provenance:
            st.write(f"{plain(name)}: {plain(value)}")


def _section(section: Section) -> None:
    for block in section.blocks:
        if isinstance(block, Text):
            BOXES.get(block.tone, st.markdown)(_lines(block.text))
        elif isinstance(block, Table):
            table_of(block)
        else:
            chart_of(section.key, block)


def _lines(text: str) -> str:
    """A sentence, or a first one with the others as a list below it."""
    head, *rest = map(plain, text.split("\n"))
    return "\n".join([f"**{head}**", "", *(f"- {line}" for line in rest)]) if rest else head


def table_of(table: Table) -> None:
    """Show a table as people read it."""
    st.markdown(f"**{plain(table.title)}**")
    rows = [[shown(cell) for cell in row] for row in table.rows]
    frame = pd.DataFrame(rows, columns=list(table.columns))
    if table.of_items:
        frame[LOOK] = [item_address(str(row[0])) for row in table.rows]
    columns = {name: st.column_config.Column(width=_wide_enough(frame[name])) for name in table.columns}
    if table.of_items:
        columns[LOOK] = st.column_config.LinkColumn("", display_text="look")
    st.dataframe(frame, hide_index=True, column_config=columns)
    if table.note:
        st.caption(plain(table.note))


def _wide_enough(column: pd.Series[str]) -> int:
    """Pixels that show a column's cells whole, up to some forty letters: a table too wide scrolls.

    Examples
    --------
    >>> _wide_enough(pd.Series(["use", "cannot tell yet"], name="answer"))
    130
    """
    longest = max(map(len, [str(column.name), *column]))
    return min(25 + 7 * longest, 300)


def chart_of(section: str, chart: Chart) -> None:
    """Show a picture with its numbers under the pointer."""
    st.markdown(f"**{plain(chart.title)}**")
    figure = plotted(chart.drawing, dark=st.context.theme.type == "dark")
    st.plotly_chart(figure, width="content", key=f"{section}-{chart.key}", theme=None)
    if chart.note:
        st.caption(plain(chart.note))
