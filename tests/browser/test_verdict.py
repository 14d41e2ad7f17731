"""What a lead reads at the end: figures that she picks, and a decision by a plan stated beforehand."""

import json
import re

import pytest
from playwright.sync_api import expect

from agreement.decision.passport import VOID
from tests.browser.conftest import REPORT


@pytest.fixture
def lead(app_on_demo, page):
    page.goto(app_on_demo.link("lead"))
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()
    return page


def test_a_filter_shows_figures_with_interval_and_n_and_a_change_is_there_within_a_second(app_on_demo, lead):
    lead.goto(f"{app_on_demo.base}/agreement?study=demo")
    lead.get_by_text("Filter the figures").click(timeout=REPORT)
    picture = lead.locator(".js-plotly-plot").last
    expect(picture).to_contain_text(re.compile(r"0\.\d\d \(0\.\d\d to 0\.\d\d\); n \d+"))
    expect(picture).to_contain_text("juror-lenient")

    begun = app_on_demo.worked()
    lead.get_by_text("juror-lenient", exact=True).first.click()
    expect(picture).not_to_contain_text("juror-lenient")

    lead.get_by_role("combobox", name="Outputs").click()
    lead.get_by_role("option", name="by system").click()
    expect(picture).to_contain_text("system = demo-model-a")
    # By the app's processor time, which a busy machine does not stretch; both changes took it 0.1 s.
    assert app_on_demo.worked() - begun < 1
    point = picture.locator(".scatterlayer .point").first
    point.hover(force=True)
    expect(lead.locator(".hoverlayer")).to_contain_text(re.compile(r"n \d+"))


def test_a_decision_by_a_plan_that_was_stated_first(server, page):
    page.goto(server.link("lead"))
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()
    page.goto(f"{server.base}/decision?study=demo")
    expect(page.get_by_text("the judge must be shown to reach 0.40")).to_be_visible(timeout=REPORT)
    page.get_by_role("spinbutton", name="Agreement may be lower by").fill("0.15")
    page.get_by_role("button", name="State this plan").click()
    expect(page.get_by_text("by less than 0.15")).to_be_visible()

    expect(page.get_by_text("Looked 0 times so far")).to_be_visible()
    page.get_by_role("button", name="Look at the jury (look 1)").click()
    expect(page.get_by_text("May the jury stand in for a clinician?")).to_be_visible(timeout=REPORT)
    expect(page.get_by_text("Every rule on accuracy")).to_be_visible()
    expect(page.get_by_text(VOID)).to_be_visible()  # the page's last words: all of it is there
    with page.expect_download() as coming:
        page.get_by_role("button", name="Passport (JSON)").click()
    passport = json.loads(coming.value.path().read_text(encoding="utf-8"))
    assert passport["plan"]["margin"] == 0.15
    with page.expect_download() as coming:
        page.get_by_role("button", name="Passport to print (PDF)").click()
    assert coming.value.path().read_bytes().startswith(b"%PDF-")

    expect(page.get_by_text("Looked once so far")).to_be_visible()
    page.goto(f"{server.base}/export?study=demo")
    expect(page.get_by_role("heading", name="Log", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", ["agremeent", "demo/agreement2"])
def test_an_address_that_leads_nowhere_says_so_in_our_own_words(app_on_demo, lead, path):
    lead.goto(f"{app_on_demo.base}/{path}")
    expect(lead.get_by_text("There is no page of this name")).to_be_visible()
    expect(lead.get_by_role("dialog")).to_have_count(0)
    lead.get_by_role("link", name="Raters").click()
    expect(lead.get_by_role("heading", name="Raters")).to_be_visible()
    expect(lead.get_by_text("There is no page of this name")).to_have_count(0)
