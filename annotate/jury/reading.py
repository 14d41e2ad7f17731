"""A raw reply, read strictly: every question answered with a declared point, or nothing at all."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from annotate.jury.form import UNABLE, Ask, Form
from annotate.jury.schema import part_names
from annotate.jury.strict_json import Unreadable, strict_json
from annotate.scale import Point
from annotate.storable import storable

VERSION = "1"
"""Raised when the same reply may be read otherwise: then stored replies are read again, not asked for."""

Outcome = Literal["usable", "refused", "truncated", "invalid", "failed"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of one reply: a value, or "unable" with its explanation as the reason."""

    question: str
    part: str
    value: str | None
    number: float | None
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply says. `why` is a sentence wherever there are no answers."""

    outcome: Outcome
    answers: tuple[Answer, ...] = ()
    why: str = ""


def read_answers(text: str, form: Form) -> Reading:
    """Return the answers in a reply's text, all of them or none.

    Examples
    --------
    >>> from annotate.question import Question
    >>> from annotate.scale import likert
    >>> form = Form((Ask("clarity", Question("clarity", "Clear?"), points=likert("no", "yes").points),))
    >>> read_answers('{"clarity": {"explanation": "It is.", "score": 2}}', form).answers[0].value
    '2'
    >>> read_answers('{"clarity": {"explanation": "It is.", "score": 2.0}}', form).why
    'clarity.score is 2.0; it can be 1, 2.'
    """
    try:
        reply = strict_json(_unfenced(text))
        fields = _fields(reply, [ask.name for ask in form.asks], "the reply")
        answers = [answer for ask in form.asks for answer in _read(ask, fields[ask.name])]
        return Reading("usable", tuple(_asked(answers, form)))
    except Unreadable as fault:
        return Reading("invalid", why=str(fault))


_FENCE = re.compile(r"\s*```(?:json|JSON)?[ \t]*\n(.*)\n[ \t]*```\s*", re.DOTALL)


def _unfenced(text: str) -> str:
    # A fence around the whole reply changes nothing about what it says; anything else beside it would.
    fenced = _FENCE.fullmatch(text)
    return fenced[1] if fenced else text


def _fields(value: object, names: list[str], where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Unreadable(f"{where.capitalize()} is not an object but {_brief(value)}.")
    for name in names:
        if name not in value:
            raise Unreadable(f"{where.capitalize()} lacks {name!r}.")
    for name in value:
        if name not in names:
            raise Unreadable(f"{where.capitalize()} has {storable(str(name))[:60]!r}, which was not asked.")
    return value


def _read(ask: Ask, field: object) -> list[Answer]:
    kind = ask.question.kind
    if kind == "text":
        return [Answer(ask.question.key, ask.part, _written(ask, field), None)]
    if kind == "checklist":
        lines = _fields(field, part_names(ask), ask.name)
        return [
            _pointed(
                ask,
                _joined(ask, part),
                *_explained(lines[name], f"{ask.name}.{name}"),
                where=f"{ask.name}.{name}",
            )
            for name, (part, _) in zip(part_names(ask), ask.parts, strict=True)
        ]
    if kind == "sentences":
        return _sentences(ask, field)
    explanation, score = _explained(field, ask.name)
    if kind in ("multi", "ranking"):
        return _several(ask, explanation, score)
    if not ask.points:
        return [_number(ask, explanation, score)]
    return [_pointed(ask, ask.part, explanation, score, where=ask.name)]


def _explained(field: object, where: str) -> tuple[str, object]:
    fields = _fields(field, ["explanation", "score"], where)
    return _text(fields["explanation"], f"{where}.explanation"), fields["score"]


def _pointed(ask: Ask, part: str, explanation: str, score: object, *, where: str) -> Answer:
    if score == UNABLE and ask.unable:
        return Answer(ask.question.key, part, None, None, explanation or "no reason given")
    if score is None and ask.question.shown_if:
        return Answer(ask.question.key, part, None, None, "")
    point = _point(ask.points, score, f"{where}.score", ask)
    return Answer(ask.question.key, part, point.value, point.number, explanation)


def _point(points: tuple[Point, ...], score: object, where: str, ask: Ask) -> Point:
    for point in points:
        said = ask.said(point)
        # 4 is a point; 4.0, "4" and True are other answers, and nobody turns them into one.
        if type(score) is type(said) and score == said:
            return point
    known = ", ".join(point.value for point in points)
    raise Unreadable(f"{where} is {_brief(score)}; it can be {known}.")


def _number(ask: Ask, explanation: str, score: object) -> Answer:
    if (score == UNABLE and ask.unable) or (score is None and ask.question.shown_if):
        return Answer(ask.question.key, ask.part, None, None, explanation if score else "")
    if type(score) not in (int, float):
        raise Unreadable(f"{ask.name}.score is {_brief(score)}; it must be a number.")
    try:
        number = ask.question.scale.number(score) if ask.question.scale else float(str(score))
    except (ValueError, OverflowError) as fault:
        raise Unreadable(f"{ask.name}.score: {fault}.") from None
    whole = isinstance(score, float) and score.is_integer() and abs(score) < 2**53
    value = str(int(number)) if whole else repr(score)
    return Answer(ask.question.key, ask.part, value, number, explanation)


def _several(ask: Ask, explanation: str, score: object) -> list[Answer]:
    known = {point.value: point for point in ask.points}
    if not isinstance(score, list) or not all(isinstance(one, str) and one in known for one in score):
        raise Unreadable(f"{ask.name}.score is {_brief(score)}; it must list some of {', '.join(known)}.")
    if len(set(score)) < len(score):
        raise Unreadable(f"{ask.name}.score names one twice: {_brief(score)}.")
    key = ask.question.key
    if ask.question.kind == "multi":
        chosen = json.dumps([value for value in known if value in score], ensure_ascii=False)
        return [Answer(key, ask.part, chosen, None, explanation)]
    if len(score) < len(known):
        raise Unreadable(f"{ask.name}.score leaves out {', '.join(sorted(set(known) - set(score)))}.")
    ranks = [(known[letter].label, rank) for rank, letter in enumerate(score, 1)]
    return [
        Answer(key, _joined(ask, output), str(rank), float(rank), explanation if rank == 1 else "")
        for output, rank in ranks
    ]


def _sentences(ask: Ask, field: object) -> list[Answer]:
    fields = _fields(field, ["explanation", "scores"], ask.name)
    explanation = _text(fields["explanation"], f"{ask.name}.explanation")
    scores = _fields(fields["scores"], part_names(ask), f"{ask.name}.scores")
    found: list[Answer] = []
    for name, (part, _) in zip(part_names(ask), ask.parts, strict=True):
        label, harm = _mark(ask, scores[name], f"{ask.name}.scores.{name}")
        key, place = ask.question.key, _joined(ask, part)
        found.append(Answer(key, place, label.value, label.number, "" if found else explanation))
        if harm is not None:
            found.append(Answer(f"{key}.severity", place, harm.value, harm.number))
    return found


def _joined(ask: Ask, part: str) -> str:
    return f"{ask.part}/{part}" if ask.part else part


def _mark(ask: Ask, mark: object, where: str) -> tuple[Point, Point | None]:
    severities = ask.question.severities
    if severities is None or not severities.points:
        return _point(ask.points, mark, where, ask), None
    fields = _fields(mark, ["label", "severity"], where)
    label = _point(ask.points, fields["label"], f"{where}.label", ask)
    if label == ask.points[0]:
        if fields["severity"] is not None:
            raise Unreadable(f"{where} says how bad, though {label.value!r} has no severity.")
        return label, None
    harms = {point.value: point for point in severities.points}
    harm = fields["severity"]
    if not isinstance(harm, str) or harm not in harms:
        raise Unreadable(f"{where}.severity is {_brief(harm)}; it can be {', '.join(harms)}.")
    return label, harms[harm]


def _asked(answers: list[Answer], form: Form) -> list[Answer]:
    """Leave out what was asked only after an answer that was not given; refuse its missing otherwise."""
    conditions = {ask.question.key: ask.question.shown_if for ask in form.asks}
    said = {(answer.question, answer.part): answer.value for answer in answers}
    kept = []
    for answer in answers:
        condition = conditions[answer.question.removesuffix(".severity")]
        if condition is None:
            kept.append(answer)
            continue
        key, values = condition
        met = said.get((key, answer.part), said.get((key, ""))) in values
        if met and answer.value is None and not answer.explanation:
            raise Unreadable(f"{answer.question} has no score, though {key} asks for one.")
        kept += [answer] if met else []
    return kept


def _written(ask: Ask, value: object) -> str:
    if not ask.question.entries:
        return _text(value, ask.name)
    if not isinstance(value, list) or len(value) > ask.question.entries:
        raise Unreadable(
            f"{ask.name} is {_brief(value)}; it must be a list of at most {ask.question.entries} lines."
        )
    return json.dumps([_text(line, ask.name) for line in value], ensure_ascii=False)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise Unreadable(f"{where} is {_brief(value)}; it must be a text.")
    return storable(value)


def _brief(value: object) -> str:
    shown = storable(json.dumps(value, ensure_ascii=False, default=str))
    return shown if len(shown) <= 60 else shown[:57] + "…"
