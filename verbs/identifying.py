"""What may identify a person in what files bring: found in every text of it, and redacted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import pandas as pd

from annotate.fault import Fault
from annotate.protocol import Protocol
from data.formats.findings import listed
from data.formats.steps import Watch, unwatched, watched
from data.identifiers import Flagged, Redacted, check, find, redact, redacted
from verbs.incoming import Incoming

STEP, MANY = "checking for identifiers", 5_000
NONE: Mapping[str, Redacted] = {}


def identifiers(incoming: Incoming, watch: Watch = unwatched) -> list[Flagged]:
    """Return what may identify a person in everything that comes: texts of items, comments, reasons."""
    frame = incoming.frame
    columns = list(_worded(frame))
    words = (
        (item, name, text)
        for name, rows in columns
        for item, text in zip(frame.loc[rows, "item"], frame.loc[rows, name], strict=True)
    )
    told = watched(words, STEP, sum(int(rows.sum()) for _, rows in columns), "answers", watch, MANY)
    words = (said for said in told if len(said[2]) > 3)
    drafts = ((form["item"], "form", text) for form in incoming.forms for text in _spoken(form))
    count = len(incoming.items)
    return check(watched(incoming.items, STEP, count, "items", watch), chain(words, drafts))


def _worded(frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """The columns that may hold words, each with the rows where it does: an answer in numbers holds none."""
    if len(frame):
        for name in ("comment", "reason"):
            yield name, frame[name].ne("")
        yield "value", frame["number"].isna() & frame["value"].ne("")


def _changed(value: Any, clean: Callable[[str], str], outputs: Mapping[str, Redacted] = NONE) -> Any:
    """What a form says, with every text in it cleaned and every mark moved; its keys and short codes stay."""
    if isinstance(value, Mapping):
        on = [text for text in outputs.values() if "start" in value and text.holds(value)]
        rest = {
            key: _changed(each, clean, outputs) for key, each in value.items() if key != "quote" or not on
        }
        return on[0].moved(rest | {"quote": value["quote"]}) if on else rest
    if isinstance(value, list):
        return [_changed(each, clean, outputs) for each in value]
    return clean(value) if isinstance(value, str) and len(value) > 3 else value


def _spoken(form: Mapping[str, Any]) -> list[str]:
    """The texts of a form."""
    texts: list[str] = []
    _changed(form["form"], lambda text: texts.append(text) or text)  # type: ignore[func-returns-value]
    return texts


def without_identifiers(incoming: Incoming, protocol: Protocol) -> Incoming:
    """Return the same with every finding of the identifier check redacted; marks stay on their words.

    A Fault where redaction would join or part sentences that have been judged one by one.
    """
    texts = {item.key: {each.key: Redacted(each.text) for each in item.outputs} for item in incoming.items}
    _sentences_stay(incoming, protocol, texts)
    frame = incoming.frame.copy()
    for name, rows in _worded(incoming.frame):
        places = list(frame.loc[rows, ["item", "part", name]].itertuples(index=False, name=None))
        clean = {place: _said(place[2], _about(texts.get(place[0], {}), place[1])) for place in set(places)}
        frame.loc[rows, name] = [clean[place] for place in places]
    forms = tuple(
        {**form, "form": _changed(form["form"], _clean, texts.get(form["item"], {}))}
        for form in incoming.forms
    )
    return replace(incoming, items=tuple(map(redacted, incoming.items)), frame=frame, forms=forms)


def _clean(text: str) -> str:
    return redact(text, find(text))


def _about(outputs: Mapping[str, Redacted], part: str) -> Mapping[str, Redacted]:
    """The output that an answer is about, where its part names one."""
    return {part: outputs[part]} if part in outputs else outputs


def _said(text: str, outputs: Mapping[str, Redacted]) -> str:
    """What was said, redacted: marks move with their words, everything else is text."""
    if not text.startswith("[{"):
        return _clean(text)
    try:
        marks = json.loads(text)
    except ValueError:
        return _clean(text)
    return json.dumps(_changed(marks, _clean, outputs), ensure_ascii=False, sort_keys=True)


def _sentences_stay(
    incoming: Incoming, protocol: Protocol, texts: Mapping[str, Mapping[str, Redacted]]
) -> None:
    asked = [question.key for question in protocol.questions if question.kind == "sentences"]
    judged = (
        set(incoming.frame.loc[incoming.frame["question"].isin(asked), "item"])
        if len(incoming.frame)
        else set()
    )
    judged |= {form["item"] for form in incoming.forms if any(key in str(form["form"]) for key in asked)}
    apart = [key for key in texts if key in judged and not all(t.same_sentences for t in texts[key].values())]
    if apart:
        raise Fault(
            f"Redaction would join or part sentences that were judged one by one, in {listed(apart)}; accept "
            "these findings with a reason, or import without what was said about these items."
        )
