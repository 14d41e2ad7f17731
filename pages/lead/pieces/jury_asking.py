"""Before a jury is asked: what it costs, and the last yes."""

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
from pages import background
from pages.lead.pieces.jury_leave import ask_for_leave
from pages.lead.pieces.jury_said import estimate_row, question_of
from pages.said import plain
from pages.the_store import the_store
from verbs.jury_bench import Bench, of_study


def opened(text: str, name: str) -> Panel:
    """Return a panel that may be run from the browser."""
    panel = parse_panel(text, name)
    check_open(panel, open_endpoints())
    return panel


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
