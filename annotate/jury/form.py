"""The clinicians' form as a machine fills it: what is asked of one item, and what may be answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotate.answers.place import AMBIGUOUS, NONE
from annotate.assignment import Assignment, slots
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.question import Question
from annotate.scale import Point
from annotate.sentences import sentences
from annotate.shown import asked
from annotate.taxonomy import Taxonomy

UNABLE = "unable"
MET = (Point("met", "the output meets it", 1.0), Point("not met", "it does not", 0.0))
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,47}")


@dataclass(frozen=True, slots=True)
class Ask:
    """One field of the form.

    Attributes
    ----------
    name : str
        Its name in the reply.
    question : Question
        What the clinicians are asked.
    part : str
        Key of the output that it is about, where it is asked once for each.
    points : tuple of Point
        What may be said: points of the scale, or the outputs of a ranking.
    parts : tuple of (part, text)
        Sentences or criteria, each with an answer of its own.
    unable : bool
        Whether "unable" may be said too.
    whole : bool
        Whether the points are said as whole numbers.
    """

    name: str
    question: Question
    part: str = ""
    points: tuple[Point, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    unable: bool = False
    whole: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        whole = all(re.fullmatch(r"-?(0|[1-9][0-9]{0,8})", point.value) for point in self.points)
        object.__setattr__(self, "whole", whole)

    def said(self, point: Point) -> int | str:
        """Return how a point is written in a reply."""
        return int(point.value) if self.whole else point.value


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """Everything that is asked about one item in one call, in order.

    Attributes
    ----------
    swapped : bool
        The two outputs are shown in the other order: an answer that compares them is turned back.
    """

    asks: tuple[Ask, ...]
    swapped: bool = False

    def reversed(self) -> Form:
        """Return the same form with the questions the other way round."""
        return Form(self.asks[::-1])


def form_for(
    item: Item, protocol: Protocol, *, taxonomy: Taxonomy | None = None, may_abstain: bool = False
) -> Form:
    """Return what a juror is asked about `item`: the clinicians' questions that a machine can answer.

    Where the design has steps, a juror answers as in the last one. Marking spans is left to people.

    Examples
    --------
    >>> from annotate.item import Output
    >>> from annotate.scale import likert
    >>> question = Question("clarity", "Is it clear?", scale=likert("no", "yes"))
    >>> protocol = Protocol("p", "P", "output", (question,))
    >>> [ask.name for ask in form_for(Item("case-1", (Output("Take two."),)), protocol).asks]
    ['clarity']
    """
    step = protocol.design.steps[-1] if protocol.design.steps else ""
    shown = Assignment(item.key, "", step=step)
    asks: list[Ask] = []
    for number, question in enumerate(asked(protocol, item, shown), 1):
        asks += _asks(question, item, number, taxonomy, may_abstain)
    return Form(tuple(asks))


def _asks(
    question: Question, item: Item, number: int, taxonomy: Taxonomy | None, may_abstain: bool
) -> list[Ask]:
    name = question.key if _PLAIN.fullmatch(question.key) else f"question_{number}"
    unable = may_abstain and bool(question.unable)
    if not question.per_output:
        ask = _ask(name, question, item, "", taxonomy, unable)
        return [ask] if ask else []
    letters = letters_of(item)
    several = [
        _ask(
            f"{name}_{letters[output.key]}" if letters else name, question, item, output.key, taxonomy, unable
        )
        for output in item.outputs
    ]
    return [ask for ask in several if ask]


def letters_of(item: Item) -> Mapping[str, str]:
    """Return the letter by which a juror knows each output; none where there is only one."""
    if len(item.outputs) < 2:
        return {}
    return {key: letter for letter, key in slots(tuple(output.key for output in item.outputs)).items()}


def _ask(
    name: str, question: Question, item: Item, part: str, taxonomy: Taxonomy | None, unable: bool
) -> Ask | None:
    points = question.scale.points if question.scale else ()
    match question.kind:
        case "scale" | "number" if question.scale and not points:
            return Ask(name, question, part, unable=unable)
        case "number" | "text":
            return Ask(name, question, part, unable=unable and question.kind == "number")
        case "scale" | "choice" | "multi":
            return Ask(name, question, part, points, unable=unable) if points else None
        case "placement":
            places = _places(question, taxonomy)
            return Ask(name, question, part, places, unable=unable) if places else None
        case "ranking":
            letters = letters_of(item)
            ranked = tuple(Point(at, key, float(n)) for n, (key, at) in enumerate(letters.items(), 1))
            return Ask(name, question, part, ranked) if len(ranked) > 1 else None
        case "checklist":
            lines = tuple((criterion.key, criterion.text) for criterion in item.criteria)
            return Ask(name, question, part, MET, lines, unable) if lines else None
        case "sentences":
            lines = _sentences(item, part if question.per_output else None)
            return Ask(name, question, part, points, lines) if lines and points else None
    return None  # spans: offsets into a text are nothing to ask a language model for


def _places(question: Question, taxonomy: Taxonomy | None) -> tuple[Point, ...]:
    if taxonomy is None:
        return ()
    names = (*taxonomy.names(question.level), AMBIGUOUS, NONE)
    return tuple(Point(name, name, float(n)) for n, name in enumerate(names, 1))


def _sentences(item: Item, part: str | None) -> tuple[tuple[str, str], ...]:
    text = next((output.text for output in item.outputs if part is None or output.key == part), "")
    return tuple((str(n), text[start:end]) for n, (start, end) in enumerate(sentences(text), 1))
