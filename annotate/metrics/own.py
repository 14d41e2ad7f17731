"""A study's own metric: one function in a Python file."""

from __future__ import annotations

import hashlib
import inspect
import math
import reprlib
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple, SupportsFloat

from annotate.fault import Fault
from annotate.metrics.metric import Metric, Pair, Reads, Score

Own = Callable[..., Any]
SECONDS = 60.0
"""How long a function may take over one output, unless its file says ``SECONDS = …`` itself."""
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
    reads = _reads(path, function, digest, given)
    settings = {**given, "file": path.name, "sha256": digest}
    scorer = partial(_score, path, function, digest, reads, dict(given))
    return Metric(function.replace("_", "-"), ("",), settings, scorer, reads=reads)


def _reads(path: Path, function: str, digest: str, given: Mapping[str, str]) -> tuple[Reads, ...]:
    """Return what the function reads besides the output; a Fault where it cannot be called so."""
    taken = _function(path, function, digest).call
    signature = inspect.signature(taken)
    accepted = list(signature.parameters)
    reads = tuple(name for name in _READ if name in accepted[1:])
    unknown = [key for key in given if key not in accepted[1:] or key in _READ]
    if unknown:
        raise Fault(f"{function!r} in {path.name} takes no argument {unknown[0]!r} ({', '.join(accepted)}).")
    try:
        signature.bind("", **dict.fromkeys(reads, ()), **given)
    except TypeError as fault:
        raise Fault(
            f"{function!r} in {path.name} cannot be called ({fault}): it must take the output first, "
            "may take references and source, and every other argument needs a default or a setting."
        ) from fault
    if inspect.iscoroutinefunction(taken):
        raise Fault(f"{function!r} in {path.name} is async: write it with `def`, and return the number.")
    return reads


class _Loaded(NamedTuple):
    call: Own
    seconds: float


@lru_cache(maxsize=8)
def _function(path: Path, function: str, digest: str) -> _Loaded:
    """Run the file once in each process, so that what it loads is loaded once."""
    names: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    try:
        exec(compile(path.read_bytes(), path, "exec"), names)
    except (Exception, SystemExit) as fault:
        raise Fault(f"{path.name} does not run: {fault!r}") from fault
    taken = names.get(function)
    if not callable(taken) or isinstance(taken, type):
        raise Fault(f"{path.name} has no function {function!r}.")
    return _Loaded(taken, float(names.get("SECONDS", SECONDS)))


def _score(
    path: Path,
    function: str,
    digest: str,
    reads: Sequence[str],
    given: Mapping[str, str],
    pairs: Sequence[Pair],
) -> list[Score]:
    taken, seconds = _function(path, function, digest)
    return [
        _one(
            function, taken, seconds, pair.output, {name: getattr(pair, name) for name in reads} | dict(given)
        )
        for pair in pairs
    ]


def _one(name: str, taken: Own, seconds: float, output: str, arguments: Mapping[str, Any]) -> Score:
    """One output that the function cannot do must not cost the others their scores."""
    try:
        with _limited(seconds):
            value = taken(output, **arguments)
    except _Late:
        return _failed(f"{name} took longer than {seconds:g} seconds")
    except (Exception, SystemExit) as fault:
        return _failed(f"{name} failed: {fault!r}")
    if value is None:
        return Score(reason=f"{name} gives no value")
    if not isinstance(value, SupportsFloat) or getattr(value, "shape", None):
        return _failed(f"{name} gives {reprlib.repr(value)}, which is not one number")
    number = float(value)
    return Score((number,)) if math.isfinite(number) else _failed(f"{name} gives {number}")


def _failed(why: str) -> Score:
    return Score(reason=why, failed=True)


class _Late(BaseException):
    """No Exception, so that a function which forgives every failure does not forgive this one."""


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Stop what takes too long. Only a main thread can be stopped so; every process that scores has one."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def late(*_: object) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
