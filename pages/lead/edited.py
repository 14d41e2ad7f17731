"""A protocol as a file to edit, and beside it what raters will read."""

from __future__ import annotations

import hashlib

import streamlit as st

from annotate.protocol import Protocol
from annotate.protocol_file import parse
from pages.said import faults_said, plain


def edited(start: str) -> Protocol | None:
    """Show a protocol's text to edit; return what it says now, None while something is wrong with it."""
    edit, preview = st.columns([3, 2])
    key = hashlib.sha256(start.encode()).hexdigest()
    text = edit.text_area("The protocol, as a file: change what you like", start, height=520, key=key)
    wanted = None
    with preview, faults_said():
        wanted = parse(text, "protocol")
        st.subheader(plain(wanted.title))
        st.markdown(wanted.instructions, unsafe_allow_html=False)
        for question in wanted.questions:
            st.markdown(f"**{plain(question.text)}**")
            for point in question.scale.points if question.scale else ():
                st.caption(f"{plain(point.value)} · {plain(point.label)}")
    return wanted
