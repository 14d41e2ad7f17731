"""A lead's way through the app: from files to a running study, and to what the ratings say."""

import re

import pytest
from playwright.sync_api import expect

LEAD_PAGES = (
    "new",
    "protocol",
    "import",
    "raters",
    "assignment",
    "adjudication",
    "metrics",
    "jury",
    "agreement",
    "decision",
    "export",
)


@pytest.fixture
def lead(app_on_demo, page):
    page.goto(app_on_demo.link("lead"))
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()
    return page


@pytest.mark.parametrize("path", LEAD_PAGES)
def test_every_page_of_the_lead_opens_without_an_error(app_on_demo, lead, path):
    lead.goto(f"{app_on_demo.base}/{path}")
    expect(lead.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
    expect(lead.locator("[data-testid=stException]")).to_have_count(0)


def test_from_files_to_a_running_study(app_on_demo, lead, tmp_path):
    items = tmp_path / "items.csv"
    items.write_text(
        "item,system,source,output,reference\n"
        + "".join(f"case-{n},model-a,A source {n}.,An answer {n}.,A reference {n}.\n" for n in range(1, 7)),
        encoding="utf-8",
    )
    lead.goto(f"{app_on_demo.base}/new")
    lead.get_by_label("Short name").fill("ward")
    lead.get_by_role("button", name="Create the study").click()
    expect(lead.get_by_role("heading", name="Import")).to_be_visible()
    expect(lead.get_by_text("ward · draft")).to_be_visible()

    lead.locator("input[type=file]").set_input_files(items)
    expect(lead.get_by_text("6 items, 0 ratings")).to_be_visible()
    lead.get_by_role("button", name="Import all of it").click()
    expect(lead.get_by_text("New in the study: 6 items.")).to_be_visible()

    links = []
    for key in ("C01", "C02", "C03"):
        lead.goto(f"{app_on_demo.base}/raters?study=ward")
        lead.get_by_role("textbox", name="Pseudonym").fill(key)
        lead.get_by_role("button", name="Invite", exact=True).click()
        shown = lead.get_by_text(re.compile(r"/enter#\S+"))
        expect(shown).to_be_visible()
        links.append(shown.inner_text().strip())

    lead.goto(f"{app_on_demo.base}/assignment?study=ward")
    lead.get_by_role("button", name="Keep this design (12 forms)").click()
    expect(lead.get_by_text("Written.")).to_be_visible()

    lead.goto(f"{app_on_demo.base}/?study=ward")
    lead.get_by_role("button", name="Launch, pause or close").click()
    lead.get_by_role("button", name="Change", exact=True).click()
    expect(lead.get_by_text("ward · running")).to_be_visible()

    lead.goto(links[0])
    expect(lead.get_by_role("heading", name="Item 1 of 4")).to_be_visible()


def test_agreement_stays_sealed_until_the_lead_says_why(app_on_demo, lead):
    lead.goto(f"{app_on_demo.base}/agreement?study=demo")
    expect(lead.get_by_text("180 outputs, 6 clinicians")).to_be_visible(timeout=90_000)
    expect(lead.get_by_text("DO NOT USE").first).to_be_visible()
