"""axe-core finds nothing to complain about on any clinician page, in either colour scheme."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from data.shipped import protocol_text
from tests.browser.test_room import FORM, RANKING, SPANS, place, select
from tests.browser.unfolding import unfold
from tests.rating_studies import LIKERT, THREE, case, make_study

SENTENCES = SPANS.replace("kind: spans", "kind: sentences").replace(", omissions: true", "")
WHERE = {"category": "Clinical Decision Support", "subcategory": "Planning Treatments"}
TALK = "Doctor: hello there\nPatient: hello\nDoctor: any pain?\nPatient: no"


@pytest.fixture(params=["light", "dark"])
def look(request, window, app_on_demo):
    """Return what opens a study's room in one colour scheme."""
    page = window(viewport={"width": 1366, "height": 768}, color_scheme=request.param)

    def go(protocol=THREE, cases=2, **changes):
        token, _ = make_study(app_on_demo.url, protocol, cases, **changes)
        page.goto(f"{app_on_demo.base}/enter#{token}")
        return page

    go.scheme, go.base = request.param, app_on_demo.base
    return go


def complaints(page):
    found = Axe().run(page)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']} {node['html'][:200]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def test_the_room_with_each_kind_of_question(look):
    for protocol, more in (
        (THREE, {"source": TALK, "prompt": "Write the note."}),
        (SPANS, {}),
        (SENTENCES, {}),
        (RANKING, {"answers": ("One.", "Two.", "Three.")}),
        (FORM, {"answers": ("One.", "Two."), "criteria": ("Names the drug",)}),
    ):
        page = look(protocol, 1, **more)
        expect(place(page)).to_have_text("Item 1 of 1")
        assert page.locator(".room").get_attribute("data-scheme") == look.scheme
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        if protocol == SPANS:
            select(page, "bronchitis")
            page.keyboard.press("1")
        assert complaints(page) == []


def test_the_taxonomy_review(look):
    page = look(protocol_text("taxonomy-review"), [case("x", **WHERE)])
    expect(place(page)).to_have_text("Item 1 of 1")
    page.keyboard.press("2")
    page.keyboard.type("pa")
    expect(page.get_by_role("option").first).to_be_visible()
    assert complaints(page) == []


def test_dialogs_unable_conflict_and_the_end(look):
    page = look(cases=1)
    expect(place(page)).to_have_text("Item 1 of 1")
    for key in ("?", "i"):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        assert complaints(page) == []
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Decline …").click()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    assert complaints(page) == []
    page.keyboard.type("145")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ending")).to_be_visible()
    assert complaints(page) == []


def test_my_ratings_and_the_consent_text(look):
    page = look(THREE + "consent: I take part.\n")
    button = page.get_by_role("button", name="I have read this")
    expect(button).to_be_visible()
    assert complaints(page) == []
    button.click()
    expect(place(page)).to_have_text("Item 1 of 2")
    page.get_by_role("button", name="My ratings").click()
    expect(page.get_by_role("heading", name="My ratings")).to_be_visible()
    unfold(page, "Leave the study")
    expect(page.get_by_role("button", name="Leave the study for good")).to_be_visible()
    assert complaints(page) == []


def test_a_scale_with_long_anchors(look):
    points = LIKERT.replace("poor,", "poor and in need of much work before use,")
    page = look(THREE.replace(LIKERT, points), 1)
    expect(place(page)).to_have_text("Item 1 of 1")
    assert complaints(page) == []
