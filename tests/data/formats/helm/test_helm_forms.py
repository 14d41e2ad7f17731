"""Runs as other releases and other benchmarks write them: older judges, rubrics, several juries."""

import copy
import gzip
import json
import math
import random
import tarfile
import zipfile

import pytest

from annotate.fault import Fault
from data.formats.helm import is_helm, read_helm
from data.shipped import benchmarks, protocol
from tests.helm_runs import JURORS, NAMES, request, run_spec, stat, verdict, write_run
from verbs.incoming import read_incoming

GOOD = {"gpt": verdict(4, 3, 5), "llama": verdict(5, 4, 4)}


@pytest.fixture
def run(tmp_path):
    return lambda states, stats=(), **options: write_run(tmp_path, states, stats, **options)


def said(helm):
    return "\n".join(helm.understood)


def annotated(number, **annotations):
    return request(number) | {"annotations": annotations}


def told(helm, **wanted):
    frame = helm.frame[helm.frame["kind"].eq("juror")]
    for column, value in wanted.items():
        frame = frame[frame[column].eq(value)]
    return frame


def older_spec(name, **more):
    """A run spec of a release whose annotators take no arguments."""
    spec = run_spec(name, jurors={})
    spec["annotators"] = [{"class_name": "helm.benchmark.annotation.some_annotator.SomeAnnotator"}]
    spec["metric_specs"] = [{"class_name": "helm.benchmark.metrics.aci_bench_metrics.ACIBenchMetric"}]
    return spec | more


@pytest.mark.parametrize("benchmark", benchmarks(), ids=lambda benchmark: benchmark.key)
def test_every_benchmark_is_placed_by_its_runs_name(run, benchmark):
    name = f"{benchmark.key},data_path=_data_x.csv,max_length=100000:model=openai_gpt-4o-2024-05-13"
    reply = {"gpt": verdict(*[4] * len(benchmark.criteria), names=benchmark.criteria)}
    states = [annotated(n, **{benchmark.key: reply} if benchmark.jury_scored else {}) for n in range(2)]
    helm = read_helm(run(states, [stat(0, benchmark.metric, 0.5)], spec=older_spec(name), name=name))
    assert {item.benchmark for item in helm.items} == {benchmark.key}
    assert {item.subcategory for item in helm.items} == {benchmark.subcategory}
    assert {item.category for item in helm.items} == {benchmark.category}
    if benchmark.jury_scored:
        assert set(told(helm)["question"]) == set(benchmark.criteria)
        assert told(helm)["number"].tolist() == [4.0] * 2 * len(benchmark.criteria)
    elif benchmark.metric:
        assert helm.frame["number"].tolist() == [0.5]


def test_a_run_that_does_not_name_its_jurors_says_what_that_hides(run):
    states = [annotated(0, aci_bench={"prompt_text": "p"} | GOOD)]
    helm = read_helm(run(states, spec=older_spec("aci_bench:model=acme_scribe")))
    assert "a juror that never replied would not be seen" in said(helm)
    assert "would not be seen" not in said(read_helm(run([request(0, said=GOOD)], suite="v2")))


def test_a_single_judge_of_an_older_release_is_a_juror_on_its_own_scale(run):
    name = "live_qa:model=acme_scribe"
    states = [
        annotated(0, live_qa={"prompt_text": "p", "reasoning": "incomplete", "score": 0.7}),
        annotated(1, live_qa={"prompt_text": "p", "reasoning": "off", "score": 3}),
        annotated(
            2, live_qa={"prompt_text": "", "reasoning": "BLOCKED_REQUEST_OR_EMPTY_RESPONSE", "score": 0.0}
        ),
    ]
    helm = read_helm(run(states, spec=older_spec(name), name=name))
    rows = told(helm)
    assert [juror.name for juror in helm.jurors] == ["live_qa"]
    assert rows["question"].unique().tolist() == ["score"]
    assert rows["value"].tolist() == ["0.7", ""]
    assert rows["comment"].tolist() == ["incomplete", "off"]
    assert "0 to 1" in rows["reason"].iloc[1]
    assert "Shown to no juror" in said(helm)  # the 0 that HELM wrote for it was nobody's


