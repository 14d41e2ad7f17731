"""What a run says about itself: scenario, system, jurors, metrics."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.scale import Scale
from data.formats.helm.rubric import rubric_scales, scale_for, usual_scale
from data.formats.helm.shapes import mapping, sequence, text
from data.shipped import Benchmark, benchmarks

CRITERIA = ("accuracy", "completeness", "clarity")
ABOUT_MODELS = ("model", "model_deployment")


@dataclass(frozen=True, slots=True)
class HelmJuror:
    """One juror of a run, as a rater.

    Attributes
    ----------
    key : str
        The rater's key: its name in the file, and a hash of its model and of its prompt's template.
    name : str
        What the run calls it: ``gpt``, or a deployment's name.
    model : str
        The model behind it, empty where the run does not say.
    """

    key: str
    name: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """One run, described.

    Attributes
    ----------
    name, suite : str
        Its folder and the folder around it.
    scenario : str
        What its instance ids belong to: the run's name without the model.
    benchmark : str
        As the taxonomy's table of benchmarks has it, or as the run has it.
    place : Benchmark or None
        Its row in that table.
    system : str
        The model that answered.
    strata : mapping
        What else its name says (``subset=healthcaremagic``).
    annotators : mapping of annotator to jurors
        Who was configured to judge; empty where the run does not say.
    criteria : tuple of str
        What the jurors were asked, as the run (`configured`) or the table of benchmarks says; empty
        where only their replies can tell.
    usual : Scale
        The jurors' scale: 1 to 5; from 0 for the configurable benchmark; a share for some.
    rubric : mapping of criterion to Scale
        The criteria for which the run's rubric has another.
    jury_metrics : tuple of str
        Names in per_instance_stats that are jury scores and no text metrics.
    adapter : mapping
        How the system was asked: the most tokens that it might write, among others.
    """

    name: str
    suite: str
    scenario: str
    benchmark: str
    place: Benchmark | None
    system: str
    strata: Mapping[str, str]
    annotators: Mapping[str, tuple[HelmJuror, ...]]
    criteria: tuple[str, ...]
    configured: bool
    usual: Scale
    rubric: Mapping[str, Scale]
    jury_metrics: tuple[str, ...]
    metric_settings: Mapping[str, Any]
    adapter: Mapping[str, Any]

    @property
    def method(self) -> str:
        """How the system was asked: HELM's adapter."""
        return text(self.adapter.get("method"))

    def scale(self, criterion: str) -> Scale:
        """Return the scale of one criterion."""
        return scale_for(criterion, self.rubric, self.usual, self.benchmark)


def read_spec(folder: str, suite: str, spec: Any, state: Any) -> Spec:
    """Return what `run_spec.json` and the head of `scenario_state.json` say; either may be absent."""
    spec = mapping(spec)
    name = text(spec.get("name")) or folder
    scenario, strata = _scenario(name)
    adapter = mapping(spec.get("adapter_spec")) or mapping(mapping(state).get("adapter_spec"))
    system = text(adapter.get("model")) or text(adapter.get("model_deployment")) or _model(name)
    annotators = spec.get("annotators") or mapping(state).get("annotator_specs")
    metrics = [mapping(one) for one in sequence(spec.get("metric_specs"))]
    place = _place(scenario, [text(group) for group in sequence(spec.get("groups"))])
    configured = [mapping(one) for one in sequence(annotators)]
    return Spec(
        name,
        suite,
        scenario,
        place.key if place else re.split(r"[,:]", scenario)[0],
        place,
        system,
        strata,
        _annotators(configured, metrics),
        _criteria(configured) or (place.criteria if place else ()),
        bool(_criteria(configured)),
        usual_scale([_class(one) for one in configured], [_template(one) for one in configured]),
        rubric_scales(metrics),
        tuple(filter(None, (text(_args(m).get("metric_name")) for m in metrics if _is_jury(m)))),
        {
            k: v
            for m in metrics
            if "Summarization" in _class(m)
            for k, v in _args(m).items()
            if k not in _LOCAL
        },
        adapter,
    )


_LOCAL = ("task", "device")


def _class(spec: Mapping[str, Any]) -> str:
    return text(spec.get("class_name")).rpartition(".")[2]


def _args(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(spec.get("args"))


def _is_jury(metric: Mapping[str, Any]) -> bool:
    return "Jury" in _class(metric) or "annotator_models" in _args(metric)


def _scenario(name: str) -> tuple[str, dict[str, str]]:
    """``med_dialog,subset=icliniq:model=x`` is scenario ``med_dialog,subset=icliniq``."""
    pieces = re.split(r"([,:])", name)
    kept, strata = [pieces[0]], {}
    for mark, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        key, _, value = piece.partition("=")
        if key not in ABOUT_MODELS:
            kept += [mark if len(kept) > 1 or mark == "," else ":", piece]
            if value:
                strata[key] = value
    return "".join(kept), strata


def _model(name: str) -> str:
    match = re.search(r"[:,]model=([^,]+)", name)
    return match[1] if match else ""


def _place(scenario: str, groups: Sequence[str]) -> Benchmark | None:
    known = {benchmark.key: benchmark for benchmark in benchmarks()}
    names = [re.split(r"[,:]", scenario)[0], *groups]
    return next((known[name] for name in names if name in known), None)


def _annotators(
    configured: Sequence[Mapping[str, Any]], metrics: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[HelmJuror, ...]]:
    """Who judges under which annotator's name: the jury metric says the name, the annotator the models."""
    names = [text(_args(metric).get("scenario_name")) for metric in metrics if _is_jury(metric)]
    found: dict[str, tuple[HelmJuror, ...]] = {}
    for number, spec in enumerate(configured):
        models = mapping(_args(spec).get("annotator_models"))
        if models:
            name = text(_args(spec).get("name")) or (names[number] if number < len(names) else _snake(spec))
            template = _template(spec)
            found[name] = tuple(juror(key, model, template) for key, model in models.items())
    for metric, name in zip([m for m in metrics if _is_jury(m)], names, strict=True):
        models = mapping(_args(metric).get("annotator_models"))
        if name and name not in found and models:
            found[name] = tuple(juror(key, model) for key, model in models.items())
    return found


def _snake(spec: Mapping[str, Any]) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", _class(spec).removesuffix("Annotator")).lower()


def juror(name: str, model: Any = None, template: str = "") -> HelmJuror:
    """Return a juror as a rater; another model or another template makes another rater.

    Examples
    --------
    >>> juror("gpt", {"model_name": "openai/gpt-4o"}) == juror("gpt", {"model_name": "openai/gpt-5"})
    False
    """
    facts = mapping(model)
    deployment = text(facts.get("model_deployment")) or text(facts.get("model_name"))
    said = json.dumps([name, deployment, template], ensure_ascii=False)
    digest = hashlib.blake2b(said.encode(errors="replace"), digest_size=4).hexdigest()
    key = text(name).replace("/", "_").replace("@", "_")
    return HelmJuror(f"{key}@{digest}", name, deployment or "")


def _criteria(configured: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(name for spec in configured for name in mapping(_args(spec).get("annotation_criteria")))


def _template(spec: Mapping[str, Any]) -> str:
    return text(_args(spec).get("prompt_template"))
