"""Raters: who takes part, their personal links, and who is behind a pseudonym."""

import pandas as pd
import streamlit as st

from pages.lead.pieces.chosen import chosen_study
from pages.lead.pieces.next_step import next_step
from pages.said import faults_said
from pages.the_store import the_store
from pages.who import require
from verbs import invite, link

user = require("lead")

st.title("Raters")
study = chosen_study(the_store())
address = (st.context.url or "").rsplit("/", 1)[0]
made, table = st.container(), st.container()

with st.form("invite", clear_on_submit=True):
    st.subheader("Invite clinicians")
    one, two = st.columns(2)
    keys = one.text_input("Pseudonyms", placeholder="C01, C02, C03", help="what exports and reports show")
    specialty = two.text_input("Specialty (of all of them)")
    st.caption("For one clinician you can also keep the name and address, apart and in no export:")
    three, four = st.columns(2)
    name = three.text_input("Name")
    email = four.text_input("E-mail")
    if st.form_submit_button("Invite", type="primary"):
        with faults_said():
            tokens = invite.add_all(
                the_store(),
                study=study.name,
                keys=keys.replace(";", ",").split(","),
                specialty=specialty,
                name=name,
                email=email,
                who=user.name,
            )
            made.success("Each link is shown once; copy them into your messages now:")
            lines = [f"{key}  {address}/enter#{token}" for key, token in tokens.items()]
            made.code("\n".join(lines), language=None)

people = invite.invited(the_store(), study=study.name)
if people:
    table.dataframe(pd.DataFrame([each.row() for each in people]), hide_index=True)
    with st.expander("A lost link, or one that must be closed"), st.form("links", border=False):
        who = st.selectbox("Clinician", [each.rater for each in people])
        fresh, close = st.columns(2)
        if fresh.form_submit_button("Make a fresh link", width="stretch"):
            token = link.invite(the_store(), study=study.name, rater=who, who=user.name)
            st.code(f"{address}/enter#{token}", language=None)
        if close.form_submit_button("Close every link of this clinician", width="stretch"):
            st.success(
                f"{link.revoke(the_store(), study=study.name, rater=who, who=user.name)} links are closed."
            )
    next_step(the_store(), study)
