"""Text metrics as raters: a file of items, or a study, graded by any number of metrics."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.fault import Fault
from annotate.item import Item
from annotate.metrics.cluster import cluster
from annotate.metrics.grading import CHUNK, Scorer, Unkept, grade, here, jobs_of, shard_of
from annotate.metrics.metric import CAUTION, Metric
from annotate.metrics.registry import METRICS, PRESETS, metrics
from annotate.metrics.workers import workers
from annotate.progress import Pace, Progress
from annotate.rating import Rating
from data.formats.appear import put
from data.formats.ratings_file import RatingsFile
from data.formats.streamed import ItemsStream
from data.scores import ScoreFile
from verbs.terminal import bar

if TYPE_CHECKING:  # a run over files does not wait for the database's libraries
    from data.store import Session
    from data.store.connection import Store

Watch = Callable[[Progress], None]
TOGETHER = 50
"""How many items of a study are scored and written at a time."""


@dataclass
class Summary:
    """What a run did: ratings with and without a value, by rater."""

    answered: dict[str, int] = field(default_factory=dict)
    unanswered: dict[tuple[str, str], int] = field(default_factory=dict)
    beyond: dict[str, int] = field(default_factory=dict)
    understood: tuple[str, ...] = ()

    def add(self, rating: Rating) -> None:
        """Count one rating."""
        if rating.status == "answered":
            self.answered[rating.rater] = self.answered.get(rating.rater, 0) + 1
        else:
            key = (rating.rater, rating.reason)
            self.unanswered[key] = self.unanswered.get(key, 0) + 1
        if rating.comment:
            self.beyond[rating.rater] = self.beyond.get(rating.rater, 0) + 1

    def __str__(self) -> str:
        lines = list(self.understood)
        lines += [f"{rater}: {count:,} scored" for rater, count in self.answered.items()]
        lines += [f"{rater}: {count:,} unanswered, {why}" for (rater, why), count in self.unanswered.items()]
        lines += [
            f"{rater}: {count:,} reach beyond the model's window" for rater, count in self.beyond.items()
        ]
        if self.unanswered and not self.answered:
            lines.append("Nothing was scored: the reasons stand above.")
        return "\n".join(lines)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `consilium grade`."""
    parser.add_argument("study", nargs="?", metavar="STUDY", help="a study; or --items and --out")
    parser.add_argument("--items", type=Path, help="a file of items with outputs and references")
    parser.add_argument("--out", type=Path, help="the ratings file to write: CSV or Parquet")
    parser.add_argument(
        "--metric",
        action="append",
        required=True,
        metavar="NAME[:key=value,…]",
        help=f"{', '.join([*METRICS, *PRESETS])}, or FILE.py:FUNCTION",
    )
    parser.add_argument("--shard", default="1/1", metavar="I/N", help="only the I-th of N parts of --items")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes that score (1)")
    parser.add_argument("--ray", metavar="ADDRESS", help="let --workers actors of this Ray cluster score")


def command(study: str, specs: Sequence[str]) -> str:
    """Return what to type in a terminal for these metrics.

    Examples
    --------
    >>> command("ward", ["rouge-l:stem=no", "bertscore:model=/models/a b"])
    "consilium grade ward --metric rouge-l:stem=no --metric 'bertscore:model=/models/a b'"
    """
    return shlex.join(["consilium", "grade", study, *(word for spec in specs for word in ("--metric", spec))])


def run(args: argparse.Namespace) -> int:
    """Grade, with a bar; what was scored before is not scored again."""
    chosen = metrics(args.metric)
    try:
        said = str(_graded(args, chosen))
        print(said or ("Everything was scored already." if args.study else "No output is in this part."))
    except KeyboardInterrupt:
        print("\nStopped. What was scored is kept: the same command goes on from here.", file=sys.stderr)
        return 1
    if any(metric.overlap for metric in chosen):
        print(CAUTION)
    return 0


def _graded(args: argparse.Namespace, chosen: Sequence[Metric]) -> Summary:
    shard = _shard(args.shard)
    if args.workers < 1:
        raise Fault(f"--workers {args.workers} is no number of processes; give 1 or more.")
    if args.items and args.out and not args.study:
        where = cluster(args.ray, args.workers, **_needs(chosen)) if args.ray else workers(args.workers)
        with where as scorer:
            return grade_file(args.items, args.out, chosen, shard=shard, scorer=scorer, watch=bar)
    if args.study and not (args.items or args.out):
        if shard != (0, 1):
            raise Fault("--shard is for --items and --out; a study is graded from one place.")
        from data.store import open_store

        return grade_study(open_store(), args.study, chosen, watch=bar)
    raise Fault("Say what to grade: a study's name, or --items ITEMS.csv with --out RATINGS.csv.")


