"""Small HELM runs of the form that helm-run writes, made to order."""

import json
from pathlib import Path

JURORS = {
    "gpt": {"model_name": "openai/gpt-4o-2024-05-13", "model_deployment": "openai/gpt-4o-2024-05-13"},
    "llama": {"model_name": "meta/llama-3.3-70b", "model_deployment": "together/llama-3.3-70b"},
}
NAMES = ("accuracy", "completeness", "clarity")


def verdict(*scores, names=NAMES, **more):
    said = {name: {"score": s, "explanation": f"{name}: why"} for name, s in zip(names, scores, strict=True)}
    return said | {key: {"score": score, "explanation": "more"} for key, score in more.items()}


def request(number=0, *, said=None, output=None, **instance):
    """One request state; `said` is what each juror replied."""
    text = f"The patient said {number}." if output is None else output
    state = {
        "instance": {
            "input": {"text": f"Dialogue {number}"},
            "references": [{"output": {"text": f"Note {number}"}, "tags": ["correct"]}],
            "split": "test",
            "id": f"id{number}",
        }
        | instance,
        "train_trial_index": 0,
        "request": {"model": "acme/scribe", "prompt": f"Write a note.\n\nDialogue {number}\nNote:"},
        "result": {"success": True, "completions": [{"text": text, "logprob": 0, "tokens": []}]},
    }
    if said is not None:
        state["annotations"] = {"aci_bench": {"prompt_text": f"Judge {text}"} | said}
    return state


def stat(number, name, mean, **record):
    value = {"name": {"name": name, "split": "test"}, "count": 1, "sum": mean, "mean": mean}
    return {"instance_id": f"id{number}", "train_trial_index": 0, "stats": [value]} | record


def run_spec(
    name="aci_bench:model=acme_scribe",
    *,
    jurors=None,
    criteria=None,
    template=None,
    metric="aci_bench_accuracy",
):
    jurors = JURORS if jurors is None else jurors
    annotator = {"annotator_models": jurors}
    if criteria:
        annotator |= {
            "name": "aci_bench",
            "annotation_criteria": {c: ["score", "explanation"] for c in criteria},
        }
    if template:
        annotator["prompt_template"] = template
    jury = {"metric_name": metric, "scenario_name": "aci_bench", "annotator_models": jurors}
    rouge = {"task": "aci_bench", "device": "cpu", "bertscore_model": "distilbert-base-uncased"}
    return {
        "name": name,
        "scenario_spec": {"class_name": "helm.benchmark.scenarios.aci_bench_scenario.ACIBenchScenario"},
        "adapter_spec": {"model": "acme/scribe", "model_deployment": "acme/scribe", "temperature": 0.0},
        "metric_specs": [
            {"class_name": "helm.benchmark.metrics.summarization_metrics.SummarizationMetric", "args": rouge},
            {"class_name": "helm.benchmark.metrics.llm_jury_metrics.LLMJuryMetric", "args": jury},
        ],
        "groups": ["clinical", name.split(":")[0].split(",")[0]],
        "annotators": [
            {
                "class_name": "helm.benchmark.annotation.aci_bench_annotator.ACIBenchAnnotator",
                "args": annotator,
            }
        ],
    }


def write_run(
    top: Path, states, stats=(), *, spec=None, suite="v1", name="aci_bench:model=acme_scribe"
) -> Path:
    """Write one run below `top`/runs and return its folder; an empty spec and None stats leave files out."""
    folder = top / "runs" / suite / name
    folder.mkdir(parents=True, exist_ok=True)
    spec = run_spec(name) if spec is None else spec
    files = {
        "run_spec.json": spec or None,
        "scenario_state.json": {"adapter_spec": {"model": "acme/scribe"}, "request_states": states},
        "per_instance_stats.json": None if stats is None else list(stats),
    }
    for file, content in files.items():
        if content is not None:
            (folder / file).write_text(json.dumps(content), encoding="utf-8")
    return folder
