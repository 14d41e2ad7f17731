"""A lead's way through the app: from files to a running study, and to what the ratings say."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import REPORT
from tests.browser.unfolding import unfold
from tests.helm_runs import request, stat, verdict, write_run

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
    # The first: the preview of the room that a page may hold has a heading of its own.
    expect(lead.get_by_role("heading", level=1).first).to_be_visible()
    expect(lead.locator("[data-testid=stException]")).to_have_count(0)


def a_folder(tmp_path):
    """What a lead may have: a HELM suite, and items of her own in a CSV beside it."""
    folder = tmp_path / "mine"
    good = {"gpt": verdict(4, 3, 5), "llama": verdict(5, 4, 4)}
    states = [request(n, said=good, output=f"The patient said {n}. Call 555-867-5309.") for n in range(4)]
    write_run(folder, states, [stat(n, "rouge_l", 0.5) for n in range(4)])
    rows = "".join(f"case-{n},model-a,A source {n}.,An answer {n}.,A reference {n}.\n" for n in range(1, 7))
    (folder / "items.csv").write_text(f"item,system,source,output,reference\n{rows}", encoding="utf-8")
    return folder


def test_from_a_folder_to_the_first_rating_in_a_dozen_steps(app_on_demo, lead, tmp_path):
    """Nothing but what the pages offer: no address is typed, and each page leads to the next."""
    lead.get_by_role("link", name="New study").click()
    lead.get_by_label("Short name").fill("ward")
    lead.get_by_role("button", name="Create the study").click()

    expect(lead.get_by_text("ward · draft")).to_be_visible()
    lead.locator("input[type=file]").nth(1).set_input_files(a_folder(tmp_path))
    expect(lead.get_by_text("10 items, 28 ratings, 3 raters.")).to_be_visible()
    expect(lead.get_by_text("[555-867-5309]").first).to_be_visible()
    lead.get_by_role("button", name="Import all of it").click()
    expect(lead.get_by_text("New in the study: 10 items, 3 raters, 28 ratings.")).to_be_visible()

    lead.get_by_role("link", name="Next: invite clinicians").click()
    lead.get_by_role("textbox", name="Pseudonyms").fill("C01, C02, C03")
    lead.get_by_role("button", name="Invite", exact=True).click()
    shown = lead.locator("code").filter(has_text="/enter#").first
    expect(shown).to_be_visible()
    links = re.findall(r"http\S+", shown.inner_text())
    assert len(links) == 3

    lead.get_by_role("link", name="Next: see who rates what").click()
    expect(lead.get_by_text("Ratings per item: 2 on 10 items.")).to_be_visible()
    lead.get_by_role("button", name="Keep this design (20 forms)").click()
    lead.get_by_role("link", name="Next: launch it").click()
    lead.get_by_role("button", name="Launch the study").click()
    expect(lead.get_by_text("ward · running")).to_be_visible()

    lead.goto(links[0])
    expect(lead.get_by_role("heading", name=re.compile(r"Item 1 of [67]"))).to_be_visible()
    for card in lead.locator(".card").all():
        card.get_by_role("radio").first.click()
    lead.get_by_role("button", name="Complete").click()
    expect(lead.get_by_role("heading", name=re.compile(r"Item 2 of [67]"))).to_be_visible()


def test_who_leaves_hands_on_what_is_open_in_one_step(app_on_demo, lead):
    lead.goto(f"{app_on_demo.base}/assignment?study=demo")
    unfold(lead, "Somebody leaves the study")
    lead.get_by_role("button", name="C02").click()
    expect(lead.get_by_text("open forms go to the others")).to_be_visible()


def test_agreement_stays_sealed_until_the_lead_says_why(app_on_demo, lead):
    lead.goto(f"{app_on_demo.base}/agreement?study=demo")
    expect(lead.get_by_text("180 outputs, 6 clinicians")).to_be_visible(timeout=REPORT)
    expect(lead.get_by_text("DO NOT USE").first).to_be_visible()
