"""Import: files are read, shown and checked; all of them come in, or nothing."""

from functools import partial

import streamlit as st

from pages.lead.pieces.brought import decide, show_understood
from pages.lead.pieces.chosen import chosen_study
from pages.lead.pieces.next_step import next_step
from pages.lead.pieces.read_once import read_once
from pages.painted import paint
from pages.said import end, faults_said
from pages.the_store import the_store
from pages.who import require
from verbs.bring import bring
from verbs.identifying import without_identifiers
from verbs.protocol import current_protocol

user = require("lead")
TYPES = ["csv", "tsv", "xlsx", "jsonl", "ndjson", "json", "parquet", "zip", "txt", "gz"]
UNDERSTOOD = """
- **Items**: one row an output, with the columns `item` and `output`, and where you have them `source`,
  `prompt`, `reference`, `system`, `case`, `category`, `subcategory`. Every further column splits the results.
- **Ratings**: one row a rating, with `item`, `rater`, `kind` (clinician, juror or metric), `question` and
  `value`; or a table with one column a question or a rater. Items may stand in the same rows.
- **HELM and MedHELM**: a run, a suite or a whole `benchmark_output` as it is, with its jury and its metrics.

Other names of columns, and much else, are understood, and you are told how before anything comes in.
`docs/files.md` and `docs/helm.md`, which come with Consilium, say all of it.
"""


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
    with st.expander("Which files and columns are understood"):
        st.markdown(UNDERSTOOD)
    next_step(the_store(), study, here="import")
    end()

bar = st.empty()
watch = partial(paint, bar)
with faults_said():
    incoming, flagged = read_once(the_store(), study.id, uploaded, folder, kind, watch)
    bar.empty()
    show_understood(incoming)
    decided = decide(flagged)
    if decided is not None:
        clean = incoming
        if decided.redact:
            clean = without_identifiers(incoming, current_protocol(the_store(), study_id=study.id))
        brought = bring(
            the_store(), study_id=study.id, incoming=clean, who=user.name, decided=decided.said, watch=watch
        )
        bar.empty()
        st.success(str(brought))
        next_step(the_store(), study)
