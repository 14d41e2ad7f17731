"""A bench in a temporary folder: items, a panel that asks a loopback server, a ledger."""

import pytest

from annotate.item import Item, Output
from annotate.jury.juror import Juror
from annotate.jury.panel import Panel
from annotate.jury.plan import Docket
from annotate.protocol import Protocol
from annotate.question import Question
from annotate.scale import likert
from data.formats.panel import read_panel
from data.ledger import beside
from verbs.jury_bench import Bench

FRAME = read_panel("medhelm").jurors[0].template
FIVE = likert("very poor", "poor", "fair", "good", "excellent")
QUESTIONS = tuple(Question(key, f"Is it {key}?", scale=FIVE) for key in ("accuracy", "clarity"))
PROTOCOL = Protocol("p", "P", "output", QUESTIONS)
QUICK = {"backoff": 0.01, "retry_after_cap": 0.05, "patience": 0.6, "timeout": 20.0, "attempts": 3}


def items_of(number, text="The output."):
    return [Item(f"i{n}", (Output(f"{text} {n}", "m1"),), source=f"Source {n // 2}") for n in range(number)]


def juror_of(url, flavour="anthropic", **changes):
    base = url if flavour == "anthropic" else f"{url}/v1"
    named = {"name": flavour, "provider": flavour, "model": "model-1", "template": FRAME}
    return Juror(**{**named, "base_url": base, **QUICK, **changes})


@pytest.fixture
def bench(tmp_path):
    """Return a maker of benches; every bench of one test shares one ledger."""
    made = []

    def make(*jurors, items=1, protocol=PROTOCOL, name="ratings.csv", **panel):
        out = tmp_path / name
        found = items_of(items) if isinstance(items, int) else items
        docket = Docket(Panel("p", jurors, **panel), found, protocol)
        made.append(Bench(docket, beside(out), out))
        return made[-1]

    yield make
    for one in made:
        one.close()
