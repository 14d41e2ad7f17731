"""Systems beside one another: wins, strengths, ranks, and how well metrics order them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from agreement.bradley_terry import bradley_terry as strengths
from agreement.estimate import Estimate, undefined
from agreement.pair.kendall_tau import kendall_tau
from agreement.pair.spearman import spearman
from agreement.ranking import ranking_agreement
from agreement.summary.answers import Asked, answered, cases, clustered, items_in, raters_in

Figures = dict[str, Estimate]


def win_rate(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Share of its comparisons that each system wins, ties counting half."""
    rows, outcome = _compared(frame, asked)
    if rows is None:
        return {"win rate": undefined("win rate", "No item says which two systems it compares.")}
    codes = cases(rows)
    figures = {}
    for system in sorted({*rows["first"], *rows["second"]}):
        mine = ((rows["first"] == system) | (rows["second"] == system)).to_numpy(bool)
        won = np.where(rows["first"] == system, outcome, 1 - outcome)[mine]
        own = np.unique(codes[mine], return_inverse=True)[1]
        figures[system] = clustered("win rate", won, own, raters_in(rows[mine]), items_in(rows[mine]))
    return figures


def bradley_terry(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Log-strength of each system, cases as a whole."""
    rows, outcome = _compared(frame, asked)
    if rows is None:
        return {"log-strength": undefined("log-strength", "No item says which two systems it compares.")}
    found = strengths(list(rows["first"]), list(rows["second"]), outcome, cases=cases(rows))
    return found.systems | ({"tie": found.tie} if found.tie else {})


def _compared(frame: pd.DataFrame, asked: Asked) -> tuple[pd.DataFrame | None, np.ndarray]:
    """Return comparisons with 1 where the item's first output is better, 0 the second, 0.5 a tie.

    The points of a comparison stand in order from "first" to "second", the middle is a tie.
    """
    rows = answered(frame, asked)
    if not {"first", "second"} <= set(rows):
        return None, np.zeros(0)
    rows = rows[(rows["first"] != "") & (rows["second"] != "") & (rows["first"] != rows["second"])]
    rows = rows.assign(first=rows["first"].astype(str), second=rows["second"].astype(str))
    order = [number for _, _, number in asked.points]
    place = rows["number"].map({number: n for n, number in enumerate(order)}).to_numpy(float)
    middle = (len(order) - 1) / 2
    return (rows if len(rows) else None), np.select([place < middle, place > middle], [1.0, 0.0], 0.5)


def mean_rank(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Mean place of each system; 1 is best."""
    rows = answered(frame, asked)
    if "system" not in rows:
        return {"mean rank": undefined("mean rank", "No output says its system.")}
    figures = {}
    for system, mine in rows.groupby(rows["system"].astype(str)):
        figures[str(system)] = clustered(
            "mean rank", mine["number"].to_numpy(float), cases(mine), raters_in(mine)
        )
    return figures


def rank_correlation(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Mean over items of Kendall's tau-b between the clinicians' mean ranks and each metric's."""
    rows = answered(frame, asked)
    ranks = rows.groupby([rows["item"].astype(str), rows["part"].astype(str)])["number"].mean()
    figures: Figures = {}
    for metric, scores in _metrics(frame):
        both = pd.concat([ranks, -scores], axis=1, keys=["rank", "score"]).dropna()
        tables = [group.to_numpy().T for _, group in both.groupby(level=0)]
        width = max((table.shape[1] for table in tables), default=0)
        padded = [np.pad(t, ((0, 0), (0, width - t.shape[1])), constant_values=np.nan) for t in tables]
        found = ranking_agreement(np.array(padded)) if padded else undefined("tau-b", "No item has both.")
        figures[metric] = found
    return figures or {"tau-b": undefined("tau-b", "No metric rated the outputs.")}


def system_correlation(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Spearman's and Kendall's correlation, over systems, of mean ratings with mean metric scores."""
    rows = answered(frame, asked)
    if "system" not in rows:
        return {"rho": undefined("Spearman's rho", "No output says its system.")}
    ours = rows.groupby(rows["system"].astype(str))["number"].mean()
    figures: Figures = {}
    for metric, mine in _metric_rows(frame):
        theirs = mine.groupby(mine["system"].astype(str))["number"].mean()
        both = pd.concat([ours, theirs], axis=1).dropna().to_numpy()
        figures[f"{metric}: rho"] = spearman(both)
        figures[f"{metric}: tau-b"] = kendall_tau(both)
    return figures or {"rho": undefined("Spearman's rho", "No metric rated the outputs.")}


def _metric_rows(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    machine = frame[frame["kind"].astype(str) == "metric"]
    return [(str(rater), rows) for rater, rows in machine.groupby(machine["rater"].astype(str))]


def _metrics(frame: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    """Return each metric's score of every output, by item and part."""
    return [
        (rater, rows.groupby([rows["item"].astype(str), rows["part"].astype(str)])["number"].mean())
        for rater, rows in _metric_rows(frame)
    ]
