"""Consent to leave the house: which endpoints a panel's texts would go to, and who has allowed which."""

from __future__ import annotations

from collections.abc import Iterable

from annotate.fault import Fault
from annotate.jury.juror import Juror, at_home
from annotate.jury.panel import Panel


def outside(panel: Panel) -> dict[str, list[Juror]]:
    """Return the endpoints outside this machine that a panel sends texts to, with their jurors."""
    found: dict[str, list[Juror]] = {}
    for juror in panel.jurors:
        if not at_home(juror):
            found.setdefault(juror.endpoint, []).append(juror)
    return found


def check_open(panel: Panel, opened: Iterable[str]) -> None:
    """Raise a `Fault` for a juror at an endpoint that the server's operator has not opened to panels.

    Whoever writes a panel in a browser need not be whoever runs the server: without this a panel could
    have the server ask its own ports, and those of its neighbours, and show what they say.

    Examples
    --------
    >>> panel = Panel("p", (Juror("a", "openai", "m", "", base_url="http://127.0.0.1:5432"),))
    >>> check_open(panel, {"127.0.0.1:5432"})
    >>> check_open(panel, {"127.0.0.1:8000"})
    Traceback (most recent call last):
        ...
    annotate.fault.Fault: Juror 'a' is at 127.0.0.1:5432, which is not open to panels from the browser. \
Whoever runs this server can open it (CONSILIUM_JURY_ENDPOINTS), or run the panel on the terminal.
    """
    known = set(opened)
    faults = [
        f"Juror {juror.name!r} is at {juror.endpoint}, which is not open to panels from the browser. "
        "Whoever runs this server can open it (CONSILIUM_JURY_ENDPOINTS), or run the panel on the terminal."
        for juror in panel.jurors
        if juror.endpoint not in known
    ]
    if faults:
        raise Fault(*faults)


def check_consent(panel: Panel, allowed: Iterable[str]) -> None:
    """Raise a `Fault` where texts would go to an endpoint that nobody allowed by its name.

    Examples
    --------
    >>> panel = Panel("p", (Juror("a", "openai", "m", ""),))
    >>> check_consent(panel, {"api.openai.com"})
    >>> check_consent(panel, ())
    Traceback (most recent call last):
        ...
    annotate.fault.Fault: Juror 'a' would send this study's texts to api.openai.com, which its lead has not \
allowed. If they may go there, say so by name: --allow api.openai.com
    """
    named = set(allowed)
    faults = []
    for endpoint, jurors in outside(panel).items():
        if endpoint not in named:
            names = ", ".join(repr(juror.name) for juror in jurors)
            faults.append(
                f"Juror {names} would send this study's texts to {endpoint}, which its lead has not allowed. "
                f"If they may go there, say so by name: --allow {endpoint}"
            )
    if faults:
        raise Fault(*faults)