def test_judges_side_by_side_are_jurors_and_a_reply_without_score_is_kept_as_its_reason(run):
    said_by = {"prompt_text": "p", "gpt_score": 4, "gpt_reasoning": "fine"}
    said_by |= {"llama_score": None, "llama_reasoning": None, "llama_response_text": "I cannot judge this."}
    helm = read_helm(run([annotated(0, safety=said_by)], spec=older_spec("safety:model=acme_scribe")))
    assert told(helm, status="answered")["value"].tolist() == ["4"]
    (lost,) = told(helm, status="failed").to_dict("records")
    assert lost["rater"].startswith("llama@")
    assert lost["comment"] == "I cannot judge this."


def test_a_judge_that_gives_a_share_is_not_read_on_five_points(run):
    spec = run_spec("health_bench:model=acme_scribe")
    spec["annotators"][0]["class_name"] = "helm.benchmark.annotation.x.HealthBenchAnnotator"
    spec["metric_specs"][1]["args"]["scenario_name"] = "health_bench"
    share = {"accuracy": {"score": 0.625, "criteria": [{"criteria_met": True, "explanation": "yes"}]}}
    state = annotated(0, health_bench={"gpt": share, "llama": {"accuracy": {"score": None, "criteria": []}}})
    helm = read_helm(run([state], spec=spec, name="health_bench:model=acme_scribe"))
    assert told(helm)["question"].unique().tolist() == ["accuracy"]
    assert told(helm, status="answered")["number"].tolist() == [0.625]
    assert helm.scales["health_bench", "accuracy"].high == 1.0


def test_a_rubric_says_the_scale_of_each_criterion_and_na_is_unable(run):
    items = {name: {"name": name, "min": 1, "max": 5, "weight": 0.3} for name in ("thorough", "synthesized")}
    items["stigma"] = {"name": "stigma", "min": 0, "max": 1, "weight": 0.4, "higher_is_better": False}
    spec = run_spec("note_summary:model=acme_scribe")
    spec["metric_specs"][1]["args"]["rubric"] = {"items": items}
    names = ("thorough", "synthesized", "stigma")
    reply = {"gpt": verdict(4, "NA", 0, names=names), "llama": verdict(0, 3, 2, names=names)}
    stats = [stat(0, "aci_bench_accuracy", 0.9)]
    helm = read_helm(run([request(0, said=reply)], stats, spec=spec, name="note_summary:model=acme_scribe"))
    ours = {(r["rater"][:3], r["question"]): (r["value"], r["status"]) for r in told(helm).to_dict("records")}
    assert ours["gpt", "stigma"] == ("0", "answered")
    assert ours["gpt", "synthesized"] == ("", "unable")
    assert ours["lla", "thorough"] == ours["lla", "stigma"] == ("", "failed")
    assert "weighted mean by its own rubric" in said(helm)
    assert "scored differently" not in said(helm)


def test_two_juries_of_one_run_stand_apart(run):
    second = {"gpt": verdict(2, 1, names=("accurate", "thorough"))}
    state = request(0, said=GOOD)
    state["annotations"]["pdsqi"] = {"prompt_text": "other prompt"} | second
    helm = read_helm(run([state]))
    assert len(helm.jurors) == 3
    assert len({juror.key for juror in helm.jurors}) == 3
    assert told(helm, question="thorough")["value"].tolist() == ["1"]
    assert len(told(helm)) == 2 * 3 + 2


def test_annotators_that_are_no_jury_and_juries_that_never_spoke_are_said(run):
    sql = {"predicted_result": [[1]], "ground_truth_result": [[1]], "query_error": None}
    helm = read_helm(run([annotated(0, ehr_sql=sql)]))
    assert "The annotator 'ehr_sql' is no jury" in said(helm)
    assert "The run names the jurors gpt, llama and holds no word of theirs" in said(helm)
    assert not len(told(helm))


@pytest.mark.parametrize(("default", "shown"), [(1.0, "1.0"), (0.0, "0.0"), (-1.0, "-1.0")])
def test_the_score_that_nobody_gave_is_said_as_it_is(run, default, shown):
    states = [request(0, said=GOOD), request(1, said={})]
    stats = [stat(0, "aci_bench_accuracy", 25 / 6), stat(1, "aci_bench_accuracy", default)]
    assert f"1 output that no juror scored (its default: {shown})" in said(read_helm(run(states, stats)))


def test_instances_without_an_id_are_cases_of_their_own(run):
    states = [request(0), request(1)]
    for state in states:
        del state["instance"]["id"]
    assert len({item.case for item in read_helm(run(states)).items}) == 2


