"""How far a jury's run is, and how it ended."""

from __future__ import annotations

import streamlit as st

from pages import background
from pages.lead.pieces.jury_said import progress_words
from pages.said import plain


@st.fragment(run_every=1)
def progress(study_id: int) -> None:
    """Show how far the run is, every second while it goes on."""
    run = background.job("jury", study_id)
    if run is None:
        return
    if run.runs:
        st.session_state["jury runs"] = True
    elif st.session_state.pop("jury runs", False):
        st.rerun()  # the whole page: what was said stands below, and what is left to ask above
    now = run.progress
    if now is not None:
        share = (now.known + now.done) / now.total if now.total else 1.0
        st.progress(min(share, 1.0), text=plain(progress_words(now)))
    if run.runs and run.stop.is_set():
        st.caption("It stops: what is in flight is waited for and kept.")
    elif run.runs and st.button("Stop after the calls in flight"):
        run.stop.set()
        st.rerun(scope="fragment")
    if run.fault:
        st.error(plain(run.fault))
    elif not run.runs and run.result is not None:
        st.success("The jury has adjourned.")
        for line in (*run.result.stopped, *run.result.notes):
            st.warning(plain(line))
