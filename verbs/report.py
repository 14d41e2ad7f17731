"""The agreement report in every format: of a study in the store, or of a file of ratings."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from agreement.decision import Plan
from agreement.panel import on_panel
from agreement.paper.whole import Attendance, Progress, Whole, whole
from agreement.report.settings import Settings
from annotate.fault import Fault
from annotate.item import Item
from annotate.protocol_file import parse
from annotate.rating import RATER_KINDS
from data.formats.outputs import outputs_frame
from data.ledger import JuryLedger
from data.store import Session, Store, items, open_store, raters, ratings, studies
from data.store import progress as progresses
from data.store.frame import ratings_frame
from data.tables import Rater
from verbs import unordered
from verbs.looks import Stated, newest_plan, stated_plan
from verbs.plan_file import read_plan
from verbs.priced import priced
from verbs.procedure import procedure
from verbs.statements import harmless_points, statements
from verbs.terminal import tell, user
from verbs.written import write_report


@dataclass(frozen=True, slots=True)
class Material:
    """What a study's report is made from, as it stood at one moment.

    Attributes
    ----------
    protocol : str
        The text of its newest version; empty where there is none.
    facts : dict
        Where the figures come from, in words.
    """

    study_id: int
    title: str
    protocol: str
    frame: pd.DataFrame
    items: Sequence[Item]
    machines: Sequence[Rater]
    panel: tuple[str, ...]
    attendance: tuple[Attendance, ...]
    procedure: dict[str, str]
    facts: dict[str, str]


def study_report(
    store: Store,
    *,
    name: str,
    who: str,
    plan: Plan | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda said: None,
    jury: Sequence[str] = (),
    texts: bool = False,
) -> tuple[Whole, str, dict[str, str]]:
    """Return the figures of a study in the store, its title and where they come from.

    With `texts`, suggested sentences are shown in words.
    Looking at agreement unseals a study that still runs; that, and who looked, stays in its log.
    """
    progress(f"reading {name}")
    stated = stated_plan(store, study=name) if plan is None else None
    study = _material(store, name=name, who=who, jury=jury)
    if study.frame.empty:
        raise Fault(f"The study {name!r} has no ratings yet; a report needs some.")
    settings = replace(settings or Settings(), jury=study.panel)
    outputs, prices = priced(outputs_frame(study.items))
    frame, measures = unordered.of_protocol(
        study.frame, parse(study.protocol).questions if study.protocol else ()
    )
    with threadpool_limits(1):  # matrices are small: more threads wait for one another
        found = whole(
            frame,
            outputs,
            plan=stated.plan if stated else plan,
            settings=settings,
            points=_points(study.protocol),
            measures=measures,
            progress=progress,
        )
        progress("sentences to look at first")
        harmless = harmless_points(study.protocol)
        suggested = statements(found.answers, study.items, harmless=harmless, settings=settings, texts=texts)
    made = replace(
        found,
        identities=_identities(study.machines),
        attendance=study.attendance,
        procedure=study.procedure,
        statements=suggested,
        spent=_spent(store, study.study_id),
    )
    return made, study.title, study.facts | _plan_fact(stated) | ({"prices": prices} if prices else {})


def _material(store: Store, *, name: str, who: str, jury: Sequence[str]) -> Material:
    with store.writing() as session:
        study = studies.named(session, name=name)
        if not study.demo:
            studies.unseal(session, study_id=study.id, who=who, reason="the agreement report was made")
        version = studies.latest_protocol(session, study_id=study.id)
        machines = raters.in_study(session, study_id=study.id, kinds=("juror", "metric"))
        facts = {
            "study": name,
            "protocol": f"version {version.number}, {version.sha256[:16]}" if version else "none",
            "ratings": f"chain of hashes ends in {ratings.head(session, study_id=study.id)[:32]}",
        }
        return Material(
            study_id=study.id,
            title=study.title or name,
            protocol=version.text if version else "",
            frame=ratings_frame(session, study_id=study.id, kinds=RATER_KINDS, words=("value", "reason")),
            items=items.in_study(session, study_id=study.id),
            machines=machines,
            panel=_panel(jury, raters.panel(session, study_id=study.id), machines),
            attendance=_attendance(session, study.id),
            procedure=procedure(session, study, parse(version.text)) if version else {},
            facts=facts,
        )


def _plan_fact(stated: Stated | None) -> dict[str, str]:
    if stated is None:
        return {}
    late = ", after unsealing" if stated.late else ""
    return {"plan stated": f"{stated.at:%Y-%m-%d %H:%M} UTC{late}"}


def _attendance(session: Session, study_id: int) -> tuple[Attendance, ...]:
    return tuple(
        Attendance(one.rater, one.specialty, one.assigned, one.submitted, one.minutes, one.left)
        for one in progresses.by_rater(session, study_id=study_id)
    )


def _spent(store: Store, study_id: int) -> dict[str, float]:
    """What each juror's replies cost; NaN where the price of some is not known."""
    paid: dict[str, float] = {}
    for row in JuryLedger(store, study_id).models():
        dollars = float("nan") if row["dollars"] is None else float(row["dollars"])
        paid[row["rater"]] = paid.get(row["rater"], 0.0) + dollars
    return paid


