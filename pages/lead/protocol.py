"""Protocol: a study's protocol, its versions and what each changed; how its items cover the taxonomy."""

import pandas as pd
import streamlit as st

from annotate.protocol_file import write
from data.store import items
from pages.lead.pieces.chosen import chosen_study
from pages.lead.pieces.edited import edited
from pages.said import faults_said, plain
from pages.the_store import the_store
from pages.who import require
from verbs import protocol
from verbs.coverage import study_coverage
from verbs.protocol import current_protocol

user = require("lead")

st.title("Protocol")
study = chosen_study(the_store())
with the_store().reading() as session:
    few = items.first(session, study_id=study.id, count=5)
with faults_said():
    wanted = edited(write(current_protocol(the_store(), study_id=study.id)), few)
    changes = protocol.would_change(the_store(), study=study.name, wanted=wanted) if wanted else ()
    for sentence in changes:
        st.write(plain(sentence))
    if wanted and changes and st.button("Keep this as a new version", type="primary"):
        protocol.change(the_store(), study=study.name, wanted=wanted, who=user.name)
        st.rerun()

st.subheader("Versions")
for one in protocol.versions(the_store(), study=study.name):
    st.markdown(f"**Version {one.number}** · {one.sha256[:12]}")
    for change in one.changes:
        st.caption(plain(change))

st.subheader("What the items cover")
with faults_said():
    rows = study_coverage(the_store(), study=study.name).rows
    covered = [{"Category": r.category, "Subcategory": r.subcategory, "Items": r.items} for r in rows]
    st.dataframe(pd.DataFrame(covered), hide_index=True)
