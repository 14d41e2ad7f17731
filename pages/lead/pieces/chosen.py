"""Which study a lead's page is about: chosen once, kept in the address."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from data.store import Store, studies
from data.tables import Study
from pages.said import end


def chosen_study(store: Store) -> Study:
    """Show the choice of study and return it; ends the page where there is none yet."""
    with store.reading() as session:
        rows = {row.name: row for row in studies.all_studies(session)}
    if not rows:
        st.info("There is no study yet. Start one under “New study”.")
        end()
    names = list(rows)
    asked = st.query_params.get("study", "")
    place = names.index(asked) if asked in rows else 0
    titles = Counter(row.title for row in rows.values())
    called = {
        name: row.title if titles[row.title] == 1 else f"{row.title} · {name}" for name, row in rows.items()
    }
    name = st.selectbox("Study", names, index=place, format_func=lambda each: called[each], width=480)
    st.query_params["study"] = name
    row = rows[name]
    st.caption(f"{row.name} · {row.status}" + (" · synthetic demo data" if row.demo else ""))
    return row
