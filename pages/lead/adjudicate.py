"""Adjudication: what clinicians disagree about, handed blind to one more rater."""

import pandas as pd
import streamlit as st

from pages.lead.pieces.chosen import chosen_study
from pages.said import faults_said
from pages.the_store import the_store
from pages.who import require
from verbs import adjudicate
from verbs.protocol import current_protocol

ON_OTHER_SCALES = "On a scale with words every difference counts."
user = require("lead")

st.title("Adjudication")
study = chosen_study(the_store())
st.write("The adjudicator sees nobody's answers; hers stand beside the others, never instead of them.")
design = current_protocol(the_store(), study_id=study.id).design
if design.adjudicate:
    st.info(
        "The protocol asks that disagreements be settled; the summaries then use the settled answers too."
    )
apart = st.number_input(
    "Points apart that count as a disagreement", 0.1, 1e9, design.apart, step=0.5, help=ON_OTHER_SCALES
)
with faults_said():
    found = adjudicate.disputed(the_store(), study=study.name, apart=apart)
    several = adjudicate.compared(the_store(), study=study.name)
    st.write(f"Raters disagree on {len(found):,} of the {several:,} items that two or more have rated.")
    rows = [{"Item": item, "Questions": ", ".join(questions)} for item, questions in found.items()]
    st.dataframe(pd.DataFrame(rows), hide_index=True)
    with st.form("adjudicate"):
        rater = st.text_input("Adjudicator's pseudonym", placeholder="A01")
        if st.form_submit_button("Hand them out", type="primary", disabled=not found) and rater.strip():
            count = adjudicate.hand_out(
                the_store(), study=study.name, rater=rater.strip(), apart=apart, who=user.name
            )
            st.success(f"{count} forms for {rater.strip()}. Make the link on the page Raters.")
