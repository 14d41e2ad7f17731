"""Metrics: text metrics as raters, over all items of a study."""

from functools import partial

import pandas as pd
import streamlit as st

from annotate.metrics.metric import CAUTION
from annotate.metrics.registry import METRICS, PRESETS, metrics
from data.store import raters
from pages.lead.pieces.chosen import chosen_study
from pages.lead.pieces.metric_settings import asked
from pages.painted import paint
from pages.said import faults_said
from pages.the_store import the_store
from pages.who import require
from verbs import grade

NAMED = ("metric", "measure")
require("lead")

st.title("Text metrics")
study = chosen_study(the_store())
st.write(
    "A metric is a rater: its scores land beside the clinicians' and are compared with them. ROUGE and "
    "BERTScore write F, precision and recall, each a rater of its own."
)
st.info(CAUTION)
chosen = st.multiselect("Metrics", [*METRICS, *PRESETS], default=["rouge-l", "length"])
with faults_said():
    specs = asked(chosen)
    if specs:
        st.caption("The same on the command line:")
        st.code(grade.command(study.name, specs), language=None, wrap_lines=True)
    if st.button("Score what is not scored yet", type="primary", disabled=not specs):
        wanted = metrics(specs)
        bar = st.progress(0.0, text="Starting …")
        summary = grade.grade_study(the_store(), study.name, wanted, watch=partial(paint, bar))
        bar.progress(1.0, text="Done")
        st.success("\n\n".join(str(summary).splitlines()) or "Everything was scored already.")

with the_store().reading() as session:
    known = raters.in_study(session, study_id=study.id, kinds=("metric",))
if known:
    st.subheader("Metrics of this study")
    rows = [
        {
            "Metric": each.identity.get("metric", each.key),
            "Figure": each.identity.get("measure", ""),
            "Rater": each.key,
            "Settings": ", ".join(f"{k} {v}" for k, v in each.identity.items() if k not in NAMED and v),
        }
        for each in known
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)
