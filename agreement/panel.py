"""Who sits on the jury: its jurors, without the checks on them and without the baselines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CHECKS = ("repeats", "mismatched", "padded", "canary", "reversed", "swapped", "no-reference")
"""What stands behind the last slash of a rater that is a juror shown something spoilt."""
Jury = tuple[str, ...] | None
"""The jurors whose mean is the jury, by name; None: all but checks and baselines."""
BASELINES = ("always-the-same", "constant", "random", "length", "length-only")
"""Raters that know nothing of an output and stand beside every judge."""


def check_of(rater: str) -> tuple[str, str] | None:
    """Return a check's juror and the check; None where the rater is no check.

    Examples
    --------
    >>> check_of("mini@1a2b/padded"), check_of("huggingface/qwen2.5-7b-instruct")
    (('mini@1a2b', 'padded'), None)
    """
    juror, _, check = rater.rpartition("/")
    return (juror, check) if juror and check in CHECKS else None


def on_panel(rater: str, jury: Jury = None) -> bool:
    """Return whether a juror's scores enter the jury's mean: those of `jury`, where a study names them.

    Examples
    --------
    >>> [name for name in ("mini@1a2b", "mini@1a2b/canary", "random") if on_panel(name)]
    ['mini@1a2b']
    >>> on_panel("mini@1a2b", ("other@3c4d",))
    False
    """
    return rater in jury if jury is not None else check_of(rater) is None and rater not in BASELINES


def seats(raters: Sequence[str], jury: Jury = None) -> NDArray[np.bool_]:
    """Return for each juror's column whether it is the panel's.

    Examples
    --------
    >>> seats(["mini@1a2b", "random"]).tolist()
    [True, False]
    """
    return np.array([on_panel(rater, jury) for rater in raters], dtype=bool)


def beside_panel(raters: Sequence[str], jury: Jury = None) -> str:
    """Return the sentence that names who stands beside the jury; empty where nobody does.

    Examples
    --------
    >>> beside_panel(["mini@1a2b", "random"])
    'The jury is mini@1a2b alone; these stand beside it and never enter it: random.'
    """
    own = [rater for rater in raters if on_panel(rater, jury)]
    others = [rater for rater in raters if not on_panel(rater, jury)]
    if not others:
        return ""
    if not own:
        who = "There is no jury"
    else:
        who = f"The jury is {own[0]} alone" if len(own) == 1 else f"The jury is the mean of {', '.join(own)}"
    return f"{who}; these stand beside it and never enter it: {', '.join(others)}."
