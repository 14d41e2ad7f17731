"""Systems beside one another as MedHELM shows them: win rate, its spread, macro-average, ranking, cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from agreement.array import Array
from agreement.estimate import Estimate, undefined
from agreement.refusal import Refusal
from agreement.weights import case_weights, percentile


def normalised(scores: Array, low: float = 1.0, high: float = 5.0) -> Array:
    """Return scores of a scale on 0 to 1: (x − 1)/4 for 1 to 5.

    Examples
    --------
    >>> normalised(np.array([1.0, 4.0, 5.0])).tolist()
    [0.0, 0.75, 1.0]
    """
    if not high > low:
        raise Refusal(f"A scale from {low:g} to {high:g} has no width.")
    return np.asarray((np.asarray(scores, float) - low) / (high - low))


def win_rates(scores: Array) -> Array:
    """Return each system's win rate: mean over benchmarks of (rivals beaten + half the ties)/(n − 1).

    Parameters
    ----------
    scores : array of shape (systems, benchmarks)
        NaN = not run; a benchmark counts for the systems that have it.

    Examples
    --------
    >>> win_rates(np.array([[0.9, 0.5], [0.5, 0.5], [0.1, 0.7]])).tolist()
    [0.625, 0.375, 0.5]
    """
    wins, ties, rivals = _contests(scores)
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = np.where(rivals > 0, (wins.sum(axis=1) + 0.5 * ties.sum(axis=1)) / rivals, np.nan)
    return _nanmean(rates)


def win_spread(scores: Array) -> Array:
    """Return MedHELM's win SD: population SD over rivals of the share of benchmarks strictly won.

    Examples
    --------
    >>> win_spread(np.array([[0.9, 0.8], [0.5, 0.9], [0.1, 0.2]])).round(3).tolist()
    [0.25, 0.25, 0.0]
    """
    wins, _, _ = _contests(scores)
    met = (~np.isnan(scores)).astype(float)
    both = met @ met.T
    with np.errstate(invalid="ignore", divide="ignore"):
        won = np.where(both > 0, wins.sum(axis=2) / both, np.nan)
    np.fill_diagonal(won, np.nan)
    mean = _nanmean(won)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sqrt(_nanmean((won - mean[:, None]) ** 2)))


def macro_average(scores: Array) -> Array:
    """Return the mean over benchmarks of each system's 0–1 scores."""
    return _nanmean(np.asarray(scores, float))


