"""Calls and coroutines in a thread of their own: the browser's tests leave a loop running in this one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def awaited(coroutine):
    """Return what a coroutine returns."""
    return apart(asyncio.run, coroutine)


def apart(call, *given, **named):
    """Return what a call returns that starts a loop of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(call, *given, **named).result()
