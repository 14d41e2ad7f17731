"""The protocol as a file in the page, with the rating room beside it: live, to try, and kept nowhere."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from data.store import Store


@pytest.fixture
def lead(app_on_demo, page):
    page.goto(app_on_demo.link("lead"))
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()
    return page


def editor(page):
    return page.get_by_label("The protocol, as a file", exact=True)


def typed(page, before, after):
    """Edit as a person does: put the cursor where a piece of text is and type over it."""
    field = editor(page)
    start = field.input_value().index(before)
    field.evaluate(
        "(it, [a, b]) => { it.focus(); it.setSelectionRange(a, b); }", [start, start + len(before)]
    )
    page.keyboard.type(after)


def rows(server):
    store = Store(server.url)
    with store.reading() as session:
        counts = [
            session.exec(text(f"SELECT count(*) FROM {table}")).one()[0]
            for table in ("rating", "draft", "submission", "assignment", "study", "protocol_version")
        ]
    store.close()
    return counts


def test_the_room_beside_the_protocol_follows_what_is_typed(app_on_demo, lead):
    lead.goto(f"{app_on_demo.base}/new")
    room = lead.locator(".room.scratch")
    expect(room.get_by_text("Is what it says correct?")).to_be_visible()
    expect(room.get_by_text("This text is made up")).to_be_visible()
    typed(lead, "Is what it says correct?", "Is every word of it true?")
    expect(room.get_by_text("Is every word of it true?")).to_be_visible()
    expect(editor(lead)).to_be_focused()


def test_a_mistake_names_its_line_and_the_room_stays_as_it_was(app_on_demo, lead):
    lead.goto(f"{app_on_demo.base}/new")
    expect(lead.locator(".room.scratch")).to_be_visible()
    line = editor(lead).input_value().split("unit: output")[0].count("\n") + 1
    typed(lead, "unit: output", "unit: outputs")
    expect(lead.get_by_text(f"Line {line}:")).to_be_visible()
    expect(lead.locator(".editor-lines li.wrong")).to_have_count(1)
    assert lead.locator(".editor-lines li").nth(line - 1).get_attribute("class") == "wrong"
    expect(lead.get_by_role("button", name="Create the study")).to_be_disabled()
    expect(lead.locator(".room.scratch").get_by_text("Is what it says correct?")).to_be_visible()
    typed(lead, "unit: outputs", "unit: output")
    expect(lead.locator(".editor-lines li.wrong")).to_have_count(0)
    expect(lead.get_by_role("button", name="Create the study")).to_be_enabled()


def test_trying_the_room_beside_a_protocol_writes_nothing(app_on_demo, lead):
    lead.goto(f"{app_on_demo.base}/protocol?study=demo")
    room = lead.locator(".room.scratch")
    expect(room.get_by_role("radio")).not_to_have_count(0)
    before, asked = rows(app_on_demo), []
    lead.on("request", lambda request: asked.append(request.url))
    for card in room.locator(".card").all():
        card.get_by_role("radio").first.click()
    room.get_by_role("button", name="Complete").click()
    expect(room.get_by_text("Nothing was kept")).to_be_visible()
    lead.wait_for_timeout(1_000)
    assert not [url for url in asked if "/room" in url]
    assert "item=" not in lead.url
    assert rows(app_on_demo) == before


def test_a_new_study_can_begin_as_a_copy_of_anothers_protocol(app_on_demo, lead):
    lead.goto(f"{app_on_demo.base}/new")
    # Of a long list only what is in view is on the page: she types, as one does in a long list.
    lead.get_by_role("combobox", name="Start from a protocol").fill("As in the study demo")
    lead.get_by_role("option", name="As in the study demo").click()
    expect(lead.locator(".room.scratch").get_by_text("Is what it says correct?")).to_be_visible()
    lead.get_by_label("Short name").fill("copy")
    lead.get_by_role("button", name="Create the study").click()
    expect(lead.get_by_text("copy · draft")).to_be_visible()
    expect(lead.get_by_role("heading", name="Import")).to_be_visible()


def test_each_step_of_a_form_can_be_looked_at(app_on_demo, lead):
    lead.goto(f"{app_on_demo.base}/new")
    lead.get_by_role("combobox", name="Start from a protocol").click()
    lead.get_by_role("option", name="ddx-lists").click()
    room = lead.locator(".room.scratch")
    expect(room.get_by_text("This answer is made up")).to_have_count(0)
    lead.get_by_role("combobox", name="Sample").click()
    lead.get_by_role("option", name="step after").click()
    expect(room.get_by_text("This answer is made up")).to_be_visible()
