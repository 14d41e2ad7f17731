"""Export and log: take the study away, check that nothing was changed, read who did what."""

import secrets
import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from data.formats.whole.write import ALSO, write_export
from data.store import audit
from pages.lead.pieces.chosen import chosen_study
from pages.said import plain
from pages.the_store import the_store
from pages.who import require
from pages.zipped import zipped
from verbs.export import log_export, study_files
from verbs.logged import rows as logged
from verbs.verify import verify_study

user = require("lead")

st.title("Export and log")
study = chosen_study(the_store())

with st.form("export"):
    public = st.checkbox("For the public: no texts, no names, no times, no group under three")
    wide = st.checkbox("Also with one column a rater")
    fhir = st.checkbox("Also as FHIR R4 Questionnaire and QuestionnaireResponses")
    also = st.pills("The ratings beside CSV as", ALSO, selection_mode="multi", format_func=str.upper)
    if st.form_submit_button("Prepare the export", type="primary"):
        with tempfile.TemporaryDirectory() as folder, st.spinner("Writing …"):
            there = Path(folder) / study.name
            found = study_files(the_store(), study_id=study.id)
            salt = secrets.token_hex(16)
            write_export(found, there, public=public, fhir=fhir, wide=wide, also=also, salt=salt)
            parts = {
                str(each.relative_to(folder)): each.read_bytes()
                for each in sorted(there.rglob("*"))
                if each.is_file()
            }
        log_export(the_store(), study_id=study.id, who=user.name, public=public)
        st.session_state["export"] = (f"{study.name}{'-public' if public else ''}.zip", zipped(parts))
if "export" in st.session_state:
    name, content = st.session_state["export"]
    st.download_button(f"Download {name}", content, file_name=name, on_click="ignore")

st.subheader("Was anything changed behind the app's back?")
if st.button("Check the chain of hashes"):
    head, wrong = verify_study(the_store(), study_id=study.id)
    for sentence in wrong:
        st.error(plain(sentence))
    if not wrong:
        st.success(f"Every rating is as it was written. Hash of the newest: {head or 'none yet'}")

st.subheader("Log")
with the_store().reading() as session:
    rows = audit.events(session, study_id=study.id)
st.dataframe(pd.DataFrame(logged(rows)), hide_index=True)
