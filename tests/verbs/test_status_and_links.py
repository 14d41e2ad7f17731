"""A study's states, and the links into it."""

import pytest

from annotate.fault import Fault
from cli import main
from data.store import Store, access, audit, raters, studies
from tests.serving import copied
from verbs import invite, link, start, status


@pytest.fixture
def demo(demo_file, tmp_path, monkeypatch):
    address = copied(demo_file, tmp_path)
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", address)
    store = Store(address)
    yield store
    store.close()


def log(store):
    with store.reading() as session:
        study_id = studies.named(session, name="demo").id
        return [(event.action, event.reason) for event in audit.events(session, study_id=study_id)]


def test_a_study_is_closed_and_reopened_with_a_reason_that_stays(demo):
    status.change(demo, study="demo", to="closed", who="lead")
    with pytest.raises(Fault, match="say why it is reopened"):
        status.change(demo, study="demo", to="running", who="lead")
    status.change(demo, study="demo", to="running", who="lead", reason="two forms were missing")
    assert log(demo)[-2:] == [("study closed", ""), ("study running", "two forms were missing")]


def test_a_state_that_cannot_follow_is_named(demo):
    with pytest.raises(Fault, match="is running; from there it can only become paused or closed"):
        status.change(demo, study="demo", to="running", who="lead")


def test_a_study_without_assignments_cannot_be_launched(demo):
    with demo.writing() as session:
        studies.create(session, name="empty", title="", protocol_text="x", who="lead")
    with pytest.raises(Fault, match="has no assignments yet"):
        status.change(demo, study="empty", to="running", who="lead")


def user(store, token):
    with store.writing() as session:
        browser = access.sign_in(session, token=token, hours=1)
    if browser is None:
        return None
    with store.reading() as session:
        return access.user(session, token=browser)


def test_an_invited_clinician_is_a_rater_and_her_name_stays_apart(demo):
    about = {"name": "A. Person", "email": "a@b.example"}
    token = invite.add_all(demo, study="demo", keys=["C07"], who="lead", **about)["C07"]
    who = user(demo, token)
    assert (who.rater, who.role) == ("C07", "clinician")
    row = next(each for each in invite.invited(demo, study="demo") if each.rater == "C07")
    assert row.name == "A. Person"
    with demo.reading() as session:
        rater = raters.find(session, study_id=who.study_id, key="C07")
    assert "Person" not in str(rater)
    with pytest.raises(Fault, match="'C07' is in the study already"):
        invite.add_all(demo, study="demo", keys=["C08", "C07"], who="lead")


def test_closed_links_let_nobody_in(demo):
    token = link.invite(demo, study="demo", rater="C01", who="lead")
    assert user(demo, token).rater == "C01"
    assert link.revoke(demo, study="demo", rater="C01", who="lead") == 1
    assert user(demo, token) is None


def test_the_terminal_prints_a_link_that_works(demo, capsys):
    assert main(["link", "demo", "C02"]) == 0
    assert user(demo, capsys.readouterr().out.strip().split("#")[1]).rater == "C02"
    assert main(["link", "--lead", "Dr Lead"]) == 0
    assert user(demo, capsys.readouterr().out.strip().split("#")[1]).role == "lead"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["link", "demo", "C99"], "has no clinician 'C99'; its clinicians are: C01, C02"),
        (["link"], "Say for whom"),
        (["status", "nowhere"], "There is no study 'nowhere' here; the studies are: demo"),
    ],
)
def test_wrong_arguments_get_a_sentence_and_exit_code_2(demo, capsys, words, sentence):
    assert main(words) == 2
    assert sentence in capsys.readouterr().err


def test_a_leads_links_can_be_closed_by_name(demo, capsys):
    one, two = (link.invite_lead(demo, name="Dr Example", who="it") for _ in range(2))
    other = link.invite_lead(demo, name="Dr Other", who="it")
    assert main(["link", "--lead", "Dr Example", "--revoke"]) == 0
    assert "2 links of Dr Example are closed" in capsys.readouterr().out
    assert [user(demo, token) for token in (one, two)] == [None, None]
    assert user(demo, other).role == "lead"
    assert main(["link", "--lead", "Dr Nobody", "--revoke"]) == 2


def test_no_start_prints_a_way_to_a_study_that_is_not_the_demo(demo):
    before = dict(start.demo_links(demo))["the study's lead"]
    assert user(demo, before).role == "lead"
    with demo.writing() as session:
        studies.create(session, name="own", title="", protocol_text="x", who="lead")
    said = start.addresses(demo, "http://127.0.0.1:1")
    assert said.count("/enter#") == 2
    assert "consilium link --lead NAME" in said
    assert user(demo, before) is None


def test_several_clinicians_are_invited_at_once_or_none_of_them(demo):
    tokens = invite.add_all(
        demo, study="demo", keys=[" C07", "C08", "C07", ""], specialty="surgery", who="lead"
    )
    assert list(tokens) == ["C07", "C08"]
    assert len(set(tokens.values())) == 2
    people = {each.rater: each for each in invite.invited(demo, study="demo")}
    assert (people["C08"].specialty, people["C08"].links) == ("surgery", 1)
    with pytest.raises(Fault, match="One name cannot stand behind 2 pseudonyms"):
        invite.add_all(demo, study="demo", keys=["C09", "C10"], name="A. Person", who="lead")
    with pytest.raises(Fault, match="'C07', 'C08' are in the study already"):
        invite.add_all(demo, study="demo", keys=["C09", "C07", "C08"], who="lead")
    with pytest.raises(Fault, match="needs a pseudonym"):
        invite.add_all(demo, study="demo", keys=[" ", ""], who="lead")
    assert "C09" not in {each.rater for each in invite.invited(demo, study="demo")}
