"""The rating room in a real browser: what is shown, answered, saved, lost and found again."""

import json
import re

import pytest
from playwright.sync_api import expect

from annotate.assignment import Assignment
from data.store import Store, assignments, ratings, room, studies
from tests.browser.unfolding import unfold
from tests.rating_studies import ANSWER, LIKERT, SOURCE, THREE, case, long_text, make_study


@pytest.fixture
def enter(app_on_demo, page):
    """Return what makes a study, signs its clinician in and opens the room; `.number` is her rater."""

    def go(protocol=THREE, cases=3, **changes):
        token, go.number = make_study(app_on_demo.url, protocol, cases, **changes)
        page.goto(f"{app_on_demo.base}/enter#{token}")
        expect(page.locator(".room")).to_be_visible()
        return page

    return go


@pytest.fixture
def stored(app_on_demo):
    """Return what is in the database: forms by place, and the rows that were written."""
    store = Store(app_on_demo.url)

    def forms(rater_id):
        with store.reading() as session:
            mine = assignments.standings(session, rater_id=rater_id)
            found = [room.draft(session, assignment_id=each.assignment_id) for each in mine]
            return [dict(draft.form) if draft else {} for draft in found]

    def rows(rater_id):
        with store.reading() as session:
            study = studies.all_studies(session)
            return [
                (row["item"], row["question"], row["value"], row["status"])
                for one in study
                for row in ratings.events(session, study_id=one.id)
                if row["rater_id"] == rater_id
            ]

    forms.rows = rows
    yield forms
    store.close()


def status(page):
    return page.locator(".room .status")


def place(page):
    return page.locator(".room h1")


def one_question(kind, more="", title="One"):
    head = f"protocol: one\ntitle: {title}\nunit: output\nquestions:\n"
    return head + f"  - {{key: q, kind: {kind}, text: The question{more}}}\n"


def test_a_whole_item_by_keyboard(enter, stored):
    page = enter()
    assert page.locator('.room [aria-checked="true"]').count() == 0
    page.keyboard.type("425", delay=20)
    expect(status(page)).to_have_text("Saved")
    page.keyboard.press("Control+Enter")
    expect(place(page)).to_have_text("Item 2 of 3")
    expect(status(page)).to_have_text("Saved")
    assert [row[1:3] for row in stored.rows(enter.number)] == [
        ("accuracy", "4"),
        ("completeness", "2"),
        ("clarity", "5"),
    ]


def test_arrows_move_and_correct_and_delete_takes_back(enter, stored):
    page = enter()
    page.keyboard.type("425")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    expect(status(page)).to_have_text("Saved")
    assert stored(enter.number)[0] == {"accuracy": {"value": "3"}, "completeness": {"value": "2"}}


def test_every_key_stands_on_its_control(enter):
    page = enter()
    card = page.locator(".card").first
    assert card.locator(".body .point kbd").all_inner_texts() == ["1", "2", "3", "4", "5"]
    for name, key in (("Unable to assess", "U"), ("Comment", "C")):
        assert card.get_by_role("button", name=name).locator("kbd").inner_text() == key
    assert page.locator('[data-act="complete"] kbd').inner_text() == "Ctrl + ⏎"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.type("/cough")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".hits")).to_have_text("1 of 2")
    page.keyboard.press("Escape")
    page.keyboard.type("4")
    expect(card.get_by_role("radio", name="good")).to_be_checked()


def test_unable_and_comment_by_keyboard(enter, stored):
    page = enter()
    page.keyboard.press("u")
    expect(page.get_by_role("radio", name="source insufficient")).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("c")
    page.keyboard.type("The labs are cut off.")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("45")
    expect(status(page)).to_have_text("Saved")
    assert stored(enter.number)[0]["accuracy"] == {
        "unable": "source insufficient",
        "comment": "The labs are cut off.",
    }


def test_too_early_a_submit_goes_to_what_is_missing_and_marks_it(enter):
    page = enter()
    page.keyboard.press("4")
    page.keyboard.press("Control+Enter")
    expect(place(page)).to_have_text("Item 1 of 3")
    assert page.locator(".card.wrong").count() == 2
    now = page.locator(".card.now")
    expect(now).to_contain_text("Completeness")
    expect(now).to_contain_text("Please answer, or say why you cannot.")
    page.keyboard.type("45")
    assert page.locator(".card.wrong").count() == 0


