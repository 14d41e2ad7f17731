"""A juror keeps its name: what it said is kept under the one that it had when it was asked."""

from __future__ import annotations

from annotate.fault import Fault
from annotate.jury.ledger import Ledger
from annotate.jury.panel import Panel


def check_names(panel: Panel, ledger: Ledger) -> None:
    """Raise a `Fault` for a juror that has answered before under another name.

    Nothing would be asked, as all is known, and the panel would have no score: its verdicts are another's.
    """
    faults = []
    for juror in panel.jurors:
        names = ledger.names(juror)
        if names and juror.name not in names:
            before = " or ".join(map(repr, sorted(names)))
            faults.append(
                f"Juror {juror.name!r} has answered here before as {before}: the same model, address, "
                "parameters and prompt. Give it that name again, under which its verdicts are kept."
            )
    if faults:
        raise Fault(*faults)
