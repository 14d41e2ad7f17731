"""Each question summed up as the protocol says, from what clinicians say now."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from agreement.estimate import Estimate
from agreement.paper.document import shown
from agreement.summary import Summary
from data.store import Store
from pages.said import faults_said, plain
from verbs.summary import study_summaries


def summed_up(store: Store, study: str) -> None:
    """Show every summary that the protocol names, in its order."""
    with faults_said(), st.spinner("Summing up …"):
        found = study_summaries(store, study=study)
        if not found:
            st.info("The protocol names no summaries; its key `summary` says how questions are summed up.")
        for each in found:
            _shown(each)


def _shown(summary: Summary) -> None:
    st.markdown(f"**{plain(summary.question)}**: {plain(summary.how)}")
    if summary.figures:
        rows = [_row(name, figure) for name, figure in summary.figures.items()]
        st.dataframe(pd.DataFrame(rows), hide_index=True)
    if summary.table is not None and summary.table.size:
        st.dataframe(summary.table)
    if summary.texts:
        with st.expander(f"{len(summary.texts):,} texts"):
            for text in summary.texts:
                st.markdown(plain(text))


def _row(name: str, figure: Estimate) -> dict[str, object]:
    notes = " ".join(figure.notes)
    return {"": name, "Figure": shown(figure), "Raters": figure.n_raters, "Notes": notes}
