"""Studies: how far each has come, who has stalled, and launching, pausing, closing it."""

import pandas as pd
import streamlit as st

from data.store.progress import by_question, by_rater
from data.store.strata import by_stratum
from pages.lead.pieces.chosen import chosen_study
from pages.lead.pieces.next_step import next_step
from pages.said import faults_said
from pages.the_store import the_store
from pages.who import require
from verbs import status

user = require("lead")
SHARE = {"Done": st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")}


def _table(title: str, rows: list[dict[str, object]], nothing: str) -> None:
    st.subheader(title)
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=SHARE)
    else:
        st.caption(nothing)


st.title("Studies")
study = chosen_study(the_store())
with the_store().reading() as session:
    raters = by_rater(session, study_id=study.id)
    questions = by_question(session, study_id=study.id)
    strata = by_stratum(session, study_id=study.id)

done, asked = sum(each.submitted for each in raters), sum(each.assigned for each in raters)
left, right = st.columns([3, 2])
left.progress(done / asked if asked else 0.0, text=f"{done:,} of {asked:,} forms are filled")
if study.status == "draft" and asked:
    if right.button("Launch the study", type="primary", width="stretch"):
        with faults_said():
            status.change(the_store(), study=study.name, to="running", who=user.name)
            st.rerun()
elif study.status == "draft":
    with right:
        next_step(the_store(), study)
else:
    with right, st.popover("Pause, close or reopen", width="stretch"), st.form("state", border=False):
        to = st.radio("The study shall be", status.NEXT[study.status])
        reason = st.text_input("Reason (for the log; needed to reopen a closed study)")
        if st.form_submit_button("Change", type="primary"):
            with faults_said():
                status.change(the_store(), study=study.name, to=to, who=user.name, reason=reason)
                st.rerun()
    next_step(the_store(), study, here="studies")

_table("Raters", [each.row() for each in raters], "Nobody has forms yet.")
stalled = [each for each in raters if each.stalled]
if stalled and study.status == "running":
    st.subheader("Stalled")
    st.write("Nothing new for three days, and forms left. A reminder to copy:")
    for each in stalled:
        st.code(each.reminder(study.title), language=None, wrap_lines=True)
_table("Answers by question", [each.row() for each in questions], "No answers yet.")
if strata:
    _table("Forms by stratum", [each.row() for each in strata], "")