def _identities(machines: Sequence[Rater]) -> dict[str, dict[str, Any]]:
    return {rater.key: {**rater.identity, "identity_sha256": rater.identity_sha256} for rater in machines}


def made_from(store: Store, *, name: str) -> str:
    """Return a hash of what a study's report is made from: while it stays, so does the report."""
    with store.reading() as session:
        study = studies.named(session, name=name)
        version = studies.latest_protocol(session, study_id=study.id)
        machines = raters.in_study(session, study_id=study.id, kinds=("juror", "metric"))
        stated = newest_plan(session, study)
        parts = (
            ratings.head(session, study_id=study.id),
            version.sha256 if version else "",
            stated.plan.hash if stated else "",
            *sorted(items.ids_by_key(session, study_id=study.id)),
            *(f"{rater.key} {rater.identity_sha256}" for rater in machines),
        )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _panel(asked: Sequence[str], panel: tuple[str, ...], machines: Sequence[Rater]) -> tuple[str, ...]:
    """The jurors that were asked for, else the study's own, as far as names alone do not say otherwise."""
    jurors = [rater.key for rater in machines if rater.kind == "juror"]
    for name in asked:
        if name not in jurors:
            known = ", ".join(jurors) or "none"
            raise Fault(f"--jury names {name!r}, which is no juror of this study (jurors: {known}).")
    return tuple(asked) if asked else tuple(name for name in panel if on_panel(name))


def _points(text: str) -> dict[str, list[float]]:
    """The declared points of the protocol's questions: also those that nobody used."""
    if not text:
        return {}
    scales = {q.key: q.scale for q in parse(text).questions}
    return {
        key: sorted(point.number for point in scale.points)
        for key, scale in scales.items()
        if scale is not None and scale.points and scale.level != "nominal"
    }


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `consilium report`."""
    parser.add_argument("study", help="the study's name")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the report's files go")
    parser.add_argument(
        "--plan", type=Path, help="the plan made beforehand (the study's own): JSON, TOML or YAML"
    )
    parser.add_argument(
        "--jury", action="append", default=[], metavar="JUROR", help="whose mean is the jury (all jurors)"
    )
    parser.add_argument(
        "--texts",
        action="store_true",
        help="show suggested sentences in words: keep such a report in the house",
    )
    parser.add_argument("--seed", type=int, default=0, help="of every bootstrap (0); a plan has its own")
    parser.add_argument("--replicates", type=int, default=2000, help="of every bootstrap (2000)")


def run(args: argparse.Namespace) -> int:
    """Write the report of a study. 0 when it was made."""
    if args.replicates < 100 or args.seed < 0:
        raise Fault("--replicates needs 100 or more, and --seed 0 or more.")
    settings = Settings(args.seed, args.replicates)
    plan = read_plan(args.plan) if args.plan else None
    store = open_store()
    try:
        found, title, facts = study_report(
            store,
            name=args.study,
            who=user(),
            plan=plan,
            settings=settings,
            progress=tell,
            jury=args.jury,
            texts=args.texts,
        )
    finally:
        store.close()
    paths = write_report(found, args.out, title=title, provenance=facts, progress=tell)
    print(f"{len(paths)} files in {args.out}; open {args.out / 'report.html'}")
    return 0
