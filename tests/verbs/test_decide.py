"""The decision in a study: by a plan stated beforehand, with every look counted."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from agreement.columns import COEFFICIENTS
from agreement.decision import Plan
from agreement.decision.stated import COEFFICIENT_WORDS, LABELS, MEANINGS
from agreement.paper.passport_page import passport_page
from agreement.paper.pdf import pdf
from agreement.refusal import Refusal
from agreement.report.settings import Settings
from annotate.fault import Fault
from cli import main
from data.store import Store, studies
from tests.serving import copied
from verbs import decide, looks
from verbs.report import study_report
from verbs.verdict import in_words

QUICK = Plan(replicates=200)


@pytest.fixture
def demo(demo_file, tmp_path):
    store = Store(copied(demo_file, tmp_path))
    yield store
    store.close()


def test_every_number_that_a_plan_asks_for_is_explained_on_the_page_and_in_the_docs():
    asked = {field.name for field in fields(Plan)} - {"level", "replicates", "seed"}
    assert set(LABELS) == set(MEANINGS) == asked - {"questions", "coefficient"}
    assert set(COEFFICIENT_WORDS) == set(COEFFICIENTS)
    docs = (Path(__file__).parents[2] / "docs" / "judging.md").read_text(encoding="utf-8")
    for name in asked:
        row = next(line for line in docs.splitlines() if line.startswith(f"| `{name}` |"))
        default = getattr(Plan(), name)
        unsaid = {"questions": "every question", "bad": "lowest quarter", "high_is_bad": "none"}
        told = unsaid.get(name, default)
        assert f"| {told if isinstance(told, str) else format(told, 'g')} |" in row


def test_without_a_plan_there_is_no_decision(demo):
    with pytest.raises(Fault, match="State the plan first"):
        decide.look(demo, study="demo", judge="juror-good", who="lead")


def test_looks_are_counted_and_said(demo):
    looks.state_plan(demo, study="demo", plan=QUICK, who="lead")
    first = decide.look(demo, study="demo", judge="juror-constant", who="lead")
    assert first.cautions == ()
    second = decide.look(demo, study="demo", judge="juror-constant", who="lead")
    assert "looked at once before" in second.cautions[0]
    assert second.stated.plan.hash == QUICK.hash


def test_the_constant_juror_may_not_and_the_good_one_may(demo):
    """What the demo's stored truth says of them (data/demo/truth.json)."""
    looks.state_plan(demo, study="demo", plan=Plan(), who="lead")
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
    looks.state_plan(demo, study="demo", plan=QUICK, who="lead")
    assert looks.stated_plan(demo, study="demo").late


def test_a_plan_stated_after_a_look_is_flagged_and_the_earlier_ones_are_counted(demo):
    looks.state_plan(demo, study="demo", plan=QUICK, who="lead")
    assert not looks.stated_plan(demo, study="demo").late
    decide.look(demo, study="demo", judge="juror-constant", who="lead")
    looks.state_plan(demo, study="demo", plan=Plan(replicates=200, margin=0.3), who="lead")
    now = looks.standing(demo, study="demo")
    assert (now.stated.number, now.stated.late, now.stated.plan.margin) == (2, True, 0.3)
    assert [(who, judge) for _, who, judge in now.looks] == [("lead", "juror-constant")]
    again = decide.look(demo, study="demo", judge="juror-constant", who="lead")
    assert again.cautions[0] == "Plan 2 was stated after 1 look: its margins are not blind."


def test_the_same_plan_stated_again_keeps_its_time_and_number(demo):
    looks.state_plan(demo, study="demo", plan=QUICK, who="lead")
    first = looks.stated_plan(demo, study="demo")
    looks.state_plan(demo, study="demo", plan=Plan(replicates=200), who="another")
    assert looks.stated_plan(demo, study="demo") == first


def test_a_plan_about_no_question_of_the_study_is_refused_and_costs_no_look(demo):
    looks.state_plan(demo, study="demo", plan=Plan(questions=("grace",), replicates=200), who="lead")
    with pytest.raises(Refusal, match="grace"):
        decide.look(demo, study="demo", judge="juror-good", who="lead")
    assert looks.standing(demo, study="demo").looks == ()


