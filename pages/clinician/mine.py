"""My ratings: what is rated and can still be changed, what is left, consent, leaving."""

import streamlit as st

from pages.clinician.list_of_items import show_items
from pages.the_store import the_store
from pages.who import require
from verbs.consent import leave
from verbs.mine import my_ratings
from verbs.own_study import study_of

user = require("clinician")
assert user.rater_id is not None
study = study_of(the_store(), rater_id=user.rater_id)
mine = my_ratings(the_store(), rater_id=user.rater_id)

st.title("My ratings")
st.write(f"**{study.title}**  \n{mine.summary}")
if mine.open_assignment is not None:
    st.html('<a class="consilium-go" href="/rate" target="_self">Go on rating</a>')
show_items(mine)

st.header("Taking part")
if study.irb:
    st.write(f"Ethics approval: {study.irb}")
if study.protocol.consent:
    when = f", accepted {study.consented_at:%d %B %Y}" if study.consented_at else ""
    with st.expander(f"The consent text (version {study.consent_version}{when})"):
        st.markdown(study.protocol.consent)
if study.left_at is not None:
    st.write(f"You left this study on {study.left_at:%d %B %Y}. What you had completed stays in it.")
else:
    with st.expander("Leave the study"):
        st.write("You can stop at any time. What you completed stays; open items go back to the lead.")
        reason = st.text_area("Why, if you like to say", max_chars=2000)
        if st.button("Leave the study for good"):
            leave(the_store(), rater_id=user.rater_id, reason=reason)
            st.rerun()
