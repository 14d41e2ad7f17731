"""Jury: convene a panel, see what it will cost, what it said, and every failure with its raw reply."""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from annotate.jury.consent import check_open
from annotate.jury.forecast import Forecast
from annotate.jury.panel import Panel
from annotate.jury.progress import Watcher
from data.formats.panel import open_endpoints, panel_names, panel_text, parse_panel
from pages import background
from pages.lead.chosen import chosen_study
from pages.lead.jury_said import estimate_row, progress_words, question_of, score_row
from pages.lead.jury_verdicts import show_verdicts
from pages.said import faults_said, plain
from pages.the_store import the_store
from pages.who import require
from verbs import jury

user = require("lead")


def _open(text: str, name: str) -> Panel:
    """Return a panel that may be run from the browser."""
    panel = parse_panel(text, name)
    check_open(panel, open_endpoints())
    return panel


def _run(name: str, panel: str, budget: str, who: str, watch: Watcher) -> object:
    mine = jury.of_study(the_store(), name, _open(panel, "panel.toml"))
    try:
        return mine.run(budget=budget, watcher=watch, who=who)
    finally:
        mine.close()


@st.dialog("Ask the jury?")
def _confirm(
    study_id: int, estimates: Sequence[Forecast], work: Callable[[Watcher], object], budget: str
) -> None:
    """Ask once more, with the sums, before anything leaves."""
    st.write(plain(question_of(estimates, budget)))
    yes, no = st.columns(2)
    if yes.button("Yes, ask", type="primary", width="stretch"):
        background.start("jury", study_id, work)
        st.rerun()
    if no.button("No, send nothing", width="stretch"):
        st.rerun()


st.title("Jury")
study = chosen_study(the_store())
assert study.id is not None
choice = st.selectbox("Start from a panel", panel_names(), index=panel_names().index("open"))
text = st.text_area("The panel, as a file", panel_text(choice), height=260, key=f"panel-{choice}")
st.caption("Keys are read from the server's environment only; they are never stored, logged or exported.")

bench = None
with faults_said():
    bench = jury.of_study(the_store(), study.name, _open(text, f"{choice}.toml"))
    estimates = bench.estimate()
    st.subheader("What it will ask and cost")
    st.dataframe(pd.DataFrame(map(estimate_row, estimates)), hide_index=True)
    st.caption(plain(f"Tokens are estimated by {'; '.join(dict.fromkeys(one.how for one in estimates))}."))
    for endpoint in bench.outside():
        st.warning(
            f"Texts would go to **{plain(endpoint)}**, outside this machine. Nobody has allowed that yet."
        )
        if st.button(f"The texts of this study may go to {endpoint}", key=f"allow-{endpoint}"):
            bench.allow(endpoint, user.name)
            st.rerun()
    if bench.docket.withheld:
        st.warning(
            f"{len(bench.docket.withheld):,} of {len(bench.docket.items):,} items are shown to no juror: "
            "something in them may identify a person. The page Import shows what was found."
        )
        reason = st.text_input("Why jurors may see them all the same (for the log)")
        if st.button("Let jurors see them", disabled=not reason.strip()):
            bench.accepting(reason, user.name)
            st.rerun()
    budget = st.text_input("Stop before it costs more than", placeholder="12.50, or 300 calls")
    ask = sum(one.to_ask for one in estimates)
    sitting = background.job("jury", study.id)
    if sitting is not None and sitting.runs:
        st.info("The jury is at work; you may leave this page, it goes on.")
    elif not ask:
        st.info("Every call has its verdict: there is nothing to ask.")
    elif st.button(f"Ask the jury ({ask:,} calls)", type="primary", disabled=bool(bench.outside())):
        _confirm(study.id, estimates, partial(_run, study.name, text, budget, user.name), budget)


@st.fragment(run_every=1)
def progress() -> None:
    """Show how far the run is, every second while it goes on."""
    run = background.job("jury", study.id or 0)
    if run is None:
        return
    if run.runs:
        st.session_state["jury runs"] = True
    elif st.session_state.pop("jury runs", False):
        st.rerun()  # the whole page: what was said stands below, and what is left to ask above
    now = run.progress
    if now is not None:
        share = (now.known + now.done) / now.total if now.total else 1.0
        st.progress(min(share, 1.0), text=plain(progress_words(now)))
    if run.fault:
        st.error(plain(run.fault))
    elif not run.runs and run.result is not None:
        st.success("The jury has adjourned.")
        for line in (*run.result.stopped, *run.result.flags):
            st.warning(plain(line))


progress()
if bench is not None:
    st.subheader("What jurors said")
    scores = bench.scores()
    if scores:
        st.caption("The panel's mean, and how many of its jurors stand behind it.")
        st.dataframe(pd.DataFrame(map(score_row, scores)), hide_index=True)
    show_verdicts(bench)
    bench.close()
