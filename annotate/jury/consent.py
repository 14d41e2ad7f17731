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
