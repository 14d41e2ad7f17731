"""The demo study is what it says: synthetic, complete, and true to the truth that is stored beside it."""

import re

import numpy as np
import pytest

from data.demo import facts, scores, texts, truth, wording
from data.demo.wording import reworded
from data.store import Store, assignments, items, raters, studies
from data.store.frame import ratings_frame


@pytest.fixture(scope="module")
def demo(demo_file):
    store = Store(f"sqlite:///{demo_file}")
    yield store
    store.close()


@pytest.fixture(scope="module")
def frame(demo):
    with demo.reading() as session:
        study_id = studies.named(session, name="demo").id
        return ratings_frame(session, study_id=study_id, kinds=("clinician", "juror"), words=("reason",))


def test_the_stored_truth_is_what_the_generator_makes():
    """A smaller sample than the stored one, so within sampling error of it: 20,000 items."""
    stored, again = truth.stored(), truth.computed(items=20_000)
    for question in (*scores.QUESTIONS, "composite"):
        assert again[question]["icc_a1"] == pytest.approx(stored[question]["icc_a1"], abs=0.02)
        for juror, bias in stored[question]["juror_bias"].items():
            assert again[question]["juror_bias"][juror] == pytest.approx(bias, abs=0.03)


def test_two_clinicians_an_item_out_of_six_and_every_pair_meets(demo):
    with demo.reading() as session:
        study_id = studies.named(session, name="demo").id
        rows = assignments.in_study(session, study_id=study_id)
    seen = {}
    for row in rows:
        seen.setdefault(row.item, set()).add(row.rater)
    assert {len(pair) for pair in seen.values()} == {2}
    assert len({frozenset(pair) for pair in seen.values()}) == 15


def test_texts_are_marked_synthetic_and_have_references(demo):
    with demo.reading() as session:
        cases = items.in_study(session, study_id=studies.named(session, name="demo").id)
    assert len(cases) == 180
    assert all(texts.MARK in item.source and item.references for item in cases)
    assert len({item.strata["document"] for item in cases}) == 3


def test_better_texts_got_better_scores(frame, demo):
    """The texts show their quality: how much of the reference they carry goes with the scores."""
    with demo.reading() as session:
        cases = items.in_study(session, study_id=studies.named(session, name="demo").id)
    carried = {item.key: share_carried(item) for item in cases}
    good = frame[(frame.rater == "juror-good") & (frame.question != "clarity")]
    scored = good.groupby("item", observed=True).number.mean()
    assert np.corrcoef([carried[key] for key in scored.index], scored)[0, 1] > 0.5


def share_carried(item):
    facts = [f"{fact.rstrip('.')}." for fact in item.references[0].split(". ")[1:]]
    return np.mean([fact in item.outputs[0].text or reworded(fact) in item.outputs[0].text for fact in facts])


def test_rouge_goes_with_the_scores_about_as_far_as_published_and_other_words_cost_nothing_else(demo):
    """MedHELM's ROUGE-L has r = .22 with clinicians in 56 outputs, others .3 to .5; ours scores it."""
    with demo.reading() as session:
        study_id = studies.named(session, name="demo").id
        every = ratings_frame(session, study_id=study_id, kinds=("clinician", "metric"))
    human = every[every.kind == "clinician"].groupby("item", observed=True).number.mean()
    metric = every[every.kind == "metric"].set_index("item").number
    assert len(metric) == 180
    assert 0.25 < np.corrcoef(human, metric[human.index])[0, 1] < 0.6


@pytest.mark.parametrize("write", facts.FACTS)
def test_every_sentence_has_other_words_and_keeps_its_numbers(write):
    fact = write(np.random.default_rng(1))
    for sentence in (fact.note, fact.wrong):
        other = wording.reworded(sentence)
        assert other != sentence
        assert re.findall(r"\d[\d./]*\d|\d", other)[:2] == re.findall(r"\d[\d./]*\d|\d", sentence)[:2]


def test_some_could_not_assess_and_said_why(frame):
    unable = frame[frame.status == "unable"]
    assert 0 < len(unable) < 60
    assert unable.number.isna().all()
    assert (unable.reason != "").all()


def test_the_jurors_are_as_they_are_called(frame):
    said = frame[frame.kind == "juror"].groupby("rater", observed=True).number
    assert said.std()["juror-constant"] == 0
    assert said.mean()["juror-lenient"] - said.mean()["juror-good"] > 0.3


def test_it_is_made_once(demo_file, tmp_path):
    from tests.serving import copied
    from verbs.start import seed_demo

    store = Store(copied(demo_file, tmp_path))
    seed_demo(store)
    with store.reading() as session:
        assert studies.names(session) == ["demo"]
        study_id = studies.named(session, name="demo").id
        assert len(raters.in_study(session, study_id=study_id, kinds=("clinician", "juror"))) == 9
    store.close()
