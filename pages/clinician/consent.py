"""The consent text before the first item, where a protocol has one."""

from __future__ import annotations

import streamlit as st

from pages.the_store import the_store
from verbs.consent import accept
from verbs.own_study import Study


def consented(rater_id: int, study: Study) -> bool:
    """Return whether the study may begin for this rater; else show the consent text."""
    if study.consented:
        return True
    st.title("Before you begin")
    st.header(study.title)
    st.markdown(study.protocol.consent, unsafe_allow_html=False)
    st.write(f"Version {study.consent_version} of this text")
    # The version is in the key: a click on an earlier text agrees to nothing, and the new one is shown.
    agree = f"agree-{study.consent_version}"
    if st.button("I have read this and agree to take part", key=agree, type="primary"):
        accept(the_store(), rater_id=rater_id, shown=study.protocol.consent)
        st.rerun()
    return False
