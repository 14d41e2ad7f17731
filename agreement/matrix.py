"""The long frame of ratings as a matrix of items by raters, for one question and stated kinds of rater."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from agreement.array import Array, Codes
from agreement.keys import Keys, Mask, equal, keys_of, need
from agreement.refusal import Refusal

SHOWN = 3  # duplicates that a sentence names before "and … more"


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Ratings of one question.

    Attributes
    ----------
    values : array of (items, raters)
        Where each rating stands on the scale; NaN is unrated or unanswered.
    items, raters : tuple of str
        Their keys, sorted, so that the order of a file's rows changes nothing.
    parts : tuple of str
        The part of the item that each row is about ("" for the item as a whole).
    unanswered : int
        Rows that were asked and have no number; they are NaN in `values`.
    """

    values: Array
    items: tuple[str, ...]
    raters: tuple[str, ...]
    parts: tuple[str, ...] = ()
    unanswered: int = 0

    def only(self, raters: Sequence[str]) -> Array:
        """Return the columns of these raters, in this order; a sentence where one is missing."""
        missing = [rater for rater in raters if rater not in self.raters]
        if missing:
            raise Refusal(
                f"No rating by {', '.join(map(repr, missing))} (there are {', '.join(self.raters)})."
            )
        return self.values[:, [self.raters.index(rater) for rater in raters]]

    def cases(self, case: Mapping[str, str] | None = None) -> Codes:
        """Return a code for each row's case, for a bootstrap that draws whole cases.

        Items that `case` does not name, or names with "", are cases of their own; parts share their item's.
        """
        names = [(case or {}).get(item, "") for item in self.items]
        whole = [
            ("case", name) if name else ("item", item) for name, item in zip(names, self.items, strict=True)
        ]
        seen: dict[tuple[str, str], int] = {}
        return np.array([seen.setdefault(key, len(seen)) for key in whole], dtype=np.intp)


def matrix(
    frame: pd.DataFrame,
    *,
    question: str,
    kinds: Sequence[str],
    occasion: int = 1,
    value: str = "number",
) -> Matrix:
    """Return the ratings of one question on one occasion by raters of these kinds.

    Parameters
    ----------
    frame : DataFrame
        One row a rating: item, rater, kind, question, a column of numbers, and if there are any part,
        occasion and status.
    kinds : sequence of str
        Required: no read defaults to all kinds, so that no machine slips among the clinicians.
    value : str
        The column of numbers.

    Raises
    ------
    Refusal
        Where the same rater rated the same item twice (they are named), or is of two kinds.

    Examples
    --------
    >>> frame = pd.DataFrame({
    ...     "item": ["a", "a", "b"], "rater": ["C1", "C2", "C1"], "kind": "clinician",
    ...     "question": "clarity", "number": [5.0, 4.0, 3.0]})
    >>> matrix(frame, question="clarity", kinds=["clinician"]).values
    array([[ 5.,  4.],
           [ 3., nan]])
    """
    wanted = _wanted(frame, question, [kinds] if isinstance(kinds, str) else kinds, occasion)
    item, who = keys_of(frame["item"], wanted), keys_of(frame["rater"], wanted)
    if len(kinds) > 1:
        _refuse_two_kinds(who, keys_of(frame["kind"], wanted))
    rows, items, parts = _rows(frame, wanted, item)
    flat = np.multiply(rows, len(who.names), dtype=np.intp)
    flat += who.codes
    numbers = _numbers(frame, wanted, value)
    values = _scattered(numbers, flat, len(items), who.names, items, parts)
    return Matrix(values, items, who.names, parts, int(np.isnan(numbers).sum()))


def occasions(
    frame: pd.DataFrame, *, question: str, rater: str, kinds: Sequence[str], value: str = "number"
) -> Matrix:
    """Return one rater's ratings of one question, with a column for each occasion.

    Examples
    --------
    >>> frame = pd.DataFrame({
    ...     "item": ["a", "a", "b"], "rater": "C1", "kind": "clinician", "question": "clarity",
    ...     "number": [5.0, 4.0, 3.0], "occasion": [1, 2, 1]})
    >>> matrix_ = occasions(frame, question="clarity", rater="C1", kinds=["clinician"])
    >>> matrix_.raters, matrix_.values.tolist()
    (('1', '2'), [[5.0, 4.0], [3.0, nan]])
    """
    if "occasion" not in frame.columns:
        raise Refusal("The ratings have no column 'occasion'; without it nobody rated anything twice.")
    own = frame[(frame["rater"].astype(str) == rater).to_numpy()]
    own = own.assign(rater=own["occasion"].astype(str), occasion=1)
    return matrix(own, question=question, kinds=kinds, value=value)


