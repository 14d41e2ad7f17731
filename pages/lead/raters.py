"""Raters: who takes part, their personal links, and who is behind a pseudonym."""

import pandas as pd
import streamlit as st

from pages.lead.chosen import chosen_study
from pages.said import faults_said
from pages.the_store import the_store
from pages.who import require
from verbs import invite, link

user = require("lead")

st.title("Raters")
study = chosen_study(the_store())
base = st.context.url.rsplit("/", 1)[0]
people = invite.invited(the_store(), study=study.name)
st.dataframe(pd.DataFrame([each.row() for each in people]), hide_index=True)

with st.form("invite", clear_on_submit=True):
    st.subheader("Invite a clinician")
    one, two, three, four = st.columns(4)
    key = one.text_input("Pseudonym", placeholder="C07", help="what exports and reports show")
    specialty = two.text_input("Specialty")
    name = three.text_input("Name (kept apart, never exported)")
    email = four.text_input("E-mail (kept apart, never exported)")
    if st.form_submit_button("Invite", type="primary"):
        with faults_said():
            token = invite.add(
                the_store(),
                study=study.name,
                key=key,
                specialty=specialty,
                name=name,
                email=email,
                who=user.name,
            )
            st.success(f"{key} is invited. The link is shown once; copy it now:")
            st.code(f"{base}/enter#{token}", language=None)

if people:
    with st.form("links"):
        st.subheader("Links")
        who = st.selectbox("Clinician", [each.rater for each in people])
        fresh, close = st.columns(2)
        if fresh.form_submit_button("Make a fresh link", width="stretch"):
            token = link.invite(the_store(), study=study.name, rater=who, who=user.name)
            st.code(f"{base}/enter#{token}", language=None)
        if close.form_submit_button("Close every link of this clinician", width="stretch"):
            st.success(
                f"{link.revoke(the_store(), study=study.name, rater=who, who=user.name)} links are closed."
            )
