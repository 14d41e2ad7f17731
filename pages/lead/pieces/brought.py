"""What an import holds, shown before it comes in: what was understood, and what may identify a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from annotate.item import Item
from data.identifiers import Flagged, counted
from pages.said import plain
from verbs.incoming import Incoming


@dataclass(frozen=True, slots=True)
class Decided:
    """What the lead wants done with what the check found, in the log's words."""

    redact: bool
    said: str


def show_understood(incoming: Incoming) -> None:
    """Show how files were read, with their first rows."""
    st.subheader("What was understood")
    count = (
        f"{len(incoming.items):,} items, {len(incoming.frame):,} ratings, {len(incoming.raters):,} raters."
    )
    st.markdown(f"**{count}**\n\n" + "\n".join(f"- {plain(said)}" for said in incoming.understood))
    if incoming.items:
        st.dataframe([_first(item) for item in incoming.items[:5]], hide_index=True)
    if len(incoming.frame):
        columns = ["item", "rater", "kind", "question", "value", "status"]
        st.dataframe(incoming.frame[columns].head(5), hide_index=True)


def decide(flagged: Sequence[Flagged]) -> Decided | None:
    """Show what may identify a person; return what is to become of it once the lead imports."""
    st.subheader("Identifiers")
    st.caption("The check sees patterns and can miss things; it certifies nothing.")
    with st.form("bring"):
        reason, redact = "", False
        if flagged:
            st.write(f"May identify a person: {counted(flagged)}. The first of them, in place:")
            st.code("\n".join(each.shown() for each in flagged[:8]), language=None, wrap_lines=True)
            way = st.radio("These", ["Redact what was found", "Keep it, for a reason"], horizontal=True)
            reason = st.text_input("Reason for keeping (for the log)")
            redact = way == "Redact what was found"
        else:
            st.write("Nothing was found.")
        if not st.form_submit_button("Import all of it", type="primary"):
            return None
    if not flagged:
        return Decided(False, "none found")
    if not redact and not reason.strip():
        st.error("Say why what was found may stay; the reason goes into the log.")
        return None
    done = f"redacted {len(flagged):,}" if redact else f"accepted {len(flagged):,}: {reason}"
    return Decided(redact, done)


def _first(item: Item) -> dict[str, str]:
    """An item's first words, to see that the columns were understood."""
    texts = {"output": " | ".join(output.text for output in item.outputs), "source": item.source}
    short = {name: text[:80] for name, text in texts.items()}
    systems = ", ".join(output.system for output in item.outputs)
    return {"item": item.key, **short, "system": systems, "subcategory": item.subcategory}
