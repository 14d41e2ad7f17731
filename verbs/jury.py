"""A jury of language models rates a study's items, or a file of them: estimate, consent, run, look."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotate.fault import Fault
from annotate.item import Item
from annotate.jury.budget import budget_of
from annotate.jury.consent import check_consent, outside
from annotate.jury.estimate import Estimate, estimate
from annotate.jury.juror import at_home
from annotate.jury.panel import Panel
from annotate.jury.plan import Docket
from annotate.jury.progress import Progress, Watcher
from annotate.jury.run import Sitting, convene
from annotate.jury.verdicts import PanelScore, panel_scores, ratings_of
from annotate.protocol import Protocol
from annotate.protocol_file import parse
from data import shipped
from data.formats.items import read_items
from data.formats.panel import read_panel
from data.ledger import JuryLedger, beside
from data.ledger.written import into_study, ratings, write_file, write_scores
from data.store import Store, items, open_store, raters, studies


@dataclass(frozen=True, slots=True)
class Bench:
    """A panel with what it is to judge and the memory of what it said: what every function here takes."""

    docket: Docket
    ledger: JuryLedger
    out: Path | None = None

    def estimate(self, *, batch: bool = False) -> list[Estimate]:
        """Return what a run would ask and cost. Nothing is sent."""
        return estimate(self.docket, self.ledger, batch=batch)

    def outside(self) -> list[str]:
        """Return the endpoints outside this machine that the panel needs and nobody has allowed yet."""
        return [name for name in outside(self.docket.panel) if name not in self.ledger.allowed()]

    def allow(self, endpoint: str, who: str) -> None:
        """Let the texts go to an endpoint, by its name; the log keeps who said so."""
        self.ledger.allow(endpoint, who)

    def run(
        self,
        *,
        budget: str = "",
        watcher: Watcher | None = None,
        batch: bool = False,
        who: str = "",
        poll: float = 60,
    ) -> Sitting:
        """Ask what is not known yet, and write what was said into the study or the file."""
        check_consent(self.docket.panel, self.ledger.allowed())
        self._note(who, "jury convened")
        try:
            return convene(
                self.docket,
                self.ledger,
                budget=budget_of(budget) if budget else None,
                watcher=watcher,
                batch=batch,
                poll=poll,
            )
        finally:
            self.write()
            self._note(who, "jury adjourned")

    def write(self) -> int:
        """Write what is known into the study, or into the file with the panel's scores beside it."""
        if self.out is None:
            self._seat_raters()
            steps = self.docket.protocol.design.steps
            return into_study(self.ledger, step=steps[-1] if steps else "")
        number = write_file(ratings(self.ledger), self.out)
        write_scores(self.scores(), self.out.with_name(f"{self.out.stem}.panel.csv"))
        return number

    def scores(self) -> list[PanelScore]:
        """Return the panel's scores, each with how many jurors stand behind it."""
        numeric = {
            q.key for q in self.docket.protocol.questions if q.kind in ("scale", "number", "checklist")
        }
        said = (rating for rating in ratings(self.ledger) if rating.question in numeric)
        return panel_scores(said, self.docket.panel)

    def failures(self) -> list[dict[str, Any]]:
        """Return every verdict that is not an answer: rater, item, outcome, why, and its call's key."""
        return list(self.ledger.verdicts(failures=True))

    def verdict(self, key: str) -> dict[str, Any]:
        """Return one call with its request, its attempts with their raw replies, and its item."""
        call = self.ledger.call(key)
        if call is None:
            raise Fault(f"There is no call {key!r} in this ledger.")
        item = next((item for item in self.docket.items if item.key == call["item"]), None)
        said = [row for row in self.ledger.verdicts() if row["key"] == key]
        return {
            "call": call,
            "item": item,
            "attempts": self.ledger.attempts(key),
            "ratings": [rating for row in said for rating in ratings_of(row)],
        }

    def close(self) -> None:
        """Write the rest of the ledger."""
        self.ledger.close()

    def _note(self, who: str, action: str) -> None:
        facts = {"jurors": {juror.rater: juror.url for juror in self.docket.panel.jurors}}
        sent = {"sent so far": self.ledger.sent_where()}
        self.ledger.note(who or getpass.getuser(), action, self.docket.panel.name, facts | sent)

    def _seat_raters(self) -> None:
        jurors = {juror.rater: juror for juror in self.docket.panel.jurors}
        with self.ledger.store.writing() as session:
            for rater in {str(row["rater"]) for row in self.ledger.verdicts()}:
                juror = jurors.get(rater.partition("/")[0])
                if juror is None:
                    continue
                identity = {**juror.facts, "check": rater.partition("/")[2]}
                raters.add(
                    session,
                    study_id=self.ledger.study_id,
                    key=rater,
                    kind="juror",
                    family=juror.family,
                    identity=identity,
                )


