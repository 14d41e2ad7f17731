"""A study's own metric: one function in a Python file."""

from __future__ import annotations

import hashlib
import inspect
import math
import runpy
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import Any

from annotate.fault import Fault
from annotate.metrics.metric import Metric, Pair, Reads, Score

Own = Callable[..., Any]
_READ: tuple[Reads, ...] = ("references", "source")


def own(path: Path | str, function: str, given: Mapping[str, str]) -> Metric:
    """Return the metric that `function` in the file `path` computes.

    It takes the output, and `references` and `source` if it names them; the settings given on the command
    line arrive as keyword arguments, as text. It returns a number, or None where there is none. The
    metric's identity holds a hash of the whole file.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "shouting.py"
    >>> _ = file.write_text("def capitals(output): return sum(map(str.isupper, output))")
    >>> metric = own(file, "capitals", {})
    >>> metric.name, metric.score([Pair("NO pain")])[0].values
    ('capitals', (2.0,))
    """
    path = Path(path)
    if not path.is_file():
        raise Fault(f"There is no file {path} with a metric in it.")
    taken = _function(path, function)
    accepted = list(inspect.signature(taken).parameters)
    reads = tuple(name for name in _READ if name in accepted)
    unknown = [key for key in given if key not in accepted[1:] or key in _READ]
    if unknown:
        raise Fault(f"{function!r} in {path.name} takes no argument {unknown[0]!r} ({', '.join(accepted)}).")
    settings = {**given, "file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()[:12]}
    scorer = partial(_score, path, function, reads, dict(given))
    return Metric(function.replace("_", "-"), ("",), settings, scorer, reads=reads)


def _function(path: Path, function: str) -> Own:
    try:
        found = runpy.run_path(str(path)).get(function)
    except Exception as fault:
        raise Fault(f"{path.name} does not run: {fault!r}") from fault
    if not isinstance(found, FunctionType):
        raise Fault(f"{path.name} has no function {function!r}.")
    return found


def _score(
    path: Path, function: str, reads: Sequence[str], given: Mapping[str, str], pairs: Sequence[Pair]
) -> list[Score]:
    taken = _function(path, function)
    return [
        _one(taken, function, pair, {name: getattr(pair, name) for name in reads} | dict(given))
        for pair in pairs
    ]


def _one(taken: Own, function: str, pair: Pair, arguments: Mapping[str, Any]) -> Score:
    value = taken(pair.output, **arguments)
    if value is None:
        return Score(reason=f"{function} gives no value")
    if not math.isfinite(value):
        return Score(reason=f"{function} gives {value}")
    return Score((float(value),))
