"""From a juror's scores to the clinicians' scale: three kinds of map, stored as knots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import special

from agreement.array import Array
from agreement.refusal import Refusal

Kind = Literal["isotonic", "linear", "ordinal"]
KINDS: tuple[Kind, ...] = ("isotonic", "linear", "ordinal")
LEAST = 10
"""Items below which no map is fitted."""


@dataclass(frozen=True, slots=True)
class Map:
    """A fitted map: straight lines between knots, level beyond them. It is stored and applied by name.

    Examples
    --------
    >>> lenient = Map("jury, accuracy", "isotonic", (1.0, 5.0), (1.0, 4.0))
    >>> lenient.apply(np.array([1.0, 3.0, 5.0, np.nan])).tolist()
    [1.0, 2.5, 4.0, nan]
    >>> Map.of(lenient.knots()) == lenient
    True
    """

    name: str
    kind: Kind
    x: tuple[float, ...]
    y: tuple[float, ...]
    n_items: int = 0

    def apply(self, scores: Array) -> Array:
        """Return `scores` on the clinicians' scale; NaN stays NaN."""
        return np.asarray(np.interp(np.asarray(scores, float), self.x, self.y))

    def knots(self) -> dict[str, Any]:
        """Return the map as plain numbers and words, ready for JSON."""
        return {
            "name": self.name,
            "kind": self.kind,
            "x": list(self.x),
            "y": list(self.y),
            "n_items": self.n_items,
        }

    @classmethod
    def of(cls, knots: Mapping[str, Any]) -> Map:
        """Return the map that `knots()` wrote."""
        x, y = tuple(map(float, knots["x"])), tuple(map(float, knots["y"]))
        if len(x) != len(y) or not x or list(x) != sorted(set(x)):
            raise Refusal(
                f"The map {knots.get('name')!r} needs as many y as x, with rising x; it has {x} and {y}."
            )
        return cls(str(knots["name"]), knots["kind"], x, y, int(knots.get("n_items", 0)))


def fit_map(scores: Array, reference: Array, *, kind: Kind = "isotonic", name: str = "") -> Map:
    """Fit a map from a juror's scores to the clinicians' mean.

    Parameters
    ----------
    scores, reference : array of shape (items,)
        Items with NaN in either are left out.
    kind : "isotonic", "linear" or "ordinal"
        Monotone steps; least squares, held to the range of the reference; or the expected point under a
        proportional-odds model of the rounded reference.

    Examples
    --------
    >>> fit_map(np.arange(12.0), np.arange(12.0) - 1, kind="linear").apply(np.array([3.0])).round(6).tolist()
    [2.0]
    """
    if kind not in KINDS:
        raise Refusal(f"{kind!r} is not a kind of map ({', '.join(KINDS)})")
    seen = ~np.isnan(scores) & ~np.isnan(reference)
    x, y = np.asarray(scores, float)[seen], np.asarray(reference, float)[seen]
    if len(x) < LEAST:
        raise Refusal(f"A map needs {LEAST} items with a score and a clinician; there are {len(x)}.")
    knots_x, knots_y = FITS[kind](x, y)
    return Map(name or kind, kind, tuple(map(float, knots_x)), tuple(map(float, knots_y)), len(x))


def _isotonic(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the least-squares rising steps by pooling adjacent violators, ties in x averaged first."""
    points, place = np.unique(x, return_inverse=True)
    weight = np.bincount(place).astype(float)
    blocks: list[tuple[float, float, int]] = []
    for mean, w in zip(np.bincount(place, y) / weight, weight, strict=True):
        blocks.append((mean, w, 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (a, wa, na), (b, wb, nb) = blocks[-2:]
            blocks[-2:] = [((a * wa + b * wb) / (wa + wb), wa + wb, na + nb)]
    return points, np.repeat([b[0] for b in blocks], [b[2] for b in blocks])


def _linear(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the least-squares line as knots, level where it would leave the range of y."""
    slope = float(np.cov(x, y)[0, 1] / np.var(x, ddof=1)) if np.ptp(x) > 0 else 0.0
    if slope == 0 or np.ptp(y) == 0:
        return np.array([x.min(), x.max() + 1]), np.full(2, y.mean())
    ends = x.mean() + (np.array([y.min(), y.max()]) - y.mean()) / slope
    knots = np.unique(np.concatenate([[x.min(), x.max()], np.clip(ends, x.min(), x.max())]))
    return knots, np.clip(y.mean() + slope * (knots - x.mean()), y.min(), y.max())


def _ordinal(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the expected point under proportional odds of the rounded y, on the scores that occur."""
    points, code = np.unique(np.round(y), return_inverse=True)
    knots = np.unique(x)
    if len(points) == 1 or len(knots) == 1:
        return knots, np.full(len(knots), y.mean())
    centre, spread = x.mean(), x.std()
    z = (x - centre) / spread

    def chances(parameters: Array, at: Array) -> Array:
        cuts = np.cumsum(np.concatenate([parameters[1:2], np.exp(parameters[2:])]))
        below = special.expit(cuts[None, :] - parameters[0] * at[:, None])
        edges = np.hstack([np.zeros((len(at), 1)), below, np.ones((len(at), 1))])
        return np.asarray(np.clip(np.diff(edges, axis=1), 1e-12, None))

    def loss(parameters: Array) -> float:
        # A whisper of a ridge keeps perfectly separated data finite.
        fit = -np.log(chances(parameters, z)[np.arange(len(z)), code]).sum()
        return float(fit + 0.01 * parameters[0] ** 2)

    start = np.concatenate([[1.0, -1.0], np.zeros(len(points) - 2)])
    from scipy import optimize  # slow to import, and only this kind of map needs it

    best = optimize.minimize(loss, start, method="L-BFGS-B").x
    return knots, chances(best, (knots - centre) / spread) @ points


FITS: dict[Kind, Callable[[Array, Array], tuple[Array, Array]]] = {
    "isotonic": _isotonic,
    "linear": _linear,
    "ordinal": _ordinal,
}