def test_refresh_and_back_return_to_the_same_item_with_the_same_answers(enter):
    page = enter()
    page.keyboard.type("425")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("3")
    expect(status(page)).to_have_text("Saved")
    page.reload()
    expect(place(page)).to_have_text("Item 2 of 3")
    expect(page.locator(".card").first.get_by_role("radio", name="fair")).to_be_checked()
    page.get_by_role("button", name="My ratings").click()
    expect(page.get_by_role("heading", name="My ratings")).to_be_visible()
    page.go_back()
    expect(place(page)).to_have_text("Item 2 of 3")
    expect(page.locator(".card").first.get_by_role("radio", name="fair")).to_be_checked()


def test_a_dropped_connection_loses_nothing_and_says_so(enter, stored):
    page = enter()
    page.keyboard.type("4")
    expect(status(page)).to_have_text("Saved")
    page.context.set_offline(True)
    page.keyboard.type("25")
    expect(status(page)).to_contain_text("Not saved yet")
    page.keyboard.press("Control+Enter")
    expect(place(page)).to_have_text("Item 2 of 3")
    page.keyboard.type("111")
    expect(status(page)).to_contain_text("Not saved yet")
    assert stored.rows(enter.number) == []
    page.context.set_offline(False)
    expect(status(page)).to_have_text("Saved")
    assert [row[2] for row in stored.rows(enter.number)] == ["4", "2", "5"]
    assert [answer["value"] for answer in stored(enter.number)[1].values()] == ["1", "1", "1"]


def test_a_lost_reply_is_asked_again_and_counts_once(enter, stored):
    page = enter()
    lost = []

    def lose_first(route):
        if not lost:
            lost.append(route.fetch().status)
            return route.abort()
        return route.continue_()

    page.route("**/room/submit", lose_first)
    page.keyboard.type("425")
    page.keyboard.press("Control+Enter")
    expect(place(page)).to_have_text("Item 2 of 3")
    expect(status(page)).to_have_text("Saved")
    assert lost == [200]
    assert len(stored.rows(enter.number)) == 3


def test_a_lost_reply_to_a_draft_is_no_conflict(enter, stored):
    page = enter()
    lost = []

    def lose_first(route):
        if not lost:
            lost.append(route.fetch().status)
            return route.abort()
        return route.continue_()

    page.route("**/room/draft", lose_first)
    page.keyboard.type("4")
    page.wait_for_timeout(100)
    page.keyboard.type("25")
    expect(status(page)).to_have_text("Saved")
    expect(page.locator(".notice")).to_be_hidden()
    assert len(stored(enter.number)[0]) == 3


def test_two_tabs_do_not_overwrite_each_other(enter, stored, app_on_demo):
    page = enter()
    other = page.context.new_page()
    other.goto(app_on_demo.base)
    expect(place(other)).to_have_text("Item 1 of 3")
    page.keyboard.type("4")
    expect(status(page)).to_have_text("Saved")
    other.keyboard.type("1")
    expect(other.locator(".notice")).to_contain_text("changed in another window")
    expect(status(other)).to_contain_text("Not saved")
    assert stored(enter.number)[0] == {"accuracy": {"value": "4"}}
    other.get_by_role("button", name="Those from the other window").click()
    expect(other.locator(".card").first.get_by_role("radio", name="good")).to_be_checked()
    other.keyboard.type("2")
    expect(status(other)).to_have_text("Saved")
    page.keyboard.type("3")
    page.get_by_role("button", name="Those on this screen").click()
    expect(status(page)).to_have_text("Saved")
    assert stored(enter.number)[0]["completeness"] == {"value": "3"}
    other.close()


def test_a_server_restart_loses_nothing(server, page):
    token, number = make_study(server.url)
    page.goto(f"{server.base}/enter#{token}")
    expect(place(page)).to_have_text("Item 1 of 3")
    page.keyboard.type("4")
    expect(status(page)).to_have_text("Saved")
    server.kill()
    page.keyboard.type("25")
    expect(status(page)).to_contain_text("Not saved yet")
    page.keyboard.press("Control+Enter")
    expect(place(page)).to_have_text("Item 2 of 3")
    server.start()
    expect(status(page)).to_have_text("Saved")
    expect(place(page)).to_have_text("Item 2 of 3")
    store = Store(server.url)
    with store.reading() as session:
        mine = assignments.standings(session, rater_id=number)
    store.close()
    assert [each.done for each in mine] == [True, False, False]


