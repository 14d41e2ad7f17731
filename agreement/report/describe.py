"""What stands behind the figures: who answered what, how, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from agreement.array import Array
from agreement.estimate import NAN
from agreement.panel import beside_panel, on_panel
from agreement.report.answers import Answers
from agreement.report.tables import Asked, Spoke


def asked(one: Answers) -> Asked:
    """Return what stands behind one question, in the points that were given."""
    bad, one = one.turned is not None, one.as_given
    per_item = (~np.isnan(one.clinicians)).sum(axis=1)
    per_item = per_item[per_item > 0]
    given = one.clinicians[~np.isnan(one.clinicians)]
    top = NAN if one.labels or not len(given) else float((given == _ends(one)[1]).mean())
    return Asked(
        one.question,
        () if one.labels else one.points,
        one.labels,
        len(per_item),
        len(one.names["clinician"]),
        one.panel.shape[1],
        len(one.names["metric"]),
        float(per_item.mean()) if len(per_item) else NAN,
        int(per_item.min()) if len(per_item) else 0,
        int(per_item.max(initial=0)),
        top,
        (*one.said, *_left_out(one, per_item)),
        bad,
    )


def spoken(one: Answers, frame: pd.DataFrame) -> Iterator[Spoke]:
    """Return what each rater did with one question, in the points that were given."""
    one = one.as_given
    reasons = _reasons(frame, one.question)
    columns = {"clinician": one.clinicians, "juror": one.jurors, "metric": one.metrics}
    for kind, values in columns.items():
        for name, column in zip(one.names[kind], values.T, strict=True):
            yield _spoke(one, kind, name, column[~np.isnan(column)], reasons.get((kind, name), {}))


def _spoke(one: Answers, kind: str, name: str, given: Array, reasons: dict[str, int]) -> Spoke:
    numbers = len(given) > 0 and (not one.labels or kind == "metric")
    low, high = _ends(one) if kind != "metric" and not one.labels else (NAN, NAN)
    said = "; ".join(f"{reason}: {count}" for reason, count in sorted(reasons.items()))
    return Spoke(
        one.question,
        name,
        kind,
        len(given),
        sum(reasons.values()),
        float(given.mean()) if numbers else NAN,
        float(given.std(ddof=1)) if numbers and len(given) > 1 else NAN,
        float((given == high).mean()) if numbers and not np.isnan(high) else NAN,
        float((given == low).mean()) if numbers and not np.isnan(low) else NAN,
        said,
    )


def _reasons(frame: pd.DataFrame, question: str) -> dict[tuple[str, str], dict[str, int]]:
    if "status" not in frame:
        return {}
    rows = frame[(frame["question"].astype(str) == question) & ~frame["status"].isin(["answered"])]
    why = rows["status"].astype(str)
    if "reason" in rows:
        reason = rows["reason"].fillna("").astype(str)
        why = why.where(reason == "", why + " (" + reason + ")")
    found: dict[tuple[str, str], dict[str, int]] = {}
    for kind, rater, text in zip(rows["kind"].astype(str), rows["rater"].astype(str), why, strict=True):
        counts = found.setdefault((kind, rater), {})
        counts[text] = counts.get(text, 0) + 1
    return found


def _left_out(one: Answers, per_item: Array) -> tuple[str, ...]:
    said = []
    alone = int((per_item == 1).sum())
    if alone and len(one.names["clinician"]) > 1:
        said.append(f"Outputs with one clinician say nothing about agreement among clinicians: {alone}.")
    unrated = len(one.rows) - len(per_item)
    if unrated:
        said.append(f"Outputs that jurors rated and no clinician did are left out of comparisons: {unrated}.")
    there = ~np.isnan(one.panel)
    names = [name for name in one.names["juror"] if on_panel(name, one.seated)]
    silent = [name for name, said_ in zip(names, there.T, strict=True) if not said_.any()]
    if silent:
        said.append(f"Jurors without a single answer are left out of the jury: {', '.join(silent)}.")
    if beside := beside_panel(one.names["juror"], one.seated):
        said.append(beside)
    if one.astray:
        said.append(
            f"{', '.join(one.astray)} is not on the scale of the other jurors, so there is no mean of all "
            "and no coefficient among them: name a jury on one scale (--jury)."
        )
    flat = [n for n, x in zip(names, one.panel.T, strict=True) if len(x) > 9 and _same(x)]
    if flat and len(names) > 1:
        said.append(
            f"In the jury, {', '.join(flat)} gave one answer to everything and only shifts the mean: "
            "name the jury without such a juror (--jury)."
        )
    partly = int((there.any(axis=1) & np.isnan(one.jury)).sum())
    if partly and there.any():
        said.append(f"Outputs that a juror left out, or without a majority, have no jury: {partly}.")
    return tuple(said)


def _same(given: Array) -> bool:
    return len(np.unique(given[~np.isnan(given)])) == 1


def _ends(one: Answers) -> tuple[float, float]:
    if one.points:
        return one.points[0], one.points[-1]
    given = one.clinicians[~np.isnan(one.clinicians)]
    return (float(given.min()), float(given.max())) if len(given) else (NAN, NAN)
