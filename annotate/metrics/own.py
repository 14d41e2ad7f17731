"""A study's own metric: one function in a Python file."""

from __future__ import annotations

import hashlib
import importlib.util
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from annotate.fault import Fault
from annotate.metrics.metric import Metric, Pair, Score

Own = Callable[..., Any]
_ACCEPTED = ("references", "source")


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
    accepted = taken.__code__.co_varnames[: taken.__code__.co_argcount + taken.__code__.co_kwonlyargcount]
    reads = tuple(name for name in _ACCEPTED if name in accepted)
    unknown = [key for key in given if key not in accepted[1:] or key in _ACCEPTED]
    if unknown:
        raise Fault(f"{function!r} in {path.name} takes no argument {unknown[0]!r} ({', '.join(accepted)}).")
    settings = {**given, "file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()[:12]}
    scorer = partial(_score, path, function, reads, dict(given))
    return Metric(function.replace("_", "-"), ("",), settings, scorer, reads=reads)  # type: ignore[arg-type]


def _function(path: Path, function: str) -> Own:
    spec = importlib.util.spec_from_file_location(f"own_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = getattr(module, function, None)
    if not hasattr(found, "__code__"):
        raise Fault(f"{path.name} has no function {function!r}.")
    return found  # type: ignore[no-any-return]


def _score(
    path: Path, function: str, reads: Sequence[str], given: Mapping[str, str], pairs: Sequence[Pair]
) -> list[Score]:
    taken = _function(path, function)
    return [_one(taken, function, pair, {name: getattr(pair, name) for name in reads} | dict(given)) for pair in pairs]


def _one(taken: Own, function: str, pair: Pair, arguments: Mapping[str, Any]) -> Score:
    value = taken(pair.output, **arguments)
    if value is None:
        return Score(reason=f"{function} gives no value")
    if not math.isfinite(value):
        return Score(reason=f"{function} gives {value}")
    return Score((float(value),))
