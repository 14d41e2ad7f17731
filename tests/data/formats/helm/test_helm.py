"""HELM runs come in whole, strictly, and with what MedHELM's own code hides."""

import functools
import json
import math
import time
import zipfile

import pytest

from annotate.fault import Fault
from data.formats.helm import is_helm, read_helm
from tests.helm_runs import JURORS, request, run_spec, stat, verdict, write_run

GOOD = {"gpt": verdict(4, 3, 5), "llama": verdict(3, 3, 4)}


@pytest.fixture
def run(tmp_path):
    return functools.partial(write_run, tmp_path)


def rows(helm, **where):
    frame = helm.frame
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return frame


def juror_rows(helm, name):
    return helm.frame[helm.frame["rater"].str.startswith(f"{name}@")]


def said(helm):
    return "\n".join(helm.understood)


def test_an_output_becomes_an_item_in_its_place(run):
    helm = read_helm(run([request(7, said=GOOD)]))
    (item,) = helm.items
    assert (item.source, item.prompt) == ("Dialogue 7", "Write a note.\n\n[source]\nNote:")
    assert (item.outputs[0].text, item.outputs[0].system) == ("The patient said 7.", "acme/scribe")
    assert item.references == ("Note 7",)
    assert (item.benchmark, item.subcategory) == ("aci_bench", "Documenting Patient Visits")
    assert item.category == "Clinical Note Generation"
    assert item.case == "aci_bench/id7"
    assert "acme" not in item.key


def test_jurors_and_metrics_are_raters(run):
    stats = [stat(0, "rouge_l", 0.25), stat(0, "BERTScore-F", 0.75), stat(0, "aci_bench_accuracy", 22 / 6)]
    helm = read_helm(run([request(0, said=GOOD)], [*stats, stat(0, "num_bytes", 9)]))
    gpt = juror_rows(helm, "gpt")
    assert dict(zip(gpt["question"], gpt["number"], strict=True)) == {
        "accuracy": 4,
        "completeness": 3,
        "clarity": 5,
    }
    assert gpt["comment"].tolist() == ["accuracy: why", "completeness: why", "clarity: why"]
    metrics = rows(helm, kind="metric")
    assert dict(zip(metrics["question"], metrics["number"], strict=True)) == {
        "rouge-l": 0.25,
        "bertscore-f": 0.75,
    }
    assert metrics["rater"].str.startswith("helm-").all()
    assert {juror.model for juror in helm.jurors} == {j["model_deployment"] for j in JURORS.values()}


@pytest.mark.parametrize("score", [4.9, 7, 0, -1, "4/5", "good", True, [4], {"a": 4}, 1e400, math.nan])
def test_a_score_that_is_no_point_is_unanswered_with_what_it_was(run, score):
    reply = verdict(4, 3, 5)
    reply["accuracy"]["score"] = score
    row = juror_rows(read_helm(run([request(0, said=GOOD | {"gpt": reply})])), "gpt").iloc[0]
    assert (row["status"], row["value"]) == ("failed", "")
    assert math.isnan(row["number"])
    assert json.dumps(score) in row["reason"]
    assert row["reason"].endswith("is not a point of 'accuracy' (1, 2, 3, 4, 5)")
    assert row["comment"] == "accuracy: why"


@pytest.mark.parametrize("score", [4, 4.0, "4"])
def test_a_declared_point_counts_however_it_is_written(run, score):
    row = juror_rows(read_helm(run([request(0, said={"gpt": verdict(score, 3, 5)})])), "gpt").iloc[0]
    assert (row["status"], row["value"], row["number"]) == ("answered", "4", 4)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"accuracy": {"explanation": "x"}}, "gave no score for 'accuracy'"),
        ({"accuracy": {"score": None}}, "gave no score for 'accuracy'"),
        ({"clarity": {"score": 3}}, "has no 'accuracy'"),
        ({}, "HELM dropped this juror's reply"),
        (None, "HELM dropped this juror's reply"),
        ("I refuse", "HELM dropped this juror's reply"),
    ],
)
def test_what_a_juror_left_out_is_a_row_with_the_reason(run, reply, reason):
    helm = read_helm(
        run([request(0, said=GOOD), request(1, said=GOOD), request(2, said=GOOD | {"gpt": reply})])
    )
    row = juror_rows(helm, "gpt")[
        lambda f: f["item"].str.contains("id2") & (f["question"] == "accuracy")
    ].iloc[0]
    assert row["status"] == "failed"
    assert reason in row["reason"]


