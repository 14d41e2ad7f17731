"""Decision: the plan first, then the answer by its rules; every look is counted."""

import streamlit as st

from agreement.columns import COEFFICIENTS
from agreement.decision import Plan
from pages.lead.chosen import chosen_study
from pages.said import faults_said, plain
from pages.the_store import the_store
from pages.who import require
from verbs import decide
from verbs.validate import in_words

user = require("lead")

st.title("Decision")
study = chosen_study(the_store())
stated = decide.stated_plan(the_store(), study=study.name)
start = stated.plan if stated else Plan()

with st.expander("The plan: margins set before anyone looks", expanded=stated is None), st.form("plan"):
    one, two, three = st.columns(3)
    ways = list(COEFFICIENTS)
    coefficient = one.selectbox("Primary coefficient", ways, ways.index(start.coefficient))
    margin = two.number_input("Margin: agreement may be lower by", 0.0, 1.0, start.margin, step=0.01)
    bias = three.number_input("Level may differ by (share of the scale)", 0.0, 1.0, start.bias, step=0.01)
    coverage = one.number_input("Least share of outputs answered", 0.0, 1.0, start.coverage, step=0.05)
    sensitivity = two.number_input("Least share of bad outputs found", 0.0, 1.0, start.sensitivity, step=0.05)
    repeats = three.number_input("Least agreement with itself", 0.0, 1.0, start.repeatability, step=0.05)
    subgroup = one.number_input("Floor of r in any subgroup", -1.0, 1.0, start.subgroup, step=0.05)
    least = two.number_input("Fewest shared outputs", 2, 10_000, start.items)
    if st.form_submit_button("State this plan", type="primary"):
        with faults_said():
            plan = Plan(
                coefficient=coefficient,
                margin=margin,
                bias=bias,
                coverage=coverage,
                sensitivity=sensitivity,
                repeatability=repeats,
                subgroup=subgroup,
                items=least,
            )
            decide.state_plan(the_store(), study=study.name, plan=plan, who=user.name)
            st.rerun()

if stated is None:
    st.stop()
when = stated.at.strftime("%Y-%m-%d %H:%M UTC")
st.caption(f"Plan {stated.plan.hash[:12]}, stated {when} by {plain(stated.who)}.")
judges = decide.judges(the_store(), study=study.name)
if not judges:
    st.info("No juror or metric has rated yet.")
    st.stop()
judge = st.selectbox("About", judges)
st.caption(
    "A look at the test set is counted and stays in the log. "
    "Items whose stratum “split” is “development” are left out."
)
if st.button("Decide", type="primary"):
    with faults_said(), st.spinner("Computing …"):
        look = decide.look(the_store(), study=study.name, judge=judge, who=user.name)
        for caution in look.cautions:
            st.warning(caution)
        (st.success if look.verdict.usable else st.error)(
            plain(in_words(look.verdict).strip().splitlines()[0])
        )
        st.code(in_words(look.verdict), language=None, wrap_lines=True)
