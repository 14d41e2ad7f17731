"""Rate: the room, at the item where the clinician stands."""

import streamlit as st

from pages.asked import whole_number
from pages.clinician.consent import consented
from pages.components.rating import rating_room
from pages.said import end
from pages.the_store import the_store
from pages.who import require
from verbs import rate
from verbs.own_study import study_of
from verbs.sitting import IDLE_SECONDS

user = require("clinician")
assert user.rater_id is not None
study = study_of(the_store(), rater_id=user.rater_id)
if not consented(user.rater_id, study):
    end()

wanted = whole_number(st.query_params.get("item", ""))
with the_store().reading() as session:
    view = rate.opened(session, rater_id=user.rater_id, assignment_id=wanted)
words = {"title": study.title, "instructions": study.protocol.instructions, "idle_seconds": IDLE_SECONDS}
where = rating_room({"api": "/room", "study": words, "view": view})
if where == "mine":
    st.query_params.clear()
    st.switch_page("clinician/mine.py")
