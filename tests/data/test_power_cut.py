"""A power cut between click and saved: of a hundred, none loses or halves what was told as saved."""

import subprocess
import sys
from collections import Counter

import pytest
from sqlalchemy import text

from data.store import chain, ratings
from tests.serving import ROOT

ROUNDS = 100


@pytest.mark.parametrize("clinicians", [1, 3])
def test_nothing_that_was_told_as_saved_is_lost(store, study, database_url, clinicians):
    store.close()
    program = [
        sys.executable,
        "-m",
        "tests.data.writes_until_killed",
        database_url,
        str(ROUNDS),
        str(clinicians),
    ]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    told = [line.split() for line in done.stdout.splitlines()]
    submitted = {key for what, _, key in told if what == "submitted"}
    revisions = {}
    for what, assignment, number in told:
        if what == "draft":
            revisions[int(assignment)] = max(int(number), revisions.get(int(assignment), 0))
    assert len(told) >= ROUNDS
    assert len(submitted) >= ROUNDS // 2

    with store.reading() as session:
        run = session.connection().execute
        kept = {key: number for number, key in run(text("SELECT id, key FROM submission"))}
        rows = Counter(number for (number,) in run(text("SELECT submission_id FROM rating_event")))
        drafts = dict(tuple(row) for row in run(text("SELECT assignment_id, revision FROM draft")))
        events = list(ratings.events(session, study_id=study.id))
    assert submitted <= kept.keys()
    assert all(rows[number] == 3 for number in kept.values()), "a submission is whole or not there"
    assert all(drafts[assignment] >= number for assignment, number in revisions.items())
    assert chain.broken_at(events) is None
