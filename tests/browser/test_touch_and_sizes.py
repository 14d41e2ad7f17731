"""Fingers, small screens and a lost connection: the room on a tablet, on an old laptop, and offline."""

import json

import pytest
from playwright.sync_api import expect

from data.store import Store, raters, studies
from tests.browser.test_room import RANKING, SPANS, one_question, place, status, stored
from tests.rating_studies import ANSWER, THREE, make_study

__all__ = ["stored"]
# The last is a laptop of 1366 × 768 whose owner enlarges everything to 125 %.
SIZES = ((1280, 720), (1024, 768), (820, 1180), (768, 1024), (1093, 614))
SENTENCES = one_question("sentences", ", points: [supported, unsupported], severities: [minor, major]")
EACH = one_question("choice", ", points: [right, wrong], per_output: true").replace(
    "unit: output", "unit: set"
)
MIDDLE = """words => {
  const { nodes } = document.querySelector('.text[data-output="A"]').book;
  const node = nodes.find((one) => one.data.includes(words)), range = document.createRange();
  range.setStart(node, node.data.indexOf(words));
  range.setEnd(node, node.data.indexOf(words) + words.length);
  const box = range.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2]; }"""


@pytest.fixture
def opened(window, app_on_demo):
    """Return what opens a new study's room in a window of its own."""

    def go(protocol, cases=1, *, server=app_on_demo, answers=(ANSWER,), **how):
        token, go.number = make_study(server.url, protocol, cases, answers=answers)
        page = window(**how)
        page.goto(f"{server.base}/enter#{token}")
        expect(place(page)).to_be_visible()
        return page

    return go


def tap(page, words):
    page.touchscreen.tap(*page.evaluate(MIDDLE, words))


@pytest.mark.parametrize("size", [(820, 1180), (1180, 820)], ids=["upright", "lying"])
def test_a_finger_marks_words_by_tapping_the_first_and_the_last(opened, stored, size):
    window = {"width": size[0], "height": size[1]}
    page = opened(SPANS, viewport=window, has_touch=True, is_mobile=True)
    tap(page, "Continue")
    tap(page, "500")
    page.wait_for_function("getSelection().toString() === 'Continue amoxicillin 500'")
    page.locator(".selected").get_by_role("button", name="wrong").tap()
    page.locator(".mark").get_by_role("radio", name="major").tap()
    expect(status(page)).to_have_text("Saved")
    [mark] = stored(opened.number)[0]["q"]["value"]
    start = ANSWER.index("Continue")
    assert mark == {"start": start, "end": start + 24, "quote": "Continue amoxicillin 500",
                    "label": "wrong", "severity": "major"}  # fmt: skip
    tap(page, "bronchitis")
    expect(page.locator(".selected:visible")).to_have_count(1)
    tap(page, "bronchitis")
    expect(page.locator(".selected:visible")).to_have_count(0)


@pytest.mark.parametrize("protocol", [THREE, SENTENCES], ids=["points", "sentences"])
@pytest.mark.parametrize("width", [390, 820])
def test_a_finger_meets_targets_of_its_size(opened, protocol, width):
    page = opened(protocol, viewport={"width": width, "height": 1180}, has_touch=True, is_mobile=True)
    sizes = page.evaluate(
        "[...document.querySelectorAll('.room button')].filter(b => b.offsetParent)"
        ".map(b => [b.innerText.trim(), b.offsetHeight, b.offsetWidth])"
    )
    assert len(sizes) > 12
    assert [one for one in sizes if min(one[1:]) < 44 or not one[0]] == []
    assert page.locator(".room .bar").bounding_box()["height"] < 110


