"""A run: every juror of a panel is asked what it has not been asked yet, and nothing twice."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from annotate.fault import Fault
from annotate.jury import price
from annotate.jury.batch import HOURS, sit_batched
from annotate.jury.budget import Budget, Purse
from annotate.jury.consent import check_consent
from annotate.jury.juror import Juror
from annotate.jury.known import check_names
from annotate.jury.ledger import Call, Ledger
from annotate.jury.plan import Docket, calls, number_of_calls
from annotate.jury.progress import Progress, Tally, Watcher
from annotate.jury.providers.sdk import key_of
from annotate.jury.seat import Seat
from annotate.jury.served import strange


@dataclass(frozen=True, slots=True)
class Sitting:
    """How a run ended.

    Attributes
    ----------
    stopped : tuple of str
        Why jurors stopped early, each with what to do; empty where nothing did.
    served : tuple of str
        Models that were not asked for, in this run or before.
    notes : tuple of str
        What else the lead should know about this run's replies: odd batches, unknown usage.
    """

    progress: Progress
    stopped: tuple[str, ...]
    served: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def flags(self) -> tuple[str, ...]:
        """Return all that the lead should know about the replies."""
        return (*self.served, *self.notes)

    @property
    def complete(self) -> bool:
        """Return whether every call has its verdict."""
        return self.progress.left == 0 and not self.stopped


def convene(
    docket: Docket,
    ledger: Ledger,
    *,
    budget: Budget | None = None,
    watcher: Watcher | None = None,
    batch: bool = False,
    poll: float = 60.0,
    hours: float = HOURS,
    stop: threading.Event | None = None,
) -> Sitting:
    """Ask the panel of `docket` everything that `ledger` does not know yet.

    Parameters
    ----------
    watcher : callable
        Is told the progress twice a second, in the thread that runs this.
    batch : bool
        Hand the calls over in batches, at half the price and up to a day.
    poll, hours : float
        Seconds between two looks at a batch, and for how long one is waited for at most.
    stop : threading.Event
        Set by another thread, it ends the run cleanly: what is in flight is waited for and kept.
    """
    check_consent(docket.panel, ledger.allowed())
    check_names(docket.panel, ledger)
    for juror in docket.panel.jurors:
        key_of(juror)
        _priced(juror, budget)
    with ledger.alone():
        return asyncio.run(
            _run(docket, ledger, budget or Budget(), watcher, batch, poll, hours, stop or threading.Event())
        )


def _priced(juror: Juror, budget: Budget | None) -> None:
    if budget is not None and budget.bounded and price.worst(juror, 1000) is None:
        raise Fault(
            f"No price is known for {juror.model!r} of juror {juror.name!r}, so a budget in money cannot "
            "hold; give it a price in the panel file, or a budget in calls."
        )


async def _run(
    docket: Docket,
    ledger: Ledger,
    budget: Budget,
    watcher: Watcher | None,
    batch: bool,
    poll: float,
    hours: float,
    stop: threading.Event,
) -> Sitting:
    tally, purse = Tally(watcher), Purse(budget)
    seats = [Seat(juror, ledger, purse, tally) for juror in docket.panel.jurors]
    salt = ledger.salt()
    for seat in seats:
        tally.total += number_of_calls(docket, seat.juror)
    heeding = asyncio.create_task(_heed(stop, seats))
    with _interruptible(seats):
        try:
            async with asyncio.TaskGroup() as group:
                for seat in seats:
                    group.create_task(_seat(seat, docket, salt, batch, poll, hours))
        except* Fault as faults:
            raise faults.exceptions[0] from None
        finally:
            heeding.cancel()
            await ledger.flush()
    if purse.empty:
        tally.stopped.append("The budget is spent. Run again with more to go on; nothing is asked twice.")
    tally.tell(now=True)
    return Sitting(
        tally.progress(),
        tuple(dict.fromkeys(tally.stopped)),
        tuple(strange(docket.panel, ledger.served())),
        tuple(_notes(tally)),
    )


async def _seat(seat: Seat, docket: Docket, salt: str, batch: bool, poll: float, hours: float) -> None:
    ledger, juror = seat.ledger, seat.juror
    numbers, settled, outdated = ledger.answered(juror), ledger.settled(juror), ledger.outdated(juror)

    def open_calls() -> Iterator[Call]:
        for call in calls(docket, juror, salt):
            if call.key in outdated:
                seat.recall(call, final=True)
            elif call.key in settled:
                seat.tally.known += 1
            else:
                yield call

    if batch or list(ledger.batches(juror)):
        await sit_batched(seat, list(open_calls()), numbers, poll=poll, hours=hours, submit=batch)
        await ledger.flush()
        numbers, settled, outdated = ledger.answered(juror), ledger.settled(juror), set()
        if batch or seat.halted:
            return
        seat.tally.known = 0
    await seat.sit(open_calls(), numbers)


BY_HAND = "Stopped by hand. Run again to go on; nothing that was answered or handed over is asked again."
HEED = 0.2
"""Seconds between two looks whether another thread wants the run to end."""


async def _heed(stop: threading.Event, seats: list[Seat]) -> None:
    while not stop.is_set():
        await asyncio.sleep(HEED)
    for seat in seats:
        seat.stop(BY_HAND)


@contextmanager
def _interruptible(seats: list[Seat]) -> Iterator[None]:
    """Let Ctrl-C end a run cleanly: what is in flight is paid for, so it is waited for and kept."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.remove_signal_handler(signal.SIGINT)  # the second Ctrl-C is meant
        for seat in seats:
            seat.stop(BY_HAND)

    try:
        loop.add_signal_handler(signal.SIGINT, stop)
    except NotImplementedError:
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)


def _notes(tally: Tally) -> Iterator[str]:
    yield from tally.odd
    if tally.unpriced:
        yield f"{tally.unpriced} replies have no known price; the cost shown leaves them out."
