"""A jury of language models rates a study's items, or a file of them, from the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotate.fault import Fault
from annotate.jury.batch import HOURS
from annotate.jury.budget import budget_of
from annotate.jury.consent import check_consent
from annotate.jury.forecast import Forecast
from annotate.jury.juror import at_home
from annotate.jury.progress import Progress, Watcher
from annotate.jury.run import Sitting
from data.formats.panel import read_panel
from data.store import open_store
from verbs.jury_bench import Bench, of_files, of_study
from verbs.new import load_protocol
from verbs.terminal import user


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `consilium jury`."""
    parser.add_argument("study", nargs="?", help="the study; or --items and --out instead")
    parser.add_argument(
        "--panel", required=True, metavar="FILE", help="a panel file, or a shipped panel's name"
    )
    parser.add_argument("--items", type=Path, help="a file of items, in place of a study")
    parser.add_argument("--out", type=Path, help="the file of ratings to write")
    parser.add_argument("--protocol", default="medhelm", help="with --items: a protocol's name or file")
    parser.add_argument("--samples", type=int, metavar="K", help="ask each juror K times about each item")
    parser.add_argument("--dry-run", action="store_true", help="estimate, and send nothing")
    parser.add_argument(
        "--budget", default="", help="stop before it is exceeded: 12.50 (dollars) or '300 calls'"
    )
    parser.add_argument("--batch", action="store_true", help="in batches: half the price, up to a day")
    parser.add_argument("--poll", type=float, default=60.0, help="seconds between two looks at a batch")
    parser.add_argument(
        "--hours",
        type=float,
        default=HOURS,
        help="how long a run waits for a batch; a later run goes on waiting for the same one",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    parser.add_argument(
        "--baselines",
        action="store_true",
        help="seat three jurors that cost nothing: always the same point, random, length only",
    )
    parser.add_argument(
        "--accept", metavar="REASON", help="identifier findings may stay, and why: it is kept"
    )
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="ENDPOINT",
        help="texts may go there; it is kept in the log",
    )
    parser.add_argument(
        "--forbid",
        action="append",
        default=[],
        metavar="ENDPOINT",
        help="texts may no longer go there; nothing is sent in this run",
    )


def run(args: argparse.Namespace) -> int:
    """Run the jury. 0 when every call has its verdict, 1 when it stopped before that."""
    bench = _bench(args)
    try:
        return _run(bench, args)
    finally:
        bench.close()


def _bench(args: argparse.Namespace) -> Bench:
    if args.samples is not None and args.samples < 1:
        raise Fault(f"--samples is {args.samples}; ask at least once.")
    if args.poll <= 0:
        raise Fault(f"--poll is {args.poll:g}; give seconds above 0.")
    if args.hours <= 0:
        raise Fault(f"--hours is {args.hours:g}; give hours above 0.")
    if args.budget:
        budget_of(args.budget)
    panel = read_panel(args.panel, samples=args.samples)
    if args.study and not (args.items or args.out):
        return of_study(open_store(), args.study, panel)
    if args.study or not (args.items and args.out):
        raise Fault("Name a study, or both --items and --out.")
    return of_files(args.items, args.out, panel, protocol=load_protocol(args.protocol))


def _run(bench: Bench, args: argparse.Namespace) -> int:
    if args.accept is not None:
        bench = bench.accepting(args.accept, user())
    for endpoint in args.forbid:
        bench.forbid(endpoint, user())
        print(f"Texts may no longer go to {endpoint}.")
    if args.forbid:
        return 0
    for endpoint in args.allow:
        bench.allow(endpoint, user())
    estimates = bench.estimate(batch=args.batch)
    for line in _said_before(bench, estimates):
        print(line)
    if args.dry_run:
        print("Nothing was sent.")
        return 0
    check_consent(bench.docket.panel, bench.ledger.allowed())
    if args.baselines:
        print(f"Baselines: {bench.seat_baselines():,} new ratings.")
    if not args.yes and any(one.to_ask for one in estimates):
        _confirm()
    sitting = bench.run(
        budget=args.budget, watcher=_watcher(), batch=args.batch, poll=args.poll, hours=args.hours
    )
    for line in _said_after(bench, sitting):
        print(line)
    return 0 if sitting.complete else 1


def _confirm() -> None:
    if not sys.stdin.isatty():
        raise Fault("Nobody is there to confirm this; say --yes.")
    if input("Send this? [y/N] ").strip().lower() not in ("y", "yes"):
        raise Fault("Nothing was sent.")


def _said_before(bench: Bench, estimates: Sequence[Forecast]) -> Iterator[str]:
    docket = bench.docket
    yield f"Panel {docket.panel.name}: {len(docket.panel.jurors)} jurors, {len(docket.items)} items."
    yield from map(str, estimates)
    plain = [j.name for j in docket.panel.jurors if j.url.startswith("http:") and not at_home(j)]
    if plain:
        yield f"Note: {', '.join(plain)} is reached without encryption (http)."
    if docket.withheld:
        number = len(docket.withheld)
        yield f"{number} items are shown to no juror: unresolved identifier findings (see --accept)."
    asked = {
        ask.question.key
        for item in docket.items[:50]
        for ask in docket.form(item, docket.panel.jurors[0]).asks
    }
    left = [
        q.key for q in docket.protocol.questions if q.key not in asked and q.kind in ("spans", "placement")
    ]
    if left:
        yield f"Not asked, because a juror cannot answer it as people do: {', '.join(left)}."


def _said_after(bench: Bench, sitting: Sitting) -> Iterator[str]:
    progress = sitting.progress
    outcomes = ", ".join(f"{n} {name}" for name, n in sorted(progress.outcomes.items())) or "nothing new"
    yield f"{progress.done} verdicts in {progress.requests} requests: {outcomes}."
    if progress.known:
        yield f"{progress.known} verdicts were known before."
    if progress.dollars:
        yield f"Spent: ${progress.dollars:.4f}."
    yield from sitting.stopped
    yield from sitting.flags
    failures = bench.failures()
    for row in failures[:20]:
        yield f"  {row['rater']}, item {row['item']}: {row['outcome']}: {row['why']}"
    if len(failures) > 20:
        yield f"  and {len(failures) - 20} more like these."
    missing = [score for score in bench.scores() if score.value is None]
    if missing:
        panel = bench.docket.panel
        need = f"{panel.need} of its {len(panel.jurors)} jurors"
        yield f"{len(missing)} scores of the panel are missing: it stands on {need}."
    if bench.out is not None:
        yield f"Ratings: {bench.out}"
        yield f"Panel scores: {bench.out.with_name(f'{bench.out.stem}.panel.csv')}"


def _watcher() -> Watcher | None:
    if not sys.stderr.isatty():
        return None

    def show(progress: Progress) -> None:
        to_come = f", ${progress.to_come:.2f} to come" if progress.to_come else ""
        place = f"{progress.known + progress.done}/{progress.total}  {progress.rate:.1f}/s"
        line = f"{place}  {progress.in_flight} in flight  ${progress.dollars:.2f} so far{to_come}"
        if progress.waiting:
            line = f"{progress.known + progress.done}/{progress.total}  {progress.waiting}"
        print(f"\r{line:<79}", end="" if progress.left else "\n", file=sys.stderr, flush=True)

    return show
