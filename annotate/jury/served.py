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
        if model:
            told.setdefault(rater.partition("/")[0], Counter())[model] += replies
    for juror in panel.jurors:
        models = told.get(juror.rater, Counter())
        for model, n in sorted(models.items()):
            if not expected(juror, model):
                came = "1 reply" if n == 1 else f"{n:,} replies"
                wanted = juror.validated or juror.model
                yield f"{juror.name}: {came} came from {model!r}; {wanted!r} was asked for."
        if len(models) > 1:
            yield f"{juror.name}: replies came from {len(models)} models ({', '.join(sorted(models))})."


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
