"""The agreement report straight from a file of ratings: printed, and every figure as JSON."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from agreement.decision.plan import Plan
from agreement.report import Report, compare
from agreement.report.kinds import MEASURES
from agreement.report.settings import Settings
from agreement.report.words import in_words
from annotate.fault import Fault
from data.formats.appear import put
from data.formats.beside import told_by, undescribed
from data.formats.items import ItemsFile, read_items
from data.formats.long import LongFile, read_ratings
from data.formats.outputs import outputs_frame
from verbs import unordered
from verbs.plan_file import read_plan
from verbs.scales import Declared, ask_columns, ask_direction, declared, known, order_unknown
from verbs.slowly import slowly
from verbs.terminal import tell


def report(
    ratings: LongFile,
    items: ItemsFile | None = None,
    *,
    points: Mapping[str, Sequence[float]] | None = None,
    slots: bool = False,
    measures: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    progress: Callable[[str], None] = lambda said: None,
) -> Report:
    """Return the report on a file of ratings: what a page shows and the terminal prints.

    Parameters
    ----------
    points : mapping of question to numbers, optional
        Declared scales; ``""`` holds for every question with numbers.
    measures : mapping of question to measure, optional
        How answers are read where they do not show it; see `agreement.report.kinds`.
    """
    facts = facts_of(ratings, items)
    every = Declared(points={name: list(known) for name, known in (points or {}).items()}).every(
        ratings.frame
    )
    return compare(
        ratings.frame,
        facts,
        points=every,
        slots=slots,
        measures=measures,
        settings=settings,
        progress=progress,
    )


def facts_of(ratings: LongFile, items: ItemsFile | None) -> pd.DataFrame | None:
    """Return what is known of the outputs: from the items file, else from the ratings' own columns."""
    return told_by(outputs_frame(items.items) if items else None, ratings.facts)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `consilium agree`."""
    parser.add_argument("ratings", type=Path, help="the long file of ratings: CSV, XLSX, JSONL or Parquet")
    parser.add_argument(
        "--items",
        type=Path,
        help="the items: case, system and further strata (else the ratings' own columns)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write the whole report to DIR, in every format"
    )
    parser.add_argument("--plan", type=Path, help="the rules of the decision: JSON, TOML or YAML")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE")
    parser.add_argument("--seed", type=int, help="of every bootstrap (0); a decision has its plan's own (1)")
    parser.add_argument("--replicates", type=int, default=2000, help="of every bootstrap (2000)")
    parser.add_argument("--level", type=float, default=0.95, help="of every interval (0.95)")
    parser.add_argument(
        "--scale",
        action="append",
        default=[],
        metavar="[QUESTION=]1-5",
        help="the declared points, as 1-5 or 0,0.5,1 (without a question, of all of them), "
        "or a question's words in their order, as harm=none,mild,severe",
    )
    parser.add_argument(
        "--measure",
        action="append",
        default=[],
        metavar="QUESTION=nominal",
        help=f"how answers are read where they do not show it: {', '.join(MEASURES)}",
    )
    parser.add_argument("--bad", type=float, help="a clinicians' mean up to here is bad (2 on 1 to 5)")
    ask_direction(parser)
    parser.add_argument("--slots", action="store_true", help="clinicians' names are anonymous slots")
    parser.add_argument(
        "--jury", action="append", default=[], metavar="JUROR", help="whose mean is the jury (all jurors)"
    )
    ask_columns(parser)
    parser.add_argument(
        "--opinions", action="store_true", help="ask pingouin and krippendorff, too, where they are installed"
    )
    parser.add_argument(
        "--texts", action="store_true", help="with --out: show suggested sentences in words, for in the house"
    )
    parser.add_argument("--all", action="store_true", help="print every figure, not the main ones only")


def run(args: argparse.Namespace) -> int:
    """Print the report. 0 when it was made."""
    with threadpool_limits(1), slowly() as step:  # matrices are small: more threads wait for one another
        return _made(args, step)


def _made(args: argparse.Namespace, step: Callable[[str], None]) -> int:
    settings, stated = _settings(args), declared(args.scale, args.measure)
    step(f"reading {args.ratings.name}")
    ratings = read_ratings(args.ratings, kinds=args.kind, named=args.column)
    items = read_items(args.items) if args.items else None
    frame, said = stated.placed(unordered.of_file(ratings.frame))
    ratings, points = replace(ratings, frame=frame), stated.every(frame)
    known(dict.fromkeys(args.high_is_bad), frame, "--high-is-bad")
    _seated(args.jury, ratings.frame)
    made = report(
        ratings,
        items,
        points=points,
        slots=args.slots,
        measures=stated.measures,
        settings=settings,
        progress=step,
    )
    understood = (*ratings.understood, *said, *(items.understood if items else ()))
    understood += order_unknown(frame, stated.measures)
    for sentence in (*understood, *(undescribed(ratings.frame, facts_of(ratings, items)) if items else ())):
        print(sentence)
    print("\n" + in_words(made, every=args.all))
    if args.out:
        step(f"writing {args.out}")
        _whole(args, settings, ratings, items, points, stated.measures, made)
    if args.json:
        put(args.json, json.dumps(made.plain(), indent=1, ensure_ascii=False) + "\n")
    return 0


def _whole(
    args: argparse.Namespace,
    settings: Settings,
    ratings: LongFile,
    items: ItemsFile | None,
    points: Mapping[str, Sequence[float]],
    measures: Mapping[str, str],
    made: Report,
) -> None:
    """Write the report for readers beside the tables: HTML, PDF, XLSX, LaTeX, figures, passports."""
    from agreement.paper.whole import whole
    from verbs.priced import priced
    from verbs.statements import statements
    from verbs.validate import sha256
    from verbs.written import write_report

    plan = _plan(args)
    facts, prices = priced(facts_of(ratings, items))
    found = whole(
        ratings.frame,
        facts,
        plan=plan,
        settings=settings,
        points=points,
        slots=args.slots,
        measures=measures,
        report=made,
        progress=tell,
    )
    suggested = statements(found.answers, items.items if items else (), settings=settings, texts=args.texts)
    found = replace(found, statements=suggested)
    provenance = {"ratings": f"{args.ratings.name}, SHA-256 {sha256(args.ratings)[:32]}"}
    if args.items:
        provenance["items"] = f"{args.items.name}, SHA-256 {sha256(args.items)[:32]}"
    provenance |= {"prices": prices} if prices else {}
    paths = write_report(found, args.out, provenance=provenance, beside=tables(made), progress=tell)
    print(f"{len(paths)} files in {args.out}; open {args.out / 'report.html'}")


def _plan(args: argparse.Namespace) -> Plan:
    """Return the plan as it was stated, else what `consilium validate` goes by: one file, one answer."""
    plan = read_plan(args.plan)
    if args.plan:
        return plan
    return replace(plan, seed=plan.seed if args.seed is None else args.seed, level=args.level)


def tables(made: Report) -> dict[str, str]:
    """Return the report's tables as files: agreement.json, figures.csv, raters.csv, questions.csv."""
    plain = made.plain()
    found = {"agreement.json": json.dumps(plain, indent=1, ensure_ascii=False) + "\n"}
    for name in ("figures", "raters", "questions"):
        table = pd.DataFrame(plain[name])
        for column in table.columns.intersection(["notes", "said", "points", "labels"]):
            table[column] = [" ".join(map(str, cell)) for cell in table[column]]
        found[f"{name}.csv"] = table.to_csv(index=False, lineterminator="\n")
    return found


