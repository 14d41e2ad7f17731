"""An import that is killed while it writes leaves the study as it was; the next one brings all of it."""

import subprocess
import sys

from data.shipped import protocol
from data.store import items, raters, ratings, studies
from verbs import new
from verbs.bring import bring
from verbs.incoming import read_incoming
from verbs.verify import verify_study

ITEMS = 300
KILLED = """
import os, signal, sys
from pathlib import Path
from data.shipped import protocol
from data.store import open_store
from verbs.bring import bring
from verbs.incoming import read_incoming
def watch(step):
    assert step.what == "writing" and step.done == step.of
    os.kill(os.getpid(), signal.SIGKILL)
incoming = read_incoming([Path(sys.argv[1])], protocol("medhelm"))
bring(open_store(), study_id=1, incoming=incoming, who="lead", watch=watch)
"""


def counted(store):
    with store.reading() as session:
        people = raters.in_study(session, study_id=1, kinds=("clinician",))
        things = items.ids_by_key(session, study_id=1)
        return len(things), len(people), ratings.count(session, study_id=1)


def test_an_import_killed_when_all_is_written_and_not_yet_kept_leaves_nothing(store, tmp_path, monkeypatch):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", store.url)
    new.create(store, name="ward", wanted=protocol("medhelm"), who="lead")
    path = tmp_path / "ratings.csv"
    rows = [f"i{n},C{k},clinician,accuracy,{1 + (n + k) % 5}" for n in range(ITEMS) for k in range(3)]
    path.write_text("\n".join(["item,rater,kind,question,value", *rows]), encoding="utf-8")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], capture_output=True)
    assert killed.returncode == -9, killed.stderr.decode()
    assert counted(store) == (0, 0, 0)
    with store.reading() as session:
        study = studies.named(session, name="ward").id
    bring(store, study_id=study, incoming=read_incoming([path], protocol("medhelm")), who="lead")
    assert counted(store) == (ITEMS, 3, 3 * ITEMS)
    assert verify_study(store, study_id=study)[1] == []
