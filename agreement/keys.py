"""Columns of the long frame as codes into sorted names, and the rows in which they hold a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import lt

import numpy as np
import numpy.typing as npt
import pandas as pd

from agreement.refusal import Refusal

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """The keys in a column: codes into sorted names."""

    codes: npt.NDArray[np.integer]
    names: tuple[str, ...]


def need(frame: pd.DataFrame, *names: str) -> None:
    """Refuse ratings that lack one of these columns."""
    for name in names:
        if name not in frame.columns:
            there = ", ".join(map(str, frame.columns))
            raise Refusal(f"The ratings have no column {name!r} (they have {there}).")


def equal(column: pd.Series, wanted: Sequence[object]) -> Mask | None:
    """Where a column holds one of these values; None for everywhere."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, good = column.cat.codes.to_numpy(), column.cat.categories.isin(list(wanted))
        if good.all() and codes.min(initial=0) >= 0:
            return None
        return np.append(good, False)[codes]  # code -1, a gap, is the last one
    if len(wanted) == 1:
        mask = np.asarray((column == wanted[0]).to_numpy(dtype=bool, na_value=False))
    else:
        mask = np.asarray(column.isin(list(wanted)).to_numpy())
    return None if mask.all() else mask


def keys_of(column: pd.Series, wanted: Mask | None) -> Keys:
    """Return a column's wanted rows as codes; a sentence where one of them is empty.

    Examples
    --------
    >>> keys_of(pd.Series(["b", "a", "b"]), None).names
    ('a', 'b')
    """
    categories = isinstance(column.dtype, pd.CategoricalDtype)
    if categories:
        codes, found = column.cat.codes.to_numpy(), column.cat.categories
        codes = codes if wanted is None else codes[wanted]
    else:
        codes, found = pd.factorize(column if wanted is None else column[wanted])
    if len(codes) and codes.min() < 0:
        raise Refusal(f"{int((codes < 0).sum())} ratings have no {column.name}; every rating needs one.")
    if not categories and isinstance(found.dtype, pd.StringDtype):
        return _ranked(codes, found)
    names = found.tolist()
    return _sorted(codes, names if set(map(type, names)) <= {str} else list(map(str, names)))


def _ranked(codes: npt.NDArray[np.integer], found: pd.Index) -> Keys:
    """Codes into names that are distinct and used: Arrow sorts them faster than Python."""
    order = found.argsort()
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    return Keys(rank[codes], tuple(found.take(order).tolist()))


def _sorted(codes: npt.NDArray[np.integer], names: list[str]) -> Keys:
    """Codes into sorted, distinct names that occur: a category that nobody used is no rater."""
    used = np.zeros(len(names), dtype=bool)
    used[codes] = True
    if used.all() and all(map(lt, names, names[1:])):
        return Keys(codes, tuple(names))
    there = sorted({name for name, one in zip(names, used, strict=True) if one})
    place = {name: at for at, name in enumerate(there)}
    rank = np.array([place.get(name, -1) for name in names], dtype=np.intp)
    return Keys(rank[codes] if len(codes) else codes.astype(np.intp), tuple(there))
