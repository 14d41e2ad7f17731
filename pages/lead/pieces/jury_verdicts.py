"""Any verdict beside its item, and every failure with its raw reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from annotate.item import Item
from annotate.rating import Rating
from pages.lead.pieces.jury_said import SAW_INSTEAD, attempt_facts, verdict_name
from pages.lead.pieces.one_item import texts_of
from pages.said import plain
from verbs.jury_bench import Bench

_MOST = 500


def show_verdicts(bench: Bench) -> None:
    """Let the lead choose one verdict, failures first, and show what was asked and what came back."""
    rows = list(bench.ledger.verdicts())
    if not rows:
        st.caption("Nothing yet.")
        return
    failed = [row for row in rows if row["outcome"] != "usable"]
    st.write(f"{len(rows):,} verdicts, {len(failed):,} of them without an answer.")
    shown = [*failed, *(row for row in rows if row["outcome"] == "usable")][:_MOST]
    if len(shown) < len(rows):
        st.caption(f"The first {_MOST:,} are listed, those without an answer first; an export has all.")
    row = st.selectbox("Verdict", shown, format_func=verdict_name)
    found = bench.verdict(row["key"])
    left, right = st.columns(2)
    with left:
        _item(found["item"], str(found["call"]["control"]))
    with right:
        _ratings(found["ratings"])
    st.markdown("**What was sent and what came back**")
    with st.expander("The request, as it was sent"):
        st.code(str(found["call"]["request"]), language="json", wrap_lines=True)
    for attempt in found["attempts"]:
        _attempt(attempt)


def _item(item: Item | None, control: str) -> None:
    if item is None:
        st.caption("The item has left the study since.")
        return
    st.markdown(f"**Item {plain(item.key)}**")
    if control in SAW_INSTEAD:
        st.info(SAW_INSTEAD[control])
    texts_of(item)


def _ratings(ratings: Sequence[Rating]) -> None:
    for rating in ratings:
        said = rating.value if rating.status == "answered" else f"{rating.status}: {rating.reason}"
        part = f" ({plain(rating.part)})" if rating.part else ""
        st.markdown(f"**{plain(rating.question)}**{part}: {plain(str(said))}")
        if rating.comment:
            st.caption(plain(rating.comment))


def _attempt(attempt: Mapping[str, Any]) -> None:
    outcome = attempt["outcome"] or attempt["lost"] or ("failed" if attempt["status"] else "in flight")
    with st.expander(f"Reply {attempt['number']}: {plain(str(outcome))}"):
        if attempt["why"] or attempt["lost"]:
            st.write(plain(str(attempt["why"] or attempt["lost"])))
        st.caption(plain(attempt_facts(attempt)))
        body = bytes(attempt["body"] or b"")
        if body:
            st.code(body.decode("utf-8", "replace"), language=None, wrap_lines=True)
