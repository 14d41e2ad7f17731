"""A protocol as a file to edit, and beside it the rating room as raters will have it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import streamlit as st

from annotate.fault import Fault
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.protocol_file import parse
from annotate.sample import sample_view, samples
from data.shipped import taxonomy_names, taxonomy_of
from pages.components.editor import text_editor
from pages.components.rating import rating_room
from pages.said import plain
from verbs.sitting import IDLE_SECONDS


def edited(start: str, items: Sequence[Item] = ()) -> Protocol | None:
    """Show a protocol's text to edit; return what it says now, None while something is wrong with it.

    The room beside it shows one of `items`, or one that is made up; nothing that is answered there is
    kept. While the text is wrong it shows the last that was right.
    """
    edit, preview = st.columns([2, 3])
    key = f"protocol {hashlib.sha256(start.encode()).hexdigest()}"
    known = st.session_state.get(f"{key} faults", ())
    with edit:
        st.caption("The protocol, as a file: change what you like.")
        text = text_editor("The protocol, as a file", start, key=key, wrong=_lines(known))
        wanted, faults = _read(text)
        for sentence in faults:
            st.error(sentence)
    if faults != known:
        st.session_state[f"{key} faults"] = faults
        st.rerun()
    with preview:
        _room(wanted or _read(st.session_state.get(f"{key} good", start))[0], items, bool(faults))
    if wanted:
        st.session_state[f"{key} good"] = text
    return wanted


def _read(text: str) -> tuple[Protocol | None, tuple[str, ...]]:
    try:
        return parse(text, "", taxonomies=taxonomy_names()), ()
    except Fault as fault:
        return None, fault.sentences


def _lines(faults: Sequence[str]) -> list[int]:
    return [int(found[1]) for found in map(re.compile(r"Line (\d+):").match, faults) if found]


def _room(protocol: Protocol | None, items: Sequence[Item], wrong: bool) -> None:
    if protocol is None:
        return
    taxonomy = taxonomy_of(protocol)
    shown = {sample.name: sample for sample in samples(protocol, items, taxonomy)}
    name = next(iter(shown))
    before = ", as it was before the mistake" if wrong else ""
    about = "a sample" if len(shown) > 1 else plain(name)
    st.caption(f"What raters will see{before}: {about}. Try it; what you answer here is kept nowhere.")
    if len(shown) > 1:
        name = st.selectbox("Sample", list(shown), label_visibility="collapsed")
    words = {"title": protocol.title, "instructions": protocol.instructions, "idle_seconds": IDLE_SECONDS}
    view = sample_view(protocol, shown[name], taxonomy)
    rating_room({"api": "", "study": words, "view": view, "scratch": True}, key="sample")
