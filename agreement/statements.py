"""Sentences to look at first in outputs that hold a bad one: a model's order beside plain overlap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.estimate import Estimate, undefined
from agreement.mmil import fit, strict_labels
from agreement.mmil_checked import cross_validated
from agreement.refusal import Refusal

FEWEST = 10
"""So many outputs of each kind, and so many sentences of each kind, are needed to check the order."""
STEP = 0.15
"""How far rho is moved to see what depends on it."""
WORDS = 200
NONE = undefined("AUROC", "Not computed.")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Bag:
    """An output, in sentences.

    Attributes
    ----------
    key : (item, part)
    sentences : tuple of str
    source : str
        What the system read.
    bad : float
        1 where clinicians said that the output holds a bad sentence, else 0; NaN where nobody said.
    flags : tuple of float
        One a sentence: 1 where clinicians flagged it, 0 where they let it stand, NaN where nobody judged it.
    case : str
        Outputs of one case stay together; empty: the item.
    """

    key: tuple[str, str]
    sentences: tuple[str, ...]
    source: str
    bad: float
    flags: tuple[float, ...]
    case: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One sentence of a bad output; places count from 1, and 1 is to be looked at first."""

    key: tuple[str, str]
    number: int
    text: str
    chance: float
    place: int
    overlap: float
    overlap_place: int
    flag: float


@dataclass(frozen=True, slots=True)
class Suggested:
    """What is suggested for one question, how well it was checked, or one sentence why there is nothing.

    Attributes
    ----------
    mixture, overlap : Estimate
        AUROC of both orders on flagged sentences within bad outputs, out of fold, whole cases together.
    difference : Estimate
        The first less the second, on the same sentences and draws.
    by_rho : tuple of (rho, AUROC, share)
        The same with another rho, and the share of bad outputs whose first sentence stays the same.
    """

    question: str
    flagged: str
    suggestions: tuple[Suggestion, ...] = ()
    mixture: Estimate = NONE
    overlap: Estimate = NONE
    difference: Estimate = NONE
    rho: float = float("nan")
    by_rho: tuple[tuple[float, Estimate, float], ...] = ()
    bags: int = 0
    bad: int = 0
    strays: int = 0
    refused: str = ""


def suggest(
    question: str,
    flagged: str,
    bags: Sequence[Bag],
    *,
    seed: int = 0,
    replicates: int = 500,
    level: float = 0.95,
) -> Suggested:
    """Return the sentences of bad outputs in the order in which to look at them.

    Parameters
    ----------
    question : str
        The strict yes or no about whole outputs.
    flagged : str
        The question by which clinicians judged single sentences.
    bags : sequence of Bag
        Every output with text.

    Examples
    --------
    >>> suggest("unsupported", "support", [Bag(("a", ""), ("Rest.",), "Rest.", 4.0, (0.0,))]).refused[:46]
    'Sentence help needs a strict yes or no about t'
    """
    known = [bag for bag in bags if bag.sentences and not np.isnan(bag.bad)]
    found = Suggested(question, flagged, bags=len(known), bad=sum(bag.bad == 1 for bag in known))
    try:
        return _suggested(found, known, seed, replicates, level)
    except Refusal as refusal:
        return replace(found, refused=str(refusal))


def _suggested(found: Suggested, bags: list[Bag], seed: int, replicates: int, level: float) -> Suggested:
    at = np.repeat(np.arange(len(bags)), [len(bag.sentences) for bag in bags])
    labels = np.array([bag.bad for bag in bags])[at]
    flags = np.concatenate([bag.flags for bag in bags]) if bags else np.empty(0)
    if bags:
        strict_labels(labels, at)
    strays = _enough(labels, flags, bags)
    texts = [text for bag in bags for text in bag.sentences]
    plain, overlap = _measured(bags)
    x = np.hstack([plain, _words(texts)])
    inside = np.where(labels == 1, flags, np.nan)
    rho = float(np.clip(1 - np.nanmean(inside), 0.05, 0.95))
    cases = np.array([bag.case or bag.key[0] for bag in bags])[at]
    checked = {
        r: cross_validated(
            x, at, labels, inside, overlap, rho=r, cases=cases, rng=np.random.default_rng(seed),
            replicates=replicates, level=level,
        )
        for r in sorted({rho, *np.clip([rho - STEP, rho + STEP], 0.05, 0.95).tolist()})
    }  # fmt: skip
    chances = {r: fit(x, at, labels, rho=r, known=inside).probability for r in checked}
    first = {r: _first(at, chance, labels) for r, chance in chances.items()}
    return replace(
        found,
        suggestions=_listed(bags, at, chances[rho], overlap),
        mixture=checked[rho]["mixture"],
        overlap=checked[rho]["overlap"],
        difference=checked[rho]["difference"],
        rho=rho,
        by_rho=tuple((r, checked[r]["mixture"], float((first[r] == first[rho]).mean())) for r in checked),
        strays=strays,
    )


