"""The rating room as one Streamlit component: its script and style, put together from the files here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent
_SCRIPTS = (
    "text",
    "inline",
    "places",
    "answers",
    "cards",
    "marking",
    "arranging",
    "placement",
    "panes",
    "dialogs",
    "keys",
    "acts",
    "wire",
    "doings",
    "scratch",
    "room",
    "mount",
)


def script() -> str:
    """Return the room's script: one module, its parts in the order in which they build on each other."""
    return "\n".join((_FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in _SCRIPTS)


def style() -> str:
    """Return the room's style sheet."""
    return (_FOLDER / "room.css").read_text(encoding="utf-8")


# Outside a shadow root, because selections across one are not portable between browsers.
_room = st.components.v2.component(
    "rating_room", html='<div class="room-host"></div>', css=style(), js=script(), isolate_styles=False
)


def rating_room(data: Mapping[str, Any], *, key: str = "room") -> str | None:
    """Show the room for `data` (made by `verbs.rate`); return where the rater wants to go, if anywhere."""
    result = _room(key=key, data=dict(data), on_leave_change=lambda: None)
    where = result.leave
    return where if where in {"mine"} else None
