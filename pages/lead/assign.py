"""Assignment: the design with its loads, overlap and links, drawn before the first login and then kept."""

import pandas as pd
import streamlit as st

from pages.lead.chosen import chosen_study
from pages.said import faults_said
from pages.the_store import the_store
from pages.who import require
from verbs import assign
from verbs.before_launch import sentences

user = require("lead")

st.title("Assignment")
study = chosen_study(the_store())
design = assign.current_protocol(the_store(), study_id=study.id).design
one, two, three, four = st.columns(4)
ways = ("full", "per-item", "blocks", "overlap")
crossing = one.selectbox("Design", ways, index=ways.index(design.crossing))
per_item = two.number_input("Raters an item", 1, 50, design.per_item, disabled=bool(design.groups))
overlap = three.number_input("Items that everybody rates", 0, 10_000, design.overlap)
repeats = four.number_input("Hidden repeats (share of a rater's items)", 0.0, 0.5, design.repeats, step=0.05)
changes = {"crossing": crossing, "overlap": overlap if crossing == "overlap" else 0, "repeats": repeats}
if not design.groups:
    changes["per_item"] = per_item

with faults_said():
    drawn = assign.draw(the_store(), study=study.name, people=(), changes=changes)
    for sentence in sentences(drawn.view, drawn.changes):
        if not sentence.startswith(" ") and not sentence[:3].isspace():
            st.write(sentence)
    loads = {"Rater": drawn.view.raters, "Forms": drawn.view.loads, "Hours": drawn.view.hours}
    st.dataframe(pd.DataFrame(loads), hide_index=True)
    st.subheader("Items that two raters share")
    st.dataframe(pd.DataFrame(drawn.view.meetings, index=drawn.view.raters, columns=drawn.view.raters))
    if st.button(f"Keep this design ({len(drawn.forms):,} forms)", type="primary"):
        assign.keep(the_store(), study=study.name, people=(), drawn=drawn, who=user.name)
        st.success("Written. The raters can start when the study is launched.")
