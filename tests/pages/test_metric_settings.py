"""The page Metrics offers the settings that the terminal knows, and shows what to type there."""

import importlib.util
import shlex

import pytest
from streamlit.testing.v1 import AppTest

from annotate.fault import Fault
from annotate.metrics.registry import metrics, spelled
from pages.lead.pieces.metric_settings import SETTINGS
from tests.conftest import skip
from verbs import grade

CHOICES = [
    (name, one.key, value)
    for one in SETTINGS
    for name in one.metrics
    for value in one.allowed
    if name != "bertscore"
]


def page():
    import streamlit as st

    from pages.lead.pieces.metric_settings import asked

    st.code("\n".join(asked(["rouge-l", "chrf", "bertscore", "length", "helm"])))


def specs(shown):
    return shown.code[0].value.splitlines()


def test_no_setting_touched_is_the_metric_by_its_name_alone():
    shown = AppTest.from_function(page, default_timeout=60).run()
    assert not shown.exception
    assert specs(shown) == ["rouge-l", "chrf", "bertscore", "length", "helm"]


def test_what_is_set_is_spelled_as_on_the_command_line():
    shown = AppTest.from_function(page, default_timeout=60).run()
    shown.radio(key="source-overlap-stem").set_value("no")
    shown.radio(key="chrf-words").set_value("2")
    shown.radio(key="bertscore-window").set_value("truncate")
    shown.radio(key="bertscore-idf").set_value("yes")
    shown.text_input(key="bertscore-layer").set_value(" 4 ")
    shown.text_input(key="bertscore-model").set_value("/models/a b")
    assert specs(shown.run()) == [
        "rouge-l:stem=no",
        "chrf:words=2",
        "bertscore:model=/models/a b,layer=4,window=truncate,idf=yes",
        "length",
        "helm",
    ]


@pytest.mark.parametrize(("name", "key", "value"), CHOICES)
def test_every_choice_is_one_that_the_metric_knows_and_the_first_is_its_default(name, key, value):
    (plain,), (said,) = metrics([name]), metrics([spelled(name, {key: value})])
    first = next(one for one in SETTINGS if one.key == key and name in one.metrics).allowed
    assert (said.raters == plain.raters) == (value == next(iter(first)))


def test_the_command_gives_a_terminal_the_same_metrics():
    said = ["rouge-l:stem=no", "bertscore:model=/models/a b's,idf=yes", "words"]
    words = shlex.split(grade.command("ward 3", said))
    assert words[:3] == ["consilium", "grade", "ward 3"]
    assert words[3:] == [word for spec in said for word in ("--metric", spec)]


def test_a_path_with_a_comma_is_one_sentence():
    with pytest.raises(Fault, match="model='/a,b' has a comma, which stands between settings"):
        spelled("bertscore", {"model": "/a,b"})


def test_bertscores_choices_are_its_own():
    if importlib.util.find_spec("openvino") is None:
        skip("BERTScore is not installed (make bertscore)")
    plain = metrics(["bertscore"])[0].raters
    mine = [one for one in SETTINGS if one.metrics == ("bertscore",)]
    assert {one.key for one in mine} == {"model", "layer", "window", "idf", "baseline"}
    for one in mine:
        for at, value in enumerate(one.allowed):
            assert (metrics([spelled("bertscore", {one.key: value})])[0].raters == plain) == (at == 0)
