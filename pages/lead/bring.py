"""Import: files are read, shown and checked; all of them come in, or nothing."""

import streamlit as st

from annotate.item import Item
from data.formats.steps import Step
from data.identifiers import counted
from pages.lead.chosen import chosen_study
from pages.lead.next_step import next_step
from pages.lead.read_once import read_once
from pages.said import faults_said, plain
from pages.the_store import the_store
from pages.who import require
from verbs.bring import bring
from verbs.identifying import without_identifiers

user = require("lead")
TYPES = ["csv", "tsv", "xlsx", "jsonl", "ndjson", "json", "parquet", "zip", "txt", "gz"]


def _first(item: Item) -> dict[str, str]:
    """An item's first words, to see that the columns were understood."""
    texts = {"output": " | ".join(output.text for output in item.outputs), "source": item.source}
    short = {name: text[:80] for name, text in texts.items()}
    systems = ", ".join(output.system for output in item.outputs)
    return {"item": item.key, **short, "system": systems, "subcategory": item.subcategory}


st.title("Import")
study = chosen_study(the_store())
assert study.id is not None
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
    st.subheader("What was understood")
    count = (
        f"{len(incoming.items):,} items, {len(incoming.frame):,} ratings, {len(incoming.raters):,} raters."
    )
    st.markdown(f"**{count}**\n\n" + "\n".join(f"- {plain(said)}" for said in incoming.understood))
    if incoming.items:
        st.dataframe([_first(item) for item in incoming.items[:5]], hide_index=True)
    if len(incoming.frame):
        columns = ["item", "rater", "kind", "question", "value", "status"]
        st.dataframe(incoming.frame[columns].head(5), hide_index=True)

    st.subheader("Identifiers")
    st.caption("The check sees patterns and can miss things; it certifies nothing.")
    with st.form("bring"):
        reason, redacted = "", False
        if flagged:
            st.write(f"May identify a person: {counted(flagged)}. The first of them, in place:")
            st.code("\n".join(each.shown() for each in flagged[:8]), language=None, wrap_lines=True)
            way = st.radio("These", ["Redact what was found", "Keep it, for a reason"], horizontal=True)
            reason = st.text_input("Reason for keeping (for the log)")
            redacted = way == "Redact what was found"
        else:
            st.write("Nothing was found.")
        if st.form_submit_button("Import all of it", type="primary"):
            if flagged and not redacted and not reason.strip():
                st.error("Say why what was found may stay; the reason goes into the log.")
                st.stop()
            decided = f"redacted {len(flagged):,}" if redacted else f"accepted {len(flagged):,}: {reason}"
            decided = decided if flagged else "none found"
            clean = without_identifiers(incoming) if redacted else incoming
            brought = bring(
                the_store(), study_id=study.id, incoming=clean, who=user.name, decided=decided, watch=_show
            )
            bar.empty()
            st.success(str(brought))
            next_step(the_store(), study)