def test_a_dropped_juror_has_rows_and_the_mean_says_so(run):
    states = [request(0, said=GOOD), request(1, said={"gpt": verdict(5, 5, 5)}), request(2, said={})]
    stats = [
        stat(0, "aci_bench_accuracy", 22 / 6),
        stat(1, "aci_bench_accuracy", 5.0),
        stat(2, "aci_bench_accuracy", 1.0),
    ]
    helm = read_helm(run(states, stats))
    llama = juror_rows(helm, "llama")
    assert llama["status"].tolist() == ["answered"] * 3 + ["failed"] * 6
    (report,) = helm.reports
    assert (report.outputs, report.judged, report.full) == (3, 2, 1)
    assert report.theirs == pytest.approx((22 / 6 + 5 + 1) / 3)
    assert report.honest == pytest.approx((22 / 6 + 5) / 2)
    assert report.complete == pytest.approx(22 / 6)
    assert "llama: 2 of 3 replies dropped silently" in said(helm)
    assert "MedHELM gives a jury score to 1 output that no juror scored" in said(helm)


def test_jurors_that_a_run_does_not_configure_are_found_in_its_replies(run):
    spec = run_spec(jurors={})
    helm = read_helm(run([request(0, said=GOOD), request(1, said={"gpt": verdict(1, 1, 1)})], spec=spec))
    assert juror_rows(helm, "llama")["status"].tolist() == ["answered"] * 3 + ["failed"] * 3


def test_an_empty_output_was_shown_to_no_juror(run):
    unasked = {"prompt_text": None, "empty_output_equivalence_judgement": False}
    helm = read_helm(run([request(0, said=GOOD), request(1, output="", said=unasked)]))
    assert len(helm.items) == 2
    assert rows(helm, kind="juror")["item"].nunique() == 1
    assert "Shown to no juror" in said(helm)
    assert not any(juror.name == "empty_output_equivalence_judgement" for juror in helm.jurors)


def test_an_extra_key_is_no_question_but_structure_is(run):
    extra = GOOD | {"gpt": verdict(4, 3, 5, overall=1)}
    helm = read_helm(run([request(0, said=GOOD), request(1, said=GOOD), request(2, said=extra)]))
    assert set(helm.frame["question"]) == {"accuracy", "completeness", "clarity"}
    assert "'overall' (1)" in said(helm)
    names = ("accuracy", "structure", "clarity")
    structured = {"gpt": verdict(4, 3, 5, names=names), "llama": verdict(4, 3, 5, names=names)}
    assert set(read_helm(run([request(0, said=structured)])).frame["question"]) == set(names)


def test_the_configurable_benchmark_asks_what_it_configures_from_zero(run):
    spec = run_spec(
        "OURS:model=acme_scribe", criteria=["safety", "tone"], template='{"safety": {"score": 0}}'
    )
    reply = {"gpt": verdict(0, 5, names=("safety", "tone")), "llama": verdict(6, 5, names=("safety", "tone"))}
    helm = read_helm(run([request(0, said=reply)], spec=spec, name="OURS:model=acme_scribe"))
    assert juror_rows(helm, "gpt")["number"].tolist() == [0, 5]
    assert juror_rows(helm, "llama")["status"].tolist() == ["failed", "answered"]
    assert helm.scales["OURS", "safety"].points[0].value == "0"
    assert "not placed in the taxonomy: OURS" in said(helm)
    ranged = run_spec("OURS:model=acme_scribe", criteria=["safety", "tone"], template="Score from 1 to 3.")
    scale = read_helm(run([request(0, said=reply)], spec=ranged, name="OURS:model=acme_scribe")).scales[
        "OURS", "tone"
    ]
    assert [point.value for point in scale.points] == ["1", "2", "3"]


def test_another_model_or_template_is_another_juror(run):
    first = read_helm(run([request(0, said=GOOD)]))
    newer = {
        "gpt": {"model_name": "openai/gpt-6", "model_deployment": "openai/gpt-6"},
        "llama": JURORS["llama"],
    }
    second = read_helm(run([request(0, said=GOOD)], spec=run_spec(jurors=newer)))
    keys = [{juror.name: juror.key for juror in helm.jurors} for helm in (first, second)]
    assert keys[0]["gpt"] != keys[1]["gpt"]
    assert keys[0]["llama"] == keys[1]["llama"]


