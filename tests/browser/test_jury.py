"""A lead convenes a panel in the browser: refusal, estimate, confirmation, progress, raw replies."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.conftest import free_port
from tests.jury_server import JuryServer, saying
from tests.serving import Server, copied

PANEL = """name = "ours"
[[juror]]
name = "anna"
provider = "anthropic"
model = "model-1"
base_url = "{url}"
"""


def odd():
    """Return a script by which every ninth call gets prose; the others get a verdict."""
    places = {}

    def script(ask):
        place = places.setdefault(json.dumps(ask.json["messages"]), len(places))
        return saying(ask, "Four of *five*, I would say.") if place % 9 == 0 else None

    return script


@pytest.fixture
def court(demo_file, tmp_path):
    with JuryServer(odd(), latency=0.05) as jury:
        opened = jury.url.removeprefix("http://")
        address = copied(demo_file, tmp_path)
        app = Server(address, free_port(), tmp_path, CONSILIUM_JURY_ENDPOINTS=opened).start()
        yield app, jury
        app.kill()


def write(page, text):
    page.get_by_label("The panel, as a file").fill(text)
    page.get_by_label("The panel, as a file").press("Control+Enter")


def test_a_panel_from_the_first_word_to_a_raw_reply(court, page):
    app, jury = court
    page.goto(app.link())
    page.get_by_role("link", name="Jury").click()
    expect(page.get_by_label("The panel, as a file")).to_be_visible()
    write(page, PANEL.format(url="http://127.0.0.1:5432"))
    expect(page.get_by_text("Juror 'anna' is at 127.0.0.1:5432, which is not open")).to_be_visible()
    write(page, PANEL.format(url=jury.url))
    ask = page.get_by_role("button", name=re.compile(r"Ask the jury \([1-9]\d* calls\)"))
    ask.click()
    expect(page.get_by_text(re.compile("calls go to this machine. Expected cost"))).to_be_visible()
    page.get_by_role("button", name="No, send nothing").click()
    expect(page.get_by_role("button", name="Yes, ask")).to_have_count(0)
    assert jury.asks == []
    ask.click()
    page.get_by_role("button", name="Yes, ask").click()
    expect(page.get_by_text("The jury has adjourned.")).to_be_visible()
    # What it said stands there without a reload, and so does what is left to ask: what failed.
    expect(page.get_by_text(re.compile(r"\d+ verdicts, [1-9]\d* of them without an answer"))).to_be_visible()
    expect(page.get_by_text("Nothing yet.")).to_have_count(0)
    # Prose was asked for once more, so there are two replies; the fold that is opened shows its own.
    folds = page.get_by_test_id("stExpander").filter(has=page.get_by_text(re.compile(r"^Reply \d: ")))
    expect(folds).to_have_count(2)
    folds.first.locator("summary").click()
    expect(folds.first.get_by_test_id("stCode")).to_be_visible()
    expect(folds.first.get_by_test_id("stCode")).to_contain_text("Four of *five*, I would say.")
    assert page.get_by_text("b'{").count() == 0
