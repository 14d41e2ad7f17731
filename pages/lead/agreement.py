"""Agreement: sealed until the lead unseals it; then the report, and its files to take away."""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from data.store import studies
from pages import background
from pages.lead.chosen import chosen_study
from pages.lead.filtered import filtered
from pages.lead.first_sentences import first_sentences
from pages.lead.one_item import ONE_ITEM, one_item
from pages.lead.shown import show
from pages.lead.summed_up import summed_up
from pages.said import end, faults_said, plain
from pages.the_store import the_store
from pages.who import require
from pages.zipped import zipped
from verbs.report import made_from

user = require("lead")

st.title("Agreement")
study = chosen_study(the_store())

if not (study.demo or study.unsealed_at or study.status == "closed"):
    st.warning(
        "Agreement is sealed while clinicians rate: looking early changes studies. "
        "You can unseal it; that you did, when and why stays in the log and in the report."
    )
    with st.form("unseal"):
        why = st.text_input("Reason")
        if st.form_submit_button("Unseal"):
            if why.strip():
                with the_store().writing() as session:
                    studies.unseal(session, study_id=study.id, who=user.name, reason=why)
                st.rerun()
            st.error("Say why: the reason stands in the log and in the report.")
    end()


def _make(name: str, who: str, watch: background.Watch) -> tuple[Any, Any, Any]:
    from agreement.paper.compose import compose  # with what PDF and XLSX need: the page need not wait for it
    from verbs.report import study_report
    from verbs.statements import without_texts
    from verbs.written import software

    found, title, facts = study_report(the_store(), name=name, who=who, progress=watch, texts=True)
    here = found.statements  # in words on this page; in the files, which may leave the house, by number
    found = replace(found, statements=tuple(map(without_texts, here)))
    return found, compose(found, title=title, provenance=facts | {"software": software()}), here


source = made_from(the_store(), name=study.name)
made = background.job("report", study.id)
if made is None or (made.about != source and not made.runs):
    made = background.start("report", study.id, partial(_make, study.name, user.name), source)


@st.fragment(run_every=0.5)
def waiting(made: background.Job) -> None:
    """Say what is being computed; show the page again when it is done."""
    if made.runs:
        st.info(f"Computing: {plain(str(made.progress or 'reading the ratings'))} …")
    else:
        st.rerun()


if made.runs:
    waiting(made)
    end()
if made.fault:
    st.info(plain(made.fault))
    end()

found, document, suggested = made.result
if st.button("Prepare the report's files (HTML, PDF, XLSX, CSV, JSON, LaTeX, SVG, PNG)"):
    with faults_said(), st.spinner("Writing …"):
        from agreement.paper.compose import files

        content = zipped(files(found, document))
        st.download_button(
            "Download them (zip)", content, file_name=f"{study.name}-report.zip", on_click="ignore"
        )
more = {
    ONE_ITEM: partial(one_item, the_store(), study.id),
    "As the protocol sums up": partial(summed_up, the_store(), study.name),
    "Filter the figures": partial(filtered, found.report),
}
begin = ONE_ITEM if "item" in st.query_params else ""
show(document, more, {"statements": partial(first_sentences, suggested)}, begin)