def test_metrics_are_merged_on_instance_perturbation_and_trial(run):
    typos = {"name": "typos", "prob": 0.1}
    states = [request(0, said=GOOD), request(0, said=GOOD, perturbation=typos), request(0, said=GOOD)]
    states[2]["train_trial_index"] = 1
    stats = [
        stat(0, "rouge_l", 0.1),
        stat(0, "rouge_l", 0.2, perturbation=typos),
        stat(0, "rouge_l", 0.3, train_trial_index=1),
    ]
    helm = read_helm(run(states, stats))
    assert len({item.key for item in helm.items}) == 3
    assert {item.case for item in helm.items} == {"aci_bench/id0"}
    number = dict(rows(helm, kind="metric")[["item", "number"]].values)
    perturbed = next(item for item in helm.items if item.strata.get("perturbation") == "typos")
    second = next(item for item in helm.items if item.strata.get("trial") == "1")
    assert (number[perturbed.key], number[second.key]) == (0.2, 0.3)


def test_only_the_first_completion_was_judged(run):
    state = request(0, said=GOOD)
    state["result"]["completions"] = [{"text": "One."}, {"text": "Two."}, {"text": "One."}]
    helm = read_helm(run([state], [stat(0, "rouge_l", 0.5)]))
    assert [item.outputs[0].text for item in helm.items] == ["One.", "Two.", "One."]
    assert len({item.key for item in helm.items}) == 3
    assert set(helm.frame["item"]) == {helm.items[0].key}


def test_instance_ids_are_unique_within_a_scenario_only(run):
    for subset in ("healthcaremagic", "icliniq"):
        run([request(0, output="Rest.")], name=f"med_dialog,subset={subset}:model=acme_scribe")
    helm = read_helm(run([request(0, output="Rest.")]).parent)
    assert {item.case for item in helm.items} == {
        "med_dialog,subset=healthcaremagic/id0",
        "med_dialog,subset=icliniq/id0",
        "aci_bench/id0",
    }
    assert len({item.key for item in helm.items}) == 3
    assert {item.strata.get("subset") for item in helm.items} == {"healthcaremagic", "icliniq", None}
    assert not any("split" in name for item in helm.items for name in item.strata)
    assert {item.benchmark for item in helm.items} == {"med_dialog", "aci_bench"}


def test_a_copied_run_is_read_once_and_a_second_verdict_is_an_occasion(run, tmp_path):
    run([request(0, said=GOOD)])
    run([request(0, said=GOOD)], suite="v2")
    once = read_helm(tmp_path / "runs")
    assert len(once.items) == 1
    assert len(once.frame) == 6
    run([request(0, said=GOOD | {"gpt": verdict(2, 3, 5)})], suite="v3")
    again = juror_rows(read_helm(tmp_path), "gpt")
    assert again["number"].tolist() == [4, 3, 5, 2, 3, 5]
    assert again["occasion"].tolist() == [1, 1, 1, 2, 2, 2]


def test_a_failed_request_has_no_output(run):
    state = request(1)
    state["result"] = {"success": False, "completions": [], "error": "timeout"}
    helm = read_helm(run([request(0, said=GOOD), state]))
    assert len(helm.items) == 1
    assert "1 request failed" in said(helm)


def test_what_else_a_run_hides_is_said(run):
    states = [
        request(0, said=GOOD, output="[redacted]"),
        request(1, said=GOOD, output='{"accuracy": {"score": 5}}'),
    ]
    spec = run_spec()
    spec["adapter_spec"]["model"] = "openai/o3-mini"
    text = said(read_helm(run(states, spec=spec)))
    assert "1 item with [redacted] instead of a text" in text
    assert "text like a verdict or an instruction" in text
    assert "gpt judged a model of its own maker (openai/o3-mini)" in text


def test_chats_and_other_annotators_are_read_as_they_are(run):
    state = request(0, said=GOOD, input={"messages": [{"role": "user", "content": "It hurts."}]})
    state["request"] = {"messages": [{"role": "user", "content": [{"type": "text", "text": "It hurts."}]}]}
    state["annotations"] |= {"other": ["any", {"json": 1}], "third": {"gpt": "fine", "n": 3}, "empty": None}
    helm = read_helm(run([state], None, spec={}))
    assert helm.items[0].source == "user: It hurts."
    assert set(helm.frame["question"]) == {"accuracy", "completeness", "clarity"}


def test_references_of_a_closed_question_are_the_correct_ones(run):
    options = [{"output": {"text": "A"}, "tags": []}, {"output": {"text": "B"}, "tags": ["correct"]}]
    (item,) = read_helm(run([request(0, references=options)])).items
    assert item.references == ("B",)


