"""Jury: convene a panel, see what it will cost, what it said, and every failure with its raw reply."""

import pandas as pd
import streamlit as st

from data.formats.panel import panel_names, panel_text
from pages.lead.pieces.chosen import chosen_study
from pages.lead.pieces.jury_asking import offer, opened
from pages.lead.pieces.jury_said import score_row
from pages.lead.pieces.jury_sitting import progress
from pages.lead.pieces.jury_verdicts import show_verdicts
from pages.said import faults_said, plain
from pages.the_store import the_store
from pages.who import require
from verbs.jury_bench import of_study

user = require("lead")
st.title("Jury")
study = chosen_study(the_store())
choice = st.selectbox("Start from a panel", panel_names(), index=panel_names().index("open"))
text = st.text_area("The panel, as a file", panel_text(choice), height=260, key=f"panel-{choice}")
st.caption("Keys are read from the server's environment only; they are never stored, logged or exported.")

bench = None
with faults_said():
    bench = of_study(the_store(), study.name, opened(text, f"{choice}.toml"))
    offer(bench, study=study.name, study_id=study.id, panel=text, who=user.name)
progress(study.id)
if bench is not None:
    st.subheader("What jurors said")
    for line in bench.strange():
        st.warning(plain(line))
    scores = bench.scores()
    if scores:
        st.caption("The panel's mean, and how many of its jurors stand behind it.")
        st.dataframe(pd.DataFrame(map(score_row, scores)), hide_index=True)
    show_verdicts(bench)
    bench.close()
