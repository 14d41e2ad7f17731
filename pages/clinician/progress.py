"""My progress: what I have rated, what is left."""

import streamlit as st

from data.store import assignments
from pages.the_store import the_store
from pages.who import require

user = require("clinician")

st.title("My progress")
with the_store().reading() as session:
    mine = [each for each in assignments.standings(session, rater_id=user.rater_id) if each.round == "main"]
done = sum(each.done for each in mine)
st.progress(done / len(mine) if mine else 0.0, text=f"{done} of {len(mine)} rated")