def _enough(labels: Array, flags: Array, bags: Sequence[Bag]) -> int:
    """Refuse what cannot be checked; return how many flagged sentences stand in outputs called good."""
    bad = sum(bag.bad == 1 for bag in bags)
    good = len(bags) - bad
    if min(bad, good) < FEWEST:
        raise Refusal(
            f"Clinicians found a bad sentence in {bad} outputs and none in {good}; sentences can be ordered "
            f"from {FEWEST} of each on."
        )
    inside, outside = flags[labels == 1], flags[labels == 0]
    hit, fine = int((inside == 1).sum()), int((inside == 0).sum())
    strays, judged = int((outside == 1).sum()), int((~np.isnan(outside)).sum())
    if strays and strays * (hit + fine) >= hit * judged:
        raise Refusal(
            f"Flagged sentences are no more common in outputs called bad ({hit} of {hit + fine}) than in "
            f"others ({strays} of {judged}): the two questions are not about the same fault."
        )
    if min(hit, fine) < FEWEST:
        raise Refusal(
            f"In bad outputs clinicians flagged {hit} sentences and let {fine} stand; an order can be "
            f"checked from {FEWEST} of each on, and an order that nobody checked is not shown."
        )
    if not any(bag.source.strip() for bag in bags):
        raise Refusal("The items have no source text, so no sentence can be held against it.")
    return strays


def _measured(bags: Sequence[Bag]) -> tuple[Array, Array]:
    """Return a few plain features of every sentence, each set to mean 0 and spread 1, and its overlap."""
    rows = [row for bag in bags for row in _rows(bag)]
    made = np.array(rows)
    spread = made.std(axis=0)
    return (made - made.mean(axis=0)) / np.where(spread > 0, spread, 1.0), made[:, 0]


def _rows(bag: Bag) -> list[tuple[float, ...]]:
    """Overlap in words and in pairs, numbers that the source lacks, length, place in the output."""
    source = _WORD.findall(bag.source.casefold())
    words, pairs = set(source), set(pairwise(source))
    rows: list[tuple[float, ...]] = []
    for place, text in enumerate(bag.sentences):
        said = _WORD.findall(text.casefold())
        twos = list(pairwise(said))
        overlap = sum(word in words for word in said) / len(said) if said else 1.0
        joined = sum(two in pairs for two in twos) / len(twos) if twos else overlap
        strange = sum(any(c.isdigit() for c in word) and word not in words for word in said)
        rows.append((overlap, joined, float(strange), float(np.log1p(len(said))), place / len(bag.sentences)))
    return rows


def _words(texts: Sequence[str]) -> Array:
    """Return tf-idf of the commonest words and pairs; nothing where no word stands in two sentences."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        made = TfidfVectorizer(
            ngram_range=(1, 2), min_df=2, max_features=WORDS, sublinear_tf=True, token_pattern=r"\w+"
        ).fit_transform(texts)
    except ValueError:  # an empty vocabulary
        return np.empty((len(texts), 0))
    return np.asarray(made.toarray(), dtype=float)


def _first(at: NDArray[np.intp], chance: Array, labels: Array) -> NDArray[np.intp]:
    """Return the sentence to look at first in each bad output."""
    order = np.lexsort((-chance, at))
    starts = np.unique(at[order], return_index=True)[1]
    first: NDArray[np.intp] = order[starts]
    kept: NDArray[np.intp] = first[labels[first] == 1]
    return kept


def _listed(
    bags: Sequence[Bag], at: NDArray[np.intp], chance: Array, overlap: Array
) -> tuple[Suggestion, ...]:
    made: list[Suggestion] = []
    for number, bag in enumerate(bags):
        if bag.bad != 1:
            continue
        mine = np.flatnonzero(at == number)
        place, plain = _places(-chance[mine]), _places(overlap[mine])
        for k in np.argsort(place):
            made.append(Suggestion(
                bag.key, int(k) + 1, bag.sentences[k], float(chance[mine[k]]), int(place[k]),
                float(overlap[mine[k]]), int(plain[k]), bag.flags[k],
            ))  # fmt: skip
    return tuple(made)


def _places(scores: Array) -> NDArray[np.intp]:
    """Return places from 1, lowest first; ties in the order of the text."""
    places = np.empty(len(scores), dtype=np.intp)
    places[np.argsort(scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return places
