"""A report's blocks on a page: words, tables, and figures with their numbers under the pointer."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from agreement.paper.document import Chart, Document, Section, Table, Text, shown
from pages.plotted import plotted
from pages.said import plain

_TONES = {"good": st.success, "fair": st.warning, "poor": st.error, "open": st.info, "note": st.caption}


def show(document: Document) -> None:
    """Show the section that the reader chose: a hundred tables at once would keep her waiting."""
    st.caption(plain(document.subtitle))
    titles = [section.title for section in document.sections]
    chosen = st.segmented_control("Section", titles, default=titles[0], label_visibility="collapsed")
    _section(document.sections[titles.index(chosen or titles[0])])
    with st.expander("Where this comes from"):
        for name, value in document.provenance:
            st.write(f"{plain(name)}: {plain(value)}")


def _section(section: Section) -> None:
    for block in section.blocks:
        if isinstance(block, Text):
            _TONES.get(block.tone, st.markdown)(plain(block.text))
        elif isinstance(block, Table):
            _table(block)
        else:
            _chart(section.key, block)


def _table(table: Table) -> None:
    st.markdown(f"**{plain(table.title)}**")
    rows = [[shown(cell) for cell in row] for row in table.rows]
    st.dataframe(pd.DataFrame(rows, columns=list(table.columns)), hide_index=True)
    if table.note:
        st.caption(plain(table.note))


def _chart(section: str, chart: Chart) -> None:
    st.markdown(f"**{plain(chart.title)}**")
    figure = plotted(chart.drawing)
    st.plotly_chart(figure, width="content", key=f"{section}-{chart.key}", theme=None)
    if chart.note:
        st.caption(plain(chart.note))
