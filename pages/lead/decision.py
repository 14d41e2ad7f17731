"""Decision: the plan first, then the answer by its rules; every look is counted."""

import streamlit as st

from pages.lead.pieces.chosen import chosen_study
from pages.said import end, faults_said, plain
from pages.the_store import the_store
from pages.who import require

user = require("lead")

st.title("Decision")
with st.spinner("Opening …"):  # the first who comes waits seconds for scipy: not before an empty page
    from agreement.decision import Plan
    from agreement.decision.stated import sentences
    from pages.lead.pieces.plan_form import plan_form
    from verbs import decide, looks
study = chosen_study(the_store())
now = looks.standing(the_store(), study=study.name)
st.markdown(
    "May a juror, the jury or a metric stand in for a clinician? **1** Say what is good enough, before "
    "anyone looks. **2** Look: it is compared with the clinicians by your plan, and every look is counted. "
    "**3** Take its passport along."
)


def state(start: Plan) -> None:
    """Let the lead state a plan; it is in the log before the page goes on."""
    with faults_said():
        wanted = plan_form(start, now.questions)
        if wanted is not None:
            looks.state_plan(the_store(), study=study.name, plan=wanted, who=user.name)
            st.rerun()


st.subheader("1 The plan")
if now.stated is None:
    state(Plan())
    end()
when = now.stated.at.strftime("%Y-%m-%d %H:%M UTC")
st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences(now.stated.plan)))
st.caption(
    f"Plan {now.stated.number}, {now.stated.plan.hash[:12]}, stated {when} by {plain(now.stated.who)}."
)
with st.expander("State another plan (the earlier one stays in the log)"):
    state(now.stated.plan)

st.subheader("2 The look")
if not now.judges:
    st.info("No juror or metric has rated yet: convene a jury, or add a metric, first.")
    end()
left, right = st.columns([2, 3], vertical_alignment="bottom")
judge = left.selectbox("About", now.judges)
aside = f", {now.development:,} for development left out" if now.development else ""
st.caption(
    f"{now.test:,} outputs to decide on{aside}. Looked {looks.times(len(now.looks))} so far"
    + (f", last {now.looks[-1][0]:%Y-%m-%d %H:%M} UTC at {plain(now.looks[-1][2])}." if now.looks else ".")
)
about = (study.id, judge, now.stated.number)
if right.button(f"Look at {judge} (look {len(now.looks) + 1})", type="primary"):
    with faults_said(), st.spinner("Computing …"):
        st.session_state["look"] = (
            about,
            decide.look(the_store(), study=study.name, judge=judge, who=user.name),
        )
        st.rerun()

known, look = st.session_state.get("look", (None, None))
if known == about:
    from pages.lead.pieces.decided import decided

    st.subheader("3 The answer")
    decided(look, study.name)
