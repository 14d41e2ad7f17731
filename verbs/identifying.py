"""What may identify a person in what files bring: found in every text of it, and redacted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import pandas as pd

from data.formats.steps import Watch, unwatched, watched
from data.identifiers import Flagged, check, find, redact, redacted
from verbs.incoming import Incoming


def identifiers(incoming: Incoming, watch: Watch = unwatched) -> list[Flagged]:
    """Return what may identify a person in everything that comes: texts of items, comments, reasons."""
    frame = incoming.frame
    words = (
        (item, name, text)
        for name, rows in _worded(frame)
        for item, text in zip(frame.loc[rows, "item"], frame.loc[rows, name], strict=True)
        if len(text) > 3
    )
    drafts = ((form["item"], "form", text) for form in incoming.forms for text in _spoken(form))
    count = len(incoming.items)
    return check(
        watched(incoming.items, "checking for identifiers", count, "items", watch), chain(words, drafts)
    )


def _worded(frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """The columns that may hold words, each with the rows where it does: an answer in numbers holds none."""
    if len(frame):
        for name in ("comment", "reason"):
            yield name, frame[name].ne("")
        yield "value", frame["number"].isna() & frame["value"].ne("")


def _changed(value: Any, clean: Callable[[str], str]) -> Any:
    """What a form says, with every text in it cleaned; its keys and short codes stay."""
    if isinstance(value, Mapping):
        return {key: _changed(each, clean) for key, each in value.items()}
    if isinstance(value, list):
        return [_changed(each, clean) for each in value]
    return clean(value) if isinstance(value, str) and len(value) > 3 else value


def _spoken(form: Mapping[str, Any]) -> list[str]:
    """The texts of a form."""
    texts: list[str] = []
    _changed(form["form"], lambda text: texts.append(text) or text)  # type: ignore[func-returns-value]
    return texts


def without_identifiers(incoming: Incoming) -> Incoming:
    """Return the same with every finding of the identifier check redacted, wherever it looks."""
    frame = incoming.frame.copy()
    for name, rows in _worded(incoming.frame):
        clean = {text: redact(text, find(text)) for text in frame.loc[rows, name].unique()}
        frame.loc[rows, name] = frame.loc[rows, name].map(clean)
    forms = tuple(
        {**form, "form": _changed(form["form"], lambda text: redact(text, find(text)))}
        for form in incoming.forms
    )
    return replace(incoming, items=tuple(map(redacted, incoming.items)), frame=frame, forms=forms)