def test_of_many_answers_the_one_that_is_asked_about_comes_into_sight(opened):
    """Six answers beside a source are more than a laptop's width holds."""
    page = opened(EACH, viewport={"width": 1280, "height": 800}, answers=(ANSWER,) * 6)
    for key in "ABCDEF":
        asked = page.locator(".pane.asked")
        expect(asked).to_contain_text(f"Answer {key}")
        source, box = page.locator(".pane.source").bounding_box(), asked.bounding_box()
        assert source["x"] + source["width"] <= box["x"]
        assert box["x"] + box["width"] <= page.locator(".room .form").bounding_box()["x"]
        page.keyboard.press("1")
    before = page.locator(".card h3").first.bounding_box()["height"]
    for _ in range(3):
        page.get_by_role("button", name="Larger text").click()
    assert page.locator(".card h3").first.bounding_box()["height"] > before


def test_a_study_that_closes_meanwhile_shows_what_was_kept(opened, app_on_demo):
    page = opened(THREE, 2, viewport={"width": 1280, "height": 720})
    page.keyboard.press("4")
    expect(status(page)).to_have_text("Saved")
    close(app_on_demo.url, opened.number)
    page.keyboard.press("2")
    expect(page.locator(".room .notice")).to_contain_text("Your last change came too late to be kept")
    expect(place(page)).to_have_text("Item 1 of 2")
    expect(page.locator('.card [aria-checked="true"]')).to_have_text(["4good"])
    expect(status(page)).to_have_text("")
    expect(page.locator('[data-act="complete"]')).to_be_hidden()


def close(url, number):
    """Close the study of a rater."""
    store = Store(url)
    with store.writing() as session:
        study_id = raters.by_id(session, rater_id=number).study_id
        studies.set_status(session, study_id=study_id, status="closed", who="lead")
    store.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_the_form_and_every_text_are_in_sight(opened, size):
    answers = (ANSWER, ANSWER, ANSWER)
    page = opened(RANKING, viewport={"width": size[0], "height": size[1]}, answers=answers)
    for part in (
        ".form",
        '[data-act="complete"]',
        ".pool",
        ".pane.source",
        ".output-A",
        ".output-B",
        ".output-C",
    ):
        box = page.locator(f".room {part}").first.bounding_box()
        assert box["x"] >= 0, part
        assert box["y"] >= 0, part
        assert box["x"] + box["width"] <= size[0] + 1, part
        assert box["y"] + box["height"] <= size[1] + 1, part
    upright = page.locator(".room .form").bounding_box()["y"] > size[1] / 3
    assert upright == (size[0] < size[1])


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_no_word_of_a_point_leaves_its_button(opened, size):
    page = opened(THREE, viewport={"width": size[0], "height": size[1]})
    over = page.evaluate(
        "[...document.querySelectorAll('.room button')].filter(b => b.scrollWidth > b.clientWidth + 1)"
        ".map(b => b.innerText)"
    )
    assert over == []


def test_on_a_low_screen_both_texts_have_more_than_a_few_lines(opened):
    """1024 × 768, enlarged to 125 %."""
    page = opened(THREE, viewport={"width": 819, "height": 614})
    for pane in page.locator(".pane-body").all():
        assert pane.bounding_box()["height"] > 180
    page.keyboard.press("s")
    assert page.locator(".pane.output").bounding_box()["width"] > 780


@pytest.mark.parametrize("size", [(640, 400), (683, 384)], ids=lambda size: "x".join(map(str, size)))
def test_at_twice_the_size_texts_and_form_have_room(opened, size):
    """1280 × 800 and 1366 × 768, enlarged to 200 %."""
    page = opened(THREE, viewport={"width": size[0], "height": size[1]})
    for part, lines in ((".pane.source .pane-body", 4), (".pane.output .pane-body", 4), (".cards", 8)):
        assert page.locator(part).bounding_box()["height"] > lines * 25, part
    over = page.evaluate(
        "[...document.querySelectorAll('.room .bar, .room .foot')].filter(e => e.scrollWidth > e.clientWidth)"
    )
    assert over == []


