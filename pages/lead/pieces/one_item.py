"""One item with all that was said of it: what divides raters is read, not only counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from annotate.item import Item
from annotate.question import Question
from data.store import Store, items, ratings
from pages.said import plain
from verbs.protocol import current_protocol

ONE_ITEM = "One item"
"""The title of this part of the page Agreement."""


def item_address(key: str) -> str:
    """Return the address of an item on the page at hand, in the study that it shows."""
    return "?" + urlencode({**st.query_params.to_dict(), "item": key})


@st.fragment
def one_item(store: Store, study_id: int) -> None:
    """Let the lead choose an item, the one in the address first; show its texts and every rater's answers."""
    with store.reading() as session:
        known = items.ids_by_key(session, study_id=study_id)
    names, asked = list(known), st.query_params.get("item", "")
    if asked and asked not in known:
        st.warning(f"This study has no item {plain(asked)}. Choose one of its own.")
    key = st.selectbox("Item", names, index=names.index(asked) if asked in known else 0, width=480)
    if key is None:
        return
    with store.reading() as session:
        item = items.one(session, item_id=known[key])
        said = ratings.about(session, item_id=known[key])
    left, right = st.columns(2, gap="large")
    with left:
        texts_of(item)
    with right:
        _answers(said, current_protocol(store, study_id=study_id).questions)


def texts_of(item: Item) -> None:
    """Show the texts of an item: source and references folded, outputs open."""
    folded = {"Source": item.source, "Prompt": item.prompt, "Reference": "\n\n".join(item.references)}
    for title, text in folded.items():
        if text:
            with st.expander(title):
                st.text(text)
    for place, output in enumerate(item.outputs):
        if len(item.outputs) > 1:
            st.caption(f"Output {chr(65 + place)}")
        st.text(output.text or "(empty)")


def _answers(said: Iterable[Mapping[str, Any]], questions: Iterable[Question]) -> None:
    asked = {question.key: question for question in questions}
    of: dict[str, list[Mapping[str, Any]]] = {}
    for row in said:
        of.setdefault(row["question"], []).append(row)
    for key in (*(one for one in asked if one in of), *(one for one in of if one not in asked)):
        st.markdown(f"**{plain(asked[key].text if key in asked else key)}**")
        for row in of[key]:
            st.markdown(plain(_line(row, asked.get(key))))
            if row["comment"]:
                st.caption(plain(row["comment"]))
    if not of:
        st.caption("Nobody has answered about it yet.")


def _line(row: Mapping[str, Any], question: Question | None) -> str:
    """One rater's answer in a line: a table would cut off the words of the points, and hide the comments."""
    points = question.scale.points if question and question.scale else ()
    label = next((point.label for point in points if point.value == row["value"]), "")
    value = row["value"] if row["value"] is not None else f"{row['status']}: {row['reason']}"
    answer = f"{value} – {label}" if label and label != value else value
    kind = row["kind"] if row["round"] == "main" else row["round"]
    where = (kind, row["part"], row["step"], "again" if row["occasion"] > 1 else "")
    return f"{row['rater']} ({', '.join(filter(None, where))}): {answer}"
