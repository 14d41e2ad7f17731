"""Bradley–Terry with ties (Davidson): the strength of each system from paired preferences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.special import ndtri

from agreement.estimate import Estimate, undefined
from agreement.refusal import Refusal

Floats = NDArray[np.float64]
STEPS = 100


@dataclass(frozen=True, slots=True)
class Strengths:
    """Each system's log-strength (they sum to 0), and the log of the tie parameter; None without ties."""

    systems: dict[str, Estimate]
    tie: Estimate | None


def bradley_terry(
    first: Sequence[str],
    second: Sequence[str],
    outcome: ArrayLike,
    *,
    cases: ArrayLike | None = None,
    level: float = 0.95,
) -> Strengths:
    """Return maximum-likelihood strengths from comparisons of two systems.

    Parameters
    ----------
    first, second : sequence of str
        The systems of each comparison.
    outcome : array_like
        1 the first is better, 0 the second, 0.5 a tie; NaN is no answer.
    cases : array_like, optional
        Comparisons of one case (the same item, say) count as one for the intervals.

    Notes
    -----
    P(first) : P(tie) : P(second) = √(πi/πj) : ν : √(πj/πi); without ties this is Bradley and Terry's.

    References
    ----------
    Davidson, R. R. (1970). *Journal of the American Statistical Association* 65, 317–328.

    Examples
    --------
    >>> found = bradley_terry(["a", "a", "a", "b"], ["b", "b", "b", "a"], [1, 1, 0, 0.5])
    >>> found.systems["a"].value > found.systems["b"].value
    True
    """
    result = np.asarray(outcome, dtype=float)
    _refuse(first, second, result)
    said = ~np.isnan(result)
    names = sorted({*first, *second})
    i, j = (np.array([names.index(name) for name in side], dtype=int)[said] for side in (first, second))
    result, of_case = result[said], None if cases is None else np.asarray(cases)[said]
    apart = _apart(i, j, result, len(names))
    if apart:
        each = {name: undefined("log-strength", apart, n_items=len(result)) for name in names}
        return Strengths(each, None)
    features = _features(i, j, len(names), ties=bool((result == 0.5).any()))
    chosen = np.select([result == 1, result == 0], [0, 1], 2)
    return _estimates(names, *_fit(features, chosen), features, chosen, of_case, level)


def _features(i: NDArray[np.int_], j: NDArray[np.int_], systems: int, *, ties: bool) -> Floats:
    """Return comparisons × outcomes × parameters: what each outcome's log-odds are made of."""
    side = (np.eye(systems)[i] - np.eye(systems)[j]) / 2
    if not ties:
        return np.stack([side, -side], axis=1)
    made = np.zeros((len(i), 3, systems + 1))
    made[:, 0, :-1], made[:, 1, :-1], made[:, 2, -1] = side, -side, 1.0
    return made


def _fit(features: Floats, chosen: NDArray[np.int_]) -> tuple[Floats, Floats]:
    """Newton's method on a concave likelihood: parameters, and the inverse of the information."""
    beta: Floats = np.zeros(features.shape[2])
    for _ in range(STEPS):
        score, information = _score(features, chosen, beta)
        # The sum of strengths is free: the pseudo-inverse holds it at 0.
        step = np.linalg.pinv(information, hermitian=True) @ score.sum(axis=0)
        beta = beta + step * min(1.0, 2.0 / max(np.abs(step).max(), 1e-300))
        if np.abs(step).max() < 1e-10:
            break
    return beta, np.asarray(np.linalg.pinv(_score(features, chosen, beta)[1], hermitian=True))


def _score(features: Floats, chosen: NDArray[np.int_], beta: Floats) -> tuple[Floats, Floats]:
    logits = features @ beta
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    mean = np.einsum("co,cop->cp", p, features)
    score = features[np.arange(len(chosen)), chosen] - mean
    second = np.einsum("co,cop,coq->pq", p, features, features)
    return score, second - mean.T @ mean


def _estimates(
    names: list[str],
    beta: Floats,
    inverse: Floats,
    features: Floats,
    chosen: NDArray[np.int_],
    cases: NDArray[np.generic] | None,
    level: float,
) -> Strengths:
    if cases is not None:
        codes = np.unique(cases, return_inverse=True)[1]
        score = _score(features, chosen, beta)[0]
        whole = np.stack([np.bincount(codes, column) for column in score.T], axis=1)
        inverse = inverse @ (whole.T @ whole) @ inverse
    reach = float(ndtri((1 + level) / 2)) * np.sqrt(np.diag(inverse))
    how = "Davidson, maximum likelihood, " + ("Wald" if cases is None else "sandwich over cases")
    n = len(chosen)
    made = [
        Estimate(name, float(b), float(b - r), float(b + r), n, method=how, level=level)
        for name, b, r in zip([*["log-strength"] * len(names), "log tie"], beta, reach, strict=False)
    ]
    return Strengths(dict(zip(names, made, strict=False)), made[-1] if len(made) > len(names) else None)


def _apart(i: NDArray[np.int_], j: NDArray[np.int_], result: Floats, systems: int) -> str:
    """Return why strengths are infinite or incomparable, or "" where they are not."""
    if not len(result) or systems < 2:
        return "No two systems are compared."
    beats = csr_array((result > 0, (i, j)), shape=(systems, systems)) + csr_array(
        (result < 1, (j, i)), shape=(systems, systems)
    )
    parts, _ = connected_components(beats, directed=True, connection="strong")
    if parts == 1:
        return ""
    return (
        "Some systems always win, always lose, or are never compared with the rest: "
        "their strengths have no finite value."
    )


def _refuse(first: Sequence[str], second: Sequence[str], result: Floats) -> None:
    if not len(first) == len(second) == len(result):
        raise Refusal(f"Comparisons differ in length: {len(first)}, {len(second)} and {len(result)}.")
    odd = result[~np.isnan(result) & ~np.isin(result, (0.0, 0.5, 1.0))]
    if len(odd):
        raise Refusal(f"{odd[0]:g} is no outcome: 1 the first is better, 0 the second, 0.5 a tie.")
    itself = [a for a, b in zip(first, second, strict=True) if a == b]
    if itself:
        raise Refusal(f"{itself[0]!r} is compared with itself.")
