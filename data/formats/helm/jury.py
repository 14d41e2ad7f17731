"""The run's jury as raters: every juror that was asked has a row, answered or not, and why not."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotate.rating import Rating, unanswered
from annotate.scale import Scale
from data.formats.helm.answers import Answer
from data.formats.helm.forms import explanation, is_reply
from data.formats.helm.shapes import mapping, text
from data.formats.helm.spec import CRITERIA, HelmJuror, Spec, juror
from data.formats.records import number_text

DROPPED = "HELM dropped this juror's reply (a failed call or unreadable JSON; it keeps no reason)"
NOT_APPLICABLE = ("na", "n/a", "not applicable")


@dataclass
class Jury:
    """Who judged a run, on what, and what was wrong with their replies."""

    name: str
    jurors: dict[str, HelmJuror]
    criteria: tuple[str, ...]
    scales: Mapping[str, Scale]
    named: bool = True
    weighted: bool = False
    dropped: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    as_text: int = 0
    asked: int = 0
    unjudged: list[str] = field(default_factory=list)


def juries_of(spec: Spec, answers: Sequence[Answer]) -> list[Jury]:
    """Return the run's juries, as configured and as their replies show; the first is the one it scores by."""
    found: dict[str, dict[str, HelmJuror]] = {
        name: {j.name: j for j in js} for name, js in spec.annotators.items()
    }
    seen = {name for answer in answers for name in answer.annotations}
    criteria: dict[str, Counter[str]] = {}
    replies: Counter[str] = Counter()
    for answer in answers:
        for name, annotation in answer.annotations.items():
            for key, reply in _replies(annotation):
                found.setdefault(name, {}).setdefault(key, juror(key))
                replies[name] += 1
                scored = (c for c, said in reply.items() if isinstance(said, Mapping) and "score" in said)
                criteria.setdefault(name, Counter()).update(scored)
    judging = [name for name, jurors in found.items() if name in seen and jurors]
    return [
        _jury(spec, name, found[name], criteria.get(name, Counter()), replies[name], first=not place)
        for place, name in enumerate(judging)
    ]


def _jury(
    spec: Spec, name: str, jurors: dict[str, HelmJuror], said: Counter[str], replies: int, *, first: bool
) -> Jury:
    usual = tuple(c for c, count in said.items() if count * 2 >= replies)
    criteria = _asked(spec, usual) if first else usual
    if not first:  # one model under two prompts is two jurors
        jurors = {key: juror(key, {"model_name": j.model}, name) for key, j in jurors.items()}
    scales = {criterion: spec.scale(criterion) for criterion in criteria}
    return Jury(name, jurors, criteria, scales, name in spec.annotators, bool(spec.rubric))


def strangers(spec: Spec, answers: Sequence[Answer], juries: Sequence[Jury]) -> list[str]:
    """Return what the annotators that are no jury wrote, and juries that never spoke, in sentences."""
    known = {jury.name for jury in juries}
    keys: dict[str, set[str]] = {}
    for answer in answers:
        for name, annotation in answer.annotations.items():
            if name not in known:
                keys.setdefault(name, set()).update(set(map(str, mapping(annotation))) - {"prompt_text"})
    said = [
        f"The annotator {name!r} is no jury ({', '.join(sorted(wrote)[:4]) or 'no fields'}); left out."
        for name, wrote in keys.items()
    ]
    silent = [name for name, jurors in spec.annotators.items() if jurors and name not in known | set(keys)]
    said += [
        f"The run names the jurors {', '.join(j.name for j in spec.annotators[name])} and holds no word of "
        "theirs: it was not judged."
        for name in silent
    ]
    return said


def _asked(spec: Spec, usual: tuple[str, ...]) -> tuple[str, ...]:
    """What the jurors were asked: as configured or tabled, unless most replies say otherwise."""
    if spec.criteria and (spec.configured or not usual or set(spec.criteria) <= set(usual)):
        return spec.criteria
    return usual or CRITERIA