def test_a_submitted_answer_can_be_changed_and_the_first_stays(enter, stored):
    page = enter()
    page.keyboard.type("425")
    page.keyboard.press("Control+Enter")
    expect(place(page)).to_have_text("Item 2 of 3")
    page.get_by_role("button", name="Previous item").click()
    expect(page.locator(".notice")).to_contain_text("You completed this item")
    page.locator(".card").first.get_by_role("radio", name="fair").click()
    page.get_by_role("button", name="Save changes").click()
    expect(place(page)).to_have_text("Item 2 of 3")
    expect(status(page)).to_have_text("Saved")
    accuracy = [row[2] for row in stored.rows(enter.number) if row[1] == "accuracy"]
    assert accuracy == ["4", "3"]


def test_later_and_decline(enter, stored):
    page = enter()
    first = page.locator(".pane.output").inner_text()
    page.keyboard.press("l")
    expect(page.locator(".pane.output")).to_contain_text("about case-2")
    page.get_by_role("button", name="Decline …").click()
    page.get_by_label("Outside my specialty").check()
    page.get_by_role("button", name="Decline this item").click()
    expect(page.locator(".pane.output")).to_contain_text("about case-3")
    expect(place(page)).to_have_text("Item 1 of 2")
    page.keyboard.type("425")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".pane.output")).to_have_text(re.compile("about case-1"))
    assert "case-1" in first


def test_the_end_says_that_all_is_saved(enter):
    page = enter(cases=1)
    page.keyboard.type("425")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    expect(page.locator(".notice")).to_have_text("All your answers are saved.")


def test_a_reassigned_item_that_was_fetched_ahead_is_taken_back(enter, app_on_demo):
    page = enter()
    page.wait_for_load_state("networkidle")  # what the first load fetched ahead has come
    with page.expect_response("**/room/next*"):
        page.reload()
    store = Store(app_on_demo.url)
    with store.writing() as session:
        second = assignments.standings(session, rater_id=enter.number)[1]
        assignments.withdraw(session, assignment_id=second.assignment_id, who="lead", reason="reassigned")
    store.close()
    page.keyboard.type("425")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".pane.output")).to_contain_text("about case-3")
    expect(place(page)).to_have_text("Item 2 of 2")


def test_nothing_blinded_reaches_the_browser(app_on_demo, page):
    heard = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(frame)))
    page.on("response", lambda response: heard.append(body_of(response)))
    token, _ = make_study(app_on_demo.url, cases=2, answers=(ANSWER, "Another answer."))
    page.goto(f"{app_on_demo.base}/enter#{token}")
    expect(page.locator(".pane.output").first).to_contain_text("about case-1")
    page.wait_for_load_state("networkidle")
    page.keyboard.type("425")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".pane.output").first).to_contain_text("about case-2")
    page.get_by_role("button", name="My ratings").click()
    expect(page.get_by_role("heading", name="My ratings")).to_be_visible()
    all_of_it = b"".join(part.encode() if isinstance(part, str) else part for part in heard)
    assert b"about case-2" in all_of_it
    for hidden in (b"system-0", b"system-1", b"REFERENCE"):
        assert hidden not in all_of_it
    assert "system-0" not in page.content()


def body_of(response):
    try:
        return response.body()
    except Exception:  # a redirect has none
        return b""


@pytest.mark.parametrize(
    "headers", [{}, {"x-consilium": "1", "sec-fetch-site": "cross-site"}], ids=["no header", "other site"]
)
def test_the_rooms_addresses_answer_only_the_page(enter, app_on_demo, headers):
    page = enter()
    body = {"assignment": 1, "revision": 0, "form": {}}
    answer = page.context.request.post(f"{app_on_demo.base}/room/draft", data=body, headers=headers)
    assert answer.status == 403


def test_a_signed_out_page_says_so_and_keeps_the_answers(enter, app_on_demo):
    page = enter()
    page.context.clear_cookies()
    page.keyboard.type("4")
    expect(status(page)).to_contain_text("you are signed out")
    expect(page.locator(".card").first.get_by_role("radio", name="good")).to_be_checked()


