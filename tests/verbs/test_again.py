"""A later run of the same suite: a copy brings nothing, another verdict is a further occasion."""

import json

import pytest

from data.shipped import protocol_text
from data.store import Store, audit, studies
from data.store.frame import ratings_frame
from tests.helm_runs import request, stat, verdict, write_run
from verbs.bring import bring
from verbs.incoming import read_incoming
from verbs.protocol import protocol_of

FIRST = {"gpt": verdict(4, 4, 5), "llama": verdict(3, 3, 4)}
OTHER = FIRST | {"gpt": verdict(2, 4, 5)}


@pytest.fixture
def ward(sqlite_url):
    store = Store(sqlite_url)
    with store.writing() as session:
        text = protocol_text("medhelm")
        store.study_id = studies.create(session, name="w", title="w", protocol_text=text, who="lead").id
    yield store
    store.close()


def load(store, *paths, **options):
    with store.reading() as session:
        protocol = protocol_of(session, study_id=store.study_id)
    incoming = read_incoming(paths, protocol, **options)
    return bring(store, study_id=store.study_id, incoming=incoming, who="lead")


def held(store, rater="gpt"):
    """What the study has of a rater: (item's case number, occasion, question) -> number or status."""
    with store.reading() as session:
        frame = ratings_frame(session, study_id=store.study_id, kinds=["juror", "metric"])
    mine = frame[frame["rater"].str.startswith(rater)]
    keys = zip(mine["item"].str.split("/").str[:2].str[-1], mine["occasion"], mine["question"], strict=True)
    said = mine["number"].where(mine["status"].eq("answered"), mine["status"].astype(object))
    return dict(zip(keys, said, strict=True))


def suite(tmp_path, name, *said, stats=()):
    states = [request(number, said=reply) for number, reply in enumerate(said)]
    return write_run(tmp_path / name, states, stats, suite=name)


def accuracies(store):
    return {place[:2]: said for place, said in held(store).items() if place[2] == "accuracy"}


TWICE = {("id0", 1): 4, ("id1", 1): 4, ("id0", 2): 2, ("id1", 2): 4}


@pytest.mark.parametrize("together", [True, False])
def test_a_run_with_another_verdict_is_a_further_occasion_as_a_whole(ward, tmp_path, together):
    runs = [suite(tmp_path, "v1", FIRST, FIRST), suite(tmp_path, "v2", OTHER, FIRST)]
    brought = [load(ward, *each) for each in ([runs] if together else [[run] for run in runs])]
    assert accuracies(ward) == TWICE
    assert {place[1] for place in held(ward, "llama")} == {1}
    assert brought[-1].changed == 0
    if not together:
        assert "further occasion: gpt@" in str(brought[1])
        assert "1 are word for word as before" in str(brought[1])
    for run in (runs, runs[:1], runs[1:]):
        assert str(load(ward, *run)) == "Nothing new: the study has it all already."
    assert accuracies(ward) == TWICE


def test_the_log_says_who_judged_again(ward, tmp_path):
    load(ward, suite(tmp_path, "v1", FIRST))
    load(ward, suite(tmp_path, "v2", OTHER))
    with ward.reading() as session:
        last = audit.events(session, study_id=ward.study_id)[-1]
    assert "further occasion" in json.dumps(last.after)


@pytest.mark.parametrize("order", [("v1", "v2"), ("v2", "v1")])
@pytest.mark.parametrize("together", [True, False])
def test_the_run_that_has_a_verdict_fills_the_place_of_a_dropped_one(ward, tmp_path, order, together):
    dropped = {"llama": FIRST["llama"]}
    paths = {"v1": suite(tmp_path, "v1", dropped, FIRST), "v2": suite(tmp_path, "v2", FIRST, FIRST)}
    runs = [paths[name] for name in order]
    brought = [load(ward, *each) for each in ([runs] if together else [[run] for run in runs])]
    assert accuracies(ward) == {("id0", 1): 4, ("id1", 1): 4}
    if order == ("v1", "v2") and not together:
        assert "In the place of failed calls: 3 answers." in str(brought[1])
    assert brought[-1].changed == 0
    assert load(ward, *runs).ratings == 0


def test_a_longer_run_of_the_same_verdicts_adds_its_new_outputs_only(ward, tmp_path):
    load(ward, suite(tmp_path, "v1", FIRST))
    brought = load(ward, suite(tmp_path, "v2", FIRST, FIRST))
    assert (brought.items, brought.ratings, brought.again) == (1, 6, ())
    assert {place[1] for place in held(ward)} == {1}


def test_a_metric_of_another_value_is_kept_beside_the_first(ward, tmp_path):
    load(ward, suite(tmp_path, "v1", FIRST, stats=[stat(0, "rouge_l", 0.25)]))
    load(ward, suite(tmp_path, "v2", FIRST, stats=[stat(0, "rouge_l", 0.5)]))
    assert held(ward, "helm-rouge") == {("id0", 1, "rouge-l"): 0.25, ("id0", 2, "rouge-l"): 0.5}


def test_a_run_that_counted_its_tokens_otherwise_is_the_same_outputs(ward, tmp_path):
    load(ward, suite(tmp_path, "v1", FIRST, stats=[stat(0, "num_prompt_tokens", 82)]))
    later = suite(tmp_path, "v2", FIRST, stats=[stat(0, "num_prompt_tokens", 437)])
    assert load(ward, later).items == 0


def test_a_protocol_that_asks_more_later_takes_the_rest_of_a_known_verdict(ward, tmp_path):
    said = {"gpt": verdict(4, 4, 5)}
    path = suite(tmp_path, "v1", said)
    with ward.writing() as session:
        text = "protocol: p\ntitle: P\nunit: output\nquestions:\n"
        text += "  - {key: accuracy, kind: scale, text: How, points: [1, 2, 3, 4, 5]}\n"
        ward.study_id = studies.create(session, name="p", title="p", protocol_text=text, who="lead").id
    assert load(ward, path).ratings == 1 + 1  # llama is configured and said nothing: it failed
    with ward.writing() as session:
        text += "  - {key: clarity, kind: scale, text: How clear, points: [1, 2, 3, 4, 5]}\n"
        studies.add_protocol(session, study_id=ward.study_id, text=text, who="lead")
    assert load(ward, path).ratings == 1 + 1
    assert held(ward) == {("id0", 1, "accuracy"): 4, ("id0", 1, "clarity"): 5}


def test_a_later_log_of_another_system_is_a_further_occasion_too(ward, tmp_path):
    for name, score in (("one", 3), ("two", 5)):
        samples = [{"id": "a", "epoch": 1, "scores": {"accuracy": {"value": score}}}]
        (tmp_path / f"{name}.json").write_text(json.dumps({"samples": samples}))
        load(ward, tmp_path / f"{name}.json", format="inspect")
    assert held(ward, "inspect") == {("a", 1, "accuracy"): 3, ("a", 2, "accuracy"): 5}


def test_a_table_numbers_its_own_occasions_and_corrects(ward, tmp_path):
    for score in (3, 5):
        (tmp_path / "r.csv").write_text(f"item,rater,kind,question,value\na,Ann,clinician,accuracy,{score}\n")
        brought = load(ward, tmp_path / "r.csv")
    assert brought.changed == 1
    assert "The new ones count now" in str(brought)
