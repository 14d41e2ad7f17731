"""Agreement under seal while clinicians rate: who looks early says why, and the log keeps it."""

from __future__ import annotations

import streamlit as st

from data.store import Store, studies
from data.tables import Study
from pages.said import end


def end_where_sealed(store: Store, study: Study, who: str) -> None:
    """End the page where the study's agreement is sealed, with the form that unseals it."""
    if not studies.is_sealed(study):
        return
    st.warning(
        "Agreement is sealed while clinicians rate: looking early changes studies. "
        "You can unseal it; that you did, when and why stays in the log and in the report."
    )
    with st.form("unseal"):
        why = st.text_input("Reason")
        if st.form_submit_button("Unseal"):
            if why.strip():
                with store.writing() as session:
                    studies.unseal(session, study_id=study.id, who=who, reason=why)
                st.rerun()
            st.error("Say why: the reason stands in the log and in the report.")
    end()
