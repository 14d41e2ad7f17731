"""All calls of a run, in the order in which servers can cache what they share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from annotate.item import Item
from annotate.jury import providers
from annotate.jury.controls import Trial, chosen, partners_of, trials
from annotate.jury.form import Form, form_for
from annotate.jury.juror import Juror
from annotate.jury.ledger import Call, key_for
from annotate.jury.panel import Panel
from annotate.jury.prompt import prompt_for
from annotate.protocol import Protocol
from annotate.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Docket:
    """What a panel is asked about.

    Attributes
    ----------
    withheld : mapping of item to reason
        Items that no juror sees, wherever it is: those with unresolved identifier findings.
    taxonomy : Taxonomy or None
        What placements refer to; without it they are not asked.
    """

    panel: Panel
    items: Sequence[Item]
    protocol: Protocol
    withheld: Mapping[str, str] = field(default_factory=dict)
    taxonomy: Taxonomy | None = None
    _forms: dict[tuple[object, ...], Form] = field(default_factory=dict, repr=False, compare=False)

    def sent(self) -> list[Item]:
        """Return the items that jurors may see, those with one source side by side."""
        first: dict[str, int] = {}
        for at, item in enumerate(self.items):
            first.setdefault(item.source or item.key, at)
        mine = [item for item in self.items if item.key not in self.withheld]
        return sorted(mine, key=lambda item: first[item.source or item.key])

    def form(self, item: Item, juror: Juror) -> Form:
        """Return what a juror is asked about an item; items that look alike share one form."""
        alike = (juror.may_abstain, tuple(output.key for output in item.outputs))
        if alike in self._forms:
            return self._forms[alike]
        form = form_for(item, self.protocol, taxonomy=self.taxonomy, may_abstain=juror.may_abstain)
        if not any(q.asked_of or q.kind in _OF_ITS_ITEM for q in self.protocol.questions):
            self._forms[alike] = form
        return form


_OF_ITS_ITEM = ("checklist", "sentences", "placement")


def calls(docket: Docket, juror: Juror, salt: str) -> Iterator[Call]:
    """Yield every call to one juror: verdicts first, then the checks."""
    items, panel = docket.sent(), docket.panel
    repeated = chosen(items, panel.controls.get("repeats", 0), "repeats")
    for item in items:
        plain = Trial("", item, docket.form(item, juror), panel.reference)
        if not plain.form.asks:
            continue
        most = max(juror.samples, panel.repeats) if item.key in repeated else juror.samples
        request = _request(docket, juror, plain, salt)
        for sample in range(1, most + 1):
            yield _call(juror, plain, request, sample, "repeats" if sample > juror.samples else "")
    yield from _checks(docket, juror, salt, items)


def number_of_calls(docket: Docket, juror: Juror) -> int:
    """Return how many calls `calls` yields, without making their prompts."""
    items, panel = docket.sent(), docket.panel
    repeated = chosen(items, panel.controls.get("repeats", 0), "repeats")
    asked = [item for item in items if docket.form(item, juror).asks]
    more = max(juror.samples, panel.repeats)
    plain = sum(more if item.key in repeated else juror.samples for item in asked)
    return plain + sum(1 for _ in _spoilt(docket, juror, items))


def _checks(docket: Docket, juror: Juror, salt: str, items: Sequence[Item]) -> Iterator[Call]:
    for trial in _spoilt(docket, juror, items):
        yield _call(juror, trial, _request(docket, juror, trial, salt), 1, trial.control)


def _spoilt(docket: Docket, juror: Juror, items: Sequence[Item]) -> Iterator[Trial]:
    panel = docket.panel
    picked = {name: chosen(items, share, name) for name, share in panel.controls.items() if name != "repeats"}
    partners = partners_of(items) if "mismatched" in picked else {}
    for item in items if picked else ():
        mine = [name for name, keys in picked.items() if item.key in keys]
        form = docket.form(item, juror)
        if not mine or not form.asks:
            continue
        for trial in trials(item, form, reference=panel.reference, controls=mine, partners=partners):
            # Sentences are numbered in the text that is shown, so the form is made anew for it.
            shown = docket.form(trial.item, juror)
            yield replace(trial, form=_turned(shown, trial.control))


def _turned(form: Form, control: str) -> Form:
    if control == "swapped":
        return replace(form, swapped=True)
    return form.reversed() if control == "reversed" else form


def _request(docket: Docket, juror: Juror, trial: Trial, salt: str) -> str:
    prompt = prompt_for(
        trial.item,
        trial.form,
        template=juror.template,
        salt=salt,
        reference=trial.reference,
        instructions=docket.protocol.instructions,
    )
    body = providers.PROTOCOLS[juror.provider].request(juror, prompt, trial.form)
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _call(juror: Juror, trial: Trial, request: str, sample: int, control: str) -> Call:
    key = key_for(juror, request, trial.item.key, sample, control)
    return Call(key, juror, trial.item.key, sample, control, request, trial.form)
