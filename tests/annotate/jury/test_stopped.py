"""A run is stopped from another thread: what is in flight is kept, and nobody waits out a pause for it."""

import threading
import time

import pytest

from tests.annotate.jury.conftest import juror_of
from tests.jury_server import Act, JuryServer

# Seconds on the busiest machine; what is not to be waited out lasts for minutes, an hour or for ever.
SOON = 30
BOTH = pytest.mark.parametrize("flavour", ["anthropic", "openai"])


class Stopping:
    """Sets `event` as soon as `when` holds; how long the run then took is told by `took`."""

    def __init__(self, when):
        self.event, self._when, self.since = threading.Event(), when, 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        for _ in range(3000):
            if self._when():
                self.since = time.monotonic()
                return self.event.set()
            time.sleep(0.01)

    @property
    def took(self):
        assert self.event.is_set()
        return time.monotonic() - self.since


@BOTH
def test_what_is_in_flight_is_waited_for_and_nothing_more_is_sent(flavour, bench):
    with JuryServer(latency=2.0) as server:  # the stop is heard long before the first reply
        court = bench(juror_of(server.url, flavour, in_flight=4), items=40)
        stopping = Stopping(lambda: len(server.asks) == 4)
        server.held = stopping.event
        sitting = court.run(stop=stopping.event)
        assert stopping.took < SOON
        assert 4 <= len(server.asks) <= 8
        assert sitting.progress.outcomes == {"usable": len(server.asks)}
        assert [why.startswith("Stopped by hand.") for why in sitting.stopped] == [True]
        assert not sitting.complete
        server.latency = 0.0
        assert court.run().complete
        assert len(server.asks) == 40


@BOTH
def test_a_pause_that_a_server_asks_for_is_not_waited_out(flavour, bench):
    with JuryServer(lambda ask: Act(429, headers={"retry-after": "3600"})) as server:
        juror = juror_of(server.url, flavour, retry_after_cap=300.0, patience=300.0, backoff=60.0)
        court = bench(juror, items=3)
        stopping = Stopping(lambda: len(server.asks) >= 3)
        sitting = court.run(stop=stopping.event)
        assert stopping.took < SOON
    assert sitting.progress.done == 0


@BOTH
def test_a_batch_says_how_far_it_is_and_is_collected_after_a_stop(flavour, bench):
    told = []
    counts = {"succeeded": 2, "completed": 2, "errored": "many", "failed": -1, "processing": 10**30}
    with JuryServer() as server:
        server.batch_polls = 10**9
        name = f"_{flavour}_get"
        look = getattr(server, name)
        setattr(server, name, lambda ask, key: look(ask, key) | {"request_counts": counts})
        court = bench(juror_of(server.url, flavour), items=5)
        stopping = Stopping(lambda: len(told) >= 3)
        sitting = court.run(
            batch=True, poll=60, stop=stopping.event, watcher=lambda now: told.append(now.waiting)
        )
        assert stopping.took < SOON
        first, *_, last = [one for one in told if one is not None]
        assert (first.finished, first.total) == (2, 5)
        assert 60 >= first.seconds > last.seconds > 50
        assert str(first) == "2 of 5 done in batches, asked again in 60 s"
        assert not sitting.complete
        delattr(server, name)
        server.batch_polls = 0
        assert court.run(poll=0.01).progress.outcomes == {"usable": 5}
        assert len(server.batches) == 1
