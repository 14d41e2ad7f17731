"""Agreement."""

import pandas as pd
import streamlit as st

from data.store import studies
from data.store.progress import by_rater
from pages.the_store import the_store
from pages.who import require

require("lead")

st.title("Studies")
with the_store().reading() as session:
    for study in studies.all_studies(session):
        st.subheader(study.title)
        st.caption(f"{study.name} · {study.status}" + (" · synthetic demo data" if study.demo else ""))
        rows = by_rater(session, study_id=study.id)
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            column_config={
                "rater": "Rater",
                "done": st.column_config.ProgressColumn("Rated", min_value=0, max_value=1, format="percent"),
                "submitted": "Items rated",
                "assigned": "Items assigned",
                "minutes": st.column_config.NumberColumn("Minutes an item (median)", format="%.1f"),
            },
        )
