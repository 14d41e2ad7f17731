"""The demo's texts: three kinds of document, with faker's names, that say how good they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from annotate.item import Item, Output
from data.demo.facts import FACTS, Fact
from data.demo.wording import in_own_words

if TYPE_CHECKING:
    from faker import Faker

MARK = "[synthetic: no real patient]"
_CLUTTER = (
    "It should be borne in mind that the foregoing is to be read in the light of what follows.",
    "As per the above, and notwithstanding the below, see previously.",
    "Pt s/p f/u w/ PRN as d/w team re: same, cont. as is.",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: how it is asked for, how it opens, and its place in the taxonomy."""

    name: str
    prompt: str
    source_opening: str
    output_opening: str
    benchmark: str
    category: str
    subcategory: str


KINDS = (
    Kind(
        "visit note",
        "Write the note of this visit from the conversation.",
        "Conversation in the clinic with {name}, {age} years old.",
        "**Visit note.** {name}, {age} years.",
        "demo_visit_note",
        "Clinical Note Generation",
        "Documenting Patient Visits",
    ),
    Kind(
        "discharge instructions",
        "Write discharge instructions that the patient can follow at home.",
        "Hospital course of {name}, {age} years old, as told at the handover.",
        "**Going home.** Dear {name}, this is what we found and what to do.",
        "demo_discharge",
        "Patient Communication and Education",
        "Delivering Personalized Care Instructions",
    ),
    Kind(
        "reply to a message",
        "Draft a reply to this message from a patient.",
        "Message from {name}, {age} years old, with what the chart says.",
        "Dear {name}, thank you for your message.",
        "demo_message",
        "Patient Communication and Education",
        "Patient-Provider Messaging",
    ),
)


def items(
    rng: np.random.Generator, faker: Faker, quality: np.ndarray, systems: tuple[str, ...]
) -> list[Item]:
    """Return one item a row of `quality` (items, 3): each case comes once from every system."""
    made, words = [], rng.spawn(1)[0]  # its own draws: the wording says nothing of the scores, nor moves them
    for case in range(len(quality) // len(systems)):
        kind = KINDS[case % len(KINDS)]
        who = {"name": faker.name(), "age": int(rng.integers(24, 89))}
        chosen = rng.choice(len(FACTS), size=8, replace=False)
        facts = [FACTS[n](rng) for n in sorted(int(n) for n in chosen)]
        for n, system in enumerate(systems):
            said = _output(rng, kind, who, facts, quality[case * len(systems) + n])
            clear = quality[case * len(systems) + n][2] > 3.5
            text = ("\n\n" if clear else " ").join(in_own_words(said, words))
            made.append(_item(case, n, kind, who, facts, Output(text, system)))
    return made


def _item(case: int, n: int, kind: Kind, who: dict[str, object], facts: list[Fact], output: Output) -> Item:
    source = "\n\n".join([MARK, kind.source_opening.format(**who), *(f"- {fact.source}" for fact in facts)])
    reference = " ".join([kind.output_opening.format(**who), *(fact.note for fact in facts)])
    return Item(
        key=f"{kind.name.replace(' ', '-')}-{case + 1:02d}{'abc'[n]}",
        outputs=(output,),
        source=source,
        prompt=kind.prompt,
        references=(reference,),
        case=f"case-{case + 1:02d}",
        benchmark=kind.benchmark,
        category=kind.category,
        subcategory=kind.subcategory,
        strata={"document": kind.name},
    )


def _output(
    rng: np.random.Generator,
    kind: Kind,
    who: dict[str, object],
    facts: list[Fact],
    quality: np.ndarray,
) -> list[str]:
    """Return the sentences of a text as good as it is said to be: wrong facts, missing facts, clutter."""
    accuracy, completeness, clarity = (float(value) for value in quality)
    order = rng.permutation(len(facts))
    missing = set(order[: _count(completeness, len(facts) - 2)].tolist())
    wrong = set(order[::-1][: _count(accuracy, len(facts) - 2)].tolist())
    sentences = [kind.output_opening.format(**who)]
    for n, fact in enumerate(facts):
        if n not in missing:
            sentences.append(fact.wrong if n in wrong else fact.note)
    for place in range(_count(clarity, len(_CLUTTER))):
        sentences.insert(1 + 2 * place, _CLUTTER[place])
    return sentences


def _count(quality: float, most: int) -> int:
    """How many faults a quality between 1 (as many as there can be) and 5 (none) means."""
    return int(np.clip(np.rint((4.7 - quality) * most / 3.7), 0, most))
