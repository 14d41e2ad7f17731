"""Import: files are read, shown and checked; all of them come in, or nothing."""

import pandas as pd
import streamlit as st

from annotate.item import Item
from data.identifiers import counted
from pages.lead.chosen import chosen_study
from pages.said import faults_said, plain
from pages.the_store import the_store
from pages.uploaded import on_disk
from pages.who import require
from verbs.assign import current_protocol
from verbs.import_ import bring
from verbs.incoming import Incoming, identifiers, read_incoming, without_identifiers

user = require("lead")


@st.cache_data(max_entries=4, show_spinner="Reading …")
def _read(files: list[tuple[str, bytes]], study_id: int, kinds: tuple[str, ...]) -> Incoming:
    with on_disk(files) as paths:
        return read_incoming(paths, current_protocol(the_store(), study_id=study_id), kinds=kinds)


def _first(item: Item) -> dict[str, str]:
    """An item's first words, to see that the columns were understood."""
    texts = {"output": " | ".join(output.text for output in item.outputs), "source": item.source}
    short = {name: text[:80] for name, text in texts.items()}
    systems = ", ".join(output.system for output in item.outputs)
    return {"item": item.key, **short, "system": systems, "subcategory": item.subcategory}


st.title("Import")
study = chosen_study(the_store())
assert study.id is not None
uploaded = st.file_uploader(
    "Items, ratings, HELM runs or suites (as a zip), or an export of this app",
    type=["csv", "tsv", "xlsx", "jsonl", "parquet", "zip", "txt"],
    accept_multiple_files=True,
)
kind = st.text_input(
    "Kinds of rater, where no column says so", placeholder="clinician, or gpt=juror, C01=clinician"
)
if not uploaded:
    st.caption("docs/files.md says which columns are understood; docs/helm.md how a run is read.")
    st.stop()

with faults_said():
    files = [(file.name, file.getvalue()) for file in uploaded]
    incoming = _read(files, study.id, tuple(each.strip() for each in kind.split(",") if each.strip()))
    st.subheader("What was understood")
    for sentence in incoming.understood:
        st.write(plain(sentence))
    st.write(
        f"{len(incoming.items):,} items, {len(incoming.frame):,} ratings, {len(incoming.raters):,} raters."
    )
    if incoming.items:
        st.dataframe(pd.DataFrame([_first(item) for item in incoming.items[:5]]), hide_index=True)
    if len(incoming.frame):
        columns = ["item", "rater", "kind", "question", "value", "status"]
        st.dataframe(incoming.frame[columns].head(5), hide_index=True)

    st.subheader("Identifiers")
    flagged = identifiers(incoming)
    st.caption("The check sees patterns and can miss things; it certifies nothing.")
    for one in flagged[:20]:
        st.code(one.shown(), language=None, wrap_lines=True)
    ways = ["Redact what was found", "Keep it, for a reason"] if flagged else ["Nothing was found"]
    with st.form("bring"):
        way = st.radio(f"May identify a person: {counted(flagged) or 'nothing'}", ways)
        reason = st.text_input("Reason for keeping (for the log)", disabled=not flagged)
        if st.form_submit_button("Import all of it", type="primary"):
            redacted = way == ways[0]
            kept = f"accepted {len(flagged):,}: {reason}"
            decided = f"redacted {len(flagged):,}" if redacted else kept
            if not redacted and not reason.strip():
                st.error("Say why what was found may stay; the reason goes into the log.")
                st.stop()
            clean = without_identifiers(incoming) if flagged and redacted else incoming
            said = bring(the_store(), study_id=study.id, incoming=clean, who=user.name, decided=decided)
            st.success(str(said))
