"""Agreement: sealed until the lead unseals it; then the report, and its files to take away."""

from functools import partial

import streamlit as st

from pages.lead.pieces.chosen import chosen_study
from pages.lead.pieces.filtered import filtered
from pages.lead.pieces.first_sentences import first_sentences
from pages.lead.pieces.made import report_of
from pages.lead.pieces.one_item import ONE_ITEM, one_item
from pages.lead.pieces.sealed import end_where_sealed
from pages.lead.pieces.shown import show
from pages.lead.pieces.summed_up import summed_up
from pages.said import faults_said
from pages.the_store import the_store
from pages.who import require
from pages.zipped import zipped

user = require("lead")

st.title("Agreement")
study = chosen_study(the_store())
end_where_sealed(the_store(), study, user.name)
made = report_of(the_store(), study, user.name)
if st.button("Prepare the report's files (HTML, PDF, XLSX, CSV, JSON, LaTeX, SVG, PNG)"):
    with faults_said(), st.spinner("Writing …"):
        from agreement.paper.compose import files

        content = zipped(files(made.found, made.document))
        st.download_button(
            "Download them (zip)", content, file_name=f"{study.name}-report.zip", on_click="ignore"
        )
more = {
    ONE_ITEM: partial(one_item, the_store(), study.id),
    "As the protocol sums up": partial(summed_up, the_store(), study.name),
    "Filter the figures": partial(filtered, made.found.report),
}
begin = ONE_ITEM if "item" in st.query_params else ""
show(made.document, more, {"statements": partial(first_sentences, made.statements)}, begin)
