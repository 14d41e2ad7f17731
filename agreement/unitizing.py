"""Agreement on marked spans: Krippendorff's unitizing alpha."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agreement.bootstrap import interval
from agreement.estimate import NAN, Estimate, undefined
from agreement.refusal import Refusal
from agreement.weights import case_weights

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `begin` up to, not including, `end`, marked as `label`."""

    begin: int
    end: int
    label: str = ""


def alpha_unitizing(
    marks: Sequence[Sequence[Sequence[Span] | None]],
    lengths: Sequence[int],
    *,
    label: str | None = None,
    rng: np.random.Generator | None = None,
    replicates: int = 2000,
    cases: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return unitizing alpha: do raters mark the same stretches of text with the same labels?

    Parameters
    ----------
    marks : items × raters × spans
        None where a rater was not asked; an empty list where nothing was marked. One rater's spans of one
        label may touch but not overlap.
    lengths : sequence of int
        Characters of each item.
    label : str, optional
        This label only; by default disagreements are added up over all labels.

    Notes
    -----
    With one item this is Krippendorff's coefficient. With several, disagreements are added up item by
    item, observed and expected alike: a mark could have stood elsewhere in its own item only.

    References
    ----------
    Krippendorff, K. (1995). On the reliability of unitizing continuous data. *Sociological Methodology*
    25, 47–76; Krippendorff, K. (2004). *Content Analysis*, 2nd ed., pp. 251–256.

    Examples
    --------
    >>> ours = [Span(75, 145), Span(220, 250)]
    >>> theirs = [Span(70, 150), Span(205, 225), Span(250, 270)]
    >>> round(alpha_unitizing([[ours, theirs]], [300]).value, 4)
    0.7286
    """
    if len(marks) != len(lengths):
        raise Refusal(f"Each item needs its length: {len(marks)} items, {len(lengths)} lengths.")
    name = "alpha (unitizing)" + (f" of {label!r}" if label is not None else "")
    parts = np.array([_item(row, size, label) for row, size in zip(marks, lengths, strict=True)]).reshape(
        -1, 2
    )
    raters = max((sum(cell is not None for cell in row) for row in marks), default=0)
    shared = np.array([sum(cell is not None for cell in row) >= 2 for row in marks], dtype=bool)
    n, sums = int(shared.sum()), parts[shared].sum(axis=0) if shared.any() else np.zeros(2)
    if not sums[1] > 0:
        reason = "Nobody marked anything." if n else "No item has two raters."
        return undefined(name, reason, n_items=n, n_raters=raters)
    low, high, how = NAN, NAN, "no interval"
    notes: tuple[str, ...] = ()
    if rng is not None and n > 1:
        of_case = None if cases is None else np.asarray(cases)[shared]
        drawn = [block @ parts[shared] for block in case_weights(n, replicates, rng, of_case)]
        low, high, notes = interval(_alpha(np.concatenate(drawn)), level)
        how = f"{'item' if cases is None else 'case'} bootstrap, {replicates} replicates, percentile"
    elif n == 1:
        notes = ("One item gives no interval.",)
    return Estimate(name, float(_alpha(sums)), low, high, n, raters, how, level, notes)


def _alpha(parts: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(parts[..., 1] > 0, 1 - parts[..., 0] / parts[..., 1], np.nan)


def _item(row: Sequence[Sequence[Span] | None], length: int, label: str | None) -> tuple[float, float]:
    """Return observed and expected disagreement of one item, times length²."""
    asked = [cell for cell in row if cell is not None]
    found = sorted({span.label for cell in asked for span in cell}) if label is None else [label]
    if len(asked) < 2:
        return 0.0, 0.0
    sections = [[_sections(cell, one, length) for cell in asked] for one in found]
    observed = sum(_observed(each) for each in sections)
    return observed, sum(_expected(each, length) for each in sections)


def _sections(spans: Sequence[Span], label: str, length: int) -> tuple[Floats, Floats]:
    """Return one rater's units and gaps of one label, each as rows of (begin, end)."""
    units = sorted((span.begin, span.end) for span in spans if span.label == label)
    edge = 0
    gaps = []
    for begin, end in [*units, (length, length)]:
        if begin < edge or end > length or (begin >= end and begin < length):
            raise Refusal(
                f"Span {begin} to {end} of {label!r} overlaps another, is empty or exceeds {length}."
            )
        if begin > edge:
            gaps.append((edge, begin))
        edge = end
    return np.array(units, dtype=float).reshape(-1, 2), np.array(gaps, dtype=float).reshape(-1, 2)


def _observed(raters: list[tuple[Floats, Floats]]) -> float:
    """Sum over pairs of raters: squared offsets of units that meet, squared lengths of units in a gap."""
    total = 0.0
    for (units, gaps), (others, other_gaps) in combinations(raters, 2):
        begin, end = units[:, None, 0] - others[None, :, 0], units[:, None, 1] - others[None, :, 1]
        meet = (units[:, None, 0] < others[None, :, 1]) & (others[None, :, 0] < units[:, None, 1])
        total += float(((begin**2 + end**2) * meet).sum()) + _alone(units, other_gaps) + _alone(others, gaps)
    return 2 * total / (len(raters) * (len(raters) - 1))


def _alone(units: Floats, gaps: Floats) -> float:
    inside = (units[:, None, 0] >= gaps[None, :, 0]) & (units[:, None, 1] <= gaps[None, :, 1])
    return float(((units[:, 1] - units[:, 0]) ** 2 * inside.any(axis=1)).sum())


def _expected(raters: list[tuple[Floats, Floats]], length: int) -> float:
    """Return the mean disagreement when each unit is laid anywhere against every unit and gap."""
    u = np.concatenate([units[:, 1] - units[:, 0] for units, _ in raters])
    g = np.concatenate([gaps[:, 1] - gaps[:, 0] for _, gaps in raters])
    against_units = (len(u) - 1) / 3 * (2 * u**3 - 3 * u**2 + u)
    room = np.where(g[None, :] >= u[:, None], g[None, :] - u[:, None] + 1, 0.0).sum(axis=1)
    places = len(raters) * length * (len(raters) * length - 1) - (u * (u - 1)).sum()
    return float(2 / length * (against_units + u**2 * room).sum() / places * length**2) if places > 0 else 0.0