def _replies(annotation: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The jurors in an annotation; other annotators hold any JSON."""
    for key, reply in mapping(annotation).items():
        if is_reply(key, reply):
            yield key, reply


def judged(jury: Jury, answer: Answer) -> Iterator[Rating]:
    """Yield what each juror said about an output: nothing at all where it was never asked."""
    annotation = mapping(answer.annotations.get(jury.name))
    if answer.number or not was_asked(annotation, answer):
        if not answer.number:
            jury.unjudged.append(answer.item.key)
        return
    jury.asked += 1
    for name, rater in jury.jurors.items():
        reply = annotation.get(name)
        if not isinstance(reply, Mapping) or not reply:
            jury.dropped[name] += 1
        else:
            jury.extra.update(set(reply) - set(jury.criteria))
        for criterion in jury.criteria:
            yield _rating(jury, answer.item.key, rater, criterion, reply)


def was_asked(annotation: Mapping[str, Any], answer: Answer) -> bool:
    """Whether the jurors saw the output: HELM asks none about an empty one."""
    if any(True for _ in _replies(annotation)):
        return True
    if annotation.get("prompt_text"):
        return True
    return bool(annotation) and "prompt_text" not in annotation and bool(answer.item.outputs[0].text.strip())


def _rating(jury: Jury, item: str, rater: HelmJuror, criterion: str, reply: Any) -> Rating:
    if not isinstance(reply, Mapping) or not reply:
        return unanswered(item, rater.key, criterion, status="failed", reason=DROPPED)
    said = reply.get(criterion)
    held = mapping(said)
    score = held.get("score") if isinstance(said, Mapping) else said
    scale = jury.scales[criterion]
    point = _point(score, scale)
    comment = _comment(explanation(held))
    if point is None and isinstance(score, str) and score.strip().lower() in NOT_APPLICABLE:
        reason = f"the juror said {text(score).strip()}"
        return Rating(item, rater.key, criterion, None, status="unable", reason=reason, comment=comment)
    if point is None:
        jury.lost[rater.name] += 1
        reason = _why(criterion, score, scale, criterion in reply)
        return Rating(item, rater.key, criterion, None, status="failed", reason=reason, comment=comment)
    jury.as_text += isinstance(score, str)
    return Rating(item, rater.key, criterion, point[0], point[1], comment=comment)


def _point(score: Any, scale: Scale) -> tuple[str, float] | None:
    """The declared point that a score names: 4, 4.0 and "4" do; 4.9, 7, "4/5", true and null do not."""
    if isinstance(score, bool) or not isinstance(score, (int, float, str)):
        return None
    try:
        number = scale.number(score.strip() if isinstance(score, str) else score)
    except (ValueError, OverflowError):
        return None
    if not scale.points:
        return (number_text(number), number) if math.isfinite(number) else None
    return next(((point.value, point.number) for point in scale.points if point.number == number), None)


def _why(criterion: str, score: Any, scale: Scale, present: bool) -> str:
    if not present:
        return f"the juror's reply has no {criterion!r}"
    if score is None:
        return f"the juror gave no score for {criterion!r}"
    said = text(json.dumps(score, ensure_ascii=False))
    return f"the juror's score {said[:80]} is not a point of {criterion!r} ({_offered(scale)})"


def _offered(scale: Scale) -> str:
    if scale.points:
        return ", ".join(point.value for point in scale.points)
    bounds = ["any number" if scale.low is None else f"{scale.low:g}", scale.high]
    return str(bounds[0]) if bounds[1] is None else f"{bounds[0]} to {bounds[1]:g}"


def _comment(said: Any) -> str:
    if said is None or isinstance(said, str):
        return text(said)
    return text(json.dumps(said, ensure_ascii=False))


def own_family(jury: Jury, system: str) -> list[str]:
    """Return the jurors that judge a relative: a model of the system's own maker.

    Examples
    --------
    >>> gpt = {"gpt": juror("gpt", {"model_name": "openai/gpt-4o"})}
    >>> own_family(Jury("aci_bench", gpt, CRITERIA, {}), "openai/o3-mini")
    ['gpt']
    """
    own = _maker(system)
    return [name for name, rater in jury.jurors.items() if own and _maker(rater.model or name) == own]


_MAKERS = {
    "openai": ("gpt", "openai", "o1", "o3", "o4"),
    "anthropic": ("claude", "anthropic"),
    "meta": ("llama", "meta"),
    "google": ("gemini", "gemma", "google", "palm", "medgemma"),
    "qwen": ("qwen", "alibaba"),
    "mistral": ("mistral", "mixtral", "ministral"),
    "deepseek": ("deepseek",),
    "microsoft": ("phi", "microsoft"),
    "cohere": ("command", "cohere", "aya"),
    "xai": ("grok", "xai"),
}


def _maker(model: str) -> str:
    words = model.lower().replace("_", "/").replace("-", "/").replace(".", "/").split("/")
    for maker, names in _MAKERS.items():
        if any(word.startswith(name) if len(name) > 2 else word == name for word in words for name in names):
            return maker
    return model.rpartition("/")[0].lower()


def mean(ratings: Sequence[Rating]) -> float:
    """Return the mean of what was answered, NaN where nothing was: never 1.0.

    Examples
    --------
    >>> mean([Rating("a", "g", "clarity", "4", 4.0), Rating("a", "l", "clarity", "2", 2.0)])
    3.0
    """
    numbers = [rating.number for rating in ratings if rating.number is not None]
    return sum(numbers) / len(numbers) if numbers else math.nan
