"""New study: choose a protocol, look at it as raters will, and create the study."""

import streamlit as st

from annotate.protocol_file import write
from data.shipped import protocol, protocol_names
from data.store import studies
from pages.lead.pieces.edited import edited
from pages.said import faults_said, plain
from pages.the_store import the_store
from pages.who import require
from verbs import new
from verbs.protocol import current_protocol

user = require("lead")

st.title("New study")
one, two = st.columns([4, 1], vertical_alignment="bottom")
with the_store().reading() as session:
    rows = {f"As in the study {row.name}": row.id for row in studies.all_studies(session)}
choice = one.selectbox(
    "Start from a protocol",
    [*protocol_names(), *rows],
    index=protocol_names().index("medhelm"),
    format_func=lambda name: name if name in rows else f"{name}: {protocol(name).title}",
)
begun = current_protocol(the_store(), study_id=rows[choice]) if choice in rows else protocol(choice)
with two.popover("A file of your own", width="stretch"):
    uploaded = st.file_uploader("A protocol file (YAML)", type=["yaml", "yml"])
if not uploaded:
    st.caption(plain(begun.citation))
form = st.container()
wanted = edited(uploaded.getvalue().decode("utf-8", "replace") if uploaded else write(begun))

with form, st.form("create"):
    one, two, three = st.columns([2, 3, 2], vertical_alignment="bottom")
    name = one.text_input("Short name (for files and the terminal)", placeholder="discharge-2026")
    title = two.text_input("Title (what raters read)", placeholder=wanted.title if wanted else "")
    create = three.form_submit_button(
        "Create the study", type="primary", disabled=wanted is None, width="stretch"
    )
    if create and wanted is not None:
        with faults_said():
            new.create(the_store(), name=name.strip(), wanted=wanted, who=user.name, title=title)
            st.switch_page("lead/bring.py", query_params={"study": name.strip()})
