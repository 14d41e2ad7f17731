"""What each item does to a correlation: the error of an r, and of a difference of two."""

from __future__ import annotations

import numpy as np

from agreement.array import Array


def influences(reference: Array, raters: Array) -> tuple[Array, Array]:
    """Return each rater's r with the reference, (studies, raters), and each item's influence on it.

    Parameters
    ----------
    reference : array of shape (studies, items)
    raters : array of shape (studies, items, raters)

    References
    ----------
    Davison & Hinkley 1997, Bootstrap Methods and their Application, section 2.7.

    Examples
    --------
    >>> x = np.array([[1.0, 2, 3, 4]])
    >>> influences(x, x[..., None])[0].round(6).tolist()
    [[1.0]]
    """
    one, many = _scaled(reference[..., None]), _scaled(raters)
    r = (one * many).mean(axis=1)
    return r, one * many - r[:, None, :] * (one**2 + many**2) / 2


def _scaled(x: Array) -> Array:
    centred = x - x.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.sqrt((centred**2).mean(axis=1, keepdims=True)))