def test_markdown_is_shown_and_nothing_in_it_runs(enter):
    evil = (
        "<script>window.owned=1</script> <img src=x onerror=window.owned=1> "
        "[go](javascript:window.owned=1) ![i](http://203.0.113.7/x.png)"
    )
    asked = []
    page = enter(cases=1, source=SOURCE + "\n\n" + evil, answers=(ANSWER + "\n\n" + evil,))
    page.on("request", lambda request: asked.append(request.url))
    body = page.locator(".pane.source .text")
    expect(body.get_by_role("heading", name="Visit")).to_be_visible()
    assert body.locator("table td").all_inner_texts() == ["CRP", "48"]
    assert body.locator("li").all_inner_texts() == ["amoxicillin 500 mg", "paracetamol when needed"]
    assert body.locator("em").inner_text() == "three weeks"
    assert page.locator(".room :is(script, img, a, iframe, style, link)").count() == 0
    assert "<script>" in body.inner_text()
    assert page.evaluate("window.owned") is None
    assert not [url for url in asked if "203.0.113.7" in url]


def test_a_note_of_ten_thousand_words_is_drawn_at_once_and_searched(enter):
    page = enter(cases=1, source=long_text(10_000) + "\n\nThe needle: ferritin 7.\n")
    expect(page.locator(".pane.source")).to_contain_text("ferritin")
    page.keyboard.press("/")
    page.keyboard.type("needle")
    expect(page.locator(".hits")).to_have_text("1 of 1")
    assert page.evaluate("CSS.highlights.get('room-found-now').size") == 1
    comes_in_sight(page, "room-found-now")
    page.locator('[data-act="search"]').fill("aspirin")
    hits = int(page.locator(".hits").inner_text().split(" of ")[1])
    assert hits > 100
    page.keyboard.press("Enter")
    expect(page.locator(".hits")).to_have_text(f"2 of {hits}")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".hits")).to_have_text(f"{hits} of {hits}")
    page.keyboard.press("Escape")
    page.keyboard.type("4")
    expect(page.locator(".card").first.get_by_role("radio", name="good")).to_be_checked()


def comes_in_sight(page, name):
    """Wait until a mark stands in the source's view, and see that it stays there."""
    seen = """name => { const box = [...CSS.highlights.get(name)][0].getBoundingClientRect();
        const view = document.querySelector(".pane.source .pane-body").getBoundingClientRect();
        return box.top >= view.top && box.bottom <= view.bottom; }"""
    page.wait_for_function(seen, arg=name)
    page.wait_for_timeout(300)
    assert page.evaluate(seen, name)


def select(page, words, output="A"):
    """Select words in an output as a mouse does."""
    page.evaluate(
        """([words, output]) => {
        const { nodes } = document.querySelector(`.text[data-output="${output}"]`).book;
        const node = nodes.find((one) => one.data.includes(words));
        const at = node.data.indexOf(words);
        getSelection().setBaseAndExtent(node, at, node, at + words.length); }""",
        [words, output],
    )
    expect(page.locator(".selected:visible")).to_have_count(1)


def test_a_phrase_of_the_answer_is_found_in_the_source(enter):
    page = enter(cases=1, source=long_text(3000) + SOURCE)
    select(page, "She is allergic to penicillin.")
    page.keyboard.press("f")
    expect(page.locator(".traced")).to_have_text("Found in the source.")
    assert (
        page.evaluate("[...CSS.highlights.get('room-phrase')][0].toString()")
        == "She is allergic to penicillin"
    )
    comes_in_sight(page, "room-phrase")
    select(page, "Cough for three weeks, likely bronchitis")
    page.keyboard.press("f")
    expect(page.locator(".traced")).to_have_text("Not word for word; the nearest passage is marked.")
    assert "three weeks" in page.evaluate("[...CSS.highlights.get('room-phrase')][0].toString()")


SPANS = one_question(
    "spans",
    ", points: [wrong, unsupported], severities: [minor, major], omissions: true",
)


def test_spans_by_mouse_keep_offsets_in_code_points(enter, stored):
    page = enter(SPANS, cases=1)
    select(page, "amoxicillin 500 mg")
    page.locator(".selected").get_by_role("button", name="wrong").click()
    page.locator(".mark").get_by_role("radio", name="major").click()
    page.get_by_role("button", name="Something is missing").click()
    page.keyboard.type("the CRP")
    page.locator(".mark").nth(1).get_by_role("radio", name="unsupported").click()
    page.locator(".mark").nth(1).get_by_role("radio", name="minor").click()
    expect(status(page)).to_have_text("Saved")
    marks = stored(enter.number)[0]["q"]["value"]
    text = ANSWER + "\n\n(about case-1)"
    start = text.index("amoxicillin 500 mg")
    assert marks == [
        {
            "start": start,
            "end": start + 18,
            "quote": "amoxicillin 500 mg",
            "label": "wrong",
            "severity": "major",
        },
        {"missing": "the CRP", "label": "unsupported", "severity": "minor"},
    ]
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_have_text("All your answers are saved.")