def test_an_unfinished_run_is_left_out_and_said_and_alone_a_fault(run):
    folder = run([request(0, said=GOOD)])
    other = run([request(0, said=GOOD)], name="medication_qa:model=acme_scribe")
    (other / "scenario_state.json").unlink()
    assert "unfinished run; left out" in said(read_helm(folder.parent))
    with pytest.raises(Fault, match="holds no finished HELM run"):
        read_helm(other)


@pytest.mark.parametrize("file", ["run_spec.json", "scenario_state.json", "per_instance_stats.json"])
@pytest.mark.parametrize("keep", [0, 0.5, 0.99])
def test_a_truncated_file_is_one_sentence_and_nothing_is_read(run, file, keep):
    folder = run([request(0, said=GOOD)], [stat(0, "rouge_l", 0.5)])
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(Fault) as caught:
        read_helm(folder)
    (sentence,) = caught.value.sentences
    assert file in sentence
    assert "copy the run again" in sentence


@pytest.mark.parametrize(
    "content", ["[]", "null", '"x"', '{"request_states": {}}', '{"request_states": null}']
)
def test_what_is_no_scenario_state_is_said(run, content):
    folder = run([])
    (folder / "scenario_state.json").write_text(content)
    with pytest.raises(Fault, match="no list 'request_states'"):
        read_helm(folder)


def test_states_of_any_shape_do_not_break_the_reader(run):
    odd = [None, 3, [], {}, {"instance": None}, {"result": {"completions": [None, {"text": None}]}}]
    helm = read_helm(
        run(
            [*odd, request(0, said=GOOD)],
            [None, {"stats": [None, {"name": 3}]}, stat(0, "rouge_l", math.nan)],
        )
    )
    assert len(rows(helm, kind="juror")) == 6
    assert rows(helm, kind="metric")["status"].tolist() == ["failed"]


def zipped(folder, path, prefix=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*.json")):
            archive.write(file, f"{prefix}{file.relative_to(folder)}")
    return path


def test_a_zip_reads_as_its_folder(run, tmp_path):
    suite = run([request(0, said=GOOD)], [stat(0, "rouge_l", 0.5)]).parent
    archive = zipped(suite, tmp_path / "suite.zip")
    assert is_helm(archive)
    assert is_helm(suite)
    folder, zip_ = read_helm(suite), read_helm(archive)
    assert zip_.items == folder.items
    assert zip_.frame.equals(folder.frame)


def test_a_zip_that_reaches_outside_or_lies_about_its_size_is_refused(run, tmp_path, monkeypatch):
    suite = run([request(0, said=GOOD)]).parent
    with pytest.raises(Fault, match="outside itself"):
        read_helm(zipped(suite, tmp_path / "slip.zip", prefix="../../"))
    archive = zipped(suite, tmp_path / "bomb.zip")
    monkeypatch.setattr("data.formats.helm.folders.LARGEST", 100)
    with pytest.raises(Fault, match="unpacks to"):
        read_helm(archive)
    (tmp_path / "not.zip").write_text("PK no")
    with pytest.raises(Fault, match="neither a folder nor a zip"):
        read_helm(tmp_path / "not.zip")
    assert not is_helm(tmp_path / "not.zip")


def test_a_thousand_long_instances_in_seconds(run):
    long = "word " * 2_000
    states = [
        request(n, said=GOOD, output=long + str(n), input={"text": long + str(n)}) for n in range(1_000)
    ]
    stats = [stat(n, name, 0.5) for n in range(1_000) for name in ("rouge_1", "rouge_2", "rouge_l")]
    folder = run(states, stats)
    start = time.process_time()
    assert len(read_helm(folder).frame) == 9_000
    assert time.process_time() - start < 5


def test_tokens_come_in_where_the_run_counted_them(tmp_path):
    counted, blank = request(0), request(1)
    counted["request"]["max_tokens"] = 768
    counted["result"]["completions"][0]["tokens"] = [{"text": word, "logprob": 0} for word in "abc"]
    stats = [
        stat(0, "num_prompt_tokens", 900.0), stat(0, "num_output_tokens", 3.0),
        stat(1, "num_prompt_tokens", 800.0), stat(1, "num_output_tokens", 0.0),
    ]  # fmt: skip
    found = read_helm(write_run(tmp_path, [counted, blank], stats))
    told = [item.strata for item in found.items]
    assert told[0] == {"prompt_tokens": "900", "output_tokens": "3", "max_output_tokens": "768"}
    assert told[1] == {"prompt_tokens": "800"}  # HELM's 0 means that the client told it none
    assert not len(found.frame)