def _wanted(frame: pd.DataFrame, question: str, kinds: Sequence[str], occasion: int) -> Mask | None:
    """Which rows are read; None for all of them."""
    need(frame, "item", "rater", "kind", "question")
    if not kinds:
        raise Refusal("Say which kinds of rater to read (clinician, juror, metric); none is not a kind.")
    masks = [equal(frame["question"], [question]), equal(frame["kind"], kinds)]
    if "occasion" in frame.columns:
        masks.append(equal(frame["occasion"], [occasion]))
    found = [mask for mask in masks if mask is not None]
    return np.logical_and.reduce(found) if found else None


def _rows(
    frame: pd.DataFrame, wanted: Mask | None, item: Keys
) -> tuple[npt.NDArray[np.integer], tuple[str, ...], tuple[str, ...]]:
    """The row of each rating: its item, or the part of its item where there are parts."""
    whole = item.codes, item.names, ("",) * len(item.names)
    if "part" not in frame.columns:
        return whole
    column = frame["part"]
    gaps = column.isna()
    part = keys_of(column.astype(object).where(~gaps, "").rename("part") if gaps.any() else column, wanted)
    if part.names in ((), ("",)):
        return whole
    pairs, rows = np.unique(item.codes.astype(np.intp) * len(part.names) + part.codes, return_inverse=True)
    of, which = np.divmod(pairs, len(part.names))
    return rows, tuple(item.names[i] for i in of), tuple(part.names[p] for p in which)


def _numbers(frame: pd.DataFrame, wanted: Mask | None, value: str) -> Array:
    need(frame, value)
    column = frame[value] if wanted is None else frame[value][wanted]
    try:
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        wrong = column[pd.to_numeric(column, errors="coerce").isna() & column.notna()]
        shown = repr(wrong.iloc[0]) if len(wrong) else "a value"
        raise Refusal(
            f"{shown} in column {value!r} is not a number; place answers on their scale first."
        ) from None
    if "status" not in frame.columns:
        return numbers
    status = frame["status"] if wanted is None else frame["status"][wanted]
    answered = equal(status, ["answered"])
    if answered is None:
        return numbers
    return np.where(answered | status.isna().to_numpy(), numbers, np.nan)


def _scattered(
    numbers: Array,
    flat: Codes,
    n: int,
    raters: tuple[str, ...],
    items: tuple[str, ...],
    parts: tuple[str, ...],
) -> Array:
    seen = np.zeros(n * len(raters), dtype=bool)
    seen[flat] = True
    if np.count_nonzero(seen) < len(flat):
        _refuse_duplicates(flat, raters, items, parts)
    values = np.full(n * len(raters), np.nan)
    values[flat] = numbers
    return values.reshape(n, len(raters))


def _refuse_duplicates(
    flat: Codes, raters: tuple[str, ...], items: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    cells, times = np.unique(flat, return_counts=True)
    doubled = [(cell, count) for cell, count in zip(cells, times, strict=True) if count > 1]
    said = [_cell(cell, count, raters, items, parts) for cell, count in doubled[:SHOWN]]
    more = f" and {len(doubled) - SHOWN} more" if len(doubled) > SHOWN else ""
    raise Refusal(
        f"Rated more than once on one occasion: {'; '.join(said)}{more}. "
        "Keep one row each, or number the repeats in the column 'occasion'."
    )


def _cell(
    cell: int, count: int, raters: tuple[str, ...], items: tuple[str, ...], parts: tuple[str, ...]
) -> str:
    row, column = divmod(int(cell), len(raters))
    part = f" (part {parts[row]!r})" if parts[row] else ""
    return f"item {items[row]!r}{part} by {raters[column]!r}, {count} times"


def _refuse_two_kinds(rater: Keys, kind: Keys) -> None:
    pairs = np.unique(rater.codes.astype(np.intp) * len(kind.names) + kind.codes)
    of, times = np.unique(pairs // max(len(kind.names), 1), return_counts=True)
    if (times > 1).any():
        name = rater.names[int(of[times > 1][0])]
        raise Refusal(f"Rater {name!r} is of two kinds; a rater is a clinician, a juror or a metric.")