def of_study(store: Store, name: str, panel: Panel, *, withheld: Mapping[str, str] | None = None) -> Bench:
    """Return the bench of a study in the store."""
    with store.reading() as session:
        study = studies.named(session, name=name)
        assert study.id is not None
        version = studies.latest_protocol(session, study_id=study.id)
        found = items.in_study(session, study_id=study.id)
    if version is None:
        raise Fault(f"Study {name!r} has no protocol; give it one first.")
    return Bench(_docket(panel, found, parse(version.text), withheld), JuryLedger(store, study.id))


def of_files(
    path: Path,
    out: Path,
    panel: Panel,
    *,
    protocol: Protocol | None = None,
    withheld: Mapping[str, str] | None = None,
) -> Bench:
    """Return the bench of a file of items; its ledger lies beside the file of ratings."""
    found = read_items(path)
    known = out.with_name(out.name + ".jury.db").exists()
    if out.exists() and not known:
        raise Fault(
            f"{out} exists and was not written by a jury; choose another name, so that nothing is lost."
        )
    if not out.parent.is_dir():
        raise Fault(f"There is no folder {str(out.parent)!r} to write {out.name} into.")
    return Bench(
        _docket(panel, found.items, protocol or shipped.protocol("medhelm"), withheld), beside(out), out
    )


def _docket(
    panel: Panel, found: Sequence[Item], protocol: Protocol, withheld: Mapping[str, str] | None
) -> Docket:
    if not found:
        raise Fault("There are no items to judge; import some first.")
    taxonomy = shipped.taxonomy(protocol.taxonomy) if protocol.taxonomy in shipped.taxonomy_names() else None
    return Docket(panel, found, protocol, withheld or {}, taxonomy)


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
    parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="ENDPOINT",
        help="texts may go there; it is kept in the log",
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
    if args.budget:
        budget_of(args.budget)
    panel = read_panel(args.panel, samples=args.samples)
    if args.study and not (args.items or args.out):
        return of_study(open_store(), args.study, panel)
    if args.study or not (args.items and args.out):
        raise Fault("Name a study, or both --items and --out.")
    return of_files(args.items, args.out, panel, protocol=_protocol(args.protocol))


def _protocol(place: str) -> Protocol:
    if place in shipped.protocol_names():
        return shipped.protocol(place)
    if not Path(place).is_file():
        return shipped.protocol(place)
    return parse(Path(place).read_text(encoding="utf-8-sig"), Path(place).name)


def _run(bench: Bench, args: argparse.Namespace) -> int:
    for endpoint in args.allow:
        bench.allow(endpoint, getpass.getuser())
    estimates = bench.estimate(batch=args.batch)
    for line in _said_before(bench, estimates):
        print(line)
    if args.dry_run:
        print("Nothing was sent.")
        return 0
    check_consent(bench.docket.panel, bench.ledger.allowed())
    if not args.yes and any(one.to_ask for one in estimates):
        _confirm()
    sitting = bench.run(budget=args.budget, watcher=_watcher(), batch=args.batch, poll=args.poll)
    for line in _said_after(bench, sitting):
        print(line)
    return 0 if sitting.complete else 1


def _confirm() -> None:
    if not sys.stdin.isatty():
        raise Fault("Nobody is there to confirm this; say --yes.")
    if input("Send this? [y/N] ").strip().lower() not in ("y", "yes"):
        raise Fault("Nothing was sent.")


def _said_before(bench: Bench, estimates: Sequence[Estimate]) -> Iterator[str]:
    docket = bench.docket
    yield f"Panel {docket.panel.name}: {len(docket.panel.jurors)} jurors, {len(docket.items)} items."
    yield from map(str, estimates)
    plain = [j.name for j in docket.panel.jurors if j.url.startswith("http:") and not at_home(j)]
    if plain:
        yield f"Note: {', '.join(plain)} is reached without encryption (http)."
    if docket.withheld:
        yield f"{len(docket.withheld)} items are not sent: {_reasons(docket.withheld)}."
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


def _reasons(withheld: Mapping[str, str]) -> str:
    return "; ".join(sorted(set(withheld.values())))


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
        print(f"\r{line:<79}", end="" if progress.left else "\n", file=sys.stderr, flush=True)

    return show
