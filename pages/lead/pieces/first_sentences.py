"""Sentences to look at first, an output at a time: the suggested order beside plain overlap, in words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from agreement.paper.sections.statements import checked, flag_of, verdict
from agreement.statements import Suggested, Suggestion
from pages.lead.pieces.shown import table_of
from pages.said import plain

FIRST = 5
WHAT = (
    "A suggestion is a place to look, not a finding. Both orders are of the same output; how well each finds "
    "what clinicians flagged was tried on outputs that it had not seen."
)


def first_sentences(found: Sequence[Suggested]) -> None:
    """Show the sentences of each output that clinicians found bad, those to look at first on top."""
    for one in found:
        if one.refused:
            st.info(f"No sentences are suggested. {plain(one.refused)}")
        else:
            st.markdown(plain(verdict(one)))
            st.caption(WHAT)
            _output(one)
            with st.expander("How the two orders were checked"):
                table_of(checked(one))


@st.fragment
def _output(one: Suggested) -> None:
    """Only this part of the page runs again when another output is chosen."""
    of: dict[str, list[Suggestion]] = {}
    for each in one.suggestions:
        of.setdefault(" · ".join(filter(None, each.key)), []).append(each)
    name = st.selectbox("Output", list(of), key=f"sentences {one.question}", width=480)
    left, right = st.columns(2, gap="large")
    with left:
        _order("Suggested", sorted(of[name], key=lambda each: each.place))
    with right:
        _order("By plain overlap with the source", sorted(of[name], key=lambda each: each.overlap_place))
    if len(of[name]) > FIRST:
        st.caption(f"The first {FIRST} of {len(of[name])} sentences.")


def _order(title: str, sentences: Sequence[Suggestion]) -> None:
    st.markdown(f"**{title}**")
    for place, each in enumerate(sentences[:FIRST], 1):
        with st.container(border=True):
            st.markdown(f"{place}. {plain(each.text)}")
            st.caption(f"Sentence {each.number} · clinicians: {flag_of(each.flag)}")
