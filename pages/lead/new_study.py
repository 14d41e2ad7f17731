"""New study: choose a protocol, look at it as raters will, and create the study."""

import streamlit as st

from annotate.protocol_file import write
from data.shipped import protocol, protocol_names
from pages.lead.edited import edited
from pages.said import faults_said, plain
from pages.the_store import the_store
from pages.who import require
from verbs import new

user = require("lead")

st.title("New study")
choice = st.selectbox(
    "Start from a protocol",
    protocol_names(),
    index=protocol_names().index("medhelm"),
    format_func=lambda name: f"{name}: {protocol(name).title}",
)
st.caption(plain(protocol(choice).citation))
uploaded = st.file_uploader("… or from a protocol file of your own (YAML)", type=["yaml", "yml"])
wanted = edited(uploaded.getvalue().decode("utf-8", "replace") if uploaded else write(protocol(choice)))

with st.form("create"):
    name = st.text_input("Short name (for files and the terminal)", placeholder="discharge-2026")
    title = st.text_input("Title (what raters read)", placeholder=wanted.title if wanted else "")
    if st.form_submit_button("Create the study", type="primary", disabled=wanted is None):
        with faults_said():
            new.create(the_store(), name=name.strip(), wanted=wanted, who=user.name, title=title)
            st.query_params["study"] = name.strip()
            st.success("The study is there. Next: import its items, then invite raters and assign.")
