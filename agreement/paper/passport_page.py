"""A judge's passport as one page to print and to sign: the same decision, figures and hashes as the JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agreement.decision import Decision, Plan, overall
from agreement.decision.character import character
from agreement.decision.passport import VOID, deciding
from agreement.decision.stated import sentences
from agreement.estimate import Estimate
from agreement.paper.document import Block, Cell, Document, Section, Table, Text
from agreement.paper.sections.glance import TONES

FIGURES = (
    ("judge", "order_judge"),
    ("a clinician in that place", "order_clinician"),
    ("judge less clinician", "order_difference"),
    ("the same, level counted", "level_difference"),
    ("points above clinicians", "bias"),
    ("bad outputs found", "sensitivity"),
)
LONGEST = 150
"""A prompt or a rubric in an identity is cut here: its hash stands before it, the JSON holds all of it."""
HASH = "identity_sha256"
SIGNED = "Name, date, signature:  ______________________________________________"


def passport_page(
    judge: str,
    decisions: Sequence[Decision],
    plan: Plan,
    *,
    identity: Mapping[str, Any],
    data: Mapping[str, str],
    cautions: Sequence[str] = (),
) -> Document:
    """Return the passport as a document: for PDF, on paper, or HTML.

    Parameters
    ----------
    identity, data
        As in `agreement.decision.passport.passport`.
    cautions : sequence of str
        What a reader must know about how the decision came about.
    """
    counted = deciding(decisions, plan)
    answer = overall(counted)
    first = f"May {judge} stand in for a clinician? {answer.capitalize()}."
    lines = [f"{d.question}: {d}, by the rule “{d.rule}”. {' '.join(d.because[:1])}" for d in counted]
    said = "\n".join([" ".join(filter(None, (first, character(counted)))), *lines])
    blocks: list[Block] = [Text(said, TONES[answer]), *(Text(caution, "fair") for caution in cautions)]
    blocks += [_figures(counted), Text("\n".join(("The plan, stated beforehand", *sentences(plan))))]
    blocks += [_about("identity", "Who it is", identity), _about("data", "What it was decided on", data)]
    blocks.append(Text(SIGNED))
    facts = (("hash of the plan", plan.hash), ("made by", data.get("software", "Consilium")))
    return Document(
        f"Passport of {judge}", VOID, facts, (Section("passport", "The decision", tuple(blocks)),)
    )


def _figures(decisions: Sequence[Decision]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (d.question, str(d), *(d.figures.get(key) for _, key in FIGURES)) for d in decisions
    ]
    of = next((d.figures["order_judge"].coefficient for d in decisions if "order_judge" in d.figures), "r")
    note = (
        f"Agreement ({of}) with the other clinicians, beside the same clinicians and on the same outputs. In "
        "brackets: the range in which the truth lies with 95 % confidence, and n, the outputs behind it."
    )
    columns = ("question", "answer", *(name for name, _ in FIGURES))
    return Table("passport_figures", "The figures", columns, tuple(rows), note)


def _about(key: str, title: str, facts: Mapping[str, Any]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple((name, _short(value)) for name, value in facts.items())
    return Table(f"passport_{key}", title, ("what", "value"), rows)


def _short(value: object) -> str:
    text = str(value)
    if isinstance(value, Mapping):
        told = {"SHA-256": value[HASH]} if HASH in value else {}
        told |= {name: part for name, part in value.items() if name != HASH}
        text = "; ".join(f"{name}: {part}" for name, part in told.items())
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def difference(decision: Decision) -> Estimate | None:
    """Return judge less clinician, the figure that a margin is about; None where there is none."""
    return decision.figures.get("order_difference")