def test_spans_by_keyboard(enter, stored):
    page = enter(SPANS, cases=1)
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("2")
    page.keyboard.press("1")
    expect(status(page)).to_have_text("Saved")
    [mark] = stored(enter.number)[0]["q"]["value"]
    assert mark == {
        "start": 16,
        "end": 31,
        "quote": "Cough for three",
        "label": "unsupported",
        "severity": "minor",
    }


def test_spans_by_touch(window, app_on_demo, stored):
    page = window(viewport={"width": 768, "height": 1024}, has_touch=True, is_mobile=True)
    token, number = make_study(app_on_demo.url, SPANS, 1)
    page.goto(f"{app_on_demo.base}/enter#{token}")
    expect(place(page)).to_have_text("Item 1 of 1")
    select(page, "bronchitis")
    page.locator(".selected").get_by_role("button", name="wrong").tap()
    page.locator(".mark").get_by_role("radio", name="minor").tap()
    expect(status(page)).to_have_text("Saved")
    assert stored(number)[0]["q"]["value"][0]["quote"] == "bronchitis"
    form = page.locator(".room .form").bounding_box()
    assert form["y"] + form["height"] <= 1024
    assert page.locator(".pane.output").bounding_box()["y"] > page.locator(".pane.source").bounding_box()["y"]


def test_a_label_and_a_severity_typed_in_one_go(enter, stored):
    page = enter(SPANS, cases=1)
    select(page, "bronchitis")
    page.keyboard.type("12")
    expect(status(page)).to_have_text("Saved")
    [mark] = stored(enter.number)[0]["q"]["value"]
    assert (mark["label"], mark["severity"]) == ("wrong", "major")
    expect(page.locator(".selected:visible")).to_have_count(0)


def test_nothing_to_mark_is_an_answer_of_its_own(enter, stored):
    page = enter(SPANS, cases=1)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".card.wrong")).to_have_count(1)
    page.keyboard.press("0")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_have_text("All your answers are saved.")
    assert stored(enter.number)[0] == {"q": {"value": []}}


def test_sentences_are_judged_one_after_the_other(enter, stored):
    page = enter(
        one_question("sentences", ", points: [supported, unsupported], severities: [minor, major]"), cases=1
    )
    page.keyboard.type("1221")
    expect(page.locator(".stepper .count")).to_contain_text("Sentence 4 of 5 · 3 judged")
    page.locator('.text[data-output="A"]').get_by_text("(about case-1)").click()
    expect(page.locator(".stepper .count")).to_contain_text("Sentence 5 of 5")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("11")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_have_text("All your answers are saved.")
    assert stored(enter.number)[0]["q"]["value"] == [
        {"value": "supported"},
        {"value": "unsupported", "severity": "major"},
        {"value": "supported"},
        {"value": "supported"},
        {"value": "supported"},
    ]


RANKING = one_question("ranking", ", ties: true").replace("unit: output", "unit: set")


def test_ranking_by_digits_buttons_and_dragging(enter, stored):
    page = enter(RANKING, cases=1, answers=("First text.", "Second text.", "Third text."))
    page.keyboard.type("312")
    expect(status(page)).to_have_text("Saved")
    assert stored(enter.number)[0]["q"]["value"] == ["C", "A", "B"]
    page.get_by_role("button", name="Answer B: one place better").click()
    grip = page.locator('.ranked li[data-output="A"] .grip').bounding_box()
    first = page.locator('.ranked li[data-output="C"]').bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(grip["x"] + 5, first["y"] + first["height"] / 2, steps=8)
    page.mouse.up()
    expect(page.locator(".ranked .name")).to_have_text(["Answer A", "Answer C", "Answer B"])
    page.get_by_role("button", name="Answer B: equal with the one above").click()
    expect(status(page)).to_have_text("Saved")
    assert stored(enter.number)[0]["q"]["value"] == ["A", ["C", "B"]]


