"""Ratings that were made elsewhere, put on the scales of a study's own protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from annotate.protocol import Protocol
from annotate.scale import Scale
from data.formats.findings import listed
from data.formats.values import read_values


def scales_of(protocol: Protocol) -> dict[str, Scale | None]:
    """Return the declared scale of every question; None where an answer is not one point or number.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> list(scales_of(protocol("medhelm")))
    ['accuracy', 'completeness', 'clarity']
    """
    found: dict[str, Scale | None] = {}
    for question in protocol.questions:
        pointed = question.kind in ("scale", "choice", "number")
        found[question.key] = question.scale if pointed else None
        if question.severities:
            found[f"{question.key}.severity"] = question.severities
    return found


def fitted(frame: pd.DataFrame, scales: Mapping[str, Scale | None]) -> tuple[pd.DataFrame, list[str]]:
    """Return jurors' ratings on the study's own scale: other questions go, other points are no answers."""
    asked = frame["kind"].eq("metric") | frame["question"].isin(list(scales))
    said = []
    if not asked.all():
        names = listed(frame.loc[~asked, "question"].unique())
        said.append(
            f"Left out, because the protocol does not ask it: {names} ({int((~asked).sum()):,} ratings)."
        )
    frame = frame[asked].reset_index(drop=True)
    for question, scale in scales.items():
        rows = frame["question"].eq(question) & frame["kind"].ne("metric") & frame["value"].ne("")
        if scale is not None and rows.any():
            failed = _placed(frame, rows.to_numpy(), question, scale)
            if failed:
                what = f"{failed:,} scores are no point of this study's {question!r}"
                said.append(f"{what}; unanswered, with the score.")
    return frame, said


def _placed(frame: pd.DataFrame, rows: Any, question: str, scale: Scale) -> int:
    """Put a question's values on a scale, in place; return how many are no point of it."""
    codes, values = pd.factorize(frame.loc[rows, "value"])
    reading = read_values([str(value) for value in values], question, scale)
    wrong = np.array([sentence is not None for sentence in reading.wrong])[codes]
    texts = np.array([text or "" for text in reading.text], dtype=object)
    why = np.array([f"the juror's score {sentence}" for sentence in reading.wrong], dtype=object)
    frame.loc[rows, "value"] = np.where(wrong, "", texts[codes])
    frame.loc[rows, "number"] = np.where(wrong, np.nan, reading.number[codes])
    frame.loc[rows, "status"] = np.where(wrong, "failed", frame.loc[rows, "status"])
    frame.loc[rows, "reason"] = np.where(wrong, why[codes], frame.loc[rows, "reason"])
    return int(wrong.sum())