def test_a_lead_sees_what_can_be_asked_before_she_states_a_plan(demo):
    now = looks.standing(demo, study="demo")
    assert now.stated is None
    assert now.looks == ()
    assert now.questions == ("accuracy", "completeness", "clarity")
    assert now.judges[:-1] == ("the jury", "juror-constant", "juror-good", "juror-lenient")
    assert now.judges[-1].startswith("rouge-l-f@")
    assert (now.test, now.development) == (180, 0)


def test_an_unknown_judge_is_refused_and_costs_no_look(demo):
    looks.state_plan(demo, study="demo", plan=QUICK, who="lead")
    with pytest.raises(Fault, match=r"'gpt' is no juror or metric .* juror-good"):
        decide.look(demo, study="demo", judge="gpt", who="lead")
    assert looks.standing(demo, study="demo").looks == ()


def test_the_passport_is_the_same_on_paper_and_as_json_and_fits_one_page(demo):
    looks.state_plan(demo, study="demo", plan=QUICK, who="lead")
    look = decide.look(demo, study="demo", judge="the jury", who="lead")
    content = look.passport()
    assert content["plan"]["hash"] == QUICK.hash
    assert content["data"]["looked"].endswith("look 1 at this study's test set")
    hashes = {name: content["identity"][name]["identity_sha256"] for name in ("juror-good", "juror-lenient")}
    assert all(len(found) == 64 for found in hashes.values())

    one = look.verdict
    page = passport_page(one.judge, one.decisions, one.plan, identity=look.identity, data=look.data)
    assert content["answer"].capitalize() in page.sections[0].blocks[0].text
    figures = next(table for table in page.tables() if table.key == "passport_figures")
    for question, answer, _, _, difference, *_ in figures.rows:
        told = content["questions"][question]
        assert answer == told["in_words"]
        assert difference.value == told["figures"]["order_difference"]["value"]
    assert len(re.findall(rb"/Type /Page\b", pdf(page))) == 1


def test_the_demos_jury_is_its_two_jurors_and_the_lenient_one_is_called_lenient(demo):
    looks.state_plan(demo, study="demo", plan=QUICK, who="lead")
    assert looks.judges(demo, study="demo")[0] == "the jury"
    jury = decide.look(demo, study="demo", judge="the jury", who="lead")
    assert "The jury is the mean of juror-good, juror-lenient." in jury.verdict.said
    lenient = decide.look(demo, study="demo", judge="juror-lenient", who="lead")
    assert "It is lenient: " in in_words(lenient.verdict)
    assert "2 judges were looked at" in in_words(lenient.verdict)


def test_on_the_terminal_a_plan_is_stated_then_looked_by_and_the_passport_lies_in_a_folder(
    demo, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", f"sqlite:///{tmp_path / 'consilium.db'}")
    (tmp_path / "plan.toml").write_text("margin = 0.15\nreplicates = 200\n", encoding="utf-8")
    assert main(["decide", "demo", "--plan", str(tmp_path / "plan.toml")]) == 0
    assert "by less than 0.15" in capsys.readouterr().out
    assert looks.standing(demo, study="demo").looks == ()
    out = tmp_path / "passport"
    assert main(["decide", "demo", "--judge", "juror-constant", "--passport", str(out)]) == 1
    content = json.loads((out / "juror-constant.passport.json").read_text(encoding="utf-8"))
    assert (content["answer"], content["plan"]["margin"]) == ("do not use", 0.15)
    assert (out / "juror-constant.passport.pdf").read_bytes().startswith(b"%PDF-")
    assert "DO NOT USE" in capsys.readouterr().out


def test_the_report_of_a_study_decides_by_the_plan_that_was_stated(demo):
    stated = Plan(margin=0.03, replicates=100)
    looks.state_plan(demo, study="demo", plan=stated, who="lead")
    found, _, facts = study_report(demo, name="demo", who="lead", settings=Settings(replicates=100))
    assert found.plan.hash == stated.hash
    assert facts["plan stated"].endswith("UTC")
