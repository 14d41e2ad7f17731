"""A program that is killed while it writes: every line it printed was told to a clinician as saved."""

import itertools
import os
import sys
import threading

from annotate.rating import Rating
from data.store import Store, assignments, raters, room, studies


def write(url, number, told, clinicians=1):
    """Save drafts and submit forms for ever; say after each commit what a page would show as saved.

    Several clinicians, each at forms of her own, wait for the one writer together.
    """
    store = Store(url)
    with store.reading() as session:
        study = studies.named(session, name="ward")
        rater = raters.find(session, study_id=study.id, key="C01")
        mine = assignments.standings(session, rater_id=rater.id)
    others = [
        threading.Thread(target=click, args=(store, mine[n::clinicians], f"{number}-{n}", told))
        for n in range(1, clinicians)
    ]
    for other in others:
        other.start()
    click(store, mine[::clinicians], f"{number}-0", told)


def click(store, mine, who, told):
    """Save and submit one form after the other."""
    for n in itertools.count():
        standing = mine[n % len(mine)]
        value, key = str(1 + n % 5), f"round-{who}-{n}"
        saved = store.together(lambda session: save(session, standing, value, key))  # noqa: B023
        assert not saved.conflict
        os.write(told, f"draft {standing.assignment_id} {saved.revision}\n".encode())
        store.together(lambda session: submit(session, standing, value, key))  # noqa: B023
        os.write(told, f"submitted {standing.assignment_id} {key}\n".encode())


def save(session, standing, value, key):
    before = room.draft(session, assignment_id=standing.assignment_id)
    return room.save_draft(
        session,
        assignment_id=standing.assignment_id,
        revision=before.revision if before else 0,
        form={"accuracy": {"value": value}, "key": key},
    )


def submit(session, standing, value, key):
    assignment = assignments.one(session, assignment_id=standing.assignment_id)
    rows = [Rating(standing.item, "C01", f"{q}-{key}", value, float(value)) for q in ("a", "b", "c")]
    room.submit(session, assignment=assignment, protocol_version_id=1, key=key, form={}, rows=rows)


def rounds(url, count, clinicians):
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
                write(url, number, told, clinicians)
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
    rounds(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
