"""What MedHELM's own code hides about a run, in figures and sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotate.rating import Rating
from data.formats.findings import number_of
from data.formats.helm.answers import REDACTED, Answer, shared
from data.formats.helm.jury import Jury, mean, own_family, strangers
from data.formats.helm.spec import Spec

PLANTED = re.compile(
    r'"score"\s*:|\b(?:ignore|disregard) (?:all |any )?(?:previous|prior|above) instructions', re.I
)


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run, honestly.

    Attributes
    ----------
    name, suite, benchmark, system : str
        Which run.
    outputs, judged, full : int
        Outputs; those that at least one juror scored; those that all jurors scored on everything.
    theirs : float
        The mean jury score that MedHELM wrote, over all outputs.
    honest, complete : float
        The mean over outputs of the declared points given, where there are any; the same where all are.
    hidden : tuple of str
        Sentences.
    """

    name: str
    suite: str
    benchmark: str
    system: str
    outputs: int
    judged: int
    full: int
    theirs: float
    honest: float
    complete: float
    hidden: tuple[str, ...]


def report(
    spec: Spec,
    juries: Sequence[Jury],
    answers: Sequence[Answer],
    ratings: Mapping[str, Sequence[Rating]],
    theirs: Mapping[str, float],
    apart: Sequence[str],
    failed: int,
) -> RunReport:
    """Return the report of one run.

    Parameters
    ----------
    ratings, theirs
        The jurors' ratings, and MedHELM's jury score, by item.
    apart
        What is to be said of how the system was asked.
    failed
        Requests that have no output.
    """
    means = {item: mean(rows) for item, rows in ratings.items()}
    judged = {item: value for item, value in means.items() if not math.isnan(value)}
    full = {item: judged[item] for item in judged if all(r.number is not None for r in ratings[item])}
    sentences = [*apart, *_texts(answers, failed), *strangers(spec, answers, juries)]
    for place, jury in enumerate(juries):
        before = f"{jury.name}: " if place else ""
        sentences += [before + sentence for sentence in _jury(spec, jury)]
    sentences += _invented(theirs, judged)
    if juries and juries[0].weighted:
        sentences.append("MedHELM's jury score is a weighted mean by its own rubric here; not compared.")
    elif juries:
        sentences += _beside(theirs, judged, full)
    return RunReport(
        spec.name,
        spec.suite,
        spec.benchmark,
        spec.system,
        len(answers),
        len(judged),
        len(full),
        _mean(theirs.values()),
        _mean(judged.values()),
        _mean(full.values()),
        tuple(sentences),
    )


def _mean(values: object) -> float:
    numbers = list(values)  # type: ignore[call-overload]
    return sum(numbers) / len(numbers) if numbers else math.nan


def _texts(answers: Sequence[Answer], failed: int) -> list[str]:
    said = []
    if failed:
        said.append(f"{number_of(failed, 'request')} failed and left no output to rate.")
    if unsure := len(shared(answers)):
        said.append(
            f"{number_of(unsure, 'instance id')} given to several instances: which metrics are whose cannot "
            "be told, so none came in."
        )
    texts = [answer.item.outputs[0].text for answer in answers]
    if empty := sum(not text.strip() for text in texts):
        said.append(f"Empty: {number_of(empty, 'output')}.")
    hidden = [
        a.item for a in answers if REDACTED in (a.item.source.strip(), a.item.prompt, a.item.outputs[0].text)
    ]
    if hidden:
        said.append(
            f"{number_of(len(hidden), 'item')} with {REDACTED} instead of a text: nobody can rate those."
        )
    if planted := sum(bool(PLANTED.search(text)) for text in texts):
        said.append(
            f"{number_of(planted, 'output')} with text like a verdict or an instruction, "
            "which MedHELM pastes unescaped into the jurors' prompt."
        )
    return said


def _jury(spec: Spec, jury: Jury) -> list[str]:
    said = []
    for name, count in jury.dropped.items():
        said.append(
            f"{name}: {count} of {jury.asked} replies dropped silently; unanswered here, with the reason."
        )
    for name, count in jury.lost.items():
        said.append(f"{name}: {number_of(count, 'score')} missing or no declared point; unanswered here.")
    if jury.as_text:
        said.append(f'{number_of(jury.as_text, "score")} written as text, such as "4".')
    if jury.extra:
        names = ", ".join(f"{key!r} ({count})" for key, count in jury.extra.most_common(5))
        said.append(f"Keys that no question has and that MedHELM averages in: {names}; left out.")
    if jury.unjudged:
        said.append(f"Shown to no juror, so without rows: {number_of(len(jury.unjudged), 'output')}.")
    if not jury.named:
        said.append("The run does not say whom it asked: a juror that never replied would not be seen.")
    if relatives := own_family(jury, spec.system):
        said.append(f"{', '.join(relatives)} judged a model of its own maker ({spec.system}).")
    return said


def _invented(theirs: Mapping[str, float], judged: Mapping[str, float]) -> list[str]:
    invented = [value for item, value in theirs.items() if item not in judged]
    if not invented:
        return []
    values = ", ".join(f"{value:.1f}" for value in sorted(set(invented))[:3])
    what = number_of(len(invented), "output")
    return [f"MedHELM gives a jury score to {what} that no juror scored (its default: {values})."]


def _beside(theirs: Mapping[str, float], judged: Mapping[str, float], full: Mapping[str, float]) -> list[str]:
    if not theirs:
        return ["No jury score in per_instance_stats.json to compare with."]
    said = f"MedHELM's mean jury score is {_mean(theirs.values()):.2f} over {len(theirs)}"
    if not judged:
        return [f"{said}; no juror gave a score that counts."]
    said += f"; of the points really given it is {_mean(judged.values()):.2f} over {len(judged)}"
    if full and len(full) < len(judged):
        said += f", and {_mean(full.values()):.2f} over the {len(full)} that all jurors scored"
    changed = sum(abs(theirs[item] - judged[item]) > 5e-4 for item in theirs if item in judged)
    return [
        f"{said}.",
        *([f"{number_of(changed, 'output')} scored differently by MedHELM."] if changed else []),
    ]
