"""A study summed up as its protocol says: every question, every way that it names."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from agreement.summary import Asked, Summary, summarise
from annotate.adjudication import settled
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.summing import OF_RATERS, Summing, summing
from data.formats.told import told
from data.store import Store, assignments, items, open_store, raters, studies
from data.store.frame import ratings_frame
from verbs.adjudicate import said_in
from verbs.protocol import current_protocol


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `consilium summary` takes."""
    parser.add_argument("study", metavar="STUDY")


def run(args: argparse.Namespace) -> int:
    """Print every summary that the protocol names."""
    for found in study_summaries(open_store(), study=args.study):
        print(f"{found.question}, {found.how}")
        for name, figure in found.figures.items():
            print(f"  {name:<28} {figure}")
        if found.table is not None and found.table.size:
            print("\n".join(f"  {line}" for line in found.table.to_string().splitlines()))
        for text in found.texts:
            print(f"  “{text}”")
    return 0


def study_summaries(store: Store, *, study: str) -> list[Summary]:
    """Return a study's summaries from what raters say now, and those after adjudication if it has any."""
    words = ("value", "comment")
    with store.reading() as session:
        row = studies.named(session, name=study)
        frame = ratings_frame(session, study_id=row.id, kinds=("clinician", "juror", "metric"), words=words)
        hers = ratings_frame(
            session, study_id=row.id, kinds=("clinician",), rounds=("adjudication",), words=words
        )
        things = items.in_study(session, study_id=row.id)
        people = raters.in_study(session, study_id=row.id, kinds=("clinician",))
        forms = assignments.in_study(session, study_id=row.id, withdrawn=True)
    protocol = current_protocol(store, study_id=row.id)
    counted = [name for name, _ in protocol.design.groups]
    groups = {rater.key: _group(rater.specialty, counted) for rater in people}
    arms = {(form.item, form.rater): form.arm for form in forms if form.arm}
    found = summaries(protocol, frame, things, groups=groups, arms=arms)
    return [*found, *after_adjudication(protocol, frame, hers, things)] if len(hers) else found


def _group(words: str, counted: list[str]) -> str:
    said = [word.strip() for word in words.split(";")]
    return next((word for word in said if word in counted), said[0])


def summaries(
    protocol: Protocol,
    frame: pd.DataFrame,
    things: Iterable[Item],
    *,
    groups: Mapping[str, str] | None = None,
    arms: Mapping[tuple[str, str], str] | None = None,
) -> list[Summary]:
    """Return every summary that a protocol names, from the long frame."""
    everything = told(frame, things, groups=groups, arms=arms)
    found = []
    for key, how in protocol.summary:
        way = summing(how)
        found.append(summarise(everything, asked_of(protocol, key), way.name, way.argument, way.by))
    return found


def after_adjudication(
    protocol: Protocol, frame: pd.DataFrame, hers: pd.DataFrame, things: Iterable[Item]
) -> list[Summary]:
    """Return the summaries for which one settled answer for each item is enough, from settled answers.

    Parameters
    ----------
    hers : DataFrame
        The adjudicator's answers, with the columns of `frame`.
    """
    if not protocol.design.adjudicate:
        return []
    people = frame["kind"].astype(str) == "clinician"
    answers, still_open = settled(protocol, said_in(frame[people]), said_in(hers))
    columns = {
        name: [getattr(each, name) for each in answers] for name in ("item", "question", "rater", "value")
    }
    places = [each.part.partition("/") for each in answers]
    numbers = [float("nan") if each.number is None else each.number for each in answers]
    rows = pd.DataFrame(
        columns
        | {
            "step": [step for step, _, _ in places],
            "part": [part for _, _, part in places],
            "number": numbers,
        }
        | {"kind": "clinician", "occasion": 1, "status": "answered", "comment": ""}
    )
    everything = told(pd.concat([rows, frame[~people]], ignore_index=True), things)
    asked = set(rows["question"])
    note = f", after adjudication ({still_open:,} in dispute)" if still_open else ", after adjudication"
    return [
        replace(found, how=found.how + note)
        for key, way in _settling(protocol)
        if key in asked or (key == "composite" and set(protocol.composite) <= asked)
        for found in [summarise(everything, asked_of(protocol, key), way.name, way.argument, way.by)]
    ]


def _settling(protocol: Protocol) -> list[tuple[str, Summing]]:
    """The summaries that a settled answer can enter: neither about raters nor split by them."""
    ways = [(key, summing(how)) for key, how in protocol.summary]
    return [
        (key, way)
        for key, way in ways
        if way.name not in OF_RATERS and way.by not in ("group", "arm", "rater")
    ]


def asked_of(protocol: Protocol, key: str) -> Asked:
    """Return what a way of summing up must know of a question, or of the composite."""
    if key == "composite":
        scale = protocol.question(protocol.composite[0]).scale
        return Asked("composite", measured=scale.level if scale else "interval", composite=protocol.composite)
    question = protocol.question(key)
    points = question.scale.points if question.scale else ()
    declared = tuple((point.value, point.label, point.number) for point in points)
    if question.kind == "checklist":
        declared = (("not met", "not met", 0.0), ("met", "met", 1.0))
    measured = question.scale.level if question.scale else "nominal"
    return Asked(key, declared, measured, question.level if question.kind == "placement" else "category")
