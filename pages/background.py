"""Work that outlives the click that started it: a jury's run goes on while its lead looks elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from agreement.refusal import Refusal
from annotate.fault import Fault

Watch = Callable[[Any], None]


@dataclass
class Job:
    """One piece of work in a thread of its own; `about` names what it was made from.

    `stop` is set where the work shall end before it is done; work that heeds it brings its own.
    """

    about: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    progress: Any = None
    result: Any = None
    fault: str = ""
    thread: threading.Thread = field(default_factory=threading.Thread)

    @property
    def runs(self) -> bool:
        """Whether it is still at work."""
        return self.thread.is_alive()

    def watch(self, progress: Any) -> None:
        """Take note of how far the work has come."""
        self.progress = progress


_JOBS: dict[tuple[str, int], Job] = {}
_LOCK = threading.Lock()


def job(what: str, study_id: int) -> Job | None:
    """Return the newest job of this sort for a study, at work or done."""
    return _JOBS.get((what, study_id))


def start(
    what: str,
    study_id: int,
    work: Callable[[Watch], Any],
    about: str = "",
    stop: threading.Event | None = None,
) -> Job:
    """Start `work(watch)` unless one of its sort is at work for this study; return the job."""
    with _LOCK:
        known = _JOBS.get((what, study_id))
        if known is not None and known.runs:
            return known
        new = Job(about, stop or threading.Event())
        new.thread = threading.Thread(target=_do, args=(new, work), daemon=True)
        _JOBS[what, study_id] = new
        new.thread.start()
        return new


def _do(mine: Job, work: Callable[[Watch], Any]) -> None:
    try:
        mine.result = work(mine.watch)
    except (Fault, Refusal) as fault:
        mine.fault = str(fault)
    except Exception as bug:  # nobody waits for this thread: what went wrong must reach the page
        mine.fault = f"The run ended with an error ({type(bug).__name__}). What was settled is kept."
        raise
