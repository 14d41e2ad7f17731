"""Signing in, in a browser: links work, stay private, and end; nothing leaves the machine."""

import re

import pytest
from playwright.sync_api import expect

from data.store import Store, access, raters, studies
from tests.serving import ROOT


def test_a_lead_signs_in_by_link_and_sees_the_studies(app_on_demo, page):
    page.goto(app_on_demo.link("lead"))
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()


def test_the_token_does_not_stay_in_the_address(app_on_demo, page):
    link = app_on_demo.link("lead")
    page.goto(link)
    expect(page).to_have_url(re.compile(r"^[^#]*$"))
    assert link.split("#")[1] not in page.content()


def test_a_link_can_be_pasted(app_on_demo, page):
    page.goto(app_on_demo.base)
    page.get_by_role("link", name="I have a link to paste").click()
    page.get_by_label("Your personal link").fill(app_on_demo.link("lead"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()


def test_a_wrong_link_gets_one_sentence(app_on_demo, page):
    page.goto(f"{app_on_demo.base}/enter#nonsense")
    expect(page.get_by_role("status")).to_contain_text("This link is not (or no longer) valid")


def test_a_clinician_does_not_get_the_leads_pages(app_on_demo, page):
    page.goto(app_on_demo.link("clinician"))
    page.wait_for_url(f"{app_on_demo.base}/")
    page.goto(f"{app_on_demo.base}/studies")
    expect(page.locator(".room h1")).to_be_visible()
    assert "Rated" not in page.inner_text("body")
    assert "Studies" not in page.inner_text("body")


def test_a_revoked_link_ends_the_session_at_the_next_click(server, page):
    page.goto(server.link("clinician", "C03"))
    expect(page.get_by_role("button", name="My ratings").first).to_be_visible()
    revoke(server.url, "C03")
    page.reload()
    expect(page.get_by_text("Please open the personal link")).to_be_visible()


def revoke(url, rater):
    store = Store(url)
    with store.writing() as session:
        study_id = studies.named(session, name="demo").id
        rater_id = raters.find(session, study_id=study_id, key=rater).id
        for link in access.of_rater(session, rater_id=rater_id):
            access.revoke(session, access_id=link.id, who="test")
    store.close()


def addresses(role):
    """Read the role's pages from the shell's source: importing it would draw a page."""
    source = (ROOT / "pages" / "shell.py").read_text(encoding="utf-8")
    return ["", *re.findall(rf'\("{role}/[a-z_]+\.py", "[^"]+", "([a-z]+)"\)', source)[1:]]


@pytest.mark.parametrize("role", ["clinician", "lead", None])
def test_no_page_asks_another_host_for_anything(app_on_demo, page, role):
    foreign = []

    def only_ours(route):
        if route.request.url.startswith((app_on_demo.base, "data:", "blob:")):
            return route.continue_()
        foreign.append(route.request.url)
        return route.abort()

    page.context.route("**/*", only_ours)
    if role:
        page.goto(app_on_demo.link(role))
        page.wait_for_url(re.compile(rf"{app_on_demo.base}/(\?.*)?$"))
    for path in addresses(role) if role else ["", "enter", "health"]:
        page.goto(f"{app_on_demo.base}/{path}")
        page.wait_for_load_state("networkidle")
    assert foreign == []
