"""Items in, ratings out: every score is looked up by its content first and kept as soon as it is made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from annotate.item import Item, Output
from annotate.metrics.metric import Metric, Pair, Score
from annotate.rating import Rating, Status, unanswered

CHUNK = 512
"""How many outputs are in memory at a time, unless said otherwise."""
PART = 64
"""How many pairs a worker, here or on another machine, is given at a time."""

Job = tuple[Item, Output | None, Pair]
Scorer = Callable[[Metric, Sequence[Sequence[Pair]]], Iterable[list[Score]]]


class ScoreCache(Protocol):
    """Where scores are kept. The key says metric, settings and texts; so a score never goes stale."""

    def found(self, keys: Sequence[bytes]) -> Mapping[bytes, Score]:
        """Return those of `keys` that are kept."""

    def keep(self, scores: Mapping[bytes, Score]) -> None:
        """Keep `scores`: they are safe from a kill once this returns."""


class Unkept:
    """A `ScoreCache` that keeps nothing, for scores that are kept elsewhere as soon as they are made."""

    def found(self, keys: Sequence[bytes]) -> Mapping[bytes, Score]:
        """Find nothing."""
        return {}

    def keep(self, scores: Mapping[bytes, Score]) -> None:
        """Keep nothing."""


def here(metric: Metric, batches: Sequence[Sequence[Pair]]) -> Iterator[list[Score]]:
    """Score batches one after the other in this process: the default `Scorer`."""
    return (metric.score(batch) for batch in batches)


def in_parts(batch: Sequence[Pair]) -> list[Sequence[Pair]]:
    """Return a batch in parts, so that several workers have something to do and none waits long for one."""
    return [batch[at : at + PART] for at in range(0, len(batch), PART)]


@dataclass(frozen=True, slots=True)
class _Work:
    """A chunk of one metric: what was kept already, and the batches that are being scored."""

    jobs: Sequence[Job]
    raters: Sequence[str]
    lacking: Sequence[str]
    keys: Sequence[bytes]
    kept: Mapping[bytes, Score]
    batches: Sequence[Sequence[bytes]]
    made: Iterable[list[Score]]


def grade(
    items: Iterable[Item],
    metrics: Sequence[Metric],
    cache: ScoreCache,
    *,
    scorer: Scorer = here,
    chunk: int = CHUNK,
    done: Callable[[int], None] = lambda outputs: None,
) -> Iterator[Rating]:
    """Yield a rating for each output, metric and measure, in the order of the items.

    Parameters
    ----------
    items : iterable of Item
        Any number: a chunk is in memory at a time.
    cache : ScoreCache
        A score that is kept is not made again, so a run that was killed goes on where it was.
    scorer : Scorer
        Where the work is done: here, in other processes, on other machines. It may be asked for the same
        scores twice and must say the same.
    chunk : int
        How many outputs are in memory at a time.
    done : callable
        Told after each chunk how many outputs are rated.
    """
    count = 0
    jobs = (job for item in items for job in jobs_of(item))
    chunks = iter(lambda: list(islice(jobs, chunk)), [])
    for started in _one_ahead([_start(some, metric, cache, scorer) for metric in metrics] for some in chunks):
        rated = [_finish(work, cache) for work in started]
        for ratings in zip(*rated, strict=True):
            for of_metric in ratings:
                yield from of_metric
        count += len(rated[0])
        done(count)


def _one_ahead(started: Iterable[list[_Work]]) -> Iterator[list[_Work]]:
    """Yield each chunk once the next has been started: other processes never wait for this one."""
    before: list[_Work] = []
    for works in started:
        if before:
            yield before
        before = works
    if before:
        yield before


def jobs_of(item: Item) -> list[Job]:
    """Return what is to be scored of an item: each output, against the references that say anything."""
    references = tuple(text for text in item.references if text.strip())
    source = item.source if item.source.strip() else ""
    if not item.outputs:
        return [(item, None, Pair("", references, source))]
    return [(item, output, Pair(output.text, references, source)) for output in item.outputs]


def shard_of(item: Item, count: int) -> int:
    """Return which of `count` machines scores an item, from 0: those that share references stay together."""
    said = item.references or (item.source or item.key,)
    return int.from_bytes(content(*said)[:8], "big") % count


def content(*texts: str) -> bytes:
    """Return a hash of texts; no two lists of texts share one."""
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        said = text.encode("utf-8", "surrogatepass")
        digest.update(len(said).to_bytes(8, "big"))
        digest.update(said)
    return digest.digest()


def _key(metric: Metric, rater: str, pair: Pair) -> bytes:
    texts = [rater, pair.output]
    texts += pair.references if "references" in metric.reads else ()
    texts += [pair.source] if "source" in metric.reads else ()
    return content(*texts)


def _start(jobs: Sequence[Job], metric: Metric, cache: ScoreCache, scorer: Scorer) -> _Work:
    raters = metric.raters
    lacking = [_lacking(job, metric) for job in jobs]
    keys = [
        b"" if reason else _key(metric, raters[0], pair)
        for reason, (_, _, pair) in zip(lacking, jobs, strict=True)
    ]
    wanted = {key: job[2] for key, job in zip(keys, jobs, strict=True) if key}
    kept = cache.found(list(wanted))
    new = [key for key in wanted if key not in kept]
    batches = [new[at : at + metric.batch] for at in range(0, len(new), metric.batch)]
    made = scorer(metric, [[wanted[key] for key in batch] for batch in batches])
    return _Work(jobs, raters, lacking, keys, kept, batches, made)


def _finish(work: _Work, cache: ScoreCache) -> list[list[Rating]]:
    """Keep each batch as soon as it is scored, then say all ratings in the order of the jobs."""
    scores = dict(work.kept)
    for batch, of_batch in zip(work.batches, work.made, strict=True):
        fresh = dict(zip(batch, of_batch, strict=True))
        cache.keep({key: score for key, score in fresh.items() if not score.failed})
        scores |= fresh
    return [
        _ratings(job, work.raters, scores[key] if key else Score(reason=reason))
        for job, key, reason in zip(work.jobs, work.keys, work.lacking, strict=True)
    ]


def _lacking(job: Job, metric: Metric) -> str:
    """Return why there is nothing to score; empty where there is."""
    _, output, pair = job
    if output is None:
        return "no output"
    lacks = [name for name in metric.reads if not getattr(pair, name)]
    return " and ".join("no " + name.removesuffix("s") for name in lacks)


def _ratings(job: Job, raters: Sequence[str], score: Score) -> list[Rating]:
    item, output, _ = job
    part = output.key if output else ""
    if score.reason:
        status: Status = "failed" if score.failed else "unable"
        return [
            unanswered(item.key, rater, _question(rater), status=status, reason=score.reason, part=part)
            for rater in raters
        ]
    return [
        Rating(item.key, rater, _question(rater), repr(value), value, part=part, comment=score.note)
        for rater, value in zip(raters, score.values, strict=True)
    ]


def _question(rater: str) -> str:
    return rater.rpartition("@")[0]
