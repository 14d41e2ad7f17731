"""What a cell says: numbers as people write them, points of a scale, and words for nothing."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotate.scale import Scale
from data.formats.columns import STATUSES, meaning
from data.formats.findings import listed, shorten
from data.formats.records import number_text

NOTHING = frozenset(
    {"", "na", "n/a", "n.a.", "n.a", "#n/a", "nan", "<na>", "nat", "null", "none", "nil", "missing"}
    | {"-", "--", "–", "—", ".", "?"}
)
NEVER_A_WORD = frozenset({"", "nan", "#n/a", "<na>", "nat", "null"})
LARGEST = 1e50
"""Larger numbers have no squares to sum: no rating and no metric is one."""
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
COMMA = re.compile(r"[+-]?\d+,\d+")
PERCENT = re.compile(r"([+-]?\d+(?:[.,]\d+)?) ?%")
OF = re.compile(r"([+-]?\d+(?:[.,]\d+)?) ?(?:/|of|out of) ?(\d+)")
LABELLED = re.compile(r"([+-]?\d+(?:[.,]\d+)?) ?(?:[-–—:=.)]|(?=\()) ?(\(?[^\W\d].*)")


@dataclass(frozen=True, slots=True)
class Reading:
    """The distinct values of one question, read: text and number of each, or what is wrong with it.

    `text` is None where nothing was said; `wrong` is None where nothing is wrong. `status` is why, where
    the value itself says so, as ``unable to assess`` does among numbers; empty where none of them does.
    """

    text: list[str | None]
    number: npt.NDArray[np.float64]
    wrong: list[str | None]
    understood: tuple[str, ...] = ()
    status: tuple[str, ...] = ()


def read_values(
    raw: Sequence[str], question: str, scale: Scale | None, counts: Sequence[int] | None = None
) -> Reading:
    """Read the distinct values of one question.

    Parameters
    ----------
    raw : sequence of str
        Each value once.
    question : str
        How sentences call it.
    scale : Scale or None
        Its declared scale. Without one, a question is numeric when at least half of its values are
        numbers; then the others are wrong, and words like ``NA`` say nothing.
    counts : sequence of int, optional
        How often each value occurs.

    Examples
    --------
    >>> reading = read_values(["4", "4,5", "3/5", "2 - poor", "NA", "x"], "accuracy", None)
    >>> reading.number.tolist()
    [4.0, 4.5, 3.0, 2.0, nan, nan]
    >>> reading.wrong[5]
    "'x' is not a number"
    """
    quick = np.array([_plainly(text) for text in raw], dtype=np.float64)
    if scale is not None:
        return _declared(raw, quick, question, scale)
    guesses = [None if math.isfinite(q) else _written(text) for text, q in zip(raw, quick, strict=True)]
    said = np.array([text.strip().lower() not in NOTHING for text in raw])
    numeric = np.isfinite(quick) | np.array([guess is not None for guess in guesses])
    often = np.ones(len(raw)) if counts is None else np.asarray(counts, dtype=np.float64)
    if often[said & numeric].sum() * 2 < often[said].sum():
        return _words(raw, quick)
    return _unable(raw, _numbers(raw, quick, guesses, question), question)


def _unable(raw: Sequence[str], reading: Reading, question: str) -> Reading:
    """Take words that say why there is no number for what they are; none of them is a number."""
    means = [
        meaning(text, STATUSES) if wrong is not None else None
        for text, wrong in zip(raw, reading.wrong, strict=True)
    ]
    means = [known if known != "answered" else None for known in means]
    told = {shorten(text): known for text, known in zip(raw, means, strict=True) if known}
    if not told:
        return reading
    each = ", ".join(f"{text} was read as {known}" for text, known in told.items())
    said = f"{question}: {each}, without a value."
    return replace(
        reading,
        text=[None if known else text for text, known in zip(reading.text, means, strict=True)],
        wrong=[None if known else wrong for wrong, known in zip(reading.wrong, means, strict=True)],
        status=tuple(known or "" for known in means),
        understood=(*reading.understood, said),
    )


def _plainly(text: str) -> float:
    """A number to its last bit, NaN for anything else (``1_000`` is Python's, not a file's)."""
    try:
        number = math.nan if "_" in text else float(text)
    except ValueError:
        return math.nan
    return number if abs(number) <= LARGEST else math.nan


def _words(raw: Sequence[str], quick: npt.NDArray[np.float64]) -> Reading:
    """A question answered in words keeps them as they are; what only machines write for nothing goes."""
    text = [None if t.strip().lower() in NEVER_A_WORD else t for t in raw]
    number = np.where(np.isfinite(quick) & np.array([t is not None for t in text]), quick, np.nan)
    return Reading(text, number, [None] * len(text))


def _numbers(
    raw: Sequence[str], quick: npt.NDArray[np.float64], guesses: Sequence[_Written | None], question: str
) -> Reading:
    understood = _agree(guesses, question)
    text: list[str | None] = []
    number = np.full(len(raw), np.nan)
    wrong: list[str | None] = [None] * len(raw)
    tops = {guess.top for guess in guesses if guess and guess.top}
    mixed = bool(np.isfinite(quick).any()) or any(guess and not guess.percent for guess in guesses)
    decimal = any(guess and guess.comma and not guess.thousands for guess in guesses)
    for at, (cell, guess) in enumerate(zip(raw, guesses, strict=True)):
        if math.isfinite(quick[at]):
            text.append(cell.strip())
            number[at] = quick[at]
        elif guess is None:
            text.append(None)
            if cell.strip().lower() not in NOTHING:
                wrong[at] = f"{shorten(cell)} is not a number"
        else:
            text.append(number_text(guess.number))
            number[at] = guess.number
            if guess.thousands and not decimal:
                wrong[at] = f"{shorten(cell)} may be {cell.strip().replace(',', '')} or {guess.number:g}"
            elif guess.percent and mixed:
                wrong[at] = f"{shorten(cell)} is a percentage among plain numbers"
            elif guess.top and len(tops) > 1:
                wrong[at] = f"{shorten(cell)} is one of several ends ({listed(sorted(tops))}) of one question"
    return Reading(text, number, wrong, understood)


@dataclass(frozen=True, slots=True)
class _Written:
    """A number that is not written plainly."""

    number: float
    top: float = 0.0
    label: str = ""
    comma: bool = False
    thousands: bool = False
    percent: bool = False


def _written(cell: str) -> _Written | None:
    """Return the number in ``4,5``, ``4/5``, ``4 - good`` or ``−2``; None where there is none."""
    text = unicodedata.normalize("NFKC", cell).strip().replace("\u2212", "-")
    if not text or not (text[0].isdigit() or text[0] in "+-."):
        return None
    if PLAIN.fullmatch(text) and abs(float(text)) <= LARGEST:
        return _Written(float(text))
    if COMMA.fullmatch(text):
        thousands = len(text.partition(",")[2]) == 3
        return _Written(float(text.replace(",", ".")), comma=True, thousands=thousands)
    if match := PERCENT.fullmatch(text):
        return _Written(float(match[1].replace(",", ".")), percent=True)
    if match := OF.fullmatch(text):
        return _Written(float(match[1].replace(",", ".")), top=float(match[2]))
    if match := LABELLED.fullmatch(text):
        return _Written(float(match[1].replace(",", ".")), label=match[2].strip("() ").casefold())
    return None


def _agree(guesses: Sequence[_Written | None], question: str) -> tuple[str, ...]:
    found = [guess for guess in guesses if guess is not None]
    said = []
    if any(guess.comma for guess in found):
        said.append(f"{question}: a comma was read as the decimal point.")
    if tops := sorted({guess.top for guess in found if guess.top}):
        said.append(f"{question}: values like 4/{tops[0]:g} were read as the number before the stroke.")
    if any(guess.percent for guess in found):
        said.append(f"{question}: values like 80% were read as the number before the sign, such as 80.")
    if any(guess.label for guess in found):
        said.append(f"{question}: values like '4 - good' were read as their number.")
    return tuple(said)


def _declared(raw: Sequence[str], quick: npt.NDArray[np.float64], question: str, scale: Scale) -> Reading:
    reads = [_point(cell, q, question, scale) for cell, q in zip(raw, quick, strict=True)]
    number = np.array([read[1] for read in reads], dtype=np.float64)
    return Reading([read[0] for read in reads], number, [read[2] for read in reads])


def _point(cell: str, quick: float, question: str, scale: Scale) -> tuple[str | None, float, str | None]:
    """Return text, number and what is wrong: a point by value, by label, or by number as written."""
    text = cell.strip()
    for point in scale.points:
        if text == point.value or (math.isfinite(quick) and _equals(point.value, quick)):
            return point.value, point.number, None
    for point in scale.points:
        if text and text.casefold() in (point.value.casefold(), point.label.casefold()):
            return point.value, point.number, None
    called = [point for point in scale.points if text and text.casefold() == _names(point.label)[1]]
    if len(called) == 1:
        return called[0].value, called[0].number, None
    if text.lower() in NOTHING:
        return None, math.nan, None
    guess = _Written(quick) if math.isfinite(quick) else _written(cell)
    if guess is None:
        return None, math.nan, _outside(cell, question, scale)
    return _placed(cell, guess, question, scale)


def _placed(cell: str, guess: _Written, question: str, scale: Scale) -> tuple[str | None, float, str | None]:
    outside = (None, math.nan, _outside(cell, question, scale))
    if not scale.points:
        low = -math.inf if scale.low is None else scale.low
        high = math.inf if scale.high is None else scale.high
        fits = low <= guess.number <= high and guess.top in (0.0, high)
        return (number_text(guess.number), guess.number, None) if fits else outside
    if guess.top and guess.top != max(point.number for point in scale.points):
        return outside
    others = {n for p in scale.points if not _equals(p.value, guess.number) for n in _names(p.label)}
    if guess.label and guess.label in others:
        return None, math.nan, f"{shorten(cell)} names one point of {question!r} and numbers another"
    for point in scale.points:
        if _equals(point.value, guess.number):
            return point.value, point.number, None
    return outside


def _names(label: str) -> tuple[str, ...]:
    """A label and its head: what stands before the colon is what a point is called.

    Examples
    --------
    >>> _names("Good: right, with slips")
    ('good: right, with slips', 'good')
    """
    whole = label.casefold()
    return whole, whole.partition(":")[0].strip()


def _equals(value: str, number: float) -> bool:
    try:
        return float(value) == number
    except ValueError:
        return False


def _outside(cell: str, question: str, scale: Scale) -> str:
    if scale.points:
        points = listed(point.value for point in scale.points)
        return f"{shorten(cell)} is not a point of {question!r} ({points})"
    low = "any" if scale.low is None else f"{scale.low:g}"
    high = "any" if scale.high is None else f"{scale.high:g}"
    return f"{shorten(cell)} is not a number from {low} to {high} on {question!r}"
