"""BERTScore through torch equals OpenVINO's, and other families equal `bert-score`'s.

For an environment with torch, transformers and bert-score, which are not in the lock (1.3 GB).
"""

from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np
import pytest

from annotate.fault import Fault
from annotate.metrics.bert.weights import located
from annotate.metrics.metric import Pair
from annotate.metrics.registry import metrics
from tests.annotate.metrics import bertscore_pairs, tiny_models

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
BERTScorer = pytest.importorskip("bert_score").BERTScorer
pytestmark = pytest.mark.filterwarnings("ignore")  # theirs

PAIRS = [Pair(output, tuple(references)) for output, references in bertscore_pairs.pairs()]
RELATIVE = {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "position_biased_input": False}
OTHERS = {
    "deberta-v2": RELATIVE,
    "electra": {"embedding_size": 16},
    "albert": {"embedding_size": 16},
    "mpnet": {"max_position_embeddings": tiny_models.WINDOW + 2},
    "bert": {"hidden_act": "gelu_new"},
}


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory):
    """Return a function from a family to a folder with a small model of it."""
    minilm = located("minilm")

    def made(family):
        here = tmp_path_factory.mktemp(family)
        if family in OTHERS:
            return tiny_models.other(here, minilm, family, **OTHERS[family])
        makes = {"minilm": lambda: minilm, "roberta": lambda: tiny_models.roberta(here)}
        return makes.get(family, lambda: tiny_models.distilbert(here, minilm))()

    return made


def scored(metric, pairs=PAIRS):
    return np.array([score.values for score in metric.score(pairs)])


def through_torch(metric):
    """Return the metric with torch on the processor where it would take OpenVINO."""
    model, *rest = metric.score.args
    return replace(metric, score=partial(metric.score.func, replace(model, device="cpu"), *rest))


@pytest.mark.parametrize("window", ["chunks", "truncate"])
@pytest.mark.parametrize("family", ["minilm", "distilbert", "roberta"])
def test_torch_says_what_openvino_says(family, window, folder_of):
    (metric,) = metrics([f"bertscore:model={folder_of(family)},layer=2,window={window}"])
    assert "device" not in metric.settings
    assert np.abs(scored(metric) - scored(through_torch(metric))).max() < 1e-5


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("family", OTHERS)
def test_families_that_only_transformers_knows_equal_theirs(family, layer, folder_of):
    folder = folder_of(family)
    (metric,) = metrics([f"bertscore:model={folder},layer={layer},window=truncate"])
    assert metric.settings["device"] == "cpu, torch"
    theirs = BERTScorer(model_type=str(folder), num_layers=layer, device="cpu")
    p, r, f = theirs.score([pair.output for pair in PAIRS], [list(pair.references) for pair in PAIRS])
    assert np.abs(scored(metric) - np.stack([f, p, r], axis=1)).max() < 1e-5


def test_however_texts_are_batched_and_blocked_the_scores_are_the_same(folder_of, monkeypatch):
    from annotate.metrics.bert import on_torch

    (metric,) = metrics([f"bertscore:model={folder_of('deberta-v2')},layer=2"])
    whole = scored(metric)
    monkeypatch.setattr(on_torch, "CELLS", 900)
    encoder = metric.score.args[0].encoder()
    encoder._kept.clear()
    monkeypatch.setattr(encoder.engine, "tokens", 100)
    assert np.abs(whole - scored(metric, PAIRS[::-1])[::-1]).max() < 1e-6


def test_a_batch_too_large_for_the_device_is_read_in_halves(folder_of, monkeypatch):
    (metric,) = metrics([f"bertscore:model={folder_of('electra')},layer=2"])
    whole, encoder = scored(metric), metric.score.args[0].encoder()
    read, sizes = encoder.engine._read, []

    def small(batch, most=3):
        sizes.append(len(batch))
        if len(batch) > most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return read(batch)

    monkeypatch.setattr(encoder.engine, "_read", small)
    encoder._kept.clear()
    assert np.abs(whole - scored(metric)).max() < 1e-6
    assert max(sizes) > 3
    monkeypatch.setattr(encoder.engine, "_read", partial(small, most=0))
    encoder._kept.clear()
    with pytest.raises(Fault, match="no room for one text of 48 word pieces"):
        scored(metric)


def test_half_precision_only_where_it_is_asked_for(folder_of):
    exact, rough = metrics(
        [f"bertscore:model={folder_of('deberta-v2')},layer=2{more}" for more in ("", ",precision=bf16")]
    )
    kinds = {
        next(metric.score.args[0].encoder().engine._model.parameters()).dtype for metric in (exact, rough)
    }
    assert kinds == {torch.float32, torch.bfloat16}
    away = np.abs(scored(exact) - scored(rough))
    assert 0 < away.max() < 0.1


def test_idf_and_several_references_go_through_torch_too(folder_of):
    folder = folder_of("electra")
    (metric,) = metrics([f"bertscore:model={folder},layer=2,window=truncate,idf=yes"])
    ready = metric.prepare(pair.references for pair in PAIRS)
    sentences = list(chain.from_iterable(pair.references for pair in PAIRS))
    theirs = BERTScorer(
        model_type=str(folder), num_layers=2, device="cpu", idf=True, idf_sents=sentences, nthreads=0
    )
    p, r, f = theirs.score([pair.output for pair in PAIRS], [list(pair.references) for pair in PAIRS])
    assert np.abs(scored(ready) - np.stack([f, p, r], axis=1)).max() < 1e-5


def test_weights_that_transformers_cannot_read_are_one_sentence(folder_of, tmp_path):
    folder = folder_of("electra")
    (folder / "model.safetensors").write_bytes(b"no weights")
    (metric,) = metrics([f"bertscore:model={folder},layer=2"])
    with pytest.raises(Fault, match="transformers cannot read the model in electra"):
        scored(metric)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there_is_said_before_anything_is_scored(folder_of):
    with pytest.raises(Fault, match=r"device=cuda needs a GPU, and torch .* sees none here"):
        metrics(["bertscore:device=cuda"])


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_a_gpu_says_what_the_processor_says(folder_of):
    here, there = metrics([f"bertscore:layer=2{more}" for more in ("", ",device=cuda")])
    assert there.settings["device"] == "cuda, torch"
    assert np.abs(scored(here) - scored(there)).max() < 1e-5