def _settings(args: argparse.Namespace) -> Settings:
    if not 0.5 <= args.level <= 0.999:
        raise Fault(f"--level {args.level:g} is no level of an interval; write 0.95 for 95 %, at most 0.999.")
    if not 100 <= args.replicates <= 1_000_000:
        raise Fault(f"--replicates {args.replicates} is no number of draws; write 100 to 1000000.")
    seed = 0 if args.seed is None else args.seed
    if not 0 <= seed < 2**63:
        raise Fault(f"--seed {args.seed} is no seed; write a number from 0 to {2**63 - 1}.")
    if args.bad is not None and not math.isfinite(args.bad):
        raise Fault(f"--bad {args.bad} is no point of a scale; write the highest that is bad, such as 2.")
    high = (*(read_plan(args.plan).high_is_bad if args.plan else ()), *args.high_is_bad)
    return Settings(
        seed,
        args.replicates,
        args.level,
        args.bad,
        args.opinions,
        tuple(args.jury) or None,
        tuple(dict.fromkeys(high)),
    )


def _seated(jury: Sequence[str], frame: pd.DataFrame) -> None:
    jurors = sorted(frame.loc[frame["kind"].astype(str) == "juror", "rater"].astype(str).unique())
    for name in jury:
        if name not in jurors:
            known = ", ".join(jurors) or "none"
            raise Fault(f"--jury names {name!r}, which is no juror of this file (jurors: {known}).")
