"""Every way of summing up by its name, split by a column where a protocol asks for it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from agreement.estimate import Estimate, undefined
from agreement.refusal import Refusal
from agreement.summary import judges, lists, means, systems
from agreement.summary.answers import Asked, Summary

Way = Callable[[pd.DataFrame, Asked, str], dict[str, Estimate]]

WAYS: dict[str, Way] = {
    "mean": means.mean,
    "total": means.total,
    "share": means.share,
    "share of": means.share_of,
    "share at least": means.share_at_least,
    "share matching": means.share_matching,
    "share confirmed": means.share_confirmed,
    "majority": means.majority,
    "win rate": systems.win_rate,
    "bradley-terry": systems.bradley_terry,
    "mean rank": systems.mean_rank,
    "rank correlation": systems.rank_correlation,
    "system correlation": systems.system_correlation,
    "top": lists.top,
    "mcnemar": lists.mcnemar,
    "weighted score": lists.weighted_score,
    "f1": judges.f1,
    "accuracy": judges.accuracy,
    "kappa": judges.kappa,
    "alpha": means.alpha,
    "icc": means.icc,
    "marks": lists.marks,
    "confusion": lambda frame, asked, argument: {},
    "comments": lambda frame, asked, argument: {},
}
"""Name in a protocol's `summary` -> function of the frame, the question and the word after the name."""


def summarise(frame: pd.DataFrame, asked: Asked, name: str, argument: str = "", by: str = "") -> Summary:
    """Return one question summed up one way.

    Parameters
    ----------
    frame : DataFrame
        One row a rating: item, part, rater, kind, question, number, value; occasion, step and status if
        there are any; and the columns of the items that the way reads (system, first and second of a
        pair, references, weight, a column to split by or to match).
    name, argument, by : str
        As in ``"share at least 4 by language"``: "share at least", "4", "language".

    Examples
    --------
    >>> frame = pd.DataFrame({"item": ["1", "1", "2", "2"], "part": "", "rater": ["A", "B", "A", "B"],
    ...     "kind": "clinician", "question": "harm", "value": ["no", "no", "no", "yes"],
    ...     "number": [0.0, 0.0, 0.0, 1.0]})
    >>> asked = Asked("harm", (("no", "No", 0.0), ("yes", "Yes", 1.0)))
    >>> found = summarise(frame, asked, "majority").figures
    >>> {name: float(figure.value) for name, figure in found.items()}
    {'no': 0.5, 'yes': 0.0, 'no majority': 0.5}
    """
    if name not in WAYS:
        raise Refusal(f"{name!r} is not a way of summing up ({', '.join(WAYS)}).")
    how = " ".join(word for word in (name, argument, f"by {by}" if by else "") if word)
    if name == "confusion":
        return Summary(asked.question, how, table=lists.confusion(frame, asked))
    if name == "comments":
        return Summary(asked.question, how, texts=lists.comments(frame, asked))
    if not by:
        return Summary(asked.question, how, WAYS[name](frame, asked, argument))
    if by not in frame:
        return Summary(asked.question, how, {by: undefined(how, f"Nothing says the {by!r} of a rating.")})
    figures: dict[str, Estimate] = {}
    for value, rows in frame.groupby(frame[by].astype(str), sort=True):
        if value:
            found = WAYS[name](rows, asked, argument)
            figures |= {f"{value}: {label}": figure for label, figure in found.items()}
    return Summary(asked.question, how, figures)