FORM = f"""
protocol: form
title: Form
unit: set
questions:
  - {{key: harm, kind: choice, text: Harm, points: [none, some], comment: none}}
  - {{key: what, kind: text, text: What would happen, shown_if: {{harm: [some]}}, unable: []}}
  - {{key: topics, kind: multi, text: Topics, points: [labs, drugs]}}
  - {{key: errors, kind: number, text: Errors, low: 0, high: 9}}
  - {{key: list, kind: checklist, text: The list}}
  - key: fluency
    kind: scale
    text: Fluency
    points: {LIKERT}
    per_output: true
    comment: extremes
    confidence: true
"""


def test_a_form_of_many_kinds(enter, stored):
    page = enter(FORM, cases=1, answers=("One.", "Two."), criteria=("Names the drug", "Names the dose"))
    expect(page.locator('[data-slot="what"]')).to_be_hidden()
    page.keyboard.press("2")
    expect(page.locator('[data-slot="what"]')).to_be_visible()
    page.keyboard.type("A rash.")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("12")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("3")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("12")
    page.keyboard.type("54")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".card.wrong")).to_contain_text("This answer needs a comment")
    assert page.locator(".card.wrong").get_attribute("data-slot") == "fluency@A"
    page.keyboard.type("Flawless.")
    page.locator('[data-slot="fluency@A"]').get_by_role("radio", name="high").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_have_text("All your answers are saved.")
    assert stored(enter.number)[0] == {
        "harm": {"value": "some"},
        "what": {"value": "A rash."},
        "topics": {"value": ["labs", "drugs"]},
        "errors": {"value": "3"},
        "list": {"value": {"c1": "met", "c2": "not met"}},
        "fluency@A": {"value": "5", "comment": "Flawless.", "confidence": "high"},
        "fluency@B": {"value": "4"},
    }


def test_a_conversation_shows_as_turns(enter):
    talk = "Patient: I cough.\nAssistant: For how long?\n\nSince when exactly?\nPatient: Three weeks."
    page = enter(THREE.replace("unit: output", "unit: conversation"), cases=1, answers=(talk,))
    turns = page.locator(".pane.output .turn")
    assert turns.locator(".who").all_inner_texts() == ["Patient", "Assistant", "Patient"]
    assert "Since when exactly?" in turns.nth(1).inner_text()


def test_an_item_of_the_taxonomy_review_is_moved_by_type_ahead(enter, stored):
    from data.shipped import protocol_text

    where = {"category": "Clinical Decision Support", "subcategory": "Planning Treatments"}
    page = enter(protocol_text("taxonomy-review"), [case("x", **where), case("y", **where)])
    assert "Planning Treatments" in page.locator(".assigned").inner_text()
    expect(page.locator('[data-slot="why"]')).to_be_hidden()
    page.keyboard.press("2")
    expect(page.locator('[data-slot="why"]')).to_be_visible()
    page.keyboard.type("patient messag")
    expect(page.get_by_role("option").first).to_contain_text("Patient-Provider Messaging")
    page.keyboard.press("Enter")
    expect(page.locator(".chosen")).to_contain_text("Patient-Provider Messaging")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(place(page)).to_have_text("Item 2 of 2")
    page.keyboard.press("2")
    page.keyboard.type("patient")
    page.get_by_role("radio", name="Not in the taxonomy").click()
    expect(page.get_by_role("textbox", name="Proposed name")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    for letters in ("planning", "recording proc"):
        page.keyboard.type(letters)
        page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_have_text("All your answers are saved.")
    rows = [row[1:3] for row in stored.rows(enter.number) if row[1] == "subcategory"]
    assert rows == [("subcategory", "Patient-Provider Messaging"), ("subcategory", "ambiguous")]


def test_the_taxonomy_survey_from_the_first_subcategory_to_the_whole(enter, stored):
    from annotate.survey import survey_items
    from data.shipped import protocol_text, taxonomy

    items = survey_items(taxonomy())
    page = enter(protocol_text("taxonomy-survey"), [items[0], items[-1]])
    expect(page.locator(".pane.source")).to_contain_text(items[0].prompt)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(place(page)).to_have_text("Item 2 of 2")
    page.keyboard.press("4")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("Dental care is missing.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_have_text("All your answers are saved.")
    assert [row[1:3] for row in stored.rows(enter.number)] == [
        ("category", "Clinical Decision Support"),
        ("comprehensiveness", "4"),
        ("missing", "Dental care is missing."),
    ]


def test_every_shipped_protocol_opens_and_says_what_is_missing(app_on_demo, window):
    from data.shipped import protocol, protocol_names, protocol_text

    page, problems = window(viewport={"width": 1366, "height": 768}), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    for name in protocol_names():
        where = {"category": "Clinical Decision Support", "subcategory": "Planning Treatments"}
        strata = {"part": "subcategory"}
        answers = ("One sentence. Another.", "Patient: Hello.\nDoctor: Hello.")
        cases = [case(name, answers=answers, criteria=("Names it",), strata=strata, **where)]
        token, _ = make_study(app_on_demo.url, protocol_text(name), cases)
        page.goto(f"{app_on_demo.base}/enter#{token}")
        agree = page.get_by_role("button", name="I have read this")
        expect(place(page).or_(agree).first).to_be_visible()
        if protocol(name).consent:
            agree.click()
        expect(place(page)).to_have_text("Item 1 of 1")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".card.wrong").first).to_be_visible()
        assert (name, problems) == (name, [])