def test_bipolar_pair_and_free_text_by_keyboard_alone(opened, stored):
    protocol = """
protocol: pairs
title: Pairs
unit: pair
questions:
  - {key: better, kind: scale, text: Safer, points: {-2: A by far, -1: A, 0: same, 1: B, 2: B by far}}
  - {key: choice, kind: choice, text: Which would you send, points: [A, B, tie]}
  - {key: why, kind: text, text: Why}
"""
    page = opened(protocol, viewport={"width": 1280, "height": 720}, answers=("One.", "Two."))
    page.keyboard.type("23")
    page.keyboard.type("Both name the dose.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_have_text("All your answers are saved.")
    said = {key: answer["value"] for key, answer in stored(opened.number)[0].items()}
    assert said == {"better": "-1", "choice": "tie", "why": "Both name the dose."}


def test_a_long_outage_is_told_in_our_words_and_covers_nothing(opened, server):
    size = {"width": 1280, "height": 720}
    page = opened(THREE, server=server, viewport=size)
    other = opened(THREE, server=server, viewport=size)
    other.get_by_role("button", name="My ratings").click()
    expect(other.get_by_role("heading", name="My ratings")).to_be_visible()
    server.kill()
    line = other.get_by_role("alert").filter(has_text="connection")
    expect(line).to_contain_text("No connection to the server")
    expect(line).to_be_in_viewport()
    page.wait_for_timeout(10_000)  # Streamlit's own box opens only after several tries
    for one in (page, other):
        expect(one.get_by_role("dialog")).to_have_count(0)
        assert "treamlit" not in one.locator("body").inner_text()
    page.keyboard.type("425")
    expect(status(page)).to_contain_text("Not saved yet")
    server.start()
    expect(status(page)).to_have_text("Saved")
    expect(line).to_have_text("The connection is back.")
    assert line.bounding_box()["width"] <= 1  # for ears only


def test_my_ratings_open_when_the_server_is_back_unless_the_rater_goes_on(opened, server):
    page = opened(THREE, server=server, viewport={"width": 1024, "height": 640})
    server.kill()
    notice = page.locator(".room .notice")
    for _ in range(2):
        page.get_by_role("button", name="My ratings").click()
        expect(notice).to_contain_text("My ratings open as soon as there is one")
        page.keyboard.press("1")
        expect(notice).to_be_hidden()
    page.get_by_role("button", name="My ratings").click()
    server.start()
    expect(page.get_by_role("heading", name="My ratings")).to_be_visible()


def test_the_pages_settings_stay_json_that_streamlit_reads(app_on_demo, page):
    answer = page.context.request.get(f"{app_on_demo.base}/_stcore/host-config")
    assert json.loads(answer.text())["blockErrorDialogs"] is True


def test_a_long_note_with_tables_scrolls_without_a_stop(opened, app_on_demo):
    """Ten thousand words and three tables, and no long frame on the way down."""
    from tests.rating_studies import long_text

    rows = "".join(f"| {n}:00 | 8{n % 10} | 12{n % 10}/76 | stable |\n" for n in range(60))
    table = f"| Time | Pulse | Pressure | Note |\n|---|---|---|---|\n{rows}"
    note = long_text(9500) + "".join(f"\n## Chart {n}\n\n{table}" for n in range(3))
    assert len(note.split()) > 10_000
    page = opened(THREE, viewport={"width": 1366, "height": 768}, answers=(note,))
    assert page.locator(".pane.output table").count() == 3
    frames = page.evaluate(
        """async () => {
        const body = document.querySelector(".pane.output .pane-body");
        const median = async step => {
          const took = [];
          for (let n = 0, last = performance.now(); n < 60; n += 1) {
            body.scrollTop += step;
            await new Promise(requestAnimationFrame);
            took.push(performance.now() - last);
            last = performance.now();
          }
          return took.sort((a, b) => a - b)[30];
        };
        return [await median(500), await median(0)]; }"""
    )
    scrolled, still = frames  # beside frames in which nothing moves: a busy machine stretches both
    assert scrolled < max(50, 3 * still)
    assert page.evaluate("document.querySelector('.pane.output .pane-body').scrollTop") > 20_000
