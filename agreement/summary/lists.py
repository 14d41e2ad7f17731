"""Lists that raters write, before and after help; checklists with weights; marks in texts."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter

import numpy as np
import pandas as pd
from scipy import stats

from agreement.estimate import Estimate, undefined
from agreement.summary.answers import (
    Asked,
    answered,
    cases,
    clustered,
    clustered_share,
    items_in,
    lists,
    raters_in,
)

Figures = dict[str, Estimate]


def top(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Share of lists with a reference among the first n; by step where there are several."""
    rows = answered(frame, asked)
    if "references" not in rows:
        return {f"top {argument}": undefined(f"top {argument}", "The items have no reference.")}
    rows = rows.assign(hit=hits(rows, int(argument)))
    found = {}
    for step in _steps(rows) or [""]:
        mine = rows[rows["step"].astype(str) == step] if step else rows
        name = f"top {argument}"
        label = f"{name}, {step}" if step else name
        found[label] = clustered_share(
            name, mine["hit"].to_numpy(bool), cases(mine), raters_in(mine), items_in(mine)
        )
    return found


def hits(rows: pd.DataFrame, n: int) -> list[bool]:
    """Return whether a reference is among the first n lines, however it is capitalised or spaced."""
    said = [[_plain(line) for line in lines[:n]] for lines in lists(rows["value"])]
    wanted = [{_plain(one) for one in found} for found in lists(rows["references"])]
    return [bool(wanted_ & set(lines)) for lines, wanted_ in zip(said, wanted, strict=True)]


def _plain(words: object) -> str:
    plain = unicodedata.normalize("NFKC", str(words)).casefold()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def _steps(rows: pd.DataFrame) -> list[str]:
    return [step for step in dict.fromkeys(rows["step"].astype(str)) if step] if "step" in rows else []


def mcnemar(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Change of the share between the first and the last step, for the same rater and item.

    Lists count as right where they hold a reference, other answers where they are the last point.
    The interval of the change is by whole cases; the p-value is McNemar's exact one.
    """
    rows = answered(frame, asked)
    steps = _steps(rows)
    if len(steps) < 2:
        return {"change": undefined("change", "There are no two steps to compare.")}
    if "references" in rows and not asked.points:
        rows = rows.assign(hit=hits(rows, 1_000))
    else:
        rows = rows.assign(hit=rows["number"] == max(asked.numbers, default=1.0))
    keys = [rows[name].astype(str) for name in ("item", "rater", "step")]
    wide = rows["hit"].groupby(keys).first().unstack().dropna()
    if not len(wide):
        return {"change": undefined("change", "Nobody did both steps of an item.")}
    before, after = (wide[step].to_numpy(dtype=float) for step in (steps[0], steps[-1]))
    of_case = np.asarray(pd.factorize(wide.index.get_level_values(0))[0], dtype=np.int64)
    gained, lost = int((after > before).sum()), int((after < before).sum())
    p = float(stats.binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0
    people = wide.index.get_level_values(1).nunique()
    change = clustered("change", after - before, of_case, people)
    said = f"{gained} became right and {lost} wrong: McNemar's exact p = {p:.3g}."
    exact = Estimate("p", p, n_items=len(wide), n_raters=people, method="McNemar, exact binomial")
    return {"change": change.noting(said), "p": exact}


def weighted_score(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Weights of the criteria met over all positive weights, and the share of must-haves that were met."""
    rows = answered(frame, asked)
    if "weight" not in rows:
        return {"score": undefined("weighted score", "The items have no criteria with weights.")}
    met, weight = rows["number"].to_numpy(float), rows["weight"].to_numpy(float)
    rows = rows.assign(earned=met * weight, possible=np.maximum(weight, 0.0))
    of = rows["output"] if "output" in rows else pd.Series("", index=rows.index)
    keys = [rows["item"].astype(str), rows["rater"].astype(str), of.astype(str)]
    sums = rows.groupby(keys)[["earned", "possible"]].sum()
    sums = sums[sums["possible"] > 0]
    scores = (sums["earned"] / sums["possible"]).to_numpy(float)
    of_case = np.asarray(pd.factorize(sums.index.get_level_values(0))[0], dtype=np.int64)
    people = raters_in(rows)
    found = {"score": clustered("weighted score", scores, of_case, people, items_in(rows))}
    must = rows[rows["required"].astype(bool)] if "required" in rows else rows.iloc[:0]
    if len(must):
        kept = must["number"].to_numpy(float) == 1
        found["required"] = clustered_share(
            "required criteria met", kept, cases(must), people, items_in(must)
        )
    return found


def marks(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Mean number of marks of each label and severity that a rater makes in an output."""
    rows = answered(frame, asked)
    counts = [Counter(_kind(mark) for mark in found) for found in lists(rows["value"])]
    names = sorted({name for count in counts for name in count})
    if not len(rows):
        return {"marks": undefined("marks", "Nobody answered.")}
    of_case, people = cases(rows), raters_in(rows)
    everything = {"all": np.array([sum(count.values()) for count in counts], dtype=float)}
    everything |= {name: np.array([count[name] for count in counts], dtype=float) for name in names}
    return {
        name: clustered(f"marks ({name})", each, of_case, people, items_in(rows))
        for name, each in everything.items()
    }


def _kind(mark: object) -> str:
    found = mark if isinstance(mark, dict) else {}
    said = ["missing" if "missing" in found else "", found.get("label", ""), found.get("severity", "")]
    return ", ".join(str(word) for word in said if word) or "unlabelled"


def confusion(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return how often items assigned to a place (rows) were put into each place (columns)."""
    rows = answered(frame, asked)
    column = asked.level if asked.level in rows else "category"
    if not len(rows) or column not in rows:
        return pd.DataFrame()
    said = rows["value"].astype(str).rename("said")
    return pd.crosstab(rows[column].astype(str).rename("assigned"), said)


def comments(frame: pd.DataFrame, asked: Asked) -> tuple[str, ...]:
    """Return what raters wrote, in the order of items and raters."""
    rows = answered(frame, asked).sort_values(["item", "rater"], kind="stable")
    texts = ["\n".join(map(str, json.loads(v))) if str(v)[:1] == "[" else str(v) for v in rows["value"]]
    return tuple(texts)
