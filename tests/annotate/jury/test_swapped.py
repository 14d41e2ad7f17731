"""Outputs in the other order: an answer goes back to the output that it names, and the place shows."""

import json

import pytest

from agreement.decision import Plan
from agreement.paper.sections.checks import checks
from agreement.paper.whole import whole
from agreement.report.settings import Settings
from annotate.item import Item, Output
from annotate.protocol import Protocol
from annotate.question import Question
from annotate.scale import Point, Scale, likert
from data.formats.long import read_ratings
from data.formats.outputs import outputs_frame
from tests.annotate.jury.conftest import juror_of
from tests.jury_server import JuryServer, saying

BETTER = Scale("nominal", tuple(Point(v, v, n) for n, v in enumerate(("A", "tie", "B"))))
PAIRS = Protocol(
    "pairs",
    "Pairs",
    "pair",
    (
        Question("better", "Which?", kind="choice", scale=BETTER, compares=True),
        Question("errors", "Fewer errors?", scale=likert("A", "a", "no", "b", "B", start=-2), compares=True),
        Question("quality", "How good?", scale=likert("bad", "poor", "fair", "good"), per_output=True),
        Question("rank", "Rank them.", kind="ranking"),
    ),
)
ITEMS = [
    Item(f"i{n}", (Output(f"It is {'good' if n % 2 else 'bad'} {n}.", "m1", "x"),
                   Output(f"It is {'bad' if n % 2 else 'good'} {n}.", "m2", "y")))
    for n in range(8)
]  # fmt: skip


def first(texts):
    """Always the output that stands first, whatever it says."""
    return "A", -2, (4, 1), ["A", "B"]


def content(texts):
    """The output that says that it is good, wherever it stands."""
    return first(texts) if "good" in texts[0] else ("B", 2, (1, 4), ["B", "A"])


def judge(by):
    def script(ask):
        shown = ask.json["messages"][-1]["content"]
        texts = sorted((shown.index(f"It is {word}"), word) for word in ("good", "bad"))
        better, errors, (a, b), rank = by([word for _, word in texts])
        said = {"better": better, "errors": errors, "quality_A": a, "quality_B": b, "rank": rank}
        fields = {name: {"explanation": "So.", "score": score} for name, score in said.items()}
        return saying(ask, json.dumps(fields))

    return script


def said_by(by, bench):
    with JuryServer(judge(by)) as server:
        court = bench(juror_of(server.url), items=ITEMS, protocol=PAIRS, controls={"swapped": 1.0})
        assert court.estimate()[0].calls == 16
        assert court.run().progress.outcomes == {"usable": 16}
    frame = read_ratings(court.out).frame
    rater = court.docket.panel.jurors[0].rater
    both = [frame[frame["rater"].astype(str) == f"{rater}{check}"] for check in ("", "/swapped")]
    made = whole(
        frame, outputs_frame(ITEMS), plan=Plan(replicates=60), settings=Settings(replicates=60),
        points={"errors": [-2, -1, 0, 1, 2], "quality": [1, 2, 3, 4]},
    )  # fmt: skip
    table = next(block for block in checks(made) if getattr(block, "key", "") == "checks")
    return both, {row[1]: row for row in table.rows if row[2] == "order of outputs"}


def values(frame, question):
    rows = frame[frame["question"].astype(str) == question]
    return {(row.item, row.part): str(row.value) for row in rows.itertuples()}


def test_a_juror_that_always_says_a_prefers_the_place(bench):
    (own, swapped), found = said_by(first, bench)
    assert set(values(own, "better").values()) == {"A"}
    assert set(values(swapped, "better").values()) == {"B"}  # A, in the other order, is the second output
    assert set(values(swapped, "errors").values()) == {"2"}
    assert {part: v for (_, part), v in values(swapped, "quality").items()} == {"x": "1", "y": "4"}
    assert {part: v for (_, part), v in values(swapped, "rank").items()} == {"x": "2", "y": "1"}
    # From A (-1) to B (1) is all of the way; from -2 to 2 are 4 points; from 1 to 4 are 3; 1 rank.
    expected = {"better": 1.0, "errors": 4.0, "quality": 3.0, "rank": 1.0}
    assert {question: row[3].value for question, row in found.items()} == expected
    assert all(row[3].low > 0 for row in found.values())
    assert "the one shown earlier wins more often, by 100% of the pairs" in found["better"][4]
    assert found["better"][4].endswith("Changed with the order: 8 of 8.")


def test_a_juror_that_reads_follows_the_output(bench):
    (own, swapped), found = said_by(content, bench)
    for question in ("better", "errors", "quality", "rank"):
        assert values(own, question) == values(swapped, question)
    assert set(values(own, "better").values()) == {"A", "B"}
    assert {row[3].value for row in found.values()} == {0.0}
    assert all(row[4].startswith("Not clearly different from none") for row in found.values())


def test_the_other_order_never_enters_the_panel(bench):
    with JuryServer(judge(first)) as server:
        court = bench(juror_of(server.url), items=ITEMS, protocol=PAIRS, controls={"swapped": 1.0})
        court.run()
    quality = [score for score in court.scores() if score.question == "quality"]
    assert {(score.part, score.value, score.of) for score in quality} == {("x", 4.0, 1), ("y", 1.0, 1)}


@pytest.mark.parametrize("outputs", [1, 3])
def test_one_output_has_no_order_and_three_are_turned_round(outputs, bench):
    protocol = Protocol("p", "P", "set", (Question("quality", "?", scale=likert("a", "b"), per_output=True),))
    items = [Item("i", tuple(Output(f"Text {n}.", key=f"o{n}") for n in range(outputs)))]
    with JuryServer() as server:
        court = bench(juror_of(server.url), items=items, protocol=protocol, controls={"swapped": 1.0})
        court.run()
        shown = [ask.json["messages"][-1]["content"] for ask in server.asks]
    assert len(shown) == (1 if outputs == 1 else 2)
    if outputs == 3:
        orders = {tuple(sorted(range(3), key=lambda n: text.index(f"Text {n}."))) for text in shown}
        assert orders == {(0, 1, 2), (2, 1, 0)}
