"""Jury: convene a panel, see what it will cost, what it said, and every failure with its raw reply."""

from functools import partial

import pandas as pd
import streamlit as st

from annotate.jury.consent import check_open
from annotate.jury.panel import Panel
from annotate.jury.progress import Watcher
from data.formats.panel import open_endpoints, panel_names, panel_text, parse_panel
from pages import background
from pages.lead.chosen import chosen_study
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
    for line in estimates:
        st.write(plain(str(line)))
    for endpoint in bench.outside():
        st.warning(
            f"Texts would go to **{plain(endpoint)}**, outside this machine. Nobody has allowed that yet."
        )
        if st.button(f"The texts of this study may go to {endpoint}", key=f"allow-{endpoint}"):
            bench.allow(endpoint, user.name)
            st.rerun()
    if bench.docket.withheld:
        st.warning(
            f"{len(bench.docket.withheld):,} items are shown to no juror: "
            "something in them may identify a person."
        )
        reason = st.text_input("Why jurors may see them all the same (for the log)")
        if st.button("Let jurors see them", disabled=not reason.strip()):
            bench.accepting(reason, user.name)
            st.rerun()
    budget = st.text_input("Stop before it costs more than", placeholder="12.50, or 300 calls")
    ask = sum(one.to_ask for one in estimates)
    if st.button(f"Ask the jury ({ask:,} calls)", type="primary", disabled=not ask or bool(bench.outside())):
        background.start("jury", study.id, partial(_run, study.name, text, budget, user.name))


@st.fragment(run_every=1)
def progress() -> None:
    """Show how far the run is, every second while it goes on."""
    run = background.job("jury", study.id or 0)
    if run is None:
        return
    now = run.progress
    if now is not None:
        share = (now.known + now.done) / now.total if now.total else 1.0
        money = f", ${now.dollars:.2f} spent" + (f", ${now.to_come:.2f} to come" if now.to_come else "")
        st.progress(min(share, 1.0), text=f"{now.known + now.done:,} of {now.total:,} verdicts{money}")
    if run.fault:
        st.error(run.fault)
    elif not run.runs and run.result is not None:
        st.success("The jury has adjourned.")
        for line in (*run.result.stopped, *run.result.flags):
            st.warning(plain(line))


progress()
if bench is not None:
    st.subheader("What jurors said")
    scores = bench.scores()
    if scores:
        st.dataframe(pd.DataFrame(scores), hide_index=True)
    show_verdicts(bench)
    bench.close()