def test_trials_perturbations_and_references_with_several_tags_come_in_apart(run):
    typo = {"name": "typos", "robustness": True, "computed_on": "perturbed", "seed": 1}
    states, stats = [], []
    for trial in range(3):
        for changed in ({}, {"perturbation": typo}):
            state = request(0, output="Same text.", **changed) | {"train_trial_index": trial}
            state["instance"]["references"] = [
                {"output": {"text": "right"}, "tags": ["correct", "gold"]},
                {"output": {"text": "wrong"}, "tags": ["partial"]},
            ]
            states.append(state)
            score = trial / 10 + (0.5 if changed else 0)
            stats.append(stat(0, "rouge_l", score, train_trial_index=trial, **changed))
    helm = read_helm(run(states, stats))
    assert len(helm.items) == 6
    assert sorted(helm.frame["number"]) == pytest.approx([0, 0.1, 0.2, 0.5, 0.6, 0.7])
    assert {item.references for item in helm.items} == {("right",)}
    assert {item.strata.get("trial") for item in helm.items} == {None, "1", "2"}


def test_halves_of_characters_and_zero_bytes_are_mended_and_other_scripts_kept(run, store):
    state = request(
        0, said={"gpt": verdict(4, 3, 5), "llama": verdict(1, 2, 3)}, output="Ruhe \ud83d\0 休息 🫁"
    )
    state["annotations"]["aci_bench"]["gpt"]["clarity"]["explanation"] = "half \ud83d zero \0"
    folder = run([state])
    (item,) = read_helm(folder).items
    assert item.outputs[0].text == "Ruhe ?\ufffd 休息 🫁"
    number = _study(store)
    assert _bring(store, number, folder) == (1, 2, 0, 6)
    assert _bring(store, number, folder) == (0, 0, 0, 0)


def _study(store):
    from data.shipped import protocol_text
    from data.store import studies

    with store.writing() as session:
        text = protocol_text("medhelm")
        return studies.create(session, name="ward", title="Ward", protocol_text=text, who="lead").id


def _bring(store, number, path):
    from verbs.bring import bring
    from verbs.protocol import protocol_of

    with store.reading() as session:
        wanted = protocol_of(session, study_id=number)
    brought = bring(store, study_id=number, incoming=read_incoming([path], wanted), who="lead")
    return brought.items, brought.raters, brought.assignments, brought.ratings


