"""The page Import says how far it is while it reads, checks and writes."""

import shutil
from pathlib import Path

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from cli import main
from data.store.access import User
from pages import the_store, who
from tests.helm_runs import request, verdict, write_run
from verbs import next_step


def page():
    """Run the page as the shell does."""
    import runpy
    from contextlib import suppress
    from pathlib import Path

    from pages import said

    with suppress(said.Ended):
        runpy.run_path(str(Path(said.__file__).parent / "lead" / "bring.py"))


@pytest.fixture
def painted(sqlite_url, monkeypatch):
    """A study on the MedHELM form, a lead, and what every bar is told: how full, and in which words."""
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", sqlite_url)
    monkeypatch.setattr(who, "current_user", lambda: User("Lead", "lead", 1))
    assert main(["new", "ward", "--protocol", "medhelm"]) == 0
    monkeypatch.setattr(next_step, "next_step", lambda store, study: None)  # a link needs the shell's pages
    seen, progress = [], DeltaGenerator.progress

    def told(self, value, text=None, **others):
        seen.append((round(value, 2), str(text).replace("\\", "")))  # as Markdown shows it
        return progress(self, value, text=text, **others)

    monkeypatch.setattr(DeltaGenerator, "progress", told)
    the_store.the_store.cache_clear()
    yield seen
    the_store.the_store().close()
    the_store.the_store.cache_clear()


def brought(name, content):
    """Upload a file and import all of it."""
    test = AppTest.from_function(page, default_timeout=60)
    test.query_params["study"] = "ward"
    test.run()
    test.file_uploader[0].set_value([(name, content, "application/octet-stream")]).run()
    assert not test.exception
    test.button[0].click().run()
    assert not test.exception
    return test


def test_instances_that_are_read_and_checked_and_ratings_that_are_written_are_counted(painted, tmp_path):
    said = {"gpt": verdict(4, 3, 5), "llama": verdict(3, 3, 4)}
    write_run(tmp_path / "out", [request(n, said=said) for n in range(150)])
    packed = Path(shutil.make_archive(str(tmp_path / "suite"), "zip", tmp_path / "out"))
    test = brought("suite.zip", packed.read_bytes())
    assert painted == [
        (0.0, "reading suite.zip: 0 of 1 files"),
        (0.67, "reading run 1 of 1: 100 of 150 instances"),
        (1.0, "reading run 1 of 1: 150 of 150 instances"),
        (0.67, "checking for identifiers: 100 of 150 items"),
        (1.0, "checking for identifiers: 150 of 150 items"),
        (1.0, "checking for identifiers: 900 of 900 answers"),  # two jurors' explanations on three questions
        (1.0, "writing: 900 of 900 ratings"),
    ]
    assert not test.get("progress")  # when it is done, the bar makes room for what was done
    assert [each.value for each in test.success] == ["New in the study: 150 items, 2 raters, 900 ratings."]


def test_answers_in_a_table_are_counted_too(painted):
    rows = [f"i{n},C1,clinician,accuracy,4,clear to me" for n in range(6_000)]
    table = "\n".join(["item,rater,kind,question,value,comment", *rows])
    brought("ratings.csv", table.encode())
    assert painted[:3] == [
        (0.0, "reading ratings.csv: 0 of 1 files"),
        (0.83, "checking for identifiers: 5,000 of 6,000 answers"),
        (1.0, "checking for identifiers: 6,000 of 6,000 answers"),
    ]
    assert painted[-1] == (1.0, "writing: 6,000 of 6,000 ratings")
    assert [share for share, _ in painted[3:]] == sorted(share for share, _ in painted[3:])
