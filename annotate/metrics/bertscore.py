"""BERTScore: words compared by what they mean in place, equal to the `bert-score` package, without torch."""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.fault import Fault
from annotate.metrics.bert.graph import drawn
from annotate.metrics.bert.weights import PACKAGED, engine_of, fingerprint, layers, located, window
from annotate.metrics.metric import Metric, Pair, Score, chosen

if TYPE_CHECKING:
    from annotate.metrics.bert.encoder import Encoder
    from annotate.metrics.bert.matching import Weights

Three = tuple[float, float, float]
"""F, precision and recall."""


@dataclass(frozen=True, slots=True)
class Model:
    """What computes: a model's folder, how many layers of it run, and how long texts are read."""

    folder: Path
    layer: int
    truncate: bool
    precision: str
    weights: str
    device: str

    def encoder(self) -> Encoder:
        """Return the encoder, made when it is first used: it takes a second and 250 MB."""
        from annotate.metrics.bert.encoder import encoder

        return encoder(self.folder, self.layer, self.truncate, self.precision, self.device, self.weights)


def bertscore(name: str, given: Mapping[str, str]) -> Metric:
    """Return BERTScore as a metric.

    Settings
    --------
    model : ``minilm`` (comes with the extra), a folder, or a hub name that was downloaded before
    layer : how many layers run; the last but one unless said
    window : ``chunks`` reads a long text in parts that do not overlap; ``truncate`` reads its beginning
    idf : ``yes`` weighs word pieces by how rare they are among all references
    baseline : a file of ``LAYER,P,R,F`` to rescale with, as bert-score ships them
    precision : ``f32``, or ``bf16``, which is faster where the processor has it, and less exact
    device : ``cpu``, or ``cuda``: a GPU, through torch
    """
    settings = chosen(
        name,
        given,
        model=PACKAGED,
        layer="",
        window=("chunks", "truncate"),
        idf=("no", "yes"),
        baseline="",
        precision=("f32", "bf16"),
        device=("cpu", "cuda"),
    )
    folder = located(settings["model"])
    layer = _layer(settings["layer"], folder, settings["model"])
    rescaling = _baseline(settings["baseline"], layer)
    settings |= {
        "model": Path(settings["model"]).name if Path(settings["model"]).is_dir() else settings["model"],
        "weights": fingerprint(folder),
        "layer": str(layer),
        "window": f"{settings['window']} of {window(folder)}",
        "baseline": " ".join(map(repr, rescaling)),
        "best": "each figure over references",
        "equals": "bert-score 0.3.13, transformers 5",
    }
    truncate = given.get("window") == "truncate"
    device = engine_of(folder, settings.pop("device"), drawn=drawn(folder))
    settings |= {"device": f"{device}, torch"} if device else {}
    model = Model(folder, layer, truncate, settings["precision"], settings["weights"], device)
    metric = Metric(
        name,
        ("f", "precision", "recall"),
        settings,
        partial(_score, model, rescaling, None),
        overlap=True,
        batch=512 if device == "cuda" else 64,
        threaded=True,
    )
    if settings["idf"] == "yes":
        return replace(metric, prepare=partial(_prepared, metric, model, rescaling))
    return metric


def _layer(said: str, folder: Path, model: str) -> int:
    there = layers(folder)
    if not said:
        return there - 1
    if not (said.isascii() and said.isdecimal() and int(said) <= there):
        raise Fault(f"layer={said!r} is not a layer of the model {model!r}, which has 0 to {there}.")
    return int(said)


def _baseline(path: str, layer: int) -> Three:
    """Return the baselines of F, precision and recall: 0 for none, which rescales nothing."""
    if not path:
        return 0.0, 0.0, 0.0
    try:
        with Path(path).open(encoding="utf-8", newline="") as file:
            rows = {int(row["LAYER"]): row for row in csv.DictReader(file)}
        return _share(rows[layer]["F"]), _share(rows[layer]["P"]), _share(rows[layer]["R"])
    except OSError as fault:
        raise Fault(f"The file of baselines {path!r} cannot be read: {fault.strerror}.") from fault
    except (KeyError, TypeError, ValueError, csv.Error) as fault:
        raise Fault(
            f"baseline={path!r} cannot be used: it must be a CSV file with the columns LAYER,P,R,F, all "
            f"numbers, P, R and F below 1, and a row for layer {layer}."
        ) from fault


def _share(said: str) -> float:
    """Return a baseline; at 1 nothing could be above it, and NaN would make every score NaN."""
    if not (math.isfinite(value := float(said)) and value < 1):
        raise ValueError(said)
    return value


def _prepared(
    metric: Metric, model: Model, rescaling: Three, references: Iterable[tuple[str, ...]]
) -> Metric:
    """Return the metric with the weights of these references, which become part of its identity."""
    from annotate.metrics.bert.matching import idf

    tokenizer = model.encoder().tokenizer
    ids = (pieces.ids for texts in references if texts for pieces in tokenizer.read(texts))
    weights = idf(ids, tokenizer.size, tokenizer.specials)
    digest = hashlib.blake2b(weights.table.tobytes(), digest_size=6).hexdigest()
    score = partial(_score, model, rescaling, weights)
    return replace(metric, settings={**metric.settings, "idf": digest}, score=score)


def _score(model: Model, rescaling: Three, weights: Weights | None, pairs: Sequence[Pair]) -> list[Score]:
    from annotate.metrics.bert.matching import even, matched

    encoder = model.encoder()
    weights = weights or even(encoder.tokenizer.size, encoder.tokenizer.specials)
    # Each text once, however many pairs it is in; the encoder remembers texts of earlier batches too.
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.output, *pair.references)))
    read = dict(zip(texts, encoder.embed(texts), strict=True))
    couples = [(read[pair.output], read[text]) for pair in pairs for text in pair.references]
    found = iter(matched(couples, weights, encoder.engine))
    scores = []
    for pair in pairs:
        each = list(islice(found, len(pair.references)))
        beyond = max(read[text].pieces.beyond for text in pair.references)
        scores.append(_best(each, rescaling, _overflow(model, read[pair.output].pieces.beyond, beyond)))
    return scores


def _best(found: Sequence[Three], rescaling: Three, note: str) -> Score:
    """Return the best of each figure over references, rescaled, as bert-score does.

    A figure is NaN where it stands on pieces that weigh nothing; another reference may still give it.
    """
    known = [[value for value in values if not math.isnan(value)] for values in zip(*found, strict=True)]
    if not all(known):
        return Score(reason="every word piece of the output or of the reference weighs nothing", note=note)
    return Score(
        tuple(
            round((max(values) - low) / (1 - low), 7) for values, low in zip(known, rescaling, strict=True)
        ),
        note=note,
    )


def _overflow(model: Model, output: float, reference: float) -> str:
    if not output and not reference:
        return ""
    how = "cut off" if model.truncate else "read in further chunks"
    return f"beyond the model's window, {how}: {output:.1%} of the output, {reference:.1%} of the reference"