def test_packed_files_read_as_plain_ones_in_a_folder_and_in_a_zip(run, tmp_path):
    folder = run([request(0, said=GOOD)], [stat(0, "rouge_l", 0.5)])
    plain = read_helm(folder.parent)
    for file in list(folder.iterdir()):
        (folder / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    archive = tmp_path / "suite.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in folder.iterdir():
            packed.write(file, f"v1/{folder.name}/{file.name}")
    for path in (folder.parent, archive):
        assert is_helm(path)
        assert read_helm(path).items == plain.items
        assert read_helm(path).frame.equals(plain.frame)
    (folder / "scenario_state.json.gz").write_bytes(gzip.compress(b"{}" * 999)[:25])
    with pytest.raises(Fault, match=r"scenario_state\.json cannot be read"):
        read_helm(folder.parent)


def test_a_link_to_the_latest_suite_is_not_read_twice_and_linked_runs_are_read(run, tmp_path):
    folder = run([request(0, said=GOOD)])
    (folder.parent.parent / "latest").symlink_to(folder.parent)
    helm = read_helm(tmp_path / "runs")
    assert len(helm.reports) == 1
    assert "word for word" not in said(helm)
    elsewhere = tmp_path / "collected"
    elsewhere.mkdir()
    (elsewhere / folder.name).symlink_to(folder)
    assert len(read_helm(elsewhere).items) == 1
    (elsewhere / "more").symlink_to(tmp_path / "runs")
    assert "more is a link to another place and was not followed" in said(read_helm(elsewhere))


def test_a_file_that_cannot_be_read_is_one_sentence(run, tmp_path):
    folder = run([request(0, said=GOOD)])
    (folder / "run_spec.json").unlink()
    (folder / "run_spec.json").symlink_to(tmp_path / "nowhere.json")
    with pytest.raises(Fault, match=r"run_spec\.json cannot be read"):
        read_helm(folder)


def test_text_that_is_not_utf_8_is_one_sentence(run):
    folder = run([request(0, said=GOOD)])
    text = json.dumps({"request_states": [request(0, output="Größe")]}, ensure_ascii=False)
    (folder / "scenario_state.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(Fault, match="is not UTF-8 text") as caught:
        read_helm(folder)
    assert len(caught.value.sentences) == 1


def test_a_tar_archive_and_a_file_beyond_all_bounds_are_refused(run, tmp_path, monkeypatch):
    folder = run([request(0, said=GOOD)])
    with tarfile.open(tmp_path / "suite.tar.gz", "w:gz") as archive:
        archive.add(folder, folder.name)
    with pytest.raises(Fault, match="is a tar archive; unpack it"):
        read_helm(tmp_path / "suite.tar.gz")
    monkeypatch.setattr("data.formats.helm.folders.LARGEST", 100)
    with pytest.raises(Fault, match="is larger than"):
        read_helm(folder)


def test_a_broken_run_among_good_ones_stops_the_whole_suite_and_names_each(run, tmp_path):
    run([request(0, said=GOOD)])
    for number in (1, 2):
        name = f"medication_qa,part={number}:model=acme_scribe"
        (run([request(0)], name=name) / "scenario_state.json").write_text('{"request_states": [{"inst')
    with pytest.raises(Fault) as caught:
        read_helm(tmp_path)
    assert len(caught.value.sentences) == 2
    assert all("is cut off" in sentence for sentence in caught.value.sentences)


def test_scores_in_odd_shapes_are_unanswered_with_what_was_written(run):
    odd = [None, True, [4], {"value": 4}, "four", "4 / 5", -1, 1e400, "", "５"]
    states = [request(n, said={"gpt": verdict(score, 3, 3), "llama": {}}) for n, score in enumerate(odd)]
    helm = read_helm(run(states))
    rows = told(helm, question="accuracy")
    rows = rows[rows["rater"].str.startswith("gpt")]
    assert rows["status"].tolist() == ["failed"] * 9 + ["answered"]
    assert rows["value"].tolist()[-1] == "5"  # a full-width five is a five
    assert rows["reason"].ne("").tolist() == [True] * 9 + [False]
    assert set(NAMES) == set(told(helm)["question"])


def test_a_picture_is_named_where_a_text_would_stand(run):
    media = [
        {"content_type": "text/plain", "text": "What does this show?"},
        {"content_type": "image/png", "location": "/data/x.png"},
    ]
    state = request(0, input={"text": "", "multimedia_content": {"media_objects": media}})
    (item,) = read_helm(run([state])).items
    assert item.source == "What does this show?\n[image/png]"


JUNK = (
    None,
    True,
    -1,
    1e300,
    "",
    [],
    {},
    [None],
    {"a": 1},
    "\ud83d\0",
    {"score": {"score": 1}},
    math.nan,
    10**30,
)


def spoilt(thing, dice):
    """Put junk somewhere into JSON, take something out, or give something another name."""
    here = thing
    for _ in range(dice.randint(1, 9)):
        if not here or not isinstance(here, (dict, list)):
            break
        place = dice.choice(list(here) if isinstance(here, dict) else range(len(here)))
        if dice.random() < 0.25 or not isinstance(here[place], (dict, list)):
            if isinstance(here, dict) and dice.random() < 0.4:
                here[dice.choice(["score", "gpt_score", "", "annotations", "\ud83d"])] = here.pop(place)
            else:
                here[place] = copy.deepcopy(dice.choice(JUNK))
            break
        here = here[place]
    return thing


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_wrong_in_a_run_it_comes_in_storable_or_is_a_fault(run, seed):
    dice = random.Random(seed)
    states = [request(n, said={"gpt": verdict(4, "x", 9), "llama": verdict(1, 2, 3)}) for n in range(3)]
    stats = [stat(n, name, 0.5) for n in range(3) for name in ("rouge_l", "aci_bench_accuracy")]
    parts = copy.deepcopy([states, stats, run_spec()])
    for _ in range(dice.randint(1, 5)):
        spoilt(dice.choice(parts), dice)
    try:
        helm = read_helm(run(parts[0], parts[1], spec=parts[2]))
    except Fault:
        return
    words = [str(cell) for cell in helm.frame.to_numpy().ravel()]
    for item in helm.items:
        words += [
            item.key,
            item.source,
            item.prompt,
            item.outputs[0].text,
            *item.references,
            *item.strata.values(),
        ]
        words += [item.outputs[0].system, item.case, item.benchmark]
    assert not any("\0" in word for word in words)
    "".join(words).encode()


def test_jurors_are_known_by_the_names_that_the_run_configures(run):
    spec = run_spec()
    helm = read_helm(run([request(0, said={"gpt": verdict(4, 4, 4)})], spec=spec))
    models = {juror.name: juror.model for juror in helm.jurors}
    assert models == {name: facts["model_deployment"] for name, facts in JURORS.items()}
    assert told(helm, status="failed")["rater"].str.startswith("llama@").all()


def metrics_of(helm):
    frame = helm.frame[helm.frame["kind"].eq("metric")]
    sources = {item.key: item.source for item in helm.items}
    return {(sources[row.item], row.number) for row in frame.itertuples()}


def with_split(split, number, mean):
    """One instance of a split, whose ids begin anew, with the same answer as its namesake."""
    source = {"text": f"{split} {number}"}
    state = request(number, said=GOOD, output="No.", split=split, input=source)
    record = stat(number, "rouge_l", mean)
    record["stats"][0]["name"]["split"] = split
    return state, record


def test_one_id_in_two_splits_is_two_instances_each_with_its_own_metrics(run):
    both = [with_split(split, n, mean) for split, mean in (("valid", 0.1), ("test", 0.6)) for n in range(2)]
    helm = read_helm(run([state for state, _ in both], [record for _, record in both]))
    assert metrics_of(helm) == {("valid 0", 0.1), ("valid 1", 0.1), ("test 0", 0.6), ("test 1", 0.6)}
    assert len({item.key for item in helm.items}) == 4
    assert len(told(helm)) == 4 * len(JURORS) * len(NAMES)
    assert set(helm.frame["occasion"]) == {1}


def test_one_id_for_two_instances_of_a_split_keeps_both_and_guesses_no_metric(run):
    states = [
        request(0, said=GOOD, output="No.", input={"text": f"Patient {name}"}) for name in ("one", "two")
    ]
    helm = read_helm(run([*states, request(1)], [stat(n, "rouge_l", 0.5) for n in (0, 0, 1)]))
    assert {item.source for item in helm.items} == {"Patient one", "Patient two", "Dialogue 1"}
    assert metrics_of(helm) == {("Dialogue 1", 0.5)}
    assert "1 instance id given to several instances" in said(helm)


def test_the_same_answer_to_another_prompt_is_another_item(run):
    asked = request(0, said=GOOD)
    run([asked])
    other = copy.deepcopy(asked)
    other["request"]["prompt"] = "Think first.\n\nDialogue 0"
    helm = read_helm(run([other], suite="v2").parents[1])
    assert len({item.key for item in helm.items}) == 2
    assert {item.case for item in helm.items} == {"aci_bench/id0"}


def test_a_run_of_which_nothing_came_out_is_left_out_and_said_and_alone_a_fault(run):
    alone = run([])
    with pytest.raises(Fault, match="holds no output: nothing was asked, or all failed"):
        read_helm(alone)
    run([request(0)], name="medi_qa:model=acme_scribe")
    helm = read_helm(alone.parent)
    assert len(helm.reports) == 1
    assert "aci_bench:model=acme_scribe holds no output" in said(helm)


def zipped(folder, archive, name_of):
    with zipfile.ZipFile(archive, "w") as packed:
        for file in folder.iterdir():
            member = zipfile.ZipInfo("x")
            member.filename = name_of(file)  # as its constructor would not leave it
            packed.writestr(member, file.read_bytes())
    return archive


def test_a_zip_with_backslashes_reads_as_its_folder(run, tmp_path):
    folder = run([request(0, said=GOOD)])
    archive = zipped(folder, tmp_path / "w.zip", lambda file: f"v1\\{folder.name}\\{file.name}")
    assert is_helm(archive)
    assert read_helm(archive).frame.equals(read_helm(folder).frame)


@pytest.mark.parametrize("before", ["../", "C:\\runs\\", "/"])
def test_an_archive_that_names_files_outside_is_called_so_and_not_a_workbook(run, tmp_path, before):
    archive = zipped(run([request(0)]), tmp_path / "w.zip", lambda file: before + file.name)
    assert is_helm(archive)
    with pytest.raises(Fault, match="outside itself"):
        read_incoming([archive], protocol("medhelm"))


def test_archives_and_links_that_nobody_opened_are_named(run, tmp_path):
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "runs.zip").write_bytes(b"")
    (tmp_path / "given" / "v1").symlink_to(run([request(0)]).parent)
    with pytest.raises(Fault, match="no HELM run") as caught:
        read_incoming([tmp_path / "given"], protocol("medhelm"))
    assert "Not opened: runs.zip; import an archive by its own name." in caught.value.sentences
    assert "v1 is a link to another place and was not followed." in caught.value.sentences
