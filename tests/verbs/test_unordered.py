"""Which of two outputs is better is a preference to the report, from a study and from a file alike."""

import json

import numpy as np
import pandas as pd
import pytest

import cli
from agreement.report.settings import Settings
from annotate.item import Item, Output
from annotate.jury.panel import Panel
from annotate.rating import Rating
from data.formats.long import write_ratings
from data.shipped import protocol_text
from data.store import Store, items, migrate, raters, ratings, studies
from data.store.frame import ratings_frame
from tests.annotate.jury.conftest import juror_of
from tests.awaited import apart
from tests.jury_server import JuryServer
from verbs import unordered
from verbs.jury_bench import of_study
from verbs.report import study_report

QUICK = Settings(replicates=100, opinions=False)
PLACE = {"A": 0.0, "tie": 1.0, "B": 2.0}
PAIRS = [
    Item(f"i{n}", (Output(f"One {n}.", "m1", "x"), Output(f"Other {n}.", "m2", "y")), source=f"s{n}")
    for n in range(24)
]


def a_study(store, text, words):
    """Two clinicians' preferences on pairs, kept with the numbers of their points, as the form keeps them."""
    rng = np.random.default_rng(0)
    place = dict(zip(words, (0.0, 1.0, 2.0), strict=True))
    with store.writing() as session:
        study = studies.create(session, name="p", title="P", protocol_text=text, who="lead")
        items.add(session, study_id=study.id, items=PAIRS)
        said = []
        for name in ("C1", "C2"):
            raters.add(session, study_id=study.id, key=name, kind="clinician")
            for item in PAIRS:
                word = str(rng.choice(words, p=[0.5, 0.2, 0.3]))
                said.append(Rating(item.key, name, "better", word, place[word]))
        ratings.append(session, study_id=study.id, ratings=said)
        return study.id


@pytest.fixture
def pairs(sqlite_url):
    store = Store(sqlite_url)
    migrate(store)
    yield store
    store.close()


def figures(made):
    return {
        (one.question, one.coefficient, one.between): one.value
        for one in made.figures
        if one.question == "better" and one.value == one.value
    }


def test_clinicians_and_jurors_of_a_study_have_preferences(pairs, tmp_path):
    study_id = a_study(pairs, protocol_text("blind-pairs"), ["A", "tie", "B"])
    with JuryServer() as server:
        court = of_study(pairs, "p", Panel("p", (juror_of(server.url),)))
        assert apart(court.run, who="lead").complete
        court.close()
    found, _, _ = study_report(pairs, name="p", who="lead", settings=QUICK)
    of_the_study = figures(found.report)
    names = {coefficient for _, coefficient, _ in of_the_study}
    assert {"preference agreement", "log-strength of m1", "log-strength of m2", "log tie"} <= names
    assert not any("ICC" in name or name in ("r", "bias", "severity") for name in names)
    assert ("better", "log-strength of m1", "clinician–clinician") in of_the_study
    assert ("better", "log-strength of m1", "juror–juror") in of_the_study
    # The same ratings as a file, with the numbers of their points beside them.
    with pairs.reading() as session:
        frame = ratings_frame(session, study_id=study_id, kinds=["clinician", "juror"], words=["value"])
    frame = frame[frame["question"] == "better"]
    assert set(frame["number"]) == {0.0, 1.0, 2.0}
    file = tmp_path / "ratings.csv"
    write_ratings(frame, file)
    assert cli.main(["agree", str(file), "--json", str(tmp_path / "made.json")]) == 0
    made = json.loads((tmp_path / "made.json").read_text())["figures"]
    of_the_file = {(one["coefficient"], one["between"]): one["value"] for one in made}
    shared = [key for key in of_the_study if key[1].startswith("preference")]
    assert len(shared) >= 4
    assert {key[1:]: of_the_file[key[1:]] for key in shared} == {key[1:]: of_the_study[key] for key in shared}


def test_a_side_is_told_by_its_place_where_its_word_is_the_protocols_own(pairs):
    text = protocol_text("blind-pairs").replace("{A: A is better, tie: no", "{upper: upper, none: no")
    text = text.replace("B: B is better}", "lower: lower}").replace("[A, B]", "[upper, lower]")
    a_study(pairs, text, ["upper", "none", "lower"])
    other, _, _ = study_report(pairs, name="p", who="lead", settings=QUICK)
    strengths = {key[1]: value for key, value in figures(other.report).items() if "log-strength" in key[1]}
    said = other.frame["value"].value_counts()
    # The first was chosen more often, and it is m1's in every pair.
    assert said["A"] > said["B"]
    assert strengths["log-strength of m1"] > 0 > strengths["log-strength of m2"]


def test_a_scale_with_an_order_keeps_its_numbers():
    frame = pd.DataFrame(
        {"question": "harm", "kind": "juror", "value": ["none", "severe"], "number": [0.0, 2]}
    )
    assert unordered.of_file(frame)["number"].tolist() == [0.0, 2.0]
