"""Uploaded files, read and checked once: every other click on the page finds them read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from data.formats.steps import Watch
from data.identifiers import Flagged
from data.store import Store
from pages.uploaded import on_disk
from verbs.identifying import identifiers
from verbs.incoming import Incoming, read_incoming
from verbs.protocol import current_protocol


def read_once(
    store: Store, study_id: int, files: Sequence[Any], folder: Sequence[Any], kinds: str, watch: Watch
) -> tuple[Incoming, list[Flagged]]:
    """Return what uploaded files bring to a study, and what in it may identify a person."""
    asked = (study_id, kinds, *(file.file_id for file in (*files, *folder)))
    known = st.session_state.get("import")
    if known is None or known[0] != asked:
        named = [each.strip() for each in kinds.split(",") if each.strip()]
        with on_disk(_content(files), _content(folder)) as paths:
            protocol = current_protocol(store, study_id=study_id)
            incoming = read_incoming(paths, protocol, kinds=named, watch=watch)
        known = (asked, (incoming, identifiers(incoming, watch)))
        st.session_state["import"] = known
    found: tuple[Incoming, list[Flagged]] = known[1]
    return found


def _content(files: Sequence[Any]) -> list[tuple[str, bytes]]:
    return [(file.name, file.getvalue()) for file in files]
