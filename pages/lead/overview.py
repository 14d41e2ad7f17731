"""Studies: how far each has come, who has stalled, and launching, pausing, closing it."""

import pandas as pd
import streamlit as st

from data.store.progress import by_question, by_rater
from pages.lead.chosen import chosen_study
from pages.said import faults_said
from pages.the_store import the_store
from pages.who import require
from verbs import status

user = require("lead")

st.title("Studies")
study = chosen_study(the_store())
with the_store().reading() as session:
    raters = by_rater(session, study_id=study.id)
    questions = by_question(session, study_id=study.id)

done, asked = sum(each.submitted for each in raters), sum(each.assigned for each in raters)
left, right = st.columns([3, 2])
left.progress(done / asked if asked else 0.0, text=f"{done} of {asked} forms are filled")
with right, st.popover("Launch, pause or close", width="stretch"), st.form("state", border=False):
    to = st.radio("The study shall be", status.NEXT[study.status])
    reason = st.text_input("Reason (for the log; needed to reopen a closed study)")
    if st.form_submit_button("Change", type="primary"):
        with faults_said():
            status.change(the_store(), study=study.name, to=to, who=user.name, reason=reason)
            st.rerun()

st.subheader("Raters")
st.dataframe(
    pd.DataFrame([each.row() for each in raters]),
    hide_index=True,
    column_config={"Done": st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")},
)
stalled = [each for each in raters if each.stalled]
if stalled:
    st.subheader("Stalled")
    st.write("Nothing new for three days, and forms left. A reminder to copy:")
    for each in stalled:
        st.code(each.reminder(study.title), language=None, wrap_lines=True)

st.subheader("Answers by question")
st.dataframe(pd.DataFrame([each.row() for each in questions]), hide_index=True)