def ranking_agreement(
    first: Array,
    second: Array,
    systems: Sequence[str],
    *,
    rng: np.random.Generator,
    cases: Sequence[object] | NDArray[Any] | None = None,
    replicates: int = 1000,
    level: float = 0.95,
) -> Estimate:
    """Return Kendall's tau-b between two rankings of systems, by their mean scores on the same items.

    Examples
    --------
    >>> x = np.array([1.0, 2, 3] * 20)
    >>> ranking_agreement(x, 2 * x, ["a", "b", "c"] * 20, rng=np.random.default_rng(0)).value
    1.0
    """
    name = "Kendall tau of system rankings"
    seen = ~np.isnan(first) & ~np.isnan(second)
    names, code = np.unique(np.asarray(systems, dtype=str)[seen], return_inverse=True)
    if len(names) < 3:
        return undefined(name, f"{len(names)} systems have no ranking to agree on; it needs 3.")
    ones = np.eye(len(names))[code.reshape(-1)]

    def tau(weights: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            below = weights @ ones
            a, b = ((weights @ (ones * x[seen][:, None])) / below for x in (first, second))
        return _tau(a, b)

    kept = None if cases is None else np.asarray(cases)[seen]
    n = int(seen.sum())
    booted = np.concatenate([tau(w) for w in case_weights(n, replicates, rng, kept)])
    method = f"tau-b over {len(names)} systems; percentile bootstrap of whole cases, {replicates} draws"
    value = float(tau(np.ones((1, n)))[0])
    if np.isnan(value):
        return undefined(name, "All systems have the same mean by one of the two.", n_items=n)
    return Estimate(name, value, *percentile(booted, level), n, 2, method, level)


def detectable_difference(
    scores: Array, systems: Sequence[str], *, level: float = 0.95, power: float = 0.8
) -> Estimate:
    """Return the smallest true difference between two systems' means that this many items would show.

    Two independent samples of the median size, at the pooled SD within systems.

    Examples
    --------
    >>> scores = np.tile([0.0, 1.0], 50)
    >>> round(detectable_difference(scores, ["a"] * 50 + ["b"] * 50).value, 2)
    0.28
    """
    name = "minimum detectable difference"
    seen = ~np.isnan(scores)
    _, code = np.unique(np.asarray(systems, dtype=str)[seen], return_inverse=True)
    code, values = code.reshape(-1), np.asarray(scores, float)[seen]
    n = np.bincount(code) if len(code) else np.array([], int)
    if len(n) < 2 or n.min() < 2:
        return undefined(name, "It needs two systems with two items each.", n_items=len(values))
    means = np.bincount(code, values) / n
    pooled = np.sqrt(((values - means[code]) ** 2).sum() / (n.sum() - len(n)))
    reach = stats.norm.ppf((1 + level) / 2) + stats.norm.ppf(power)
    value = float(reach * pooled * np.sqrt(2 / np.median(n)))
    method = (
        f"normal approximation, power {power:.0%}, {level:.0%} two-sided, {np.median(n):g} items a system; "
        "range from the chi-square of the pooled SD"
    )
    free = int(n.sum() - len(n))
    low, high = value * np.sqrt(free / stats.chi2.ppf([(1 + level) / 2, (1 - level) / 2], free))
    return Estimate(name, value, float(low), float(high), len(values), method=method, level=level)


def paper_cost(
    prompt_tokens: float, instances: int, max_output: int, *, input_price: float, output_price: float
) -> float:
    """Return what MedHELM's paper counts for a benchmark: an upper bound, at prices a token.

    Examples
    --------
    >>> round(paper_cost(1_000_000, 100, 1000, input_price=2.5e-6, output_price=1e-5), 2)
    3.5
    """
    return prompt_tokens * input_price + instances * max_output * output_price


def paper_jury_cost(
    prompt_tokens: float,
    instances: int,
    max_output: int,
    prices: Mapping[str, tuple[float, float]],
    jury_output: int = 4096,
) -> float:
    """Return what the paper counts for the jury: every juror reads all in full and writes 4,096 tokens.

    Examples
    --------
    >>> round(paper_jury_cost(1_000_000, 100, 1000, {"a": (2.5e-6, 1e-5)}), 3)
    6.846
    """
    reads = prompt_tokens + instances * max_output
    return sum(
        reads * price_in + instances * jury_output * price_out for price_in, price_out in prices.values()
    )


def _contests(scores: Array) -> tuple[Array, Array, Array]:
    """Return wins and ties, (systems, rivals, benchmarks), and rivals met, (systems, benchmarks)."""
    mine, theirs = scores[:, None, :], scores[None, :, :]
    met = ~np.isnan(mine) & ~np.isnan(theirs)
    with np.errstate(invalid="ignore"):
        wins, ties = met & (mine > theirs), met & (mine == theirs)
    ties[np.arange(len(scores)), np.arange(len(scores))] = False
    rivals = met.sum(axis=1) - (~np.isnan(scores))
    return wins.astype(float), ties.astype(float), rivals.astype(float)


def _nanmean(rows: Array) -> Array:
    count = (~np.isnan(rows)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(count > 0, np.nansum(rows, axis=1) / count, np.nan))


def _tau(a: Array, b: Array) -> Array:
    """Return tau-b between the rows of `a` and of `b`; NaN where one lacks a system or knows no order."""
    first, second = np.triu_indices(a.shape[1], 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        x, y = (np.sign(means[:, first] - means[:, second]) for means in (a, b))
        return np.asarray((x * y).sum(axis=1) / np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1)))
