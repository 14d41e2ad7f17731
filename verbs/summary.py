"""A study summed up as its protocol says: every question, every way that it names."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping

import pandas as pd

from agreement.summary import Asked, Summary, summarise
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.summing import summing
from data.formats.told import told
from data.store import Store, assignments, items, open_store, raters, studies
from data.store.frame import ratings_frame
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
    """Return a study's summaries from what raters say now."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        frame = ratings_frame(
            session, study_id=row.id, kinds=("clinician", "juror", "metric"), words=("value", "comment")
        )
        things = items.in_study(session, study_id=row.id)
        people = raters.in_study(session, study_id=row.id, kinds=("clinician",))
        forms = assignments.in_study(session, study_id=row.id, withdrawn=True)
    protocol = current_protocol(store, study_id=row.id)
    counted = [name for name, _ in protocol.design.groups]
    groups = {rater.key: _group(rater.specialty, counted) for rater in people}
    arms = {(form.item, form.rater): form.arm for form in forms if form.arm}
    return summaries(protocol, frame, things, groups=groups, arms=arms)


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
