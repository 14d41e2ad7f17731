"""A text metric: a rater of kind metric, whose identity carries its settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from annotate.fault import Fault

CAUTION = (
    "No overlap metric follows hallucination (|r| < .1 on published note summaries): "
    "a high score says that words recur, not that they are true. Read recall beside F."
)
"""Stands beside every overlap metric, on pages and in reports."""

Reads = Literal["references", "source"]


@dataclass(frozen=True, slots=True)
class Pair:
    """What a metric reads of an item: one output, and what it is held against."""

    output: str
    references: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What a metric says of one pair: a value a measure, or none and the reason.

    `note` is what a reader of the value must know, such as how much lay beyond a model's window. `failed`
    tells an attempt that went wrong, which the next run makes again, from a pair that has no score.
    """

    values: tuple[float, ...] = ()
    reason: str = ""
    note: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """A function over texts with a name, settings and one or more measures.

    Attributes
    ----------
    name : str
        How scripts call it: ``"rouge-l"``.
    measures : tuple of str
        What it says of a pair: ``("f", "precision", "recall")``; one empty name for a single figure.
    settings : mapping of str to str
        Everything that decides the values. Change one and it is another rater.
    score : callable
        Pairs in, scores in the same order out. Every pair has what `reads` names.
    reads : tuple of Reads
        What a pair must have besides its output; without it the pair is unanswered, never 0.
    overlap : bool
        It compares wording with a reference or a source, so that `CAUTION` stands beside it.
    batch : int
        How many pairs are scored, and then kept, at a time.
    threaded : bool
        It uses every core by itself.
    prepare : callable or None
        For settings that come from the whole set of references (idf): all of them in, the metric out.
    """

    name: str
    measures: tuple[str, ...]
    settings: Mapping[str, str]
    score: Callable[[Sequence[Pair]], list[Score]]
    reads: tuple[Reads, ...] = ("references",)
    overlap: bool = False
    batch: int = 512
    threaded: bool = False
    prepare: Callable[[Iterable[tuple[str, ...]]], Metric] | None = None

    @property
    def digest(self) -> str:
        """Return a short hash of name and settings."""
        said = json.dumps([self.name, *sorted(self.settings.items())], ensure_ascii=False)
        return hashlib.blake2b(said.encode(), digest_size=4).hexdigest()

    @property
    def raters(self) -> tuple[str, ...]:
        """Return the key of each measure, which is a rater of its own; its question is the part before @.

        Examples
        --------
        >>> Metric("rouge-l", ("f", "recall"), {"stem": "no"}, lambda pairs: []).raters
        ('rouge-l-f@7a524795', 'rouge-l-recall@7a524795')
        """
        names = (f"{self.name}-{measure}" if measure else self.name for measure in self.measures)
        return tuple(f"{name}@{self.digest}" for name in names)

    def identities(self) -> dict[str, dict[str, str]]:
        """Return what each of these raters is: the metric, the measure, and every setting."""
        return {
            rater: {"metric": self.name, "measure": measure, **self.settings}
            for rater, measure in zip(self.raters, self.measures, strict=True)
        }


def chosen(name: str, given: Mapping[str, str], **known: tuple[str, ...] | str) -> dict[str, str]:
    """Return the settings of the metric called `name`: what was given, else the default.

    A tuple lists what is allowed, its first the default; a string is the default of a free setting.

    Examples
    --------
    >>> chosen("rouge-l", {"stem": "no"}, stem=("porter-nltk", "no"))
    {'stem': 'no'}
    >>> chosen("rouge-l", {"stemmer": "no"}, stem=("porter-nltk", "no"))
    Traceback (most recent call last):
        ...
    annotate.fault.Fault: 'rouge-l' has no setting 'stemmer' (it has stem)
    """
    for key, value in given.items():
        if key not in known:
            raise Fault(f"{name!r} has no setting {key!r} (it has {', '.join(known) or 'none'})")
        allowed = known[key]
        if isinstance(allowed, tuple) and value not in allowed:
            raise Fault(f"{key}={value!r} is not a setting of {name!r} ({', '.join(allowed)})")
    defaults = {key: value if isinstance(value, str) else value[0] for key, value in known.items()}
    return defaults | dict(given)