def _needs(chosen: Iterable[Metric]) -> dict[str, int]:
    """Return what a worker of a cluster must have: Ray hides every GPU from one that asks for none."""
    return {"num_gpus": 1} if any(map(_on_gpu, chosen)) else {}


def _on_gpu(metric: Metric) -> bool:
    return "cuda" in metric.settings.get("device", "")


def grade_file(
    path: Path,
    out: Path,
    chosen: Sequence[Metric],
    *,
    shard: tuple[int, int] = (0, 1),
    scorer: Scorer = here,
    chunk: int = CHUNK,
    watch: Watch = lambda progress: None,
) -> Summary:
    """Write the ratings of a file of items, and what each rater's settings were beside them.

    Scores are kept in ``OUT.scores`` batch by batch: a run that was stopped goes on where it was, and a
    file that has grown costs only what is new.

    Parameters
    ----------
    shard : (int, int)
        Which part of how many, from 0. Items that share their references are in one part.
    watch : callable
        Told the progress after every chunk.
    """
    if path.exists() and out.exists() and out.samefile(path):
        raise Fault(
            f"{out} is the file of items itself, which the ratings would replace; name another --out."
        )
    stream = ItemsStream(path)
    ready = [_prepared(metric, stream) for metric in chosen]
    mine = (item for item in stream if shard[1] == 1 or shard_of(item, shard[1]) == shard[0])
    summary, told = Summary(), _teller(watch)
    with ScoreFile(out.with_name(out.name + ".scores")) as scores, RatingsFile(out, "metric") as file:
        rated = grade(mine, ready, scores, scorer=scorer, chunk=chunk, done=lambda n: told(n, stream.share))
        for rating in rated:
            file.write(rating)
            summary.add(rating)
    identities = {rater: identity for metric in ready for rater, identity in metric.identities().items()}
    put(out.with_suffix(".metrics.json"), json.dumps(identities, indent=2, ensure_ascii=False) + "\n")
    summary.understood = stream.understood
    return summary


def grade_study(
    store: Store, name: str, chosen: Sequence[Metric], *, watch: Watch = lambda progress: None
) -> Summary:
    """Write the ratings that a study lacks: its metrics become raters, and each chunk is kept as it is made.

    A page calls this with a `watch` of its own.
    """
    from data.store import items, ratings, studies
    from data.store.frame import ratings_frame

    with store.reading() as session:
        study = studies.named(session, name=name)
        there = items.in_study(session, study_id=study.id)
        frame = ratings_frame(session, study_id=study.id, kinds=["metric"])
    keys, failed = list(zip(frame["item"], frame["rater"], strict=True)), frame["status"] == "failed"
    # What failed is asked again: what it needed may be there now.
    rated = set(keys) - {key for key, again in zip(keys, failed, strict=True) if again}
    ready = [_prepared(metric, there) for metric in chosen]
    todo = [
        (metric, [item for item in there if (item.key, metric.raters[-1]) not in rated]) for metric in ready
    ]
    summary, told, done = Summary(), _teller(watch), 0
    total = sum(len(lacking) for _, lacking in todo)
    told(0, 0.0 if total else 1.0)
    for metric, lacking in todo:
        for some in _batched(lacking, metric.batch if _on_gpu(metric) else TOGETHER):
            made = list(grade(some, [metric], Unkept()))
            with store.writing() as session:
                _register(session, study.id, metric)
                ratings.append(session, study_id=study.id, ratings=made)
            for rating in made:
                summary.add(rating)
            done += len(some)
            told(done, done / total)
    return summary


def _register(session: Session, study_id: int, metric: Metric) -> None:
    """Make the metric a rater once it has said something: one that cannot be run leaves nothing behind."""
    from data.store import raters

    for rater, identity in metric.identities().items():
        raters.add_hashed(session, study_id=study_id, key=rater, kind="metric", identity=identity)


def _prepared(metric: Metric, there: Iterable[Item]) -> Metric:
    """Return the metric ready to score: some must see every reference first."""
    if metric.prepare is None:
        return metric
    return metric.prepare(pair.references for item in there for _, _, pair in jobs_of(item))


def _batched(there: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(there)
    while some := list(islice(rest, size)):
        yield some


def _teller(watch: Watch) -> Callable[[int, float], None]:
    pace, start = Pace(), time.monotonic()
    return lambda done, share: watch(pace.at(time.monotonic() - start, done=done, share=share))


def _shard(text: str) -> tuple[int, int]:
    """Read ``2/5``; return which part, from 0, of how many."""
    part, slash, count = text.partition("/")
    if not (slash and part.isdecimal() and count.isdecimal() and 1 <= int(part) <= int(count)):
        raise Fault(f"--shard {text} is not I/N with I from 1 to N; the first of four parts is 1/4.")
    return int(part) - 1, int(count)
