"""What an export says in FHIR is valid R4, by a maintained library's models."""

import pandas as pd
import pytest

from annotate.protocol import Protocol
from annotate.question import Question
from annotate.scale import Point, Scale
from data.formats.long import COLUMNS
from data.formats.whole.fhir import questionnaire, responses
from data.shipped import protocol, protocol_names

AGREE = Scale("nominal", (Point("agree", "Agree", 0), Point("disagree", "Disagree", 1)))


def frame(*rows):
    full = [
        dict.fromkeys(COLUMNS, "") | {"kind": "clinician", "occasion": 1, "status": "answered"} | r
        for r in rows
    ]
    table = pd.DataFrame(full).assign(submitted_at=pd.Timestamp("2026-01-31T14:05:00Z"))
    return table.assign(number=pd.to_numeric(table["number"], errors="coerce"))


@pytest.fixture
def models():
    library = pytest.importorskip("fhir.resources.R4B", reason="fhir.resources is not installed (extra dev)")
    return library.get_fhir_model_class


@pytest.mark.parametrize("name", protocol_names())
def test_every_shipped_protocol_is_a_valid_questionnaire(name, models):
    form = models("Questionnaire").model_validate(questionnaire(protocol(name), f"my {name}"))
    links = [item.linkId for item in form.item]
    assert len(links) == len(set(links))
    assert {question.key for question in protocol(name).questions} <= set(links)


def test_answers_are_valid_responses(models):
    asked = Protocol(
        "p", "P", "output",
        (
            Question("harm", "Harmful?", "choice", AGREE, shown_if=("size", ("3",))),
            Question("size", "How many?", "number", Scale("ratio", (), 0, 9)),
            Question("why", "Why?", "text"),
        ),
    )  # fmt: skip
    rows = frame(
        {"item": "a", "rater": "C1", "question": "harm", "value": "agree", "number": 0, "part": "A"},
        {"item": "a", "rater": "C1", "question": "harm", "value": "disagree", "number": 1, "part": "B"},
        {"item": "a", "rater": "C1", "question": "size", "value": "3", "number": 3, "comment": "roughly"},
        {"item": "a", "rater": "C1", "question": "why", "status": "unable", "reason": "source insufficient"},
        {"item": "a", "rater": "gpt", "kind": "juror", "question": "why", "value": "because"},
        {"item": "a", "rater": "rouge", "kind": "metric", "question": "rouge", "value": "0.3", "number": 0.3},
    )
    bundle = models("Bundle").model_validate(responses(asked, "ward", rows))
    first, second = (entry.resource for entry in bundle.entry)
    answers = {item.linkId: item for item in first.item}
    assert [answer.valueCoding.code for answer in answers["harm"].answer] == ["agree", "disagree"]
    assert float(answers["size"].answer[0].valueDecimal) == 3
    assert answers["size.comment"].answer[0].valueString == "roughly"
    assert answers["why"].answer is None
    assert answers["why"].extension[0].valueCode == "asked-unknown"
    assert (first.author.type, second.author.type) == ("Practitioner", "Device")
    assert first.questionnaire == questionnaire(asked, "ward")["url"]


def test_a_study_without_ratings_is_an_empty_bundle(models):
    models("Bundle").model_validate(
        responses(protocol("medhelm"), "ward", pd.DataFrame(columns=list(COLUMNS)))
    )
