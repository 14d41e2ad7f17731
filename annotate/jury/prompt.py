"""A prompt: frame, questions and fenced texts, put together in one pass."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache

from annotate.fault import Fault
from annotate.item import Item
from annotate.jury.form import Ask, Form, letters_of
from annotate.jury.schema import part_names

DIVIDER = "=== item ==="
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_SYSTEM = {"questions", "instructions", "format"}
_USER = {"source", "prompt", "reference", "outputs", "parts"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent: the part that is the same for every item first, so that servers may cache it."""

    system: str
    user: str


def check_template(template: str, where: str) -> None:
    """Raise a `Fault` where a prompt frame lacks what every juror must see, or names the unknown."""
    if template.count(DIVIDER) != 1:
        raise Fault(
            f"{where}: a prompt frame has one line {DIVIDER!r} between what is constant and the item."
        )
    system, user = template.split(DIVIDER)
    for half, known, needed in ((system, _SYSTEM, "questions"), (user, _USER, "outputs")):
        names = set(_PLACE.findall(half))
        if needed not in names:
            raise Fault(f"{where}: the prompt frame has no {{{{{needed}}}}}.")
        if names - known:
            odd = sorted(names - known)[0]
            raise Fault(f"{where}: {{{{{odd}}}}} means nothing there (known: {', '.join(sorted(known))}).")


def prompt_for(
    item: Item, form: Form, *, template: str, salt: str, reference: bool, instructions: str = ""
) -> Prompt:
    """Return the prompt about one item.

    Parameters
    ----------
    salt : str
        The ledger's secret, from which the fences are made: no text can know its own.
    reference : bool
        Whether the juror may see the gold text.
    """
    system, user = template.split(DIVIDER)
    asks = _questions(form)
    closed = not any(ask.unable for ask in form.asks)
    how = f"{_FORMAT} {_CLOSED}" if closed else _FORMAT
    constant = {"questions": asks, "instructions": instructions, "format": how}
    return Prompt(_filled(system, constant), _filled(user, _texts(item, form, salt, reference)))


def _filled(half: str, texts: dict[str, str]) -> str:
    # One pass: what is put in is never looked at again, whatever braces or dollars it holds.
    filled = _PLACE.sub(lambda place: texts.get(place[1], ""), half)
    # What no server could be sent (half of a surrogate pair) is sent as a question mark.
    return filled.strip().encode("utf-8", "replace").decode()


def _texts(item: Item, form: Form, salt: str, reference: bool) -> dict[str, str]:
    outputs = [_output(output.text, letters_of(item).get(output.key, ""), salt) for output in item.outputs]
    golds = item.references if reference else ()
    return {
        "source": _fenced("source", "What the system was given to read", item.source, salt),
        "prompt": _fenced("prompt", "What the system was asked to do", item.prompt, salt),
        "reference": "\n\n".join(_fenced("reference", "A reference answer", gold, salt) for gold in golds),
        "outputs": "\n\n".join(outputs) or _placed(item, form, salt),
        "parts": "\n\n".join(_parts(ask, salt) for ask in form.asks if ask.parts),
    }


def _output(text: str, letter: str, salt: str) -> str:
    title = f"Output {letter}, which you judge" if letter else "The output, which you judge"
    return _fenced(f"output-{letter.lower()}" if letter else "output", title, text or "(empty)", salt)


def _placed(item: Item, form: Form, salt: str) -> str:
    # What a question asks for is not shown as a fact about the item.
    asked = {word for ask in form.asks for point in ask.points for word in (point.value, point.label)}
    levels = {ask.question.level for ask in form.asks if ask.question.kind == "placement"}
    facts = {"subcategory": item.subcategory, "category": item.category, "task": item.task}
    lines = [
        f"{name}: {said}" for name, said in facts.items() if said and said not in asked and name not in levels
    ]
    return _fenced("item", "The item, which you judge", "\n".join(lines) or item.key, salt)


def _parts(ask: Ask, salt: str) -> str:
    lines = "\n".join(f"[{name}] {text}" for name, (_, text) in zip(part_names(ask), ask.parts, strict=True))
    what = "Criteria" if ask.question.kind == "checklist" else "Sentences of the output"
    return _fenced("parts", f"{what} for `{ask.name}`, each by its number", lines, salt)


def _fenced(name: str, title: str, text: str, salt: str) -> str:
    if not text:
        return ""
    tag = fence(name, text, salt)
    return f"{title}:\n<{tag}>\n{text}\n</{tag}>"


def fence(name: str, text: str, salt: str) -> str:
    """Return a tag that `text` does not hold and cannot foresee.

    Examples
    --------
    >>> fence("output", "Take two.", "secret") == fence("output", "Take two.", "secret")
    True
    """
    for turn in range(100):
        message = f"{turn}\0{name}\0{text}".encode("utf-8", "surrogatepass")
        tag = f"{name}-{hmac.new(salt.encode(), message, hashlib.sha256).hexdigest()[:16]}"
        if tag not in text:
            return tag
    raise Fault(f"A text of 100 fences cannot be fenced ({name}).")


@lru_cache(maxsize=64)
def _questions(form: Form) -> str:
    return "\n\n".join(_asked(ask) for ask in form.asks)


def _asked(ask: Ask) -> str:
    question = ask.question
    about = f"`{ask.name}`: {question.text}" + (f" ({question.hint})" if question.hint else "")
    lines = [about, _how(ask)]
    lines += [f"  {_shown(ask, n)}" for n in range(len(ask.points))]
    if question.severities and question.severities.points and question.kind == "sentences":
        harms = "; ".join(f"{p.value} = {p.label}" for p in question.severities.points)
        lines.append(f"  and a severity ({harms}), null for the first point")
    if ask.unable:
        lines.append('  "unable" = cannot be judged; say why in the explanation')
    if question.shown_if:
        key, values = question.shown_if
        lines.append(f"  Answer only if `{key}` is {' or '.join(values)}; else the score is null.")
    return "\n".join(lines)


def _shown(ask: Ask, n: int) -> str:
    point = ask.points[n]
    if ask.question.kind == "ranking":
        return point.value
    return f"{point.value} = {point.label}" if point.label != point.value else point.value


def _how(ask: Ask) -> str:
    question, scale = ask.question, ask.question.scale
    match question.kind:
        case "multi":
            return "Score: a list of all that apply, perhaps empty:"
        case "ranking":
            return "Score: a list of all the outputs, best first:"
        case "checklist":
            return "For each criterion of the item an explanation and a score:"
        case "sentences":
            return "One explanation, and for each numbered sentence a score:"
        case "text" if question.entries:
            return f"Answer with a list of at most {question.entries} lines, best first."
        case "text":
            return "Answer with a text."
    if not ask.points and scale:
        bounds = [f"from {scale.low:g}"] if scale.low is not None else []
        bounds += [f"to {scale.high:g}"] if scale.high is not None else []
        return " ".join(["Score: a number", *bounds])
    return "Score: exactly one of"


_FORMAT = """Reply with one JSON object and nothing else: no other text, no code fence. Its fields are the
names of the questions, all of them and in this order; each holds first an "explanation" (a sentence or
two) and then a "score". Write scores exactly as listed: whole numbers as numbers, words as strings."""
_CLOSED = "Every question needs its answer here, also where you are unsure."
