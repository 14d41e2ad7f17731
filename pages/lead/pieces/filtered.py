"""The filter over a report's figures: question, who, outputs and coefficient, as a picture and a table."""

from __future__ import annotations

import streamlit as st

from agreement.report import Report
from agreement.report.picked import ALL, CLINICIANS, EACH, WITHIN, Choices, Picked, choices
from pages.lead.pieces.shown import chart_of, table_of
from verbs.figures import figures

_LAST = "coefficient seen last"
_SPLITS = {ALL: "all together", WITHIN: "within systems (their mean)"}


@st.fragment
def filtered(report: Report) -> None:
    """Let a lead pick figures. Only this part of the page runs again when she does."""
    there = choices(report)
    left, middle, right = st.columns(3)
    questions = left.pills("Questions", there.questions, selection_mode="multi", help="None: all of them.")
    split = middle.selectbox(
        "Outputs", there.splits, format_func=lambda each: _SPLITS.get(each, f"by {each}")
    )
    few = [each for each in there.who if each != EACH]
    who = st.pills(
        "Who", there.who, selection_mode="multi", default=few, help="None: all of them.", wrap=True
    )
    open_ = choices(report, Picked(tuple(questions), tuple(who), split))
    coefficient = right.selectbox("Coefficient", open_.coefficients, _place(open_), placeholder="none")
    st.session_state[_LAST] = coefficient or st.session_state.get(_LAST)
    table, chart = figures(report, Picked(tuple(questions), tuple(who), split, coefficient or ""))
    if not table.rows:
        st.info("There are no such figures: choose another coefficient, or fewer filters.")
        return
    if chart is not None:
        chart_of("picked", chart)
    table_of(table)
    if CLINICIANS in who and len(who) > 1:
        st.caption(
            "Machines are compared with the clinicians' mean, clinicians one with another: these two do not "
            "compare. The coefficients that say “with the other clinicians” and “in the same place” do."
        )


def _place(open_: Choices) -> int | None:
    """Where the list of coefficients stands: at the one that was seen last, as long as there is one."""
    last = st.session_state.get(_LAST)
    start = last if last in open_.coefficients else open_.coefficient
    return open_.coefficients.index(start) if start else None
