"""Somebody leaves: what she left open goes to the others, keeping the balance, in one step."""

from __future__ import annotations

import streamlit as st

from data.store import Store
from data.tables import Study
from pages.said import faults_said
from verbs import assign, invite
from verbs.before_launch import sentences


def leaving(store: Store, study: Study, who: str) -> None:
    """Show who can leave, what that would make of the design, and the step itself."""
    people = [each.rater for each in invite.invited(store, study=study.name) if not each.left]
    with st.expander("Somebody leaves the study"):
        gone = st.pills("Who leaves", people, selection_mode="multi")
        reason = st.text_input("Reason (for the log)")
        if not gone:
            return
        with faults_said():
            drawn = assign.redraw(store, study=study.name, people=(), leaving=gone)
            st.write(f"{len(drawn.withdrawn):,} open forms go to the others. What is filled stays.")
            st.markdown("\n".join(f"- {sentence}" for sentence in sentences(drawn.view)))
            if st.button("Reassign what is left", type="primary"):
                assign.keep(store, study=study.name, people=(), drawn=drawn, who=who, reason=reason)
                st.success("Reassigned in one step; it is in the log.")
