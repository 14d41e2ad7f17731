"""A study's own metric: one function in a Python file."""

from __future__ import annotations

import hashlib
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
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
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    accepted = list(inspect.signature(_function(path, function, digest)).parameters)
    reads = tuple(name for name in _READ if name in accepted)
    unknown = [key for key in given if key not in accepted[1:] or key in _READ]
    if unknown:
        raise Fault(f"{function!r} in {path.name} takes no argument {unknown[0]!r} ({', '.join(accepted)}).")
    settings = {**given, "file": path.name, "sha256": digest}
    scorer = partial(_score, path, function, digest, reads, dict(given))
    return Metric(function.replace("_", "-"), ("",), settings, scorer, reads=reads)


@lru_cache(maxsize=8)
def _function(path: Path, function: str, digest: str) -> Own:
    """Run the file once in each process, so that what it loads is loaded once."""
    names: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    try:
        exec(compile(path.read_bytes(), path, "exec"), names)
    except Exception as fault:
        raise Fault(f"{path.name} does not run: {fault!r}") from fault
    if not isinstance(names.get(function), FunctionType):
        raise Fault(f"{path.name} has no function {function!r}.")
    return names[function]  # type: ignore[no-any-return]


def _score(
    path: Path,
    function: str,
    digest: str,
    reads: Sequence[str],
    given: Mapping[str, str],
    pairs: Sequence[Pair],
) -> list[Score]:
    taken = _function(path, function, digest)
    return [_one(taken, pair, {name: getattr(pair, name) for name in reads} | dict(given)) for pair in pairs]


def _one(taken: Own, pair: Pair, arguments: Mapping[str, Any]) -> Score:
    """One output that the function cannot do must not cost the others their scores."""
    try:
        value = taken(pair.output, **arguments)
        if value is None:
            return Score(reason=f"{taken.__name__} gives no value")
        number = float(value)
    except Exception as fault:
        return Score(reason=f"{taken.__name__} failed: {fault!r}")
    return Score((number,)) if math.isfinite(number) else Score(reason=f"{taken.__name__} gives {number}")
