"""A figure with its interval, its n and the way it was made."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

NAN = float("nan")
FLAT = "Nothing varies in it, so there is no interval: it says little about other outputs."


@dataclass(frozen=True, slots=True)
class Estimate:
    """One coefficient as a report prints it.

    Attributes
    ----------
    coefficient : str
        Its name with its form, as a paper prints it: ``"ICC(A,1)"``, ``"alpha (ordinal)"``.
    value, low, high : float
        Point and interval. NaN means undefined; then `notes` says why.
    n_items, n_raters : int
        What the figure stands on, after everything that `notes` says was left out.
    method : str
        How point and interval were made, with replicates and seed where there are any.
    level : float
        Nominal coverage of the interval.
    p : float
        The p-value of the test that `method` names; NaN where nothing was tested.
    notes : tuple of str
        Sentences that a reader needs beside the figure: why undefined, why fragile, what was dropped.

    Examples
    --------
    >>> e = Estimate("ICC(A,1)", 0.29, 0.02, 0.76, n_items=6, n_raters=4, method="F")
    >>> str(e)
    'ICC(A,1) 0.29 (95 % interval 0.02 to 0.76; 6 items, 4 raters)'
    """

    coefficient: str
    value: float
    low: float = NAN
    high: float = NAN
    n_items: int = 0
    n_raters: int = 0
    method: str = ""
    level: float = 0.95
    notes: tuple[str, ...] = ()
    p: float = NAN

    @property
    def defined(self) -> bool:
        """Whether there is a figure at all."""
        return not math.isnan(self.value)

    def noting(self, *sentences: str) -> Estimate:
        """Return the same estimate with more notes."""
        return replace(self, notes=self.notes + sentences)

    def __str__(self) -> str:
        count = f"{self.n_items} items, {self.n_raters} raters"
        if not self.defined:
            return f"{self.coefficient} undefined ({count}): {' '.join(self.notes)}"
        interval = f"{self.level * 100:g} % interval {bound(self.low)} to {bound(self.high)}; "
        if math.isnan(self.low):
            interval = "no interval; "
        return f"{self.coefficient} {self.value:.2f} ({interval}{count})"

    def without_flat(self) -> Estimate:
        """Return it without an interval of no width: where nothing varies, nothing says how sure it is.

        Twelve outputs on which all agree give F intervals and bootstrap draws of 1 to 1, whatever the next
        one would show.

        Examples
        --------
        >>> print(Estimate("alpha", 1.0, 1.0, 1.0, n_items=12, n_raters=3).without_flat())
        alpha 1.00 (no interval; 12 items, 3 raters)
        """
        if not self.high - self.low < 1e-9 * (1 + abs(self.value)):
            return self
        return replace(self, low=math.nan, high=math.nan).noting(FLAT)


def undefined(
    coefficient: str, reason: str, *, n_items: int = 0, n_raters: int = 0, method: str = ""
) -> Estimate:
    """Return the estimate that says why there is no figure.

    Examples
    --------
    >>> print(undefined("ICC(A,1)", "All ratings are the same.", n_items=5, n_raters=2))
    ICC(A,1) undefined (5 items, 2 raters): All ratings are the same.
    """
    return Estimate(coefficient, NAN, n_items=n_items, n_raters=n_raters, method=method, notes=(reason,))


def bound(x: float) -> str:
    """Return an end of an interval for readers: two decimals, more where they would read as 0 and it is not.

    Whether an interval holds 0 must not be lost in rounding; what is below 0.00005 is 0 for every reader.

    Examples
    --------
    >>> [bound(x) for x in (-0.004, 0.0006, 0.114, -1e-9, 0.0)]
    ['-0.004', '0.001', '0.11', '0.00', '0.00']
    """
    decimals = 2
    while 0 < abs(x) < 0.5 * 10**-decimals and decimals < 4:
        decimals += 1
    return f"{x:z.2f}" if abs(x) < 5e-5 else f"{x:.{decimals}f}"
