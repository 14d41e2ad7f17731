"""A program that is killed while it writes: every line it printed was told to a clinician as saved."""

import itertools
import os
import sys

from annotate.rating import Rating
from data.store import Store, assignments, raters, room, studies


def write(url, number, told):
    """Save drafts and submit forms for ever; say after each commit what a page would show as saved."""
    store = Store(url)
    with store.reading() as session:
        study = studies.named(session, name="ward")
        rater = raters.find(session, study_id=study.id, key="C01")
        mine = assignments.standings(session, rater_id=rater.id)
    for n in itertools.count():
        standing = mine[n % len(mine)]
        value, key = str(1 + n % 5), f"round-{number}-{n}"
        with store.writing() as session:
            before = room.draft(session, assignment_id=standing.assignment_id)
            saved = room.save_draft(
                session,
                assignment_id=standing.assignment_id,
                revision=before.revision if before else 0,
                form={"accuracy": {"value": value}, "key": key},
            )
        assert not saved.conflict
        os.write(told, f"draft {standing.assignment_id} {saved.revision}\n".encode())
        with store.writing() as session:
            assignment = assignments.one(session, assignment_id=standing.assignment_id)
            rows = [Rating(standing.item, "C01", f"{q}-{key}", value, float(value)) for q in ("a", "b", "c")]
            room.submit(session, assignment=assignment, protocol_version_id=1, key=key, form={}, rows=rows)
        os.write(told, f"submitted {standing.assignment_id} {key}\n".encode())


def rounds(url, count):
    """Fork, let the child write, kill it somewhere in its work; print what it had told."""
    import random
    import signal
    import time

    rng = random.Random(count)
    for number in range(count):
        hears, told = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(hears)
            try:
                write(url, number, told)
            finally:
                os._exit(1)
        os.close(told)
        with os.fdopen(hears, "rb") as pipe:
            heard = [pipe.readline() for _ in range(rng.randint(1, 8))]
            time.sleep(rng.uniform(0, 0.01))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            sys.stdout.buffer.write(b"".join(heard) + pipe.read())
        sys.stdout.flush()


if __name__ == "__main__":
    rounds(sys.argv[1], int(sys.argv[2]))
