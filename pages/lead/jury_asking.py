"""Before a jury is asked: what it costs, where texts would go, what jurors do not see, and the last yes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from annotate.jury.consent import check_open
from annotate.jury.forecast import Forecast
from annotate.jury.panel import Panel
from annotate.jury.progress import Watcher
from data.formats.panel import open_endpoints, parse_panel
from data.identifiers import Flagged, counted
from pages import background
from pages.lead.jury_said import estimate_row, question_of
from pages.said import plain
from pages.the_store import the_store
from verbs.bench import Bench, of_study

SHOWN = 30


def opened(text: str, name: str) -> Panel:
    """Return a panel that may be run from the browser."""
    panel = parse_panel(text, name)
    check_open(panel, open_endpoints())
    return panel


def ask_for_leave(bench: Bench, who: str) -> None:
    """Show what the lead has not allowed yet: an endpoint outside, items that may identify a person."""
    for endpoint in bench.outside():
        st.warning(
            f"Texts would go to **{plain(endpoint)}**, outside this machine. Nobody has allowed that yet."
        )
        if st.button(f"The texts of this study may go to {endpoint}", key=f"allow-{endpoint}"):
            bench.allow(endpoint, who)
            st.rerun()
    for endpoint in bench.open_to():
        st.caption(f"Texts may go to **{plain(endpoint)}**, as a lead has said.")
        if st.button("Take that back", key=f"forbid-{endpoint}"):
            bench.forbid(endpoint, who)
            st.rerun()
    if bench.docket.withheld:
        st.warning(
            f"{len(bench.docket.withheld):,} of {len(bench.docket.items):,} items are shown to no juror: "
            "something in them may identify a person."
        )
        with st.expander("What was found in them"):
            _show_found(bench.found())
        reason = st.text_input("Why jurors may see them all the same (for the log)")
        if st.button("Let jurors see them", disabled=not reason.strip()):
            bench.accepting(reason, who)
            st.rerun()


def _show_found(flagged: Sequence[Flagged]) -> None:
    """Show findings in their places, as the page Import does, so that the lead can judge them."""
    more = f" The first {SHOWN} of {len(flagged):,}, in place:" if len(flagged) > SHOWN else ""
    st.write(f"{counted(flagged)}.{more}")
    st.code("\n".join(each.shown() for each in flagged[:SHOWN]), language=None, wrap_lines=True)


def offer(bench: Bench, *, study: str, study_id: int, panel: str, who: str) -> None:
    """Show what a run will ask and cost, and start it after one more yes."""
    st.subheader("What it will ask and cost")
    batch = st.checkbox("In batches: half the price where a provider has them, and up to a day")
    estimates = bench.estimate(batch=batch)
    st.dataframe(pd.DataFrame(map(estimate_row, estimates)), hide_index=True)
    st.caption(plain(f"Tokens are estimated by {'; '.join(dict.fromkeys(one.how for one in estimates))}."))
    ask_for_leave(bench, who)
    budget = st.text_input("Stop before it costs more than", placeholder="12.50, or 300 calls")
    ask = sum(one.to_ask for one in estimates)
    sitting = background.job("jury", study_id)
    if sitting is not None and sitting.runs:
        st.info("The jury is at work; you may leave this page, it goes on.")
    elif not ask:
        st.info("Every call has its verdict: there is nothing to ask.")
    elif st.button(f"Ask the jury ({ask:,} calls)", type="primary", disabled=bool(bench.outside())):
        stop = threading.Event()
        work = partial(_run, study, panel, budget, who, batch, stop)
        _confirm(study_id, estimates, work, budget, stop)


@st.dialog("Ask the jury?")
def _confirm(
    study_id: int,
    estimates: Sequence[Forecast],
    work: Callable[[Watcher], object],
    budget: str,
    stop: threading.Event,
) -> None:
    """Ask once more, with the sums, before anything leaves."""
    st.write(plain(question_of(estimates, budget)))
    yes, no = st.columns(2)
    if yes.button("Yes, ask", type="primary", width="stretch"):
        background.start("jury", study_id, work, stop=stop)
        st.rerun()
    if no.button("No, send nothing", width="stretch"):
        st.rerun()


def _run(
    name: str, panel: str, budget: str, who: str, batch: bool, stop: threading.Event, watch: Watcher
) -> object:
    mine = of_study(the_store(), name, opened(panel, "panel.toml"))
    try:
        return mine.run(budget=budget, watcher=watch, batch=batch, who=who, stop=stop)
    finally:
        mine.close()
