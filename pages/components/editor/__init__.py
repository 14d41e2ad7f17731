"""A file to edit in the page, with numbered lines; what is typed arrives while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent
_editor = st.components.v2.component(
    "text_editor",
    html='<div class="editor-host"></div>',
    css=(_FOLDER / "editor.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "editor.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def text_editor(label: str, start: str, *, key: str, wrong: Sequence[int] = ()) -> str:
    """Show a text to edit and return what it says now; the lines in `wrong` are marked.

    It begins with `start` once for each `key`; another key is another text.
    """
    result = _editor(
        key=key,
        data={"label": label, "start": start, "wrong": list(wrong)},
        default={"text": start},
        on_text_change=lambda: None,
    )
    return result.text if isinstance(result.text, str) else start
