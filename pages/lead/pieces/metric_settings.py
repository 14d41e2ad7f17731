"""The settings of text metrics, folded away: every one is part of the rater's name, and of the command's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from annotate.metrics.registry import METRICS, PRESETS, spelled
from annotate.metrics.rouge import KINDS


class Setting(NamedTuple):
    """One setting of some metrics: how it is asked, and the words of what it may be."""

    metrics: tuple[str, ...]
    key: str
    label: str
    allowed: Mapping[str, str]
    meaning: str = ""


SETTINGS = (
    Setting(
        (*KINDS, "source-overlap"),
        "stem",
        "Words of one stem (ROUGE, source overlap)",
        {"porter-nltk": "count as one: pain, pains", "no": "stay apart"},
        "HELM and MedHELM count them as one.",
    ),
    Setting(("chrf",), "words", "chrF counts", {"0": "characters", "2": "characters and words: chrF++"}),
    Setting(
        ("levenshtein",), "unit", "Levenshtein counts", {"characters": "characters", "words": "whole words"}
    ),
    Setting(
        ("bertscore",),
        "model",
        "BERTScore: the model",
        {},
        "minilm comes with BERTScore. Or a folder on the server with config.json, tokenizer.json and "
        "model.safetensors, or a hub name that was downloaded there before.",
    ),
    Setting(
        ("bertscore",),
        "layer",
        "BERTScore: how many layers run",
        {},
        "The last but one, unless you say a number.",
    ),
    Setting(
        ("bertscore",),
        "window",
        "BERTScore: a text longer than the model reads at a time",
        {"chunks": "is read in parts", "truncate": "is cut off, as HELM does"},
    ),
    Setting(
        ("bertscore",),
        "idf",
        "BERTScore: word pieces weigh",
        {"no": "the same", "yes": "the more, the rarer they are (idf)"},
    ),
    Setting(
        ("bertscore",),
        "baseline",
        "BERTScore: a file to rescale with",
        {},
        "On the server, with the columns LAYER,P,R,F, as bert-score ships them. Without one, scores stay "
        "as they are.",
    ),
)


def asked(chosen: Sequence[str]) -> list[str]:
    """Show the settings of the metrics chosen; return each metric as scripts spell it.

    A preset keeps the settings that make it that preset.
    """
    there = [setting for setting in SETTINGS if not set(setting.metrics).isdisjoint(chosen)]
    if not there:
        return list(chosen)
    with st.expander("Settings of these metrics"):
        st.caption(
            "With another setting it is another rater: its scores stand beside those that are there, "
            f"and replace none. Presets ({', '.join(PRESETS)}) keep their own settings."
        )
        said = [(setting, _asked(setting)) for setting in there]
    return [
        spelled(name, {one.key: value for one, value in said if name in one.metrics and value})
        if name in METRICS
        else name
        for name in chosen
    ]


def _asked(setting: Setting) -> str:
    """Return what was said; nothing for the default, which has no need to be spelled."""
    key = f"{setting.metrics[-1]}-{setting.key}"
    if not setting.allowed:
        free: str = st.text_input(setting.label, key=key, placeholder=_free(setting), help=setting.meaning)
        return free.strip()
    words: Callable[[str], str] = setting.allowed.__getitem__
    value: str = st.radio(
        setting.label,
        list(setting.allowed),
        format_func=words,
        key=key,
        horizontal=True,
        help=setting.meaning or None,
    )
    return "" if value == next(iter(setting.allowed)) else value


def _free(setting: Setting) -> str:
    return {"model": "minilm", "layer": "the last but one", "baseline": "none"}[setting.key]
