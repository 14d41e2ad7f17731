"""What `--scale` and `--measure` say of questions: their points in numbers or words, how answers are read."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import pandas as pd

from agreement.measure import side
from agreement.report.kinds import MEASURES
from annotate.fault import Fault

MOST_WORDS = 7
"""Scales in words have seldom more points than this; more words are labels."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The points of questions (``""`` for all), words in their order, and how answers are read."""

    points: dict[str, list[float]] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)

    def every(self, frame: pd.DataFrame) -> dict[str, Sequence[float]]:
        """Return each question's points, as those of ``""`` hold where nothing else is said."""
        declared: dict[str, Sequence[float]] = {k: v for k, v in self.points.items() if k}
        if "" in self.points:
            declared = dict.fromkeys(_asked(frame), self.points[""]) | declared
        for question, words in self.words.items():
            declared[question] = [float(at) for at in range(1, len(words) + 1)]
        return declared

    def placed(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
        """Return the ratings with a number for each declared word, and what was understood."""
        known({**self.points, **self.words}, frame, "--scale")
        known(self.measures, frame, "--measure")
        said = []
        for question, words in self.words.items():
            frame = _placed(frame, question, words)
            said.append(f"{question}: {' < '.join(words)} were read as 1 to {len(words)}.")
        return frame, said


def declared(scales: Sequence[str], measures: Sequence[str] = ()) -> Declared:
    """Return what the command line declares.

    Examples
    --------
    >>> declared(["harm=none,mild,severe", "1-5"], ["better=preference"])
    Declared(points={'': [1.0, 2.0, 3.0, 4.0, 5.0]}, words={'harm': ('none', 'mild', 'severe')}, \
measures={'better': 'preference'})
    """
    made = Declared()
    for text in scales:
        question, words = ordered(text)
        if words:
            made.words[question] = words
        else:
            question, points = scale(text)
            made.points[question] = points
    for text in measures:
        question, _, word = text.rpartition("=")
        if word not in MEASURES or not question:
            raise Fault(f"--measure {text!r} says nothing; write QUESTION= and one of {', '.join(MEASURES)}.")
        made.measures[question] = word
    return made


def ordered(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the question and its words, lowest first, from ``harm=none,mild,severe``; none for numbers.

    Between signs ``<`` a comma belongs to the word.

    Examples
    --------
    >>> ordered("harm=none, mild, severe"), ordered("harm=0,1,2")
    (('harm', ('none', 'mild', 'severe')), ('harm', ()))
    >>> ordered("harm=no < yes, little < yes, great")
    ('harm', ('no', 'yes, little', 'yes, great'))
    """
    question, _, stated = text.rpartition("=")
    words = tuple(word.strip() for word in stated.split("<" if "<" in stated else ","))
    numbers = re.fullmatch(r"[\s\d.,+\-eE]*", stated) or "nan" in stated or "inf" in stated
    if not question or numbers or len(words) < 2 or not all(words):
        return question, ()
    if len({word.casefold() for word in words}) < len(words):
        raise Fault(f"--scale {text!r} names a word twice.")
    return question, words


def scale(text: str) -> tuple[str, list[float]]:
    """Return the question ("" for all) and its points from ``accuracy=1-5``, ``0,0.5,1`` or ``-2..2``.

    Examples
    --------
    >>> scale("accuracy=1-5"), scale("0,0.5,1"), scale("tone=-1..1")
    (('accuracy', [1.0, 2.0, 3.0, 4.0, 5.0]), ('', [0.0, 0.5, 1.0]), ('tone', [-1.0, 0.0, 1.0]))
    """
    question, _, stated = text.rpartition("=")
    ends = re.fullmatch(r"\s*(-?\d+)\s*(?:-|\.\.)\s*(-?\d+)\s*", stated)
    try:
        if ends:
            points = [float(n) for n in islice(range(int(ends[1]), int(ends[2]) + 1), 1001)]
        else:
            points = sorted({float(one) for one in stated.split(",")})
    except ValueError:
        points = []
    if not 2 <= len(points) <= 1000 or not all(map(math.isfinite, points)):
        raise Fault(
            f"--scale {text!r} is no scale; write the lowest and highest point (1-5), all of them (0,0.5,1), "
            "or a question's words in their order (harm=none,mild,severe)."
        )
    return question, points


def order_unknown(frame: pd.DataFrame, measures: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return what is to be said of questions in three words or more: whether they have an order is unknown.

    Examples
    --------
    >>> said = ["poor", "fair", "good", "fair"]
    >>> frame = pd.DataFrame({"question": "tone", "kind": "clinician", "status": "answered", "value": said})
    >>> print(order_unknown(frame.assign(number=float("nan")))[0])
    tone: fair, good, poor are taken to have no order. If they have one, give it, lowest first, \
with --scale 'tone=…,…,…'.
    >>> order_unknown(frame.assign(value=["model_a", "model_b", "tie", "tie"], number=float("nan")))
    ()
    """
    rows = frame[(frame["kind"] == "clinician") & (frame["status"] == "answered") & frame["number"].isna()]
    rows = rows[~rows["question"].isin(list(measures or {}))]
    said = []
    for question, values in rows.groupby("question", observed=True, sort=False)["value"]:
        words = sorted(values.str.strip().str.casefold().unique())
        if all(side(word) is not None for word in words):  # a preference: A, B or tie
            continue
        if 3 <= len(words) <= MOST_WORDS and not any(set(word) & set(";|[{>:") for word in words):
            commas = any("," in word for word in words)
            between, sign = ("; ", " < ") if commas else (", ", ",")
            said.append(
                f"{question}: {between.join(words)} are taken to have no order. If they have one, give it, "
                f"lowest first, with --scale '{question}={sign.join('…' * len(words))}'."
            )
    return tuple(said)


def _asked(frame: pd.DataFrame) -> list[str]:
    return frame["question"].astype(str).unique().tolist()


def known(named: Mapping[str, object], frame: pd.DataFrame, option: str) -> None:
    """Refuse an option that names a question which the file does not ask."""
    there = _asked(frame)
    for question in named:
        if question and question not in there:
            raise Fault(f"{option} names {question!r}, which the file does not ask ({', '.join(there)}).")


def _placed(frame: pd.DataFrame, question: str, words: Sequence[str]) -> pd.DataFrame:
    place = {word.casefold(): float(at) for at, word in enumerate(words, 1)}
    mine = (frame["question"] == question) & (frame["kind"] != "metric") & (frame["status"] == "answered")
    said = frame.loc[mine, "value"].str.strip().str.casefold()
    number = said.map(place)
    if number.isna().any():
        row = frame.loc[number.index[number.isna()][0]]
        raise Fault(
            f"{row['value']!r} by {row['rater']} about {row['item']!r} is not among the declared words of "
            f"{question!r} ({', '.join(words)}); correct it, or declare it with --scale."
        )
    return frame.assign(number=frame["number"].where(~mine, number))


def ask_direction(parser: argparse.ArgumentParser) -> None:
    """Declare the option that says on which questions a high value is bad."""
    parser.add_argument(
        "--high-is-bad",
        action="append",
        default=[],
        metavar="QUESTION",
        help="a high value is bad there, as with counts of errors",
    )


def ask_columns(parser: argparse.ArgumentParser) -> None:
    """Declare the options that say what a file's columns and names mean, where it does not."""
    parser.add_argument(
        "--kind",
        action="append",
        default=[],
        metavar="[RATER=]KIND",
        help="where the file has no kinds: clinician (all raters), gpt-4o=juror (one of them)",
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="item=NAME",
        help="which column holds the item (rater, kind, question, value …) where its name does not say so; "
        "item=A+B for columns that name it together",
    )
