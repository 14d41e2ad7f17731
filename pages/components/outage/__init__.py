"""A lost connection in words for clinicians, above every page, that a screen reader hears."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent
_line = st.components.v2.component(
    "outage_line",
    html='<div class="outage-host"></div>',
    css=(_FOLDER / "outage.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "outage.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def say_outages() -> None:
    """Put the line on this page; it shows after three seconds without a connection."""
    _line(key="outage")
