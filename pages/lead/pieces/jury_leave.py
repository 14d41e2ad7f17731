"""What a lead must allow before a jury is asked: where texts go, and items that may identify a person."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.identifiers import Flagged, counted
from pages.said import plain
from verbs.jury_bench import Bench

MOST = 30


def ask_for_leave(bench: Bench, who: str) -> None:
    """Show what the lead has not allowed yet, and let her take back what she has."""
    _endpoints(bench, who)
    if bench.docket.withheld:
        _withheld(bench, who)


def _endpoints(bench: Bench, who: str) -> None:
    for endpoint in bench.outside():
        st.warning(
            f"Texts would go to **{plain(endpoint)}**, outside this machine. Nobody has allowed that yet."
        )
        if st.button(f"The texts of this study may go to {endpoint}", key=f"allow-{endpoint}"):
            bench.allow(endpoint, who)
            st.rerun()
    for endpoint in bench.open_to():
        st.caption(f"Texts may go to **{plain(endpoint)}**, as a lead has said.")
        if st.button("Take that back", key=f"forbid-{endpoint}"):
            bench.forbid(endpoint, who)
            st.rerun()


def _withheld(bench: Bench, who: str) -> None:
    st.warning(
        f"{len(bench.docket.withheld):,} of {len(bench.docket.items):,} items are shown to no juror: "
        "something in them may identify a person."
    )
    with st.expander("What was found in them"):
        _show_found(bench.found())
    reason = st.text_input("Why jurors may see them all the same (for the log)")
    if st.button("Let jurors see them", disabled=not reason.strip()):
        bench.accepting(reason, who)
        st.rerun()


def _show_found(flagged: Sequence[Flagged]) -> None:
    """Show findings in their places, as the page Import does, so that the lead can judge them."""
    more = f" The first {MOST} of {len(flagged):,}, in place:" if len(flagged) > MOST else ""
    st.write(f"{counted(flagged)}.{more}")
    st.code("\n".join(each.shown() for each in flagged[:MOST]), language=None, wrap_lines=True)
