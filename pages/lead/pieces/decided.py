"""A decision in plain view: the answer, question by question, the rule that decided, and the passport."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from agreement.decision import Decision, overall
from agreement.decision.character import character
from agreement.decision.passport import VOID, deciding
from agreement.paper.document import Chart
from agreement.paper.draw import intervals
from agreement.paper.passport_page import difference
from agreement.paper.sections.glance import TONES
from pages.lead.pieces.shown import BOXES, chart_of
from pages.said import plain
from verbs.decide import Look

_STATES = {"met": "met", "not met": "not met", "unclear": "open", "not measured": "not measured"}


def decided(look: Look, study: str) -> None:
    """Show what was decided about a judge."""
    one = look.verdict
    counted = deciding(one.decisions, one.plan)
    for caution in look.cautions:
        st.warning(plain(caution))
    answer = overall(counted)
    first = f"May {one.judge} stand in for a clinician? {answer.capitalize()}."
    BOXES[TONES[answer]](f"**{plain(first)}** {plain(character(counted))}")
    _passport(look, study)
    _differences(counted, one.plan.margin)
    for decision in counted:
        _question(decision)
    for sentence in (*one.said, VOID):
        st.caption(plain(sentence))


def _question(decision: Decision) -> None:
    st.markdown(f"**{plain(decision.question)}: {plain(str(decision))}**")
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in decision.because))
    if decision.several:
        st.markdown(f"- {plain(decision.several)}")
    rows = [
        {"Rule": check.rule, "State": _STATES[check.state], "What was found": plain(check.sentence)}
        for check in decision.checks
    ]
    with st.expander(f"Every rule on {plain(decision.question)} (decided by: {plain(decision.rule)})"):
        st.table(pd.DataFrame(rows).set_index("Rule"))


def _differences(decisions: list[Decision], margin: float) -> None:
    rows = [(d.question, found) for d in decisions if (found := difference(d)) is not None]
    if rows:
        label = f"left of {-margin:g}: worse than the plan allows; right of 0: better than a clinician"
        title = f"Judge less a clinician in the same place ({rows[0][1].coefficient})"
        chart_of("decided", Chart("differences", title, intervals(rows, label, zero=-margin)))


def _passport(look: Look, study: str) -> None:
    left, right, _ = st.columns([1, 1, 2])
    for place, (name, content) in zip((right, left), look.files().items(), strict=True):
        label = "Passport to print (PDF)" if name.endswith(".pdf") else "Passport (JSON)"
        place.download_button(label, content, f"{study}-{name}", on_click="ignore", width="stretch")
