"""Import: files are read, shown and checked; all of them come in, or nothing."""

import streamlit as st

from data.formats.steps import Step
from pages.lead.brought import decide, show_understood
from pages.lead.chosen import chosen_study
from pages.lead.next_step import next_step
from pages.lead.read_once import read_once
from pages.said import faults_said
from pages.the_store import the_store
from pages.who import require
from verbs.bring import bring
from verbs.identifying import without_identifiers
from verbs.protocol import current_protocol

user = require("lead")
TYPES = ["csv", "tsv", "xlsx", "jsonl", "ndjson", "json", "parquet", "zip", "txt", "gz"]


st.title("Import")
study = chosen_study(the_store())
one, two = st.columns(2)
uploaded = one.file_uploader(
    "Files: items, ratings, a zip of HELM runs, an export of this app", TYPES, accept_multiple_files=True
)
folder = two.file_uploader(
    "… or a folder: HELM runs or suites, with tables beside them", TYPES, accept_multiple_files="directory"
)
with st.expander("A ratings file that does not say who is a clinician, a juror or a metric"):
    kind = st.text_input("Kinds of rater", placeholder="clinician, or gpt=juror, C01=clinician")
if not uploaded and not folder:
    st.caption("docs/files.md says which columns are understood; docs/helm.md how a run is read.")
    next_step(the_store(), study, here="import")
    st.stop()

bar = st.empty()


def _show(step: Step) -> None:
    bar.progress(min(step.share, 1.0), text=str(step))


with faults_said():
    incoming, flagged = read_once(the_store(), study.id, uploaded, folder, kind, _show)
    bar.empty()
    show_understood(incoming)
    decided = decide(flagged)
    if decided is not None:
        clean = incoming
        if decided.redact:
            clean = without_identifiers(incoming, current_protocol(the_store(), study_id=study.id))
        brought = bring(
            the_store(), study_id=study.id, incoming=clean, who=user.name, decided=decided.said, watch=_show
        )
        bar.empty()
        st.success(str(brought))
        next_step(the_store(), study)
