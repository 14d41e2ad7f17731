"""The decision in a study: by a plan stated beforehand, with every look counted."""

import pytest

from agreement.decision import Plan
from annotate.fault import Fault
from data.store import Store, studies
from tests.serving import copied
from verbs import decide
from verbs.validate import in_words

QUICK = Plan(replicates=200)


@pytest.fixture
def demo(demo_file, tmp_path):
    store = Store(copied(demo_file, tmp_path))
    yield store
    store.close()


def test_without_a_plan_there_is_no_decision(demo):
    with pytest.raises(Fault, match="State the plan first"):
        decide.look(demo, study="demo", judge="juror-good", who="lead")


def test_looks_are_counted_and_said(demo):
    decide.state_plan(demo, study="demo", plan=QUICK, who="lead")
    first = decide.look(demo, study="demo", judge="juror-constant", who="lead")
    assert first.cautions == ()
    second = decide.look(demo, study="demo", judge="juror-constant", who="lead")
    assert "looked at 1 times before" in second.cautions[0]
    assert second.stated.plan.hash == QUICK.hash


def test_the_constant_juror_may_not_and_the_good_one_may(demo):
    """What the demo's stored truth says of them (data/demo/truth.json)."""
    decide.state_plan(demo, study="demo", plan=Plan(), who="lead")
    answers = {
        judge: decide.look(demo, study="demo", judge=judge, who="lead").verdict
        for judge in ("juror-good", "juror-constant", "juror-lenient")
    }
    assert answers["juror-good"].usable
    assert {one.answer for one in answers["juror-constant"].decisions} == {"do not use"}
    lenient = "".join(str(decision) for decision in answers["juror-lenient"].decisions)
    assert not answers["juror-lenient"].usable or "calibrated" in lenient


def test_a_plan_stated_after_unsealing_is_flagged(demo):
    with demo.writing() as session:
        study_id = studies.named(session, name="demo").id
        studies.unseal(session, study_id=study_id, who="lead", reason="curious")
    decide.state_plan(demo, study="demo", plan=QUICK, who="lead")
    assert decide.stated_plan(demo, study="demo").late


def test_the_demos_jury_is_its_two_jurors_and_the_lenient_one_is_called_lenient(demo):
    decide.state_plan(demo, study="demo", plan=QUICK, who="lead")
    assert decide.judges(demo, study="demo")[0] == "the jury"
    jury = decide.look(demo, study="demo", judge="the jury", who="lead")
    assert "The jury is the mean of juror-good, juror-lenient." in jury.verdict.said
    lenient = decide.look(demo, study="demo", judge="juror-lenient", who="lead")
    assert "It is lenient: " in in_words(lenient.verdict)
    assert "2 judges were looked at" in in_words(lenient.verdict)
