"""How a study's ratings came to be, as its protocol and its forms tell it, for reporting checklists."""

from __future__ import annotations

from annotate.protocol import Blinding, Design, Protocol
from data.store import Session, assignments, ratings
from data.tables import Study

DRAWN = {
    "full": "everybody rates everything",
    "per-item": "{per_item} raters an item",
    "blocks": "balanced blocks of {per_item} raters an item",
    "overlap": "everybody rates {overlap} items, {per_item} raters the rest",
}


def procedure(session: Session, study: Study, protocol: Protocol) -> dict[str, str]:
    """Return what is known by the name of what a checklist asks; nothing where no form was filled here."""
    filled = any(form.submitted for form in assignments.forms(session, study_id=study.id))
    if not filled:
        return {}
    facts = {
        "sampling": _sampling(protocol.design, study.seed),
        "training": _training(protocol),
        "blinding": _blinding(protocol.blinding),
        "independence": _independence(protocol.design),
        "instructions": "in the protocol, with each question and the words of each point",
        "consent": "asked for before the first item" if protocol.consent else "",
    }
    brought = ratings.brought(session, study_id=study.id)
    rest = f"; how {brought:,} ratings came about that were imported is not known" if brought else ""
    return {name: words + rest for name, words in facts.items() if words}


def _sampling(design: Design, seed: int) -> str:
    """Return the design in words.

    Examples
    --------
    >>> _sampling(Design(per_item=3), 7)
    'who rates what was drawn before the first login: 3 raters an item (seed 7)'
    """
    drawn = DRAWN[design.crossing].format(per_item=design.per_item, overlap=design.overlap)
    return f"who rates what was drawn before the first login: {drawn} (seed {seed})"


def _training(protocol: Protocol) -> str:
    if protocol.training is None or not protocol.training.items:
        return "no training round"
    count = len(protocol.training.items)
    return (
        f"a training round of {count} items with agreed answers, passed at {protocol.training.pass_mark:.0%}"
    )


def _blinding(blinding: Blinding) -> str:
    """Return what raters were not shown.

    Examples
    --------
    >>> _blinding(Blinding(reference=False))
    'raters were not shown which system wrote an output, nor what other raters said'
    """
    hidden = {
        "which system wrote an output": blinding.system,
        "the reference": blinding.reference,
        "what other raters said": True,
    }
    return f"raters were not shown {', nor '.join(what for what, is_hidden in hidden.items() if is_hidden)}"


def _independence(design: Design) -> str:
    order = "in an order drawn for each" if design.shuffle else "in one order for all"
    repeats = f", {design.repeats:.0%} of the items again, unannounced" if design.repeats else ""
    steps = f", in steps ({', '.join(design.steps)})" if design.steps else ""
    return f"each rater by personal link and alone on the form, {order}{repeats}{steps}"