def test_training_gives_feedback_before_the_study(app_on_demo, page):
    text = THREE + "training: {items: [case-1], pass_mark: 0.5}\n"
    cases = [case("case-1", strata={"agreed_accuracy": "4", "agreed_clarity": "1"}), case("case-2")]
    token, number = make_study(app_on_demo.url, text, cases)
    store = Store(app_on_demo.url)
    with store.writing() as session:
        first = assignments.standings(session, rater_id=number)[0]
        assignments.withdraw(session, assignment_id=first.assignment_id, who="t", reason="for training")
        study = assignments.one(session, assignment_id=first.assignment_id).study_id
        drill = Assignment("case-1", "C01", round="training")
        assignments.add(session, study_id=study, assignments=[drill], who="t")
    store.close()
    page.goto(f"{app_on_demo.base}/enter#{token}")
    expect(place(page)).to_have_text("Training item 1 of 1")
    page.keyboard.type("425")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_contain_text("1 of 2 answers agree")
    page.keyboard.press("Enter")
    expect(place(page)).to_have_text("Item 1 of 1")


def test_consent_comes_before_the_first_item(app_on_demo, page):
    token, _ = make_study(app_on_demo.url, THREE + "consent: I take part of my own will.\n")
    page.goto(f"{app_on_demo.base}/enter#{token}")
    expect(page.get_by_text("I take part of my own will.")).to_be_visible()
    expect(page.locator(".room")).to_have_count(0)
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="I have read this").click()
    expect(place(page)).to_have_text("Item 1 of 3")


def test_leaving_the_study(enter):
    page = enter()
    page.get_by_role("button", name="My ratings").click()
    unfold(page, "Leave the study")
    page.get_by_role("button", name="Leave the study for good").click()
    expect(page.get_by_text("You left this study")).to_be_visible()


def test_announcements_and_names_for_a_screen_reader(enter):
    page = enter()
    live = page.locator('.room > [aria-live="polite"]')
    expect(live).to_contain_text("Item 1 of 3")
    page.keyboard.type("4")
    expect(live).to_have_text("Accuracy: good. Next: Completeness")
    group = page.get_by_role("radiogroup", name="Completeness", exact=True)
    assert [radio.get_attribute("aria-checked") for radio in group.get_by_role("radio").all()] == [
        "false"
    ] * 5
    bar = page.get_by_role("progressbar")
    assert bar.get_attribute("aria-valuetext") == "0 of 3 completed"


def test_focus_never_leaves_the_screen_and_tab_reaches_every_part(enter):
    page = enter()
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.dataset.act || document.activeElement.className"))
    assert {"pick", "unable", "comment", "complete", "later", "search", "home", "pane-body"} <= seen


def test_no_request_waits_for_streamlit(enter):
    """Answers travel by plain requests: a rerun of the page is not needed for any of them."""
    page = enter()
    sent = []
    page.on(
        "request", lambda request: sent.append((request.method, request.url.split("?")[0].rsplit("/", 1)[1]))
    )
    page.keyboard.type("425")
    page.keyboard.press("Control+Enter")
    expect(status(page)).to_have_text("Saved")
    assert ("POST", "submit") in sent
    body = page.evaluate("JSON.stringify([...document.querySelectorAll('.room')].length)")
    assert json.loads(body) == 1
