"""Any verdict beside its item, and every failure with its raw reply."""

from __future__ import annotations

import streamlit as st

from pages.said import plain
from verbs.jury import Bench

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
    row = st.selectbox("Verdict", shown, format_func=_named)
    found = bench.verdict(row["key"])
    left, right = st.columns(2)
    with left:
        for output in found["item"].outputs if found["item"] else ():
            st.text(output.text)
    with right:
        for rating in found["ratings"]:
            said = rating.value if rating.status == "answered" else f"{rating.status}: {rating.reason}"
            st.markdown(f"**{plain(rating.question)}** {plain(str(said))}")
            st.caption(plain(rating.comment))
    for attempt in found["attempts"]:
        with st.expander(
            f"Reply {attempt['number']}: {attempt['outcome'] or attempt['lost'] or 'in flight'}"
        ):
            if attempt["why"]:
                st.write(plain(attempt["why"]))
            st.code(str(attempt["body"] or ""), language=None, wrap_lines=True)


def _named(row: dict[str, object]) -> str:
    why = "" if row["outcome"] == "usable" else f": {row['outcome']}, {row['why']}"
    return f"{row['rater']}, item {row['item']}{why}"
