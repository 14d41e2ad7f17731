"""The way to the next step, at the end of each page on the way to the first rating, and after the last."""

from __future__ import annotations

import streamlit as st

from data.store import Store
from data.tables import Study
from verbs import next_step as verb

FILES = {
    "import": "lead/bring.py",
    "raters": "lead/raters.py",
    "assignment": "lead/assign.py",
    "studies": "lead/overview.py",
    "adjudication": "lead/adjudicate.py",
}


def next_step(store: Store, study: Study, here: str = "") -> None:
    """Show a link to what the study still lacks, if that is not `here`; nothing while clinicians rate."""
    found = verb.next_step(store, study=study.name)
    if found is not None and found.page != here:
        label = f"Next: {found.words}"
        st.page_link(
            FILES[found.page],
            label=label,
            icon=":material/arrow_forward:",
            query_params={"study": study.name},
        )
