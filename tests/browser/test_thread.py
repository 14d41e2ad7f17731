"""The whole thread: a clinician rates an answer, and the lead sees figures that changed."""

from playwright.sync_api import expect

from tests.browser.conftest import REPORT


def first_table(page, base):
    """Return what the section "Who rated what" says, once the report is there."""
    page.goto(f"{base}/agreement?study=demo")
    expect(page.get_by_text("180 outputs, 6 clinicians")).to_be_visible(timeout=REPORT)
    return page.locator("[data-testid=stMain]").inner_text()


def test_a_rating_changes_what_the_lead_sees(server, window, page):
    page.goto(server.link("lead"))
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()
    expect(page.get_by_text("348 of 360 forms are filled")).to_be_visible()
    before = first_table(page, server.base)

    ward = window(viewport={"width": 1280, "height": 800})
    ward.goto(server.link("clinician", "C01"))
    for item in range(6):
        expect(ward.get_by_role("heading", name=f"Item {55 + item} of 60")).to_be_visible()
        for digit in "151":
            ward.keyboard.press(digit)
        expect(ward.get_by_text("Saved", exact=False).first).to_be_visible()
        ward.keyboard.press("Control+Enter")
    ward.context.close()

    page.goto(server.base)
    expect(page.get_by_text("354 of 360 forms are filled")).to_be_visible()
    assert first_table(page, server.base) != before
