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
