"""Jurors that cost nothing, to stand beside every judge: always the same, at random, by length alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from annotate.item import Item
from annotate.jury.form import Ask, form_for
from annotate.protocol import Protocol
from annotate.rating import Rating
from annotate.scale import Point

BASELINES = ("always-the-same", "random", "length-only")


def baselines(
    items: Sequence[Item],
    protocol: Protocol,
    clinicians: Iterable[Rating],
    *,
    rng: np.random.Generator,
) -> Iterator[Rating]:
    """Yield what the three baselines say to every question about one declared point.

    Parameters
    ----------
    clinicians : iterable of Rating
        What they said: "always the same" says their most frequent point, "random" draws from their
        distribution, "length only" gives the longest outputs the points that they give most highly.
        Where they said nothing, it is the best point and the scale's even distribution.

    Examples
    --------
    >>> from annotate.item import Output
    >>> from annotate.scale import likert
    >>> items = [Item("a", (Output("long text"),)), Item("b", (Output("short"),))]
    >>> from annotate.question import Question
    >>> protocol = Protocol("p", "P", "output", (Question("clarity", "Clear?", scale=likert("no", "yes")),))
    >>> said = [Rating("a", "C1", "clarity", "1", 1.0), Rating("b", "C1", "clarity", "2", 2.0)]
    >>> ratings = list(baselines(items, protocol, said, rng=np.random.default_rng(1)))
    >>> [(rating.item, rating.value) for rating in ratings if rating.rater == "length-only"]
    [('a', '2'), ('b', '1')]
    """
    said: dict[str, Counter[str]] = {}
    for rating in clinicians:
        if rating.value is not None:
            said.setdefault(rating.question, Counter())[rating.value] += 1
    asked: dict[str, list[tuple[Item, Ask]]] = {}
    for item in items:
        for ask in form_for(item, protocol).asks:
            if ask.points and not ask.parts and ask.question.kind in ("scale", "choice"):
                asked.setdefault(ask.question.key, []).append((item, ask))
    for key, places in asked.items():
        yield from _of_question(key, places, said.get(key, Counter()), rng)


def _of_question(
    key: str, places: list[tuple[Item, Ask]], said: Counter[str], rng: np.random.Generator
) -> Iterator[Rating]:
    points = places[0][1].points
    known = {point.value for point in points}
    said = Counter({value: n for value, n in said.items() if value in known})
    weights = np.array([said[point.value] if said else 1 for point in points], dtype=float)
    shares = weights / weights.sum()
    same = int(np.argmax(weights)) if said else int(np.argmax([point.number for point in points]))
    drawn = rng.choice(len(points), size=len(places), p=shares)
    ranked = _by_length(places, points, shares)
    for at, (item, ask) in enumerate(places):
        for name, pick in zip(BASELINES, (same, int(drawn[at]), ranked[at]), strict=True):
            point = points[pick]
            yield Rating(item.key, name, key, point.value, point.number, part=ask.part)


def _by_length(places: list[tuple[Item, Ask]], points: tuple[Point, ...], shares: np.ndarray) -> list[int]:
    """Give the shortest outputs the lowest points and the longest the highest, in the clinicians' shares."""
    lengths = np.array([_length(item, ask) for item, ask in places], dtype=float)
    order = np.argsort(np.argsort(lengths, kind="stable"), kind="stable")
    ladder = np.argsort([point.number for point in points], kind="stable")
    edges = np.cumsum(shares[ladder])
    steps = np.searchsorted(edges, (order + 0.5) / len(places))
    return [int(ladder[min(int(step), len(points) - 1)]) for step in steps]


def _length(item: Item, ask: Ask) -> int:
    return sum(len(output.text) for output in item.outputs if ask.part in ("", output.key))
