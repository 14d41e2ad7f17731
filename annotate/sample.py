"""Sample forms of a protocol: what raters will see, on a study's own items or on a made-up one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.assignment import Assignment
from annotate.item import Criterion, Item, Output
from annotate.protocol import Protocol
from annotate.screen import screen
from annotate.taxonomy import Taxonomy

SOURCE = (
    "This text is made up. A woman of 54 has had a cough for three weeks. No fever. She takes lisinopril."
)
ANSWERS = (
    "This answer is made up. The cough may come from lisinopril. Ask about another medicine. No X-ray now.",
    "This answer is made up, too. A cough of three weeks needs a chest X-ray. Go on with lisinopril.",
    "A third made-up answer. Drink plenty of water. Come back in a week.",
)
TALK = """Patient: This talk is made up. I have coughed for three weeks.
Assistant: Do you take any medicine?
Patient: Lisinopril.
Assistant: That can cause a cough. Please ask your doctor about another one."""
CRITERIA = ("This line is made up. Asks about medicines", "Says when to see a doctor", "Is free of jargon")


@dataclass(frozen=True, slots=True)
class Sample:
    """One form to look at: an item, and the assignment that says which step and arm of it."""

    name: str
    item: Item
    assignment: Assignment


def samples(
    protocol: Protocol, items: Sequence[Item] = (), taxonomy: Taxonomy | None = None
) -> tuple[Sample, ...]:
    """Return the forms to look at: of these items, else of made-up ones, one for each sort and each step.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> [sample.name for sample in samples(protocol("ddx-lists"))]
    ['A made-up item, step before', 'A made-up item, step after']
    """
    found = [(f"Item {item.key}", item) for item in items] or list(_made_up(protocol, taxonomy))
    arm = next(iter(protocol.design.arms), "")
    return tuple(
        Sample(f"{name}, step {step}" if step else name, item, Assignment(item.key, "", arm=arm, step=step))
        for name, item in found
        for step in protocol.design.steps or ("",)
    )


def sample_view(protocol: Protocol, sample: Sample, taxonomy: Taxonomy | None = None) -> dict[str, Any]:
    """Return what the rating room needs to show a sample: one item, nothing answered, nobody's."""
    return {
        "assignment": 0,
        "revision": 0,
        "answers": {},
        "round": "study",
        "number": 1,
        "total": 1,
        "previous": None,
        "next": None,
        "submitted": False,
        "closed": "",
        "done": 0,
        "left": "",
        **screen(protocol, sample.item, sample.assignment, taxonomy),
    }


def _made_up(protocol: Protocol, taxonomy: Taxonomy | None) -> Iterator[tuple[str, Item]]:
    wanted = dict.fromkeys(question.asked_of for question in protocol.questions if question.asked_of)
    for column, values in wanted or {("", ("",)): None}:
        name = f"A made-up item with {column} = {values[0]}" if column else "A made-up item"
        yield name, _item(protocol, taxonomy, column, values[0])


def _item(protocol: Protocol, taxonomy: Taxonomy | None, column: str, value: str) -> Item:
    facts: dict[str, Any] = dict(_place(taxonomy))
    if column in ("benchmark", "category", "subcategory", "task", "case"):
        facts[column] = value
    elif column:
        facts["strata"] = {column: value}
    itself = protocol.unit == "item"
    listed = any(question.kind == "checklist" for question in protocol.questions)
    return Item(
        "a made-up item",
        () if itself else tuple(_outputs(protocol)),
        source="" if itself or protocol.unit == "conversation" else SOURCE,
        prompt=f"{facts.get('subcategory') or 'A made-up item'} (a made-up item)" if itself else "",
        references=("This reference is made up.",),
        criteria=tuple(Criterion(f"c{n}", text) for n, text in enumerate(CRITERIA, 1)) if listed else (),
        **facts,
    )


def _place(taxonomy: Taxonomy | None) -> Iterable[tuple[str, str]]:
    for category, below in taxonomy.subcategories() if taxonomy else ():
        return (("category", category.name), ("subcategory", below.name))
    return ()


def _outputs(protocol: Protocol) -> Iterator[Output]:
    if protocol.unit == "conversation":
        yield Output(TALK)
        return
    count = {"pair": 2, "set": 3}.get(protocol.unit, 1)
    keys = protocol.design.arms or ("a", "b", "c")[:count]
    for n, key in enumerate(keys):
        yield Output(ANSWERS[n % len(ANSWERS)], system=f"system {n + 1}", key=key)
