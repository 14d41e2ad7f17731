"""A jury's run is stopped from its page: the button is there while it runs, and what was said stays."""

import threading
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.store import open_store
from data.store.access import User
from pages import background, the_store, who
from pages.lead.pieces.jury_asking import _run
from tests.annotate.jury.test_study import a_study
from tests.jury_server import JuryServer

PAGE = Path(__file__).parents[2] / "pages" / "lead" / "jury.py"
PANEL = """[[juror]]
name = "anna"
provider = "anthropic"
model = "m"
base_url = "{url}"
in_flight = 2
"""


@pytest.fixture
def study_id(tmp_path, migrated_sqlite, monkeypatch):
    address = f"sqlite:///{tmp_path / 'consilium.db'}"
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", address)
    monkeypatch.setattr(who, "current_user", lambda: User("Lead", "lead", 1))
    store = open_store(address)
    number = a_study(store, 40)
    store.close()
    the_store.the_store.cache_clear()
    yield number
    the_store.the_store().close()
    the_store.the_store.cache_clear()


def test_the_page_stops_a_run_and_says_what_is_left(study_id, monkeypatch):
    with JuryServer() as server:
        monkeypatch.setenv("CONSILIUM_JURY_ENDPOINTS", server.url.removeprefix("http://"))
        panel = PANEL.format(url=server.url)
        stop = server.held = threading.Event()
        work = partial(_run, "s", panel, "", "Lead", False, stop)
        job = background.start("jury", study_id, work, stop=stop)
        test = AppTest.from_file(PAGE, default_timeout=60)
        test.query_params["study"] = "s"
        test.run()
        (button,) = [one for one in test.button if one.label == "Stop after the calls in flight"]
        button.click().run()
        job.thread.join(60)
        assert not job.thread.is_alive()
        asked = len(server.asks)
        assert 0 < asked < 40  # no reply came before the stop: the run was under way
        test.run()
    assert not test.exception
    assert any("Stopped by hand." in one.value for one in test.warning)
    assert not any(one.label == "Stop after the calls in flight" for one in test.button)
    assert job.result.progress.done == asked
