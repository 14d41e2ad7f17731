"""What a run that takes its time says meanwhile; a quick one says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

from verbs.terminal import tell

AFTER, EVERY = 3.0, 5.0
"""Seconds: of silence at first, and between two lines."""


@contextmanager
def slowly(*, after: float = AFTER, every: float = EVERY) -> Iterator[Callable[[str], None]]:
    """Return what is told each step; on stderr the terminal hears the present one now and then.

    Examples
    --------
    >>> with slowly() as step:
    ...     step("reading")  # done within three seconds: not a word
    """
    present, done, start = ["starting"], Event(), monotonic()

    def watch() -> None:
        wait = after
        while not done.wait(wait):
            tell(f"{present[0]} ({monotonic() - start:.0f} s)")
            wait = every

    def step(name: str) -> None:
        present[0] = name

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield step
    finally:
        done.set()
        thread.join()
