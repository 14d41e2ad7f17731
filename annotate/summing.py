"""The names by which a protocol says how a question is summed up; `agreement.summary` computes them."""

from __future__ import annotations

from dataclasses import dataclass

SUMMARIES: dict[str, str] = {
    "mean": "mean of the numbers",
    "total": "mean of the sum over the composite's questions",
    "share": "share of every declared point",
    "share of": "share of one point, e.g. `share of harmful`",
    "share at least": "share at or above a number, e.g. `share at least 4`",
    "share matching": "share equal to what a column of the items says, e.g. `share matching category`",
    "share confirmed": "share of answers that confirm the assigned place",
    "majority": "what most raters said of each item, with 'no majority' as an outcome",
    "win rate": "share of comparisons that a system wins, ties counting half",
    "bradley-terry": "strengths of systems from pairs",
    "mean rank": "mean place of each system",
    "rank correlation": "rank correlation of raters with the metrics, item by item",
    "system correlation": "rank correlation of clinicians with the metrics, over systems",
    "top": "share of lists with a reference among the first n, e.g. `top 3`",
    "mcnemar": "paired change between the first and the last step",
    "weighted score": "weights of the criteria met over all positive weights",
    "f1": "the judge's F1 against the clinicians' majority",
    "accuracy": "the judge's share of answers equal to the clinicians' majority",
    "kappa": "chance-corrected agreement of pairs of raters",
    "alpha": "Krippendorff's alpha",
    "icc": "intraclass correlation",
    "confusion": "assigned place against the place that raters gave",
    "marks": "how many marks of each label and severity an output has",
    "comments": "the texts themselves",
}
OF_RATERS = ("alpha", "icc", "kappa", "marks", "comments", "top", "mcnemar", "rank correlation", "mean rank")
"""Ways that are about raters beside one another, or about answers that nobody can settle."""
ARGUMENTS = {"share of": "a point", "share at least": "a number", "share matching": "a column", "top": "n"}


@dataclass(frozen=True, slots=True)
class Summing:
    """One way of summing up: its name, what it is asked with, and the column it is split by."""

    name: str
    argument: str = ""
    by: str = ""


def summing(how: str) -> Summing:
    """Read ``"share at least 4 by language"``; a sentence as ValueError where it is not known.

    Examples
    --------
    >>> summing("share at least 4 by language")
    Summing(name='share at least', argument='4', by='language')
    >>> summing("mode")
    Traceback (most recent call last):
        ...
    ValueError: 'mode' is not a way of summing up
    """
    rest, _, by = how.partition(" by ")
    for name in sorted(SUMMARIES, key=len, reverse=True):
        argument = rest.removeprefix(name).strip()
        if rest == name and name not in ARGUMENTS:
            return Summing(name, by=by.strip())
        if rest.startswith(name + " ") and name in ARGUMENTS and argument:
            return Summing(name, _checked(name, argument, how), by.strip())
    raise ValueError(f"{how!r} is not a way of summing up")


def _checked(name: str, argument: str, how: str) -> str:
    if name == "top" and not (argument.isdecimal() and int(argument) > 0):
        raise ValueError(f"{how!r} needs a whole number of 1 or more after 'top'")
    if name == "share at least":
        try:
            float(argument)
        except ValueError:
            raise ValueError(f"{how!r} needs a number after 'share at least'") from None
    return argument
