"""Verdicts of other systems read as jurors, with their scores as they were given."""

import json

import pytest

from annotate.fault import Fault
from data.formats.judged import read_judged
from data.formats.long import understand

INSPECT = {
    "eval": {"model": "m"},
    "samples": [
        {
            "id": "a",
            "epoch": 2,
            "scores": {"grader": {"value": {"accuracy": 4, "clarity": 5}, "explanation": "Fine."}},
        },
        {"id": "b", "epoch": 1, "scores": {"grader": {"value": {"accuracy": None}}}},
    ],
}
PROMPTFOO = {
    "results": {
        "results": [
            {
                "testIdx": 0,
                "vars": {"item": "a"},
                "gradingResult": {
                    "componentResults": [
                        {
                            "score": 0.5,
                            "reason": "So.",
                            "assertion": {"type": "llm-rubric", "metric": "accuracy"},
                        },
                        {"score": 1, "assertion": {"type": "contains"}},
                    ]
                },
            }
        ]
    }
}
LANGFUSE = {
    "data": [
        {"traceId": "a", "name": "accuracy", "value": 4, "source": "EVAL", "comment": "Good."},
        {"traceId": "a", "name": "accuracy", "value": 1, "source": "ANNOTATION"},
    ]
}


def rows_of(tmp_path, format, raw):
    path = tmp_path / "log.json"
    path.write_text(json.dumps(raw))
    frame = read_judged(path, format).cells
    return frame[["value", "status", "reason"]].fillna("").astype(str).values.tolist()


def test_a_grader_that_broke_down_is_no_score_of_0(tmp_path):
    """As promptfoo 0.123 writes it: score 0, and a mark in the metadata."""
    broken = {
        "pass": False,
        "score": 0,
        "reason": "Could not extract JSON from llm-rubric response",
        "assertion": {"type": "llm-rubric", "value": "Polite?"},
        "metadata": {"graderError": True},
    }
    raw = {"results": {"results": [{"testIdx": 0, "gradingResult": {"componentResults": [broken]}}]}}
    assert rows_of(tmp_path, "promptfoo", raw) == [["", "failed", broken["reason"]]]


def test_an_unscored_sample_keeps_its_reason(tmp_path):
    """As inspect_ai writes it: NaN, a reason in one word, and the grader's own words."""
    score = {"value": float("nan"), "explanation": "Grade not found", "reason": "grader_failed"}
    raw = {"version": 2, "samples": [{"id": 2, "epoch": 1, "scores": {"model_graded_qa": score}}]}
    assert rows_of(tmp_path, "inspect", raw) == [["", "failed", "grader_failed: Grade not found"]]


def test_a_category_is_its_word(tmp_path):
    said = {"traceId": "t", "name": "tone", "source": "EVAL", "dataType": "CATEGORICAL", "value": 0}
    assert rows_of(tmp_path, "langfuse", {"data": [said | {"stringValue": "warm"}]})[0][:2] == [
        "warm",
        "answered",
    ]


def test_a_packed_log_is_named_with_its_remedy(tmp_path):
    (tmp_path / "a.eval").write_bytes(b"PK")
    with pytest.raises(Fault, match=r"inspect log dump a\.eval > a\.json"):
        read_judged(tmp_path / "a.eval", "inspect")


def test_promptfoo_graders_that_broke_down_are_failed_and_providers_apart(tmp_path):
    """As promptfoo 0.119 writes them: a rubric's breakdown comes without its assertion."""
    rubric = {"type": "llm-rubric", "metric": "accuracy"}
    closed = {"type": "model-graded-closedqa"}
    down = {"pass": False, "score": 0, "reason": "grader is down"}
    grading = {
        "componentResults": [
            {**down, "componentResults": [down]},  # a set of one, and then what is in it
            down,
            {**down, "assertion": closed},
            {
                **down,
                "reason": "LLM-proposed evaluation steps are not in JSON",
                "assertion": {"type": "g-eval"},
            },
            {**down, "reason": "The submission does not meet the criterion:\nN", "assertion": closed},
        ]
    }
    case = {"assert": [{"type": "assert-set", "assert": [rubric]}, closed, {"type": "g-eval"}, closed]}
    raw = [
        {"vars": {"item": "a"}, "provider": {"id": "echo", "label": name}, "prompt": {"label": "Say"},
         "gradingResult": grading, "testCase": case}
        for name in ("", "second")
    ]  # fmt: skip
    (tmp_path / "log.json").write_text(json.dumps({"results": {"version": 3, "results": raw}}))
    frame = read_judged(tmp_path / "log.json", "promptfoo").cells
    assert set(frame["part"]) == {"echo: Say", "second: Say"}
    own = frame[frame["part"] == "echo: Say"]
    assert list(zip(own["question"], own["status"], own["value"].fillna(""), strict=True)) == [
        ("accuracy", "failed", ""),
        ("model-graded-closedqa", "failed", ""),
        ("g-eval", "failed", ""),
        ("model-graded-closedqa", "answered", "0"),
    ]
    assert own["reason"].iloc[0] == "grader is down"


@pytest.mark.parametrize(
    ("format", "raw", "rows"),
    [
        ("inspect", INSPECT, [("a", "accuracy", "4", 2), ("a", "clarity", "5", 2), ("b", "accuracy", "", 1)]),
        ("promptfoo", PROMPTFOO, [("a", "accuracy", "0.5", 1)]),
        ("langfuse", LANGFUSE, [("a", "accuracy", "4", 1)]),
    ],
)
def test_verdicts_become_ratings(format, raw, rows, tmp_path):
    path = tmp_path / "log.json"
    path.write_text(json.dumps(raw))
    frame = understand(read_judged(path, format)).frame
    found = frame[["item", "question", "value", "occasion"]].astype({"occasion": int})
    assert [tuple(row) for row in found.itertuples(index=False)] == rows
    assert set(frame["kind"].astype(str)) == {"juror"}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "nonsense", '{"samples": 3}', '{"results": [[1]]}', "[" * 100_000]
)
@pytest.mark.parametrize("format", ["inspect", "promptfoo", "langfuse"])
def test_what_holds_no_verdicts_is_a_sentence(format, text, tmp_path):
    path = tmp_path / "log.json"
    path.write_text(text)
    with pytest.raises(Fault, match=r"log\.json"):
        read_judged(path, format)
