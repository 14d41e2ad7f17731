"""What a run will ask and cost, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

from annotate.jury import price
from annotate.jury.juror import Juror, at_home
from annotate.jury.known import check_names
from annotate.jury.ledger import Ledger
from annotate.jury.plan import Docket, calls
from annotate.jury.providers.wire import proxy_for
from annotate.jury.reply import Usage

LETTERS = 3.6
"""Letters a token, for want of a tokenizer that works without the network."""
SAID = 60
"""Tokens a juror says to one question: an explanation and a score."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """One juror's share of a run.

    Attributes
    ----------
    calls, known : int
        Calls in all, and those whose verdict is there already.
    input_tokens, output_tokens : int
        Expected for the rest.
    dollars, worst : float or None
        Expected, and at most if every reply fills `max_tokens` and is asked for twice; None where no
        price is known.
    how : str
        What the forecast stands on.
    proxy : str
        The proxy of the house that it goes by, without its password; empty where there is none.
    """

    juror: Juror
    calls: int
    known: int
    input_tokens: int
    output_tokens: int
    dollars: float | None
    worst: float | None
    price: str
    how: str
    proxy: str = ""

    @property
    def to_ask(self) -> int:
        """Return how many calls would be sent."""
        return self.calls - self.known

    def __str__(self) -> str:
        money = "price unknown" if self.dollars is None else f"about ${self.dollars:.2f}"
        worst = "" if self.worst is None or not self.worst else f", at most ${self.worst:.2f}"
        place = "this machine" if at_home(self.juror) else self.juror.endpoint
        return (
            f"{self.juror.rater}: {self.to_ask} calls to {self.juror.model} at {place}"
            f"{f' by way of the proxy {self.proxy}' if self.proxy else ''}"
            f"{f' with the key in {self.juror.key_variable}' if self.juror.key_variable else ''}"
            f"{f' ({self.known} known already)' if self.known else ''}, {money}{worst}"
            f"{f' ({self.price})' if self.price else ''}; tokens by {self.how}"
        )


def forecast(docket: Docket, ledger: Ledger, *, batch: bool = False) -> list[Forecast]:
    """Return what every juror of a panel would be asked, and what that would cost."""
    check_names(docket.panel, ledger)
    salt = ledger.salt()
    return [_of(docket, juror, ledger, salt, batch) for juror in docket.panel.jurors]


def _of(docket: Docket, juror: Juror, ledger: Ledger, salt: str, batch: bool) -> Forecast:
    settled = ledger.settled(juror)
    number = known = letters = questions = 0
    for call in calls(docket, juror, salt):
        number += 1
        if call.key in settled:
            known += 1
        else:
            letters += len(call.request)
            questions += sum(max(1, len(ask.parts)) for ask in call.form.asks)
    seen, each_in, each_out = ledger.tokens_seen(juror)
    left = number - known
    how = f"{LETTERS} letters a token"
    inputs, outputs = int(letters / LETTERS), SAID * questions
    if seen >= 20:
        inputs, outputs, how = each_in * left, each_out * left, f"the mean of {seen} replies"
    cost = price.cost(juror, Usage(inputs, outputs), batch=batch)
    most = price.cost(juror, Usage(2 * max(inputs, letters // 2), 2 * juror.max_tokens * left), batch=batch)
    source = f"prices: {cost.source}, {cost.date}" if cost else ""
    return Forecast(
        juror,
        number,
        known,
        inputs,
        outputs,
        cost.dollars if cost else None,
        most.dollars if most else None,
        source,
        how,
        "" if at_home(juror) else (proxy_for(juror.url) or "").rpartition("@")[2].rpartition("/")[2],
    )
