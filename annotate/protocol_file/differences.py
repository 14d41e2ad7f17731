"""What changed between two versions of a protocol, in sentences that a lead can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotate.protocol import Protocol
from annotate.protocol_file.write import plain, question_plain
from annotate.question import Question

LONGEST = 80


def differences(old: Protocol, new: Protocol) -> tuple[str, ...]:
    """Return one sentence a change; none when the two are the same version.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from annotate.protocol_file import parse
    >>> old = parse('''{protocol: p, title: T, unit: output,
    ...   questions: [{key: harm, kind: choice, text: Harmful, points: [yes, no]}]}''')
    >>> new = replace(old, title="Harm", questions=(replace(old.questions[0], text="Is it harmful?"),))
    >>> for sentence in differences(old, new):
    ...     print(sentence)
    title: 'T' became 'Harm'.
    question 'harm', text: 'Harmful' became 'Is it harmful?'.
    """
    before, after = plain(old), plain(new)
    before.pop("questions", None)
    after.pop("questions", None)
    return (*_mappings("", before, after), *_questions(old.questions, new.questions))


def _questions(old: tuple[Question, ...], new: tuple[Question, ...]) -> Iterator[str]:
    before = {question.key: question for question in old}
    after = {question.key: question for question in new}
    yield from (f"question {key!r} was removed." for key in before if key not in after)
    yield from (
        f"question {key!r} was added: {_said(after[key].text)}." for key in after if key not in before
    )
    both = [key for key in before if key in after]
    for key in both:
        yield from _mappings(f"question {key!r}, ", question_plain(before[key]), question_plain(after[key]))
    order = [key for key in after if key in before]
    if order != both:
        yield f"the questions come in another order: {', '.join(after)}."


def _mappings(where: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for key in [*old, *(key for key in new if key not in old)]:
        yield from _change(f"{where}{key}", old.get(key), new.get(key))


def _change(where: str, old: Any, new: Any) -> Iterator[str]:
    if repr(old) == repr(new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _mappings(f"{where}, ", old, new)
        if list(old) != list(new) and sorted(old) == sorted(new):
            yield f"{where}: the order became {', '.join(new)}."
    elif old is None:
        yield f"{where}: {_said(new)} was added."
    elif new is None:
        yield f"{where}: {_said(old)} was removed."
    else:
        yield f"{where}: {_said(old)} became {_said(new)}."


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return _cut(f"({'; '.join(f'{key}: {_plain_said(part)}' for key, part in value.items())})")
    return _cut(_plain_said(value) if isinstance(value, list) else repr(value))


def _plain_said(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_plain_said(part) for part in value) + "]"
    return str(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 2] + "…" + text[-1]
