"""Which models answered in a juror's name, and what of that a lead must know: in this run and all before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from annotate.jury.juror import Juror
from annotate.jury.panel import Panel


def strange(panel: Panel, served: Iterable[tuple[str, str, int]]) -> Iterator[str]:
    """Yield a sentence for every model that was not asked for, and for a juror that was several.

    Parameters
    ----------
    served : iterable of (rater, model, replies)
        All that the ledger knows, the checks on a juror among them.

    Examples
    --------
    >>> panel = Panel("p", (Juror("a", "openai", "m", "", validated="m-2026-01-01"),))
    >>> rater = panel.jurors[0].rater
    >>> list(strange(panel, [(rater, "m-2026-01-01", 9), (f"{rater}/padded", "m-2026-06-01", 1)]))[0]
    "a: 1 reply came from 'm-2026-06-01'; 'm-2026-01-01' was asked for."
    """
    told: dict[str, Counter[str]] = {}
    for rater, model, replies in served:
        told.setdefault(rater.partition("/")[0], Counter())[model] += replies
    for juror in panel.jurors:
        models = told.get(juror.rater, Counter())
        nameless = models.pop("", 0)
        wanted = juror.validated or juror.model
        if nameless:
            unsaid = f"{_replies(nameless, 'does', 'do')} not say which model gave it"
            yield f"{juror.name}: {unsaid}; {wanted!r} was asked for."
        odd = [(model, n) for model, n in models.most_common() if not expected(juror, model)]
        for model, n in sorted(odd[:SHOWN]):
            yield f"{juror.name}: {_replies(n)} came from {model!r}; {wanted!r} was asked for."
        if len(odd) > SHOWN:
            yield f"{juror.name}: {len(odd) - SHOWN:,} more models that were not asked for have answered."
        if len(models) > 1:
            names = ", ".join(sorted(models)[:SHOWN]) + (", …" if len(models) > SHOWN else "")
            yield f"{juror.name}: replies came from {len(models):,} models ({names})."


SHOWN = 5
"""Models that a juror's flags name at most: a server can call itself otherwise in every reply."""


def _replies(n: int, one: str = "", several: str = "") -> str:
    return " ".join((f"1 reply {one}" if n == 1 else f"{n:,} replies {several}").split())


def expected(juror: Juror, model: str) -> bool:
    """Return whether a served model is the one that was validated, or a dated snapshot of the one asked for.

    Examples
    --------
    >>> juror = Juror("a", "openai", "gpt-5.5", "")
    >>> expected(juror, "gpt-5.5-2026-04-23"), expected(juror, "gpt-5.5-mini")
    (True, False)
    """
    if juror.validated:
        return model == juror.validated
    return bool(re.fullmatch(re.escape(juror.model) + r"([-@:]\d{4}-?\d{2}-?\d{2})?", model, re.A))
