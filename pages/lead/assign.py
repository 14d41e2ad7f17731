"""Assignment: the design with its loads, overlap and links, drawn before the first login and then kept."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.lead.pieces.chosen import chosen_study
from pages.lead.pieces.leaving import leaving
from pages.lead.pieces.next_step import next_step
from pages.said import end, faults_said
from pages.the_store import the_store
from pages.who import require
from verbs import assign
from verbs.before_launch import sentences
from verbs.protocol import current_protocol

user = require("lead")
WAYS = {
    "per-item": "so many raters an item",
    "full": "everybody rates everything",
    "blocks": "balanced blocks: every two raters meet equally often",
    "overlap": "everybody rates some items, the rest is shared out",
}


def _changes() -> dict[str, Any]:
    """The design as the lead wants it, where it is not the protocol's."""
    design = current_protocol(the_store(), study_id=study.id).design
    one, two, three, four, five = st.columns([3, 1, 1, 1, 1], vertical_alignment="bottom")
    crossing = one.selectbox(
        "Design", list(WAYS), list(WAYS).index(design.crossing), format_func=WAYS.__getitem__
    )
    shared = crossing != "full" and not design.groups
    per_item = two.number_input("Raters an item", 1, 50, design.per_item, disabled=not shared)
    overlapping = crossing == "overlap"
    overlap = three.number_input("Rated by all", 0, 10_000, design.overlap, disabled=not overlapping)
    cap = four.number_input("Most forms a rater", 0, 100_000, design.cap or 0, help="0: no limit")
    repeats = five.number_input("Repeats (share)", 0.0, 0.5, design.repeats, step=0.05)
    changes = {"crossing": crossing, "overlap": overlap if overlapping else 0, "repeats": repeats}
    return changes | {"cap": cap or None} | ({} if design.groups else {"per_item": per_item})


st.title("Assignment")
study = chosen_study(the_store())
if not assign.is_open(the_store(), study=study.name):
    st.write("Every item has its raters. Import more items, and the new ones can be assigned here.")
    leaving(the_store(), study, user.name)
    next_step(the_store(), study)
    end()

with faults_said():
    drawn = assign.draw(the_store(), study=study.name, people=(), changes=_changes())
    keep = st.button(f"Keep this design ({len(drawn.forms):,} forms)", type="primary")
    if keep:
        assign.keep(the_store(), study=study.name, people=(), drawn=drawn, who=user.name)
        st.success("Written. The raters can start when the study is launched.")
        next_step(the_store(), study)
    if drawn.changes:
        st.caption("Not as in the protocol: keeping this design makes a new version that says what changed.")
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences(drawn.view)))
    left, right = st.columns([1, 2])
    left.subheader("Loads")
    loads = {"Rater": drawn.view.raters, "Forms": drawn.view.loads, "Hours": drawn.view.hours}
    hours = {"Hours": st.column_config.NumberColumn(format="%.1f")}
    left.dataframe(pd.DataFrame(loads), hide_index=True, column_config=hours)
    right.subheader("Items that two raters share")
    right.dataframe(pd.DataFrame(drawn.view.meetings, index=drawn.view.raters, columns=drawn.view.raters))
