"""Streamlit's options for this app, however it is started."""

from __future__ import annotations

import math
import os
import socket

from streamlit import config

from annotate.fault import Fault

OPTIONS: dict[str, object] = {
    # A full garbage collection after every rerun costs more than everything else that a rerun does.
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
    "browser.gatherUsageStats": False,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 500,
    "client.toolbarMode": "minimal",
    # A rater gets our sentence, not a traceback with texts of the study in it.
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "logger.hideWelcomeMessage": True,
    "theme.light.primaryColor": "#0b6e6e",
    "theme.dark.primaryColor": "#5cc2c2",
    "theme.dark.backgroundColor": "#14171a",
    "theme.dark.secondaryBackgroundColor": "#1b1f24",
    "theme.dark.textColor": "#e7e9eb",
}


def apply(**more: object) -> None:
    """Set the options in this process. (Environment variables only reach `streamlit run`.)"""
    for name, value in (OPTIONS | more).items():
        config.set_option(name, value)


def number(name: str, usual: float, low: float, high: float) -> float:
    """Return the number that a variable of the environment says; a Fault where it is none.

    Examples
    --------
    >>> number("CONSILIUM_NOTHING", 12, 0.1, 720)
    12
    """
    said = os.environ.get(name, "").strip()
    if not said:
        return usual
    try:
        value = float(said)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise Fault(f"{name} is {said!r}; it must be a number from {low:g} to {high:g}.")
    return value


def session_hours() -> float:
    """Return how long a browser stays signed in: `CONSILIUM_SESSION_HOURS`."""
    return number("CONSILIUM_SESSION_HOURS", 12, 0.01, 8760)


def listening() -> tuple[str, int]:
    """Return `CONSILIUM_HOST` and the first free port from `CONSILIUM_PORT` on, so that both are true."""
    host = os.environ.get("CONSILIUM_HOST") or "127.0.0.1"
    wanted = int(number("CONSILIUM_PORT", 8501, 1, 65_535))
    last = min(wanted + 19, 65_535)
    for port in range(wanted, last + 1):
        try:
            socket.create_connection((host, port), timeout=2).close()
        except socket.gaierror:
            raise Fault(f"CONSILIUM_HOST is {host!r}, which is no address of this machine.") from None
        except OSError:
            return host, port
    raise Fault(f"Ports {wanted} to {last} are taken; set CONSILIUM_PORT to a free one.")
