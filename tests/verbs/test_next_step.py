"""From an empty study to the launch there is one next step at a time."""

from annotate.item import Item, Output
from data.store import items, studies
from verbs import assign, invite, new, status
from verbs.next_step import next_step


def test_each_step_leads_to_the_next_and_the_launch_is_the_last(store):
    def coming():
        found = next_step(store, study="ward")
        return found.page if found else None

    new.create(store, name="ward", wanted=new.load_protocol("medhelm"), who="lead")
    assert coming() == "import"
    with store.writing() as session:
        number = studies.named(session, name="ward").id
        items.add(session, study_id=number, items=[Item(f"i{n}", (Output("Text."),)) for n in range(4)])
    assert coming() == "raters"
    invite.add_all(store, study="ward", keys=["C01", "C02"], who="lead")
    assert coming() == "assignment"
    assert assign.is_open(store, study="ward")
    drawn = assign.draw(store, study="ward", people=())
    assign.keep(store, study="ward", people=(), drawn=drawn, who="lead")
    assert coming() == "studies"
    assert not assign.is_open(store, study="ward")
    status.change(store, study="ward", to="running", who="lead")
    assert coming() is None
