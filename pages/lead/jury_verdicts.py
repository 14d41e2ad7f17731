"""Any verdict beside its item, and every failure with its raw reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from annotate.item import Item
from annotate.rating import Rating
from pages.said import plain
from verbs.jury import Bench

_MOST = 500
SHOWN = {
    "padded": "A check: words that add nothing were appended to what stands here.",
    "canary": "A check: an instruction to the juror was planted after what stands here.",
    "mismatched": "A check: the juror saw another item's output in place of what stands here.",
    "reversed": "A check: the questions came in reverse order.",
    "swapped": "A check: the juror saw the outputs in the other order. Answers below are turned back; "
    "its own words are not, so A in them is the last output here.",
    "no-reference": "A check: the reference answer was not shown.",
}


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
    row = st.selectbox("Verdict", shown, format_func=_named)
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
    if control in SHOWN:
        st.info(SHOWN[control])
    if item.source:
        with st.expander("Source"):
            st.text(item.source)
    for place, output in enumerate(item.outputs):
        if len(item.outputs) > 1:
            st.caption(f"Output {chr(65 + place)}")
        st.text(output.text or "(empty)")


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
        st.caption(plain(_facts(attempt)))
        body = bytes(attempt["body"] or b"")
        if body:
            st.code(body.decode("utf-8", "replace"), language=None, wrap_lines=True)


def _facts(attempt: Mapping[str, Any]) -> str:
    parts = [f"status {attempt['status']}" if attempt["status"] else "no whole reply"]
    parts += [f"model {attempt['model']}"] if attempt["model"] else []
    if attempt["input_tokens"] is not None:
        parts.append(f"{attempt['input_tokens']:,} tokens in, {attempt['output_tokens']:,} out")
    if attempt["dollars"] is not None:
        parts.append(f"${attempt['dollars']:.4f} by {attempt['price_source']}, {attempt['price_date']}")
    parts += [f"request {attempt['request_id']}"] if attempt["request_id"] else []
    parts += ["in a batch"] if attempt["batch"] else []
    return ", ".join(parts)


def _named(row: dict[str, object]) -> str:
    why = "" if row["outcome"] == "usable" else f": {row['outcome']}, {row['why']}"
    again = f", time {row['sample']}" if row["sample"] != 1 else ""
    return f"{row['rater']}, item {row['item']}{again}{why}"
